"""One spelling for what is written in many: width, case, script, invisible characters.

Search compares normalised text only; what is stored and shown stays as the source wrote it, and
`Normalised.starts` leads back to it. Knows nothing of words, numbers or documents.

Four passes, each skipped where the text holds nothing for it:

    characters    NFKC a character, CJK radicals, lower case, invisible and control characters out
    clusters      a letter with the combining marks behind it, composed (é written as e + ´)
    script        Traditional to Simplified by OpenCC, phrase by phrase (乾隆 stays, 乾燥 → 干燥)

Every pass works until nothing changes any more, so that normalising twice changes nothing.
"""

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

VERSION = 1
"""Rises when any text would be normalised differently; an index of another one is refused."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_HAN_PARTS = re.compile(f"[{_HAN}]+|[^{_HAN}]+")

# Marks past this many behind one letter are dropped (Unicode's stream-safe format allows 30).
_MAX_MARKS = 30

# A pass reaches its fixed point in one or two rounds; a third guards against phrase chains.
_MAX_ROUNDS = 8

_SPACES = frozenset("\t\v\f\x1c\x1d\x1e\x1f")
_LINE_ENDS = frozenset("\r\x85\u2028\u2029")
# Letters and marks by their category, yet nothing to see: fillers, joiners, vowel inherents.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
# CJK Radicals Supplement: NFKC leaves all but two of them alone, yet text taken from PDF files has
# them in place of the characters that they look like. Radicals that are no character of their own
# are given as the character that they stand for.
_RADICALS = dict(
    zip(
        "⺁⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺣⺤⺦⺧⺨⺩⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐"
        "⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乚乙人冂几刀刀卜卩小小兀尢巳幺彐彐心心手攴旡日月歹民水火爪丬牛犬玉目示示竹糸纟网网网网网羊羊老聿聿肉臼艹艹艹虎衣西西见角角讠贝足车辶辶辶邑钅"
        "长长长门阜雨青韦页风飞食食饣马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟",
        strict=True,
    )
)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text with the way back.

    `starts[i]` is where the original of the i-th normalised character starts; one further entry
    is the length of the original.
    """

    text: str
    starts: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `text[start:end]` came from, end exclusive."""
        first = self.starts[start]
        if end <= start:
            return first, first
        last = self.starts[end - 1]
        # One original character may have become several ("…" → "..."): it is never cut in two.
        while end < len(self.text) and self.starts[end] == last:
            end += 1
        return first, self.starts[end]


def normalise(text: str) -> Normalised:
    """Normalise with offsets. `normalise(normalise(x).text).text` is `normalise(x).text`."""
    starts: Sequence[int] = range(len(text) + 1)
    edits = list(_respelled(text))
    if edits:
        text, starts = _apply(text, starts, edits)
    text = text.translate(_CHARACTERS)
    edits = list(_composed(text))
    if edits:
        text, starts = _apply(text, starts, edits)
    return Normalised(_fold_script(text), starts)


def fold(text: str) -> str:
    """The text of `normalise(text)`, without the map."""
    text = text.translate(_CHARACTERS)
    edits = list(_composed(text))
    if edits:
        text, _ = _apply(text, range(len(text) + 1), edits)
    return _fold_script(text)


_Edit = tuple[int, int, str]
"""Replace text[start:end] by another spelling."""


def _apply(text: str, starts: Sequence[int], edits: list[_Edit]) -> tuple[str, Sequence[int]]:
    """Make the edits, which are in order. `starts` leads from `text` back to the original."""
    pieces: list[str] = []
    moved = array("q")
    done = 0
    for start, end, spelling in edits:
        pieces += (text[done:start], spelling)
        moved.extend(starts[done:start])
        moved.extend([starts[start]] * len(spelling))
        done = end
    pieces.append(text[done:])
    moved.extend(starts[done:])
    return "".join(pieces), moved


# -- characters -----------------------------------------------------------------------------------


class _CharacterTable(dict[int, str]):
    """Character → its normal spelling, worked out when a character is met for the first time.

    A whole table would cost a walk over all of Unicode at start-up; a corpus meets 10,000 at most.
    """

    def __missing__(self, codepoint: int) -> str:
        spelling = _spell(chr(codepoint))
        self[codepoint] = spelling
        return spelling


_CHARACTERS = _CharacterTable()


def _spell(character: str) -> str:
    """The normal spelling of one character: often itself, now and then several, or nothing."""
    spelling = character
    for _ in range(_MAX_ROUNDS):
        before = spelling
        spelling = unicodedata.normalize("NFKC", spelling).lower()
        spelling = "".join(_visible(_RADICALS.get(part, part)) for part in spelling)
        if spelling == before:
            break
    return spelling


def _visible(character: str) -> str:
    if character in _SPACES:
        return " "
    if character in _LINE_ENDS:
        return "\n"
    if character == "\n" or character == " ":
        return character
    # Cc control, Cf format (zero width, direction), Cs half a surrogate pair
    if unicodedata.category(character) in {"Cc", "Cf", "Cs"} or character in _INVISIBLE:
        return ""
    codepoint = ord(character)
    if 0xFE00 <= codepoint <= 0xFE0F or 0x180B <= codepoint <= 0x180F:  # variation selectors
        return ""
    return "" if 0xE0000 <= codepoint <= 0xE0FFF else character


def _respelled(text: str) -> Iterator[_Edit]:
    """The characters whose spelling is not one character long."""
    special = [char for char in set(text) if len(_CHARACTERS[ord(char)]) != 1]
    if special:
        for match in re.finditer("[" + re.escape("".join(special)) + "]", text):
            yield match.start(), match.end(), _CHARACTERS[ord(match.group())]


# -- clusters -------------------------------------------------------------------------------------


def _composed(text: str) -> Iterator[_Edit]:
    """The letters with marks behind them that have another spelling together."""
    marks = re.escape("".join(char for char in set(text) if _is_mark(char)))
    if marks:
        for match in re.finditer(f"[^{marks}]?[{marks}]+", text):
            spelling = _compose(match.group())
            if spelling != match.group():
                yield match.start(), match.end(), spelling


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    """Whether it joins the character before it, Hangul vowels and finals included."""
    return (
        (character > "\u02ff" and unicodedata.category(character)[0] == "M")
        or "\u1161" <= character <= "\u11ff"
        or "\ud7b0" <= character <= "\ud7fb"
        or "\U00016d63" <= character <= "\U00016d6a"
    )


def _compose(cluster: str) -> str:
    cluster = cluster[: 1 + _MAX_MARKS]
    for _ in range(_MAX_ROUNDS):
        spelling = unicodedata.normalize("NFKC", cluster).translate(_CHARACTERS)
        if spelling == cluster:
            break
        cluster = spelling
    return cluster


# -- script ---------------------------------------------------------------------------------------


def _fold_script(text: str) -> str:
    """Traditional characters as Simplified ones; the text keeps its length."""
    if text.isascii():
        return text
    convert = _converter().convert
    for _ in range(_MAX_ROUNDS):
        folded = convert(text)
        if len(folded) != len(text):
            folded = "".join(_same_length(part, convert) for part in _HAN_PARTS.findall(text))
        if folded == text:
            break
        text = folded
    return text


def _same_length(text: str, convert: Callable[[str], str]) -> str:
    """Phrase by phrase where that keeps the length, else character by character."""
    folded = convert(text)
    if len(folded) == len(text):
        return folded
    single = (convert(char) for char in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, single, strict=True))


@cache
def _converter() -> _Converter:
    from opencc import OpenCC  # 35 ms; not at import

    converter: _Converter = OpenCC("t2s")
    return converter
