"""One spelling for what is written in many: width, case, script, invisible characters.

Search compares normalised text only; what is stored and shown stays as the source wrote it, and
`Normalised.starts` leads back to it. Knows nothing of words, numbers or documents.

Five passes, each skipped where the text holds nothing for it:

    neighbours    figures that NFKC would run together (10⁵, 2½) kept apart, thin spaces out
    characters    NFKC a character, CJK radicals, lower case, invisible and control characters out
    clusters      a letter with the combining marks behind it, composed (é written as e + ´)
    gaps          spaces inside Chinese out (脱 贫, 8 月 16 日), words broken by hyphens joined
    script        Traditional to Simplified by OpenCC, phrase by phrase (乾隆 stays, 乾燥 → 干燥),
                  and variant characters (峯, 沢); 二0二0 and 二○二○ → 二〇二〇

A line's end stays, even one inside a word: `segment.terms` looks beyond it. Every pass works until
nothing changes any more, so that normalising twice changes nothing.
"""

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

from indexer.kept import remembered
from indexer.text.characters import CHARACTERS, respell

VERSION = 2
"""Rises when any text would be normalised differently; an index of another one is refused."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_HAN_PARTS = re.compile(f"[{_HAN}]+|[^{_HAN}]+")

# Marks past this many behind one letter are dropped (Unicode's stream-safe format allows 30).
_MAX_MARKS = 30

# A pass reaches its fixed point in one or two rounds; a third guards against phrase chains.
_MAX_ROUNDS = 8

# Characters of texts whose folding is kept: one question folds a title for each of its sentences,
# and the passages on a subject come back with every question on it.
_MOST_REMEMBERED = 4_000_000


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text with the way back.

    The i-th normalised character came from the original's `starts[i]` to `ends[i]`. What was left
    out, such as a zero-width space, belongs to no character.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `text[start:end]` came from, end exclusive.

        An original character that became several ("…" → "...") is never cut in two. An empty
        stretch is empty there too.
        """
        if start < end:
            return self.starts[start], self.ends[end - 1]
        at = self.starts[start] if start < len(self.starts) else max(self.ends, default=0)
        return at, at


def normalise(text: str) -> Normalised:
    """Normalise with offsets. `normalise(normalise(x).text).text` is `normalise(x).text`."""
    map_: _Map = (range(len(text)), range(1, len(text) + 1))
    text, map_ = _apply(text, map_, _neighbours(text))
    text, map_ = _apply(text, map_, _respelled(text))
    text = respell(text)
    text, map_ = _apply(text, map_, _composed(text))
    text, map_ = _apply(text, map_, _gaps(text))
    return Normalised(_fold_script(text), *map_)


@remembered(_MOST_REMEMBERED)
def fold(text: str) -> str:
    """The text of `normalise(text)`, without the map."""
    return fold_once(text)


def fold_once(text: str) -> str:
    """`fold` of a text that is not asked for again, such as one that is indexed."""
    text = respell(edited(text, _neighbours(text)))
    text = edited(text, _composed(text))
    return _fold_script(edited(text, _gaps(text)))


@cache
def han_spellings() -> tuple[str, str]:
    """Han characters that `fold` spells otherwise than NFKC, and how: two strings of one length,
    for who compares texts character by character without this code. All are of the basic plane,
    so that a character is one unit in UTF-16 as well.
    """
    every = [chr(code) for first, last in _HAN_BLOCKS for code in range(first, last)]
    spelled = fold_once("\n".join(every)).split("\n")
    other = [
        (char, plain)
        for char, plain in zip(every, spelled, strict=True)
        if len(plain) == 1 and plain <= "\uffff" and plain != unicodedata.normalize("NFKC", char)
    ]
    return "".join(char for char, _ in other), "".join(plain for _, plain in other)


