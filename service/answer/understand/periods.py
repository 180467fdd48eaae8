"""The times that a text names, as days. Knows no question and no calendar but the common one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indexer.text.numbers import Number, NumberKind, find_numbers

_FIRST, _LAST = "0001-01-01", "9999-12-31"


@dataclass(frozen=True, slots=True)
class Period:
    """A time that binds a question: ISO days, `end` inclusive; `2019` is 2019-01-01 to 2019-12-31.

    A month or day of no named year begins with `--` as in ISO 8601 (`--05-26`). 2015年以来 ends on
    9999-12-31, 2015年以前 begins on 0001-01-01. One that is told from the day of asking (去年) is
    `relative`, and its days are "". `said` is how it is written, folded.
    """

    start: str
    end: str
    said: str = ""
    relative: bool = False


_RELATIVE = re.compile(
    r"[大前]?前年|去年|今年|明年|后年|上一?年度?|下一?年度?|本年度?|上个?[月周]|本[月周]|下个?[月周]|"
    r"昨天|今天|明天|前天|后天|昨日|今日|明日|这个月|当年|同年|次年|翌年|同一年|那一?年|(?<!\d)[上下]半年|"
    r"(?:最?近|过去|未来|今后|此后|(?<!元)前)的?(?:[一二两三四五六七八九十几]+|\d{1,2})(?:个月|[年天周日])|"
    r"\b(?:last|this|next) (?:year|month|week)\b|\b(?:yesterday|today|tomorrow)\b"
)
_BETWEEN = re.compile(r"[年月日]?\s*(?:至|到|-|—+|~|to|and|through)\s*", re.IGNORECASE)
_SINCE = re.compile(r"(?:底|末|初|年)?(?:以来|以后|之后|起|开始)")
_UNTIL = re.compile(r"(?:底|末|初|年)?(?:以前|之前|前(?!后|往|来|去|期|线))")
_DECADE = re.compile(r"(?:(\d{1,2})世纪)?(\d{2}|\d{4})年代")
_CENTURY = re.compile(r"(\d{1,2})世纪(?!\d+年代)")
_PART_OF_YEAR = re.compile(r"(?:(上|下)半年|第?([一二三四1-4])季度)")
_PLAN = re.compile(r"[\"“]?([一二三四五六七八九十]{1,3})五[\"”]?(?:规划|计划|期间|时期|末)")
_BEFORE_CHRIST = re.compile(r"(?:公元前|(?<![之以年])前(?=\d{3}))(\d{1,4})年")
_REST = re.compile(r"[年月日]")  # what find_numbers leaves to a range's word: 2015年|至2020年
_NUMERALS = {sign: value for value, sign in enumerate("一二三四五六七八九十", start=1)}


def find_periods(folded: str, figures: Sequence[Number] | None = None) -> list[Period]:
    """The times of a folded text in order, ranges whole.

    `figures` are `find_numbers(folded)`, where the caller has them already.
    """
    found: list[tuple[int, Period]] = []
    figures = find_numbers(folded) if figures is None else figures
    numbers = [number for number in figures if _is_year(number, folded)]
    at = 0
    while at < len(numbers):
        first = last = numbers[at]
        between = folded[first.end : numbers[at + 1].start] if at + 1 < len(numbers) else ""
        if between and _BETWEEN.fullmatch(between):
            at += 1
            last = numbers[at]
        at += 1
        found.append((first.start, _dated(folded, first, last)))
    taken = [(start, start + len(period.said)) for start, period in found]
    for start, period in _otherwise(folded):
        if not any(begin < start + len(period.said) and start < end for begin, end in taken):
            found.append((start, period))
            taken.append((start, start + len(period.said)))
    return [period for _, period in sorted(found, key=lambda pair: pair[0])]


def _is_year(number: Number, folded: str) -> bool:
    """Whether it is a date, or a bare figure that can only be a year (in 2019, 2019年度 cut)."""
    if number.kind is NumberKind.DATE:
        return True
    written = folded[number.start : number.end]
    return (
        number.kind is NumberKind.NUMBER
        and not number.unit
        and bool(re.fullmatch(r"(?:1[5-9]|20)\d\d", written))
        and not re.match(r"\s?[a-z㐀-鿿%]", folded[number.end : number.end + 2])
    ) or bool(
        number.kind is NumberKind.NUMBER
        and re.fullmatch(r"(?:1[5-9]|20)\d\d", written)
        and re.search(
            r"\b(?:in|since|from|until|by|during|before|after|of)\s$",
            folded[max(0, number.start - 8) : number.start],
        )
    )


def _dated(folded: str, first: Number, last: Number) -> Period:
    start, end = _days(first)[0], _days(last)[1]
    till = last.end
    if folded[till - 1 : till] not in "年月日号" and (rest := _REST.match(folded, till)):
        till = rest.end()
    if first is last and (part := _PART_OF_YEAR.match(folded, till)) and len(start) == 10:
        start, end = _part_of_year(start[:4], part)
        till = part.end()
    if start.startswith("--"):
        return Period(start, end, folded[first.start : till])
    if (since := _SINCE.match(folded, till)) is not None:
        end, till = _LAST, since.end()
    elif (until := _UNTIL.match(folded, till)) is not None:
        start, till = _FIRST, until.end()
    elif re.search(
        r"截[至止]|\b(?:until|by|before)\s$", folded[max(0, first.start - 8) : first.start]
    ):
        start = _FIRST
    return Period(start, end, folded[first.start : till])


def _days(number: Number) -> tuple[str, str]:
    """The first and the last day of a date, which may be a year, a month or a day."""
    told = number.date or str(int(number.value))
    if told.startswith("--"):
        return told, told
    year, *rest = told.split("-")
    if not rest:
        return f"{year}-01-01", f"{year}-12-31"
    if len(rest) == 1:
        return f"{told}-01", f"{told}-{_last_day(int(year), int(rest[0])):02d}"
    return told, told


def _last_day(year: int, month: int) -> int:
    if month == 12:
        return 31
    year = min(max(year, 1), 9998)
    return (date(year, month + 1, 1) - date(year, month, 1)).days


def _part_of_year(year: str, part: re.Match[str]) -> tuple[str, str]:
    if part[1]:
        return (f"{year}-01-01", f"{year}-06-30") if part[1] == "上" else (
            f"{year}-07-01", f"{year}-12-31")  # fmt: skip
    quarter = _NUMERALS.get(part[2]) or int(part[2])
    return (
        f"{year}-{3 * quarter - 2:02d}-01",
        f"{year}-{3 * quarter:02d}-{30 if quarter in (2, 3) else 31}",
    )


def _otherwise(folded: str) -> list[tuple[int, Period]]:
    found: list[tuple[int, Period]] = []
    for match in _DECADE.finditer(folded):
        century, told = match[1], match[2]
        if len(told) == 4:
            first = int(told)
        elif century:
            first = 100 * (int(century) - 1) + int(told)
        elif int(told) >= 30:  # 90年代 alone is that of the twentieth century; 20年代 is unclear
            first = 1900 + int(told)
        else:
            continue
        found.append(
            (match.start(), Period(f"{first:04d}-01-01", f"{first + 9:04d}-12-31", match[0]))
        )
    for match in _CENTURY.finditer(folded):
        last = 100 * int(match[1])
        if 0 < last <= 9900:
            start, end = f"{last - 99:04d}-01-01", f"{last:04d}-12-31"
            found.append((match.start(), Period(start, end, match[0])))
    for match in _BEFORE_CHRIST.finditer(folded):
        year = f"-{int(match[1]) - 1:04d}"  # ISO 8601 counts a year 0: 221 BC is -0220
        found.append((match.start(), Period(f"{year}-01-01", f"{year}-12-31", match[0])))
    found += [
        (match.start(), Period(*years, match[0]))
        for match in _PLAN.finditer(folded)
        if (years := _five_years(match[1])) is not None
    ]
    found += [
        (match.start(), Period("", "", match[0], relative=True))
        for match in _RELATIVE.finditer(folded)
    ]
    return found


def _five_years(numeral: str) -> tuple[str, str] | None:
    """The n-th five-year plan: 1966 to 1970 was the third, and they follow one another since."""
    tens, _, ones = numeral.partition("十")
    count = _NUMERALS.get(numeral, 0)
    if "十" in numeral:
        count = 10 * (_NUMERALS.get(tens, 1)) + _NUMERALS.get(ones, 0)
    if not 3 <= count <= 30:
        return None
    first = 1966 + 5 * (count - 3)
    return f"{first}-01-01", f"{first + 4}-12-31"
