"""Text that was read in a wrong encoding and saved so: recognised, named and refused.

It is valid text of a kind, and an index would swallow it; a question never finds it. A suspicion is
raised by characters that texts are not made of, and confirmed by undoing the mistake: if what comes
out reads like a text, that is what happened. Good text that quotes an example stays. Knows no file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.errors import UnreadableFile
from indexer.files.encoding.costs import cost, mean_cost
from indexer.files.encoding.pairs import PAIRS, read_pairs

_SHARE = 0.3  # of the characters that are not ASCII, from which a text is spoilt
_SUSPECT = 9.2  # mean cost of a stretch; Chinese is at 7, kana and Hangul at 10
_UNDONE = 8.8  # at most, of what it was
_GAIN = 1.5
_LEAST_CHARS = 4  # that come out of undoing it
_LEAST_ASCII_CHARS = 16  # 潮汐表 would be noPlh and half a character, if it had been ASCII
_MOST_LOST = 0.8  # of them
_LEAST_UTF8_SHARE = 0.5  # of the bytes that are not ASCII, where that is what comes out
_LEAST_IDEOGRAPHS = 0.4  # of what GBK or Big5 made: kana, Cyrillic and rules are letters there
_WESTERN_SHARE = 0.01  # of all characters, where what comes out is no Chinese
_LOOK_AT = 16_000
_SLICES = 32
_STRETCH = 200
_UNDO_CHARS = 2_000
_LEAST_SIGNS = 6
_MOST_QUESTIONS = 0.4

_ASCII = re.compile(r"[\0-\x7f]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MADE = re.compile(r"[\u3400-\u9fff\ue000-\uf8ff]")  # private ones are GB18030's for free places
_LATIN = re.compile(r"[\x80-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_QUESTIONS = re.compile(r"\?{2,}")
_HOLES = re.compile(r"(?<=[\u4e00-\u9fff])(?<![吗呢吧么啊呀谁嗎麼誰])\?+(?=[\u4e00-\u9fff])")
_MOST_HOLES = 0.1  # for one Chinese character; chats that write ? for ？ have a third of it
# What is left of lost characters; it is looked for where one of the parts before it stands.
_SIGNS = (
    (
        ("锟", "斤拷"),
        re.compile(r"(?:锟斤拷|锟斤|斤拷|锟){2,}"),
        "UTF-8 that had lost characters was read as GBK",
    ),
    (
        ("嚙", "踝蕭"),
        re.compile(r"(?:嚙踝蕭|嚙踝|踝蕭|嚙[^\0-\x7f]?){2,}"),
        "UTF-8 that had lost characters was read as Big5",
    ),
    (
        ("ï¿½",),
        re.compile(r"(?:ï¿½){2,}"),
        "UTF-8 that had lost characters was read as Windows-1252",
    ),
    (
        ("烫烫烫", "屯屯屯", "葺葺葺", "铪铪铪"),
        re.compile(r"烫{3,}|屯{3,}|葺{3,}|铪{3,}"),
        "a program wrote memory that it had not filled",
    ),
    (
        ("\ufffd",),
        re.compile(r"\ufffd"),
        "a program put U+FFFD for what it could not read",
    ),
)


@dataclass(frozen=True, slots=True)
class _Mistake:
    """Text in `really` that was read as `read_as`; both as Python calls them."""

    really: str
    read_as: str
    times: int = 1

    @property
    def needs_ideographs(self) -> bool:
        """Whether it makes Chinese characters, for the most part, of what it is done to."""
        return self.read_as in ("gb18030", "big5hkscs") or self.really == "ascii"

    def undo(self, text: str) -> str:
        """What it was, with U+FFFD and ? for what is lost; empty if it can't have been that."""
        for _ in range(self.times):
            data = self._bytes(text)
            if self.really == "utf-8" and _utf8_share(data) < _LEAST_UTF8_SHARE:
                return ""
            text = self._read(data)
        return text

    def _read(self, data: bytes) -> str:
        if self.really in PAIRS:
            return read_pairs(data, self.really)
        return data.decode(self.really, "replace")

    def _bytes(self, text: str) -> bytes:
        if self.read_as == "cp1252":
            return b"".join(map(_western_byte, text))
        return text.replace("\ufffd", "?").encode(self.read_as, "replace")


def _western_byte(char: str) -> bytes:
    """Windows-1252 with Latin-1 where it has nothing, as browsers and editors read."""
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return bytes((ord(char),)) if char < "\u0100" else b"?"


def _utf8_share(data: bytes) -> float:
    high = len(_HIGH.findall(data))
    return sum(map(len, _UTF8.findall(data))) / high if high else 0.0


