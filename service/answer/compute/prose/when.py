"""The time of a figure: as its sentence tells it, else by the time that its document is of.

The 本月 of `2024年3月工作简报` is March. Knows no question and no index.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.text.normalise import fold
from service.answer.compute.prose.told import Told
from service.answer.compute.times import BARE_YEAR, Days, days_in

_LATE = 15  # from this day on, a document of the month tells of the month itself
_LAST_YEAR = re.compile(r"去年|上年")
_THIS_YEAR = re.compile(r"今年|本年|当年|全年")
_LAST_MONTH = re.compile(r"上个?月")
_THIS_MONTH = re.compile(r"本月|当月|这个月|全月|同月")
_QUARTER = re.compile(r"(?P<way>[本上])个?季度?")
_MONTHS = 12


def own_time(title: str, headings: Sequence[str], date: str | None) -> Days | None:
    """The time that a passage is of: as its nearest heading or its title tells it, else the day of
    its document.
    """
    year = ""
    found: Days | None = None
    for line in (*reversed(headings), title):
        folded = fold(line)
        days = [each for each in days_in(folded) if "0001" not in (each.start[:4], each.end[:4])]
        found = found or (days[0] if days else None)
        dated = [each for each in days if each.has_year]
        bare = BARE_YEAR.findall(folded)
        year = year or (dated[0].start[:4] if dated else bare[0] if len(set(bare)) == 1 else "")
    if found is not None and (found.has_year or year):
        return found if found.has_year else found.of_year(year)
    if year:
        return Days(f"{year}-01-01", f"{year}-12-31", f"{year}年")
    return Days(date, date) if date and len(date) == 10 and date[0] != "-" else None


def when(told: Told, own: Days | None) -> Days | None:
    """The time of a figure, None where neither its sentence nor its document is sure of it."""
    if told.days is not None and told.days.has_year:
        return told.days
    if own is None:
        return None
    if told.days is not None:
        back = -1 if _LAST_YEAR.search(told.relative) else 0
        return told.days.of_year(str(int(own.start[:4]) + back))
    if told.relative:
        return _relative(told.relative, own)
    return own if own.start != own.end else None


def _relative(said: str, own: Days) -> Days | None:
    year, month = int(own.start[:4]), int(own.start[5:7])
    is_month = own.start[:7] == own.end[:7]
    if _LAST_YEAR.search(said):
        return replace(_year(year - 1), said="") if "同期" not in said else None
    if _THIS_YEAR.search(said):
        return _year(year)
    if _LAST_MONTH.search(said) and is_month:
        return _month(year, month - 1)
    if _THIS_MONTH.search(said) and is_month:
        is_day = own.start == own.end
        return _month(year, month) if not is_day or int(own.start[8:]) >= _LATE else None
    if (quarter := _QUARTER.search(said)) is not None and own.start != own.end:
        first = 3 * ((month - 1) // 3) + 1 - (3 if quarter["way"] == "上" else 0)
        at, last = _month(year, first), _month(year, first + 2)
        return Days(at.start, last.end)
    return own if own.start != own.end else None


def _year(year: int) -> Days:
    return Days(f"{year}-01-01", f"{year}-12-31", f"{year}年")


def _month(year: int, month: int) -> Days:
    """A month of a year; month 0 is the last one of the year before."""
    year, month = (year + (month - 1) // _MONTHS, (month - 1) % _MONTHS + 1)
    return Days(f"{year}-{month:02d}-01", f"{year}-{month:02d}-31", f"{year}年{month}月")
