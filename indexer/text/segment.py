"""Normalised text to words and to the terms of the lexical index. Knows no index and no scores.

Chinese has no spaces, so a term can be a word of a segmenter, which misses names that are in no
dictionary (金野以匹村), or every character and every two neighbours, which miss nothing but weigh
blindly. The mix is a parameter because it is settled by measuring (docs/log.md).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from operator import add

import numpy as np
from numpy.typing import NDArray

from indexer.text.labels import CODE, find_labels
from indexer.text.normalise import Edit, edited
from indexer.text.numbers import Number, canonical_terms, find_numbers, respelled
from indexer.text.numerals import NUMERALS

VERSION = 3
"""Rises when any text would give other terms; an index built with another one is refused."""

# Han characters, and runs of other letters and digits. A point or comma between digits stays
# (1,200.5), as does a hyphen or slash inside a Latin word or number (covid-19, 2020-05-28), and
# what tells one name from another: c, c++ and c#; net, .net and node.js.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇々ぁ-ヿ\U00020000-\U000323af"
_LATIN = rf"[^\W_{_HAN}]"
_SIGNED = r"(?<![a-z\d])[a-z](?:\+\+?|#)(?![a-z\d+#])|(?<![a-z\d.])\.[a-z]+(?![a-z\d.])"
_OTHER = (
    rf"{_SIGNED}"
    rf"|{_LATIN}+(?:[.,](?=\d)(?<=\d.){_LATIN}+|[-/']{_LATIN}+|(?<=[a-z])\.(?=[a-z]){_LATIN}+)*"
)
_OTHERS = re.compile(_OTHER)
_TOKEN = re.compile(rf"(?P<han>[{_HAN}]+)|{_OTHER}")
_WRAP = re.compile(rf"\n(?<=[{_HAN}]\n)(?=[{_HAN}])")
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
    shown = _with_digits(normalised, respelled(normalised, numbers))
    found: list[str] = []
    wraps = {match.end() for match in _wraps(shown)}
    for match in _TOKEN.finditer(shown):
        token = match.group()
        if match.lastgroup is None:
            found += _latin_terms(token)
        elif mix is not TermMix.WORDS:
            if match.start() in wraps:
                found.append(shown[match.start() - 2] + token[0])
            found += token
            found += map(add, token, token[1:])
    return found + _words_and_figures(shown, mix, numbers)


def terms_of_many(
    texts: Sequence[str],
    mix: TermMix,
    numbers: Sequence[Sequence[Number]],
    spelled: Sequence[Sequence[Edit]],
) -> list[str]:
    """The terms of each normalised text, parted by blanks and in any order: for an index.

    `spelled` is what `respelled` finds of its `numbers`. The characters and neighbours of all texts
    are put down at once.
    """
    shown = [_with_digits(*each) for each in zip(texts, spelled, strict=True)]
    grams = [""] * len(shown) if mix is TermMix.WORDS else _grams(shown)
    return [
        above + " ".join(_without_grams(text, mix, some))
        for above, text, some in zip(grams, shown, numbers, strict=True)
    ]


def _with_digits(normalised: str, spelled: Sequence[Edit]) -> str:
    return edited(normalised, [e for e in spelled if not _is_short(normalised[e[0] : e[1]])])


def _without_grams(normalised: str, mix: TermMix, numbers: Sequence[Number]) -> list[str]:
    found: list[str] = []
    for token in _OTHERS.findall(normalised):
        found += _latin_terms(token)
    if mix is not TermMix.WORDS:
        found += [normalised[m.start() - 1] + normalised[m.end()] for m in _wraps(normalised)]
    return found + _words_and_figures(normalised, mix, numbers)


def _words_and_figures(normalised: str, mix: TermMix, numbers: Sequence[Number]) -> list[str]:
    found: list[str] = []
    if mix is not TermMix.CHARACTERS_BIGRAMS:
        import rjieba

        # single characters and pairs are there already when both kinds are asked for
        shortest = 1 if mix is TermMix.WORDS else 3
        words = rjieba.cut(normalised)
        found += [word for word in words if len(word) >= shortest and _is_han(word[0])]
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


def _wraps(text: str) -> Iterator[re.Match[str]]:
    """The ends of lines that may cut a word, such as those of wrapped text; not in lists."""
    for match in _WRAP.finditer(text):
        if match.start() - text.rfind("\n", 0, match.start()) > _SHORTEST_WRAPPED:
            yield match


def _is_short(written: str) -> bool:
    """Whether it is one numeral and a unit, which may as well be a part of a name: 五里桥."""
    if len(written) > 3 or any(character.isdigit() for character in written):
        return False
    return sum(sign in NUMERALS for sign in written) == 1


def _latin_terms(token: str) -> list[str]:
    """The token, and its parts where a hyphen or slash joins them (covid-19 → covid, 19)."""
    if token.isalnum():
        return [token]
    parts = _PART.findall(token)
    if len(parts) == 1 or (parts[0].isdigit() and not any(sign in token for sign in "-/'")):
        return [token]
    return [token, *parts]


def _is_han(character: str) -> bool:
    return bool(_HAN_CHARACTER.match(character))
