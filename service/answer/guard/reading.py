"""A text as the guard reads it: normalised, with its figures, clauses and sentences in place.

Knows no source and no verdict.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from indexer.text.figures.units import canonical_unit
from indexer.text.normalise import fold
from indexer.text.numbers import Bound, Number, NumberKind, find_numbers

_CLAUSE_END = re.compile(r"[,;。!?|\n]|\.(?=\s|$)|…+")
_SENTENCE_END = re.compile(r"[。!?\n]|\.(?=\s|$)")
# 金额(万元):65 — the unit stands in the heading of a table's column.
_UNIT_BEFORE = re.compile(
    r"\((?:单位:?)?(?P<times>[十百千]?[万亿]?)(?P<unit>[^()\d]{1,4})\)[:\s]*$"
)
# 不得少于20人 is a least, though 少于20人 is a most.
_TURNED = re.compile(
    r"(?P<least>不(?:得|能|应|可|会|宜|许|再|准)?(?:少于|低于|小于|短于)|最少|起码)\s?$|"
    r"(?P<most>不(?:得|能|应|可|会|宜|许|再|准)?(?:超过|多于|高于|大于|超出|突破))\s?$"
)
_LONGEST_BOUND = 6
_TIMES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LONGEST_HEADING = 14


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch [start, end) of a reading's text."""

    start: int
    end: int

    def holds(self, place: int) -> bool:
        return self.start <= place < self.end


@dataclass(frozen=True, slots=True)
class ReadText:
    """`text` is normalised; all places are of it. Parts are in order and cover it."""

    text: str
    numbers: tuple[Number, ...]
    clauses: tuple[Part, ...]
    sentences: tuple[Part, ...]

    def of(self, part: Part) -> str:
        return self.text[part.start : part.end]

    def clause_at(self, place: int) -> Part:
        return _at(self.clauses, place)

    def sentence_at(self, place: int) -> Part:
        return _at(self.sentences, place)

    def numbers_in(self, part: Part) -> list[Number]:
        return [number for number in self.numbers if part.holds(number.start)]


@lru_cache(maxsize=256)
def read_text(text: str) -> ReadText:
    """Read one text; the same few quotes are read for every sentence of an answer."""
    folded = fold(text)
    numbers = tuple(
        _with_turned_bound(folded, _with_unit_of_heading(folded, number))
        for number in find_numbers(folded)
    )
    return ReadText(
        folded,
        numbers,
        _parts(folded, numbers, _CLAUSE_END),
        _parts(folded, numbers, _SENTENCE_END),
    )


def _at(parts: tuple[Part, ...], place: int) -> Part:
    return next((part for part in parts if part.holds(place)), parts[-1])


def _parts(text: str, numbers: tuple[Number, ...], end: re.Pattern[str]) -> tuple[Part, ...]:
    """Cut behind every mark that stands in no figure: 1,500 is one clause."""
    parts: list[Part] = []
    start = 0
    for match in end.finditer(text):
        at = match.start()
        if any(number.start <= at < number.end for number in numbers) or (
            text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
        ):
            continue
        parts.append(Part(start, match.end()))
        start = match.end()
    if start < len(text) or not parts:
        parts.append(Part(start, len(text)))
    return tuple(parts)


def _with_turned_bound(text: str, number: Number) -> Number:
    turned = _TURNED.search(text, max(0, number.start - _LONGEST_BOUND), number.start)
    if turned is None:
        return number
    return replace(number, bound=Bound.AT_LEAST if turned["least"] else Bound.AT_MOST)


def _with_unit_of_heading(text: str, number: Number) -> Number:
    if number.unit or number.kind is not NumberKind.NUMBER:
        return number
    heading = _UNIT_BEFORE.search(text, max(0, number.start - _LONGEST_HEADING), number.start)
    if heading is None:
        return number
    unit = canonical_unit(heading["unit"])
    if unit == "%":
        return replace(number, unit="%", kind=NumberKind.PERCENT)
    times = Decimal(1)
    for sign in heading["times"]:
        times *= _TIMES[sign]
    return replace(number, value=number.value * times, unit=unit)
