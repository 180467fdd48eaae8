"""A place of a question's text that a sheet explains, and what it weighs. Knows no sheet."""

import re
from dataclasses import dataclass
from enum import StrEnum

from service.answer.compute.times import Days


class Kind(StrEnum):
    TIME = "time"
    CELL = "cell"
    FIELD = "field"
    UNIT = "unit"
    SCOPE = "scope"
    LIGHT = "light"
    NEARBY = "nearby"  # told by another document of the folder alone


# What a character that is explained counts, by what explains it, and what is added once where a
# cell, heading or time is told whole: a longer reading wins over two shorter ones.
_WORTH = {
    Kind.TIME: 1.0, Kind.CELL: 1.0, Kind.FIELD: 0.95, Kind.UNIT: 0.6, Kind.SCOPE: 0.85,
    Kind.LIGHT: 0.4, Kind.NEARBY: 0.45,
}  # fmt: skip
_WHOLE = {Kind.TIME: 1.0, Kind.CELL: 0.6, Kind.FIELD: 0.4}
_ALNUM = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` stands for one of `cells` (heading, value), of `fields`, or of `days`."""

    start: int
    end: int
    kind: Kind
    weight: float
    fields: frozenset[str] = frozenset()
    cells: tuple[tuple[str, str], ...] = ()
    days: Days | None = None
    is_whole: bool = False
    is_literal: bool = True  # False of another word for the same thing
    is_guess: bool = False


def mention_of(kind: Kind, start: int, end: int, is_whole: bool = False, share: float = 1.0,
             **told: object) -> Mention:  # fmt: skip
    weight = share * (end - start) * _WORTH[kind] + (_WHOLE.get(kind, 0.0) if is_whole else 0.0)
    return Mention(start, end, kind, weight, is_whole=is_whole, **told)  # type: ignore[arg-type]


def cuts(text: str, start: int, end: int) -> bool:
    """Whether a number or Latin word goes on before `start` or behind `end`."""
    before, behind = text[start - 1 : start] if start else "", text[end : end + 1]
    first, last = text[start : start + 1], text[end - 1 : end]
    return bool(
        (before and _ALNUM.match(first) and _ALNUM.match(before))
        or (behind and _ALNUM.match(last) and _ALNUM.match(behind))
        or (before == "-" and first.isdigit() and text[start - 2 : start - 1].isdigit())
        or (behind == "-" and last.isdigit() and text[end + 1 : end + 2].isdigit())
    )
