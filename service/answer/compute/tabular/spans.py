"""The times that a question names, as they are compared with those of rows. Knows no sheet."""

import re
from collections.abc import Iterator

from service.answer.compute import times
from service.answer.compute.tabular.mention import Kind, Mention, mention_of
from service.answer.compute.times import BARE_YEAR, Days

_TO = re.compile(r"\s*(?:至|到|-|—+|~|to|through|until)\s*")
_MONTHS = re.compile(r"前(?P<n>1[0-2]|[1-9]|十[一二]?|[一两二三四五六七八九])个月")
_CHINESE = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}


def times_told(text: str) -> Iterator[Mention]:
    for start, end, days in times_in(text):
        yield mention_of(Kind.TIME, start, end, is_whole=True, days=days)


def times_in(text: str) -> list[tuple[int, int, Days]]:
    """(start, end, days) of each time, in order; two that 至, 到 or `to` joins are one."""
    found: list[tuple[int, int, Days]] = []
    for match in _MONTHS.finditer(text):
        told = match["n"]
        last = int(told) if told.isdigit() else (_CHINESE.get(told) or 10 + _CHINESE[told[1:]])
        days = Days("0000-01-01", f"0000-{last:02d}-31", match.group())
        found.append((*match.span(), days))
    rest, at = _MONTHS.sub(_spaces, text), 0
    for days in times.days_in(rest):
        start = rest.find(days.said, at)
        if start >= 0:
            at = start + len(days.said)
            found.append((start, at, days))
    for match in BARE_YEAR.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end, _ in found):
            year = match.group()
            found.append((*match.span(), Days(f"{year}-01-01", f"{year}-12-31", year)))
    found.sort(key=lambda each: each[0])
    joined: list[tuple[int, int, Days]] = []
    for start, end, days in found:
        if joined and _TO.fullmatch(text[joined[-1][1] : start]):
            first, _, earlier = joined.pop()
            start, days = first, _from_to(earlier, days)
        joined.append((start, end, days))
    return joined


def _from_to(first: Days, last: Days) -> Days:
    year = last.start[:4] if last.has_year and not first.has_year else first.start[:4]
    end = last.end if last.has_year or not first.has_year else first.start[:4] + last.end[4:]
    return Days(year + first.start[4:], end, f"{first.said}—{last.said}")


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())
