"""Which time a record is of, and which times a question asks for, as stretches of days.

`0000` is a year that is not told: 三月 is 0000-03-01 to 0000-03-31. Knows no table.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text.normalise import fold
from service.answer.understand.periods import find_periods

_NAMES = "january february march april may june july august september october november december"
_NUMERALS = (
    {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)}
    | {"十一": 11, "十二": 12}
    | {name: n for n, name in enumerate(_NAMES.split(), start=1)}
)
_DAY = re.compile(r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])月(?P<d>[12]\d|3[01]|0?[1-9])[日号]")
BARE_YEAR = re.compile(
    r"(?<![\da-z.])(?<!\d-)(?:19|20)\d\d(?!\d|[.,-]\d|[元人名个亩吨公米头只件台套册次万亿户块]|[a-z])"
)
"""2025 of 2025赛季, never of 2025元."""
_UNTOLD = "0000"
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)(?:年度?)?")
_QUARTER = re.compile(r"第?(?P<n>[一二三四1-4])季度?|(?<![a-z])q(?P<q>[1-4])(?!\d)")
_HALF = re.compile(r"(?P<half>[上下])半年")
_MONTH = re.compile(
    r"(?<!\d)(?P<n>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|中)?(?!\d*[日号])"
    rf"|\b(?P<name>{_NAMES.replace(' ', '|')})\b"
)
_UNNAMED = re.compile(
    r"(?P<first>%s)\s*(?:到|至|-|—)\s*(?P<last>%s)"
    % ((_MONTH.pattern.replace("(?P<n>", "(?:").replace("(?P<name>", "(?:"),) * 2)
)


@dataclass(frozen=True, slots=True)
class Days:
    """From `start` to `end`, both included; `said` is how it is written."""

    start: str
    end: str
    said: str = ""

    @property
    def has_year(self) -> bool:
        return not self.start.startswith(_UNTOLD)

    def of_year(self, year: str) -> "Days":
        return Days(year + self.start[4:], year + self.end[4:], self.said)

    def holds(self, other: "Days") -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Days") -> bool:
        return self.start <= other.end and other.start <= self.end


def days_in(folded: str) -> list[Days]:
    """The times of a folded text, in order; those that are told from today are left out."""
    found: list[tuple[int, Days]] = []
    text = folded
    for period in find_periods(folded):
        at = text.find(period.said)
        part = _part_behind(folded, at + len(period.said))
        if period.relative or not period.start or period.start.startswith(("--", "-")) or at < 0:
            continue
        end = period.end
        if period.start.endswith("-01") and end[8:] in ("28", "29", "30"):
            end = f"{end[:8]}31"  # as every month that is told without its year ends here
        days = Days(period.start, end, period.said)
        is_year = days.start.endswith("-01-01") and days.end == f"{days.start[:4]}-12-31"
        if part is not None and is_year:
            said = folded[at : part[1]]
            days = Days(days.start[:4] + part[0].start[4:], days.start[:4] + part[0].end[4:], said)
        found.append((at, days))
        text = text[:at] + " " * len(days.said) + text[at + len(days.said) :]
    at = 0
    while (further := _next_part(text, at)) is not None:
        found.append(further)
        at = further[0] + len(further[1].said)
    return [days for _, days in sorted(found, key=lambda each: each[0])]


def is_time(cell: str) -> bool:
    """Whether a cell or a heading is a time and nothing else: 3月, 一季度, 2024年."""
    text = fold(cell).strip()
    found = days_in(text)
    return len(found) == 1 and len(text.replace(found[0].said, "").strip("度份 ()年")) == 0


def of_cells(named: Sequence[tuple[str, str]]) -> Days | None:
    """The time that the cells of one record tell together: 年份 2024 and 月份 3."""
    year, found = "", None
    for heading, cell in named:
        text = fold(cell).strip()
        if re.fullmatch(r"(?:19|20)\d\d", text):
            year = text
        elif re.fullmatch(r"1[0-2]|0?[1-9]", text) and "月" in heading:
            found = _month(int(text), text)
        elif days := days_in(text):
            found = days[0] if found is None or days[0].has_year else found
    if found is None:
        return Days(f"{year}-01-01", f"{year}-12-31", year) if year else None
    return found.of_year(year) if year and not found.has_year else found


def _part_behind(folded: str, at: int) -> tuple[Days, int] | None:
    """The quarter, half or month that follows a year: 2023年|四季度, 2024|q2."""
    for pattern in (_QUARTER, _HALF, _MONTH):
        match = pattern.match(folded, at)
        if match is not None:
            return _days_of(match), match.end()
    return None


def _next_part(text: str, at: int) -> tuple[int, Days] | None:
    between = _UNNAMED.search(text, at)
    if between is not None:
        first, last = (_days_of(_MONTH.fullmatch(between[g])) for g in ("first", "last"))
        return between.start(), Days(first.start, last.end, between.group())
    found = [m for p in (_DAY, _QUARTER, _HALF, _MONTH) if (m := p.search(text, at)) is not None]
    if not found:
        return None
    match = min(found, key=lambda each: each.start())
    return match.start(), _days_of(match)


def _days_of(match: re.Match[str] | None) -> Days:
    if match is None:
        raise ValueError("no month")
    groups, said = match.groupdict(), match.group()
    if "d" in groups:
        at = f"{_UNTOLD}-{int(groups['m']):02d}-{int(groups['d']):02d}"
        return Days(at, at, said)
    if "half" in groups:
        first = groups["half"] == "上"
        return (
            Days("0000-01-01", "0000-06-31", said)
            if first
            else Days("0000-07-01", "0000-12-31", said)
        )
    told = groups.get("n") or groups.get("q") or groups.get("name") or ""
    number = _NUMERALS.get(told) or int(told)
    if match.re is _MONTH:
        return _month(number, said)
    return Days(f"0000-{3 * number - 2:02d}-01", f"0000-{3 * number:02d}-31", said)


def _month(number: int, said: str) -> Days:
    return Days(f"0000-{number:02d}-01", f"0000-{number:02d}-31", said)
