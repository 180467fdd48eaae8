"""A figure that was found: its place, value, unit and kind. Pure data."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class NumberKind(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"
    FRACTION = "fraction"
    ORDINAL = "ordinal"
    DATE = "date"
    TIME = "time"


class Bound(StrEnum):
    """How the value stands to what is meant: 近 and 约, 超, 余 and 以上, 不足 and 以内."""

    EXACT = "="
    ABOUT = "~"
    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Number:
    """A figure at [start, end) of the normalised text, its unit and 余 or 多 included.

    `value` is exact: 21.1 for 21.1 % and 30 for 三成, 650000 for 65万, 1.5 for 一年半, the share
    for 三分之一, year × 10000 + month × 100 + day for a date (0 for what is not named), hour × 100
    + minute for a time. `unit` is one for all spellings: 公里 for 千米 and km, not for 里. `date`
    is ISO 8601: 2020-05-28, 2020-05, 2020, --05-28 or --05; empty for anything else.
    `inside` are the values between this one and the next, of which it is a range: 27 of 5月26-28日.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    kind: NumberKind
    date: str = ""
    bound: Bound = Bound.EXACT
    inside: tuple[str, ...] = ()

    @property
    def approximate(self) -> bool:
        return self.bound is not Bound.EXACT


def plain(value: Decimal) -> str:
    """Digits without trailing zeros: 1200, 0.5."""
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