_MISTAKES = (
    _Mistake("utf-8", "gb18030"),
    _Mistake("utf-8", "cp1252"),
    _Mistake("utf-8", "cp1252", times=2),
    _Mistake("utf-8", "big5hkscs"),
    _Mistake("utf-8", "shift_jis"),
    _Mistake("utf-8", "euc_kr"),
    _Mistake("gb18030", "cp1252"),
    _Mistake("gb18030", "big5hkscs"),
    _Mistake("gb18030", "shift_jis"),
    _Mistake("gb18030", "euc_kr"),
    _Mistake("big5hkscs", "cp1252"),
    _Mistake("big5hkscs", "gb18030"),
    _Mistake("big5hkscs", "shift_jis"),
    _Mistake("utf-16-be", "utf-16-le"),
    _Mistake("ascii", "utf-16-le"),
    _Mistake("ascii", "utf-16-be"),
)
_NAMES = {
    "gb18030": "GBK",
    "big5hkscs": "Big5",
    "cp1252": "Windows-1252",
    "euc_kr": "EUC-KR",
    "shift_jis": "Shift_JIS",
}


def refuse_mojibake(text: str) -> None:
    """Raises: UnreadableFile, reason `mojibake`."""
    sample = _sample(text)
    _refuse_questions(sample)
    if sample.isascii():
        return
    special = len(_ASCII.sub("", sample))
    for parts, sign, how in _SIGNS:
        if not any(part in sample for part in parts):
            continue
        found = sum(map(len, sign.findall(sample)))
        if found >= max(_LEAST_SIGNS, special * _SHARE):
            raise _lost(how)
    suspect = list(_suspects(sample))
    if sum(len(_ASCII.sub("", stretch)) for stretch in suspect) < special * _SHARE:
        return
    joined = "\n".join(suspect)[:_UNDO_CHARS]
    mistake = _mistake(joined, len(sample))
    if mistake:
        raise _undoable(mistake, joined)


def _sample(text: str) -> str:
    if len(text) <= _LOOK_AT:
        return text
    size, step = _LOOK_AT // _SLICES, len(text) // _SLICES
    return "\n".join(text[at : at + size] for at in range(0, len(text) - size, step))


def _suspects(sample: str) -> Iterator[str]:
    """The stretches of a line that are made of unlikely characters, joined where they touch."""
    for line in sample.split("\n"):
        if line.isascii():
            continue
        found = ""
        for at in range(0, len(line), _STRETCH):
            stretch = line[at : at + _STRETCH]
            if _is_suspect(stretch, _ASCII.sub("", stretch)):
                found += stretch
            elif found:
                yield found
                found = ""
        if found:
            yield found


def _is_suspect(stretch: str, special: str) -> bool:
    """Of unlikely characters, or of accented letters in a row, which no language has."""
    latin = sum(map(len, _LATIN.findall(stretch)))
    return latin * 2 > len(special) or cost(special) >= _SUSPECT * max(1, len(special))


def _mistake(text: str, among: int) -> _Mistake | None:
    """The one whose undoing gives the likeliest text, if any gives one."""
    before = mean_cost(_ASCII.sub("", text))
    asked = text.count("?")
    best: tuple[float, _Mistake] | None = None
    ideographs = len(_MADE.findall(text)) / len(_ASCII.sub("", text))
    for mistake in _MISTAKES:
        if mistake.needs_ideographs and ideographs < _LEAST_IDEOGRAPHS:
            continue
        undone = mistake.undo(text)
        lost = undone.count("\ufffd") + undone.count("?") - asked
        special = _ASCII.sub("", undone).replace("\ufffd", "")
        counted = undone if mistake.really == "ascii" else special
        least = _LEAST_ASCII_CHARS if mistake.really == "ascii" else _LEAST_CHARS
        if len(counted) < least or lost > len(counted) * _MOST_LOST:
            continue
        if not _CHINESE.search(special) and len(_ASCII.sub("", text)) < among * _WESTERN_SHARE:
            continue
        after = mean_cost(counted) + 3 * lost / len(counted)
        if mean_cost(counted) <= min(_UNDONE, before - _GAIN) and (not best or after < best[0]):
            best = after, mistake
    return best[1] if best else None


def _refuse_questions(sample: str) -> None:
    if "?" not in sample:
        return
    holes = len(_HOLES.findall(sample))
    if holes > _LEAST_SIGNS and holes > _MOST_HOLES * len(_CHINESE.findall(sample)):
        raise _lost("a program put question marks for characters that its encoding did not have")
    questions = sum(map(len, _QUESTIONS.findall(sample)))
    if questions > _LEAST_SIGNS and questions > _MOST_QUESTIONS * len("".join(sample.split())):
        raise _lost("a program put question marks for characters that its encoding did not have")


def _lost(how: str) -> UnreadableFile:
    return UnreadableFile(
        f"its text is mojibake: {how}",
        reason="mojibake",
        hint="what stood there is lost in this copy: fetch or export it again, as UTF-8",
    )


def _undoable(mistake: _Mistake, text: str) -> UnreadableFile:
    really = _NAMES.get(mistake.really, mistake.really.upper())
    read_as = _NAMES.get(mistake.read_as, mistake.read_as.upper())
    undone = mistake.undo(text)
    is_whole = "\ufffd" not in undone and undone.count("?") == text.count("?")
    way = (
        f"turn it back: read it, write it as {read_as} and open that as {really}"
        if is_whole
        else "some characters are lost in this copy: fetch or export it again, as UTF-8"
    )
    return UnreadableFile(
        f"its text is mojibake: {really} that was read as {read_as} before it was saved",
        reason="mojibake",
        hint=way,
    )
