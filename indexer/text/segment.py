"""Normalised text to words and to the terms of the lexical index. Knows no index and no scores.

Chinese has no spaces, so a term can be a word of a segmenter, which misses names that are in no
dictionary (金野以匹村), or every character and every two neighbours, which miss nothing but weigh
blindly. The mix is a parameter because it is settled by measuring (docs/log.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from operator import add

import numpy as np
from numpy.typing import NDArray

from indexer.text.labels import CODE, find_labels
from indexer.text.numbers import Number, canonical_terms, find_numbers, uniform_figures
from indexer.text.numerals import NUMERALS

VERSION = 3
"""Rises when any text would give other terms; an index built with another one is refused."""

# Han characters, and runs of other letters and digits. A point or comma between digits stays
# (1,200.5), as does a hyphen or slash inside a Latin word or number (covid-19, 2020-05-28), and
# what tells one name from another: c, c++ and c#; net, .net and node.js.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇々ぁ-ヿ\U00020000-\U000323af"
_LATIN = rf"[^\W_{_HAN}]"
_SIGNED = r"(?<![a-z\d])[a-z](?:\+\+?|#)(?![a-z\d+#])|(?<![a-z\d.])\.[a-z]+(?![a-z\d.])"
_TOKEN = re.compile(
    rf"(?P<han>[{_HAN}]+)|{_SIGNED}"
    rf"|{_LATIN}+(?:[.,](?=\d)(?<=\d.){_LATIN}+|[-/']{_LATIN}+|(?<=[a-z])\.(?=[a-z]){_LATIN}+)*"
)
_PART = re.compile(rf"{_LATIN}+")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
# Lines that are broken by their width have more characters than this.
_SHORTEST_WRAPPED = 10


class TermMix(StrEnum):
    """Which terms Chinese text gives. Latin words, numbers and canonical numbers are in each."""

    WORDS = "words"
    CHARACTERS_BIGRAMS = "characters_bigrams"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text; `start` and `end` count code points of the normalised text."""

    start: int
    end: int
    text: str


def words(normalised: str) -> list[Word]:
    """The words in order, without spaces and punctuation."""
    import rjieba  # 0.1 s for its dictionary; not at import

    return [
        Word(start, end, text)
        for text, start, end in rjieba.tokenize(normalised, "default")
        if _TOKEN.match(text)
    ]


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a text with their parts of speech (ns a place, v a verb), in order, whole.

    Joined they are the text again, white space and punctuation included.
    """
    import rjieba

    return [(word, tag) for word, tag in rjieba.tag(text)]


def terms(
    normalised: str,
    mix: TermMix = TermMix.CHARACTERS_BIGRAMS,
    numbers: Sequence[Number] | None = None,
) -> list[str]:
    """The terms in order, repeated as often as they occur; none holds a space.

    `numbers` are its figures, where they have been found already.

    Figures give the terms of their digits, however they are written: the characters of a numeral
    such as 三千四百二十八 are in many others, and would outweigh its value.
    """
    numbers = find_numbers(normalised) if numbers is None else numbers
    shown = _with_digits(normalised, numbers)
    return _listed(shown, mix, numbers, has_grams=mix is not TermMix.WORDS)


def terms_of_many(
    texts: Sequence[str], mix: TermMix, numbers: Sequence[Sequence[Number]]
) -> list[str]:
    """The terms of each normalised text, parted by blanks and in any order: for an index.

    The characters and neighbours of all texts are put down at once.
    """
    shown = [_with_digits(*each) for each in zip(texts, numbers, strict=True)]
    grams = [""] * len(shown) if mix is TermMix.WORDS else _grams(shown)
    return [
        above + " ".join(_listed(text, mix, some, has_grams=False))
        for above, text, some in zip(grams, shown, numbers, strict=True)
    ]


def _with_digits(normalised: str, numbers: Sequence[Number]) -> str:
    return uniform_figures(normalised, [n for n in numbers if not _is_short(normalised, n)])


def _listed(
    normalised: str, mix: TermMix, numbers: Sequence[Number], *, has_grams: bool
) -> list[str]:
    found: list[str] = []
    end = 0
    for match in _TOKEN.finditer(normalised):
        token = match.group()
        if match.lastgroup is None:
            found += (token,) if token.isalnum() else _latin_terms(token)
        elif mix is not TermMix.WORDS:
            if match.start() == end + 1 and _is_wrapped(normalised, end, match.start()):
                found.append(normalised[end - 1] + token[0])
            if has_grams:
                found += token
                found += map(add, token, token[1:])
        end = match.end()
    if mix is not TermMix.CHARACTERS_BIGRAMS:
        import rjieba

        # single characters and pairs are there already when both kinds are asked for
        shortest = 1 if mix is TermMix.WORDS else 3
        for word in rjieba.cut(normalised):
            if len(word) >= shortest and _is_han(word[0]):
                found.append(word)
    for number in numbers:
        found += canonical_terms(number)
    return found + _names_with_figures(normalised)


def _grams(texts: Sequence[str]) -> list[str]:
    """Every Chinese character and every two neighbours of each text, a blank behind each."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    is_one = _is_han_code()[codes]
    is_two = is_one & np.append(is_one[1:], False)
    ends = np.cumsum(2 * is_one + 3 * is_two)
    written = np.full(int(ends[-1]) if len(ends) else 0, ord(" "), dtype="<u4")
    one, two = np.flatnonzero(is_one), np.flatnonzero(is_two)
    written[ends[one] - 2] = codes[one]
    written[ends[two] - 5] = codes[two]
    written[ends[two] - 4] = codes[two + 1]
    whole = written.tobytes().decode("utf-32-le", "surrogatepass")
    last = np.cumsum([len(text) + 1 for text in texts]) - 2  # of each text
    cuts = [int(ends[at]) if at >= 0 else 0 for at in last.tolist()]
    return [whole[a:b] for a, b in pairwise([0, *cuts])]


@cache
def _is_han_code() -> NDArray[np.bool_]:
    """For every code point."""
    table = np.zeros(0x110000, dtype=np.bool_)
    for first, last, single in re.findall("(.)-(.)|(.)", _HAN):
        table[ord(first or single) : ord(last or single) + 1] = True
    return table


def _names_with_figures(normalised: str) -> list[str]:
    """One term for all spellings of a name that a figure tells: wifi6, and #3号 for 三号楼."""
    labels = find_labels(normalised)
    joined = [label.name for label in labels if label.sort.startswith(CODE)]
    return joined + ["#" + label.name for label in labels if label.sort == "号"]


def _is_wrapped(text: str, end: int, start: int) -> bool:
    """Whether only a line's end lies between, which may cut a word; not in lists."""
    return (
        text[end:start] == "\n"
        and end - text.rfind("\n", 0, end) > _SHORTEST_WRAPPED
        and _is_han(text[end - 1])
    )


def _is_short(text: str, number: Number) -> bool:
    """Whether it is one numeral and a unit, which may as well be a part of a name: 五里桥."""
    written = text[number.start : number.end]
    if len(written) > 3 or any(character.isdigit() for character in written):
        return False
    return sum(sign in NUMERALS for sign in written) == 1


def _latin_terms(token: str) -> list[str]:
    """The token, and its parts where a hyphen or slash joins them (covid-19 → covid, 19)."""
    parts = _PART.findall(token)
    if len(parts) == 1 or (parts[0].isdigit() and not any(sign in token for sign in "-/'")):
        return [token]
    return [token, *parts]


def _is_han(character: str) -> bool:
    return bool(_HAN_CHARACTER.match(character))
