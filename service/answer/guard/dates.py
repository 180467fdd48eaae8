"""Dates that a quote says by pointing: 去年, 本月, and 5月28日 of a document that is dated.

What the document's date makes of them is a date of the source, too. Knows no sentence.
"""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal

from indexer.text.numbers import Number, NumberKind
from service.answer.guard.reading import ReadText

_YEARS = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}
_MONTHS = {"本月": 0, "这个月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1}
_POINTS = re.compile(
    "|".join(
        sorted([*_YEARS, *_MONTHS, *_DAYS, *("上周", "本周", "下周", "近日", "日前")], key=len)[
            ::-1
        ]
    )
)
_MONTH_BEHIND = re.compile(r"(1[0-2]|[1-9])月(?:(3[01]|[12]\d|[1-9])[日号])?")
# What narrows a date, or turns it into a limit.
_QUALIFIER = re.compile(
    r"\s?(?P<early>年?初|上旬)|(?P<late>年?底|年?末|下旬)|(?P<middle>年中|中旬)|(?P<first>上半年)|"
    r"(?P<second>下半年)|(?P<before>之前|以前|前(?!后|往|来|去|期|线|沿|列|[一-九]))|"
    r"(?P<after>之后|以后|以来|后(?!来|勤|备|续)|起(?!义|来|草|点|码|源)|开始)|(?P<until>止|截止)"
)
_UNTIL_BEFORE = re.compile(r"(?P<until>截至|截止|直到)到?$|(?P<after>自|自从)$")
_BINDING = frozenset({"before", "after"})


def pointing_words(read: ReadText) -> list[str]:
    """去年, 昨天 and their like, which mean another day wherever they are read."""
    return [match.group() for match in _POINTS.finditer(read.text)]


def resolved(read: ReadText, date: str | None) -> Iterator[Number]:
    """The dates that the text points at, given its document's ISO `date`; none without one."""
    if date is None:
        return
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:  # a year or a month alone: enough for years
        if not re.match(r"\d{4}", date):
            return
        day = datetime.date(int(date[:4]), 1, 1)
        if len(date) < 7:
            yield from _years(read, day)
        return
    yield from _years(read, day)
    for match in _POINTS.finditer(read.text):
        word = match.group()
        if word in _MONTHS:
            months = day.year * 12 + day.month - 1 + _MONTHS[word]
            yield _date(match.start(), match.end(), months // 12, months % 12 + 1)
        elif word in _DAYS:
            there = day + datetime.timedelta(days=_DAYS[word])
            yield _date(match.start(), match.end(), there.year, there.month, there.day)
    for number in read.numbers:
        if number.date.startswith("--") and read.text[number.start - 1 : number.start] != "年":
            month, _, on = number.date.removeprefix("--").partition("-")
            year = day.year if number.date.removeprefix("--") <= day.isoformat()[5:] else 0
            if year:
                yield _date(number.start, number.end, year, int(month), int(on or 0))


def _years(read: ReadText, day: datetime.date) -> Iterator[Number]:
    for match in _POINTS.finditer(read.text):
        word = match.group()
        if word not in _YEARS or (word == "当年" and _names_a_year(read)):
            continue
        year = day.year + _YEARS[word]
        month = _MONTH_BEHIND.match(read.text, match.end())
        end = month.end() if month else match.end()
        on = (int(month[1]), int(month[2] or 0)) if month else (0, 0)
        yield _date(match.start(), end, year, *on)


def _names_a_year(read: ReadText) -> bool:
    return any(n.date and not n.date.startswith("--") for n in read.numbers)


def _date(start: int, end: int, year: int, month: int = 0, day: int = 0) -> Number:
    iso = f"{year:04d}" + "".join(f"-{part:02d}" for part in (month, day) if part)
    value = Decimal(year * 10_000 + month * 100 + day)
    return Number(start, end, value, "", NumberKind.DATE, date=iso)


def qualifier(read: ReadText, number: Number) -> frozenset[str]:
    """What the words at a date make of it: before, after, until, early, late, …; empty for none."""
    found: set[str] = set()
    place = number.end
    while (behind := _QUALIFIER.match(read.text, place)) is not None and behind.end() > place:
        found.add(behind.lastgroup or "")
        place = behind.end()
    ahead = _UNTIL_BEFORE.search(read.text, max(0, number.start - 3), number.start)
    if ahead is not None:
        found.add(ahead.lastgroup or "")
    return frozenset(found)


def qualifier_agrees(own: frozenset[str], other: frozenset[str]) -> bool:
    """前 and 后 must stand in both or in neither; 底 may be left out, but not made up."""
    return own & _BINDING == other & _BINDING and own <= other