# Radicals, ideographs with extension A, compatibility ideographs.
_HAN_BLOCKS = ((0x2E80, 0x2FE0), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


def letters(folded: str) -> str:
    """Folded text without white space, punctuation and signs: what two copies share."""
    return _NO_LETTER.sub("", folded)


_NO_LETTER = re.compile(r"[\W_]+")

Edit = tuple[int, int, str]
"""Replace text[start:end] by another spelling."""

_Map = tuple[Sequence[int], Sequence[int]]
"""Where the original of each character starts and ends."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Make the edits, which are in order."""
    pieces: list[str] = []
    done = 0
    for start, end, spelling in edits:
        pieces += (text[done:start], spelling)
        done = end
    return "".join(pieces) + text[done:] if pieces else text


def _apply(text: str, map_: _Map, edits: Iterable[Edit]) -> tuple[str, _Map]:
    """Make the edits, which are in order, and keep the way back to the original."""
    edits = list(edits)
    if not edits:
        return text, map_
    starts, ends = map_
    new_starts, new_ends = array("q"), array("q")
    done = 0
    for start, end, spelling in edits:
        new_starts.extend(starts[done:start])
        new_ends.extend(ends[done:start])
        new_starts.extend([starts[start]] * len(spelling))
        new_ends.extend([ends[end - 1]] * len(spelling))
        done = end
    new_starts.extend(starts[done:])
    new_ends.extend(ends[done:])
    return edited(text, edits), (new_starts, new_ends)


# -- neighbours -----------------------------------------------------------------------------------

# Each pattern here begins with what it looks for: a look behind tried at every place takes longer
# than all of the rest.
_RUN_TOGETHER = re.compile(
    r"(?P<fraction>[¼-¾⅐-⅞])(?<=\d.)|(?P<power>[⁰¹²³⁴-⁹](?<=[0-9０-９].)[⁰¹²³⁴-⁹]*)"
    r"|[\u2007-\u2009\u202f](?<=\d.)(?=\d{3})|\r(?=\n)"
)

_MAY_RUN_TOGETHER = re.compile("[¼-¾⅐-⅞⁰¹²³⁴-⁹\u2007-\u2009\u202f\r]")


def _neighbours(text: str) -> Iterator[Edit]:
    """What stands behind a digit and would become a part of its figure, or would cut it.

    And the first half of a line end of two characters.
    """
    if not _MAY_RUN_TOGETHER.search(text):
        return
    for match in _RUN_TOGETHER.finditer(text):
        if match["fraction"]:  # 2½: two and a half, not 21/2
            yield match.start(), match.end(), " " + CHARACTERS[ord(match.group())]
        elif match["power"]:  # 10⁵ is not 105, nor is 3428² 34282
            yield match.start(), match.end(), "^" + unicodedata.normalize("NFKC", match.group())
        else:
            yield match.start(), match.end(), ""


# -- characters -----------------------------------------------------------------------------------


def _respelled(text: str) -> Iterator[Edit]:
    """The characters whose spelling is not one character long."""
    special = [char for char in set(text) if len(CHARACTERS[ord(char)]) != 1]
    if special:
        for match in re.finditer("[" + re.escape("".join(special)) + "]", text):
            yield match.start(), match.end(), CHARACTERS[ord(match.group())]


# -- clusters -------------------------------------------------------------------------------------


# Blocks without a single mark: all of most texts. A search is a tenth of asking each character.
_MAY_BE_MARK = re.compile(
    "[^\0-\u02ff\u2000-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\u9fff\uff00-\uffef]"
)


def _composed(text: str) -> Iterator[Edit]:
    """The letters with marks behind them that have another spelling together."""
    if not _MAY_BE_MARK.search(text):
        return
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
        spelling = unicodedata.normalize("NFKC", cluster).translate(CHARACTERS)
        if spelling == cluster:
            break
        cluster = spelling
    return cluster


# -- gaps -----------------------------------------------------------------------------------------

# Up to two spaces between characters of Chinese text, figures in it included, tell nothing: they
# come from justified lines, PDF files and padded names. More are the gap between two columns.
_GAP = re.compile(
    rf" (?:(?<=[{_HAN}〇○] ) ?(?=[{_HAN}〇○\d])|(?<=\d ) ?(?=[{_HAN}〇○]))"
    r"|-(?<=[a-z\u00df-\u024f]-) ?\n ?(?=[a-z\u00df-\u024f])"
)


def _gaps(text: str) -> Iterator[Edit]:
    if " " in text or "-" in text:
        for match in _GAP.finditer(text):
            yield match.start(), match.end(), ""


# -- script ---------------------------------------------------------------------------------------


_ZEROS = re.compile("([一二三四五六七八九〇])([○◯o0〇]*[○◯o0][○◯o0〇]*)(?=[一二三四五六七八九年])")


# Taiwan's 看著 is 看着; OpenCC leaves it, for 著 is also the 著 of 著名 and 原著.
_PARTICLE = re.compile(
    "(?<![显顯原名编編巨论論专專土昭卓译譯遗遺合拙所])著(?![名作有称稱者述录錄书書])"
)


def _fold_script(text: str) -> str:
    """Traditional characters as Simplified ones; the text keeps its length."""
    if text.isascii():
        return text
    text = _ZEROS.sub(lambda match: match[1] + "〇" * len(match[2]), text)
    if "著" in text:
        text = _PARTICLE.sub("着", text)
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
