"""Dates and times of day, in digits and in Chinese, years of the Republic (民国) too."""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal

from indexer.text.figures.records import Number, NumberKind
from indexer.text.numerals import DIGITS, NUMERALS, value_of

TO = r"\s?(?:-|–|—|~|～|至|到)\s?"
_YEAR = rf"(?:[12]\d{{3}}|[一二][{DIGITS}]{{3}})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = (
    r"(?:3[01]|[12]\d|0?[1-9]|(?:二十|廿)[一二三四五六七八九]?|三十一?|卅一?"
    r"|十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_MONTH_WORDS = "球亮饼光子经薪票供"
# 5/28 and 20200528 are dates where something says so.
_TELLS_DATE = r"(?<=于|在|至|到|自|从|日|期|间|表|布|[(〔\[_:])"
_DAY_TIME = r"(?<=上午|下午|晚上|凌晨|早上|中午|早晨|清晨|傍晚|深夜|夜里|当晚|今晚)"
_MINUTE = r"(?:[0-5]?\d|零?[一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?)"
_HOUR = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"


def _month_day(at: str) -> str:
    """5月, 5月28日, 5-7月, 5月26-28日, 5月28日至6月3日, 5月26、27日; groups begin with `at`."""
    return rf"""(?P<{at}month>{_MONTH})(?:
          月?{TO}(?P<{at}month_to>{_MONTH})月(?!\d|[{NUMERALS}]{{1,3}}[日号])
        | 月(?!末?[{_MONTH_WORDS}])(?:(?P<{at}day>{_DAY})(?:
              [日号]?{TO}(?:(?P<{at}month2>{_MONTH})月)?(?P<{at}day_to>{_DAY})
            | [日号]?[、和与及](?P<{at}day_and>{_DAY}))?[日号])?)"""


DATES = rf"""
    (?P<year>{_YEAR})(?:年?{TO}(?P<year_to>{_YEAR}))?年(?!历史|的历史|之久|寿命)(?:{_month_day("y_")})?
  | (?<=民国)(?P<roc>\d{{1,3}}|元|[{NUMERALS}]{{1,4}})年(?:{_month_day("r_")})?
  | (?P<iso_year>[12]\d{{3}})(?P<sep>[-/.])(?P<iso_month>{_MONTH})(?P=sep)(?P<iso_day>{_DAY})
    (?!\d|\.\d)
  | (?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))
    (?=\s*$|\s*[\n)〕\]_,;。日起至-])
  | (?P<season>(?:19|20)\d\d)(?:{TO}|/)(?P<season_to>\d\d)(?=学年|赛季|财年|年度)
  | (?P<years>(?:19|20)\d\d)(?:{TO}|/(?=\d{{4}}学))(?P<years_to>(?:19|20)\d\d)(?!\d|-\d|\.\d)
  | (?P<ym_year>(?:19|20)\d\d)[-/](?P<ym_month>0[1-9]|1[0-2])(?![\d/-]|赛季|学年)
  | {_TELLS_DATE}(?P<slash_month>1[0-2]|0?[1-9])/(?P<slash_day>3[01]|[12]\d|0?[1-9])(?![\d/])
  | (?P<dot_month>1[0-2]|[1-9])·(?P<dot_day>3[01]|[12]\d|[1-9])(?!\d)
  | {_month_day("")}
  | (?P<hour>2[0-4]|1\d|0?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])
  | (?P<o_hour>{_HOUR})(?:
      [点时](?:(?P<half_hour>半)|(?P<quarter>[一三])刻|(?P<o_minute>{_MINUTE})分(?!之))
      |点[钟整]|时整|(?:(?<=\d)时(?=$|[起许至,。;)\s]|左右|前|后|{TO}\d)))
  | {_DAY_TIME}(?P<d_hour>{_HOUR})[点时](?P<d_minute>[0-5]\d)?
"""

_AFTERNOON = re.compile(r"(?:下午|晚上|傍晚|当晚|今晚|深夜|夜里)\s?$")
_DAY_PART = re.compile(r"(?:上午|下午|晚上|凌晨|早上|中午|早晨|清晨|傍晚|深夜|夜里|当晚|今晚)\s?$")
_LONGEST_RANGE = 31


def read_dates(text: str, match: re.Match[str]) -> Iterator[Number]:
    """The dates or the time of day of a match of `DATES`; none where the groups are not set."""
    group = match.group
    if group("hour") or group("o_hour") or group("d_hour"):
        yield from _read_time(text, match)
    elif group("years") or group("season"):
        name = "years" if group("years") else "season"
        first, last = group(name), group(f"{name}_to")
        last = last if len(last) == 4 else first[:2] + last
        yield _date(match.start(), match.end(name), int(first), inside=_years(first, last))
        yield _date(match.start(f"{name}_to"), match.end(), int(last))
    elif group("compact"):
        told = group("compact")
        yield _date(*match.span(), int(told[:4]), int(told[4:6]), int(told[6:]))
    elif group("iso_year"):
        parts = (_int(group(name)) for name in ("iso_year", "iso_month", "iso_day"))
        yield _date(*match.span(), *parts)
    elif group("ym_year"):
        yield _date(*match.span(), int(group("ym_year")), int(group("ym_month")))
    elif group("slash_month") or group("dot_month"):
        name = "slash" if group("slash_month") else "dot"
        yield _date(*match.span(), 0, int(group(f"{name}_month")), int(group(f"{name}_day")))
    elif group("roc"):
        yield from _read_months(
            match, "r_", 1911 + (1 if group("roc") == "元" else _int(group("roc")))
        )
    elif group("year_to"):
        first, last = _int(group("year")), _int(group("year_to"))
        yield _date(*match.span("year"), first, inside=_years(str(first), str(last)))
        month, day = _int(group("y_month")), _int(group("y_day"))
        yield _date(match.start("year_to"), match.end(), last, month, day)
    elif group("year"):
        yield from _read_months(match, "y_", _int(group("year")))
    elif group("month"):
        yield from _read_months(match, "", 0)


def _read_months(match: re.Match[str], at: str, year: int) -> Iterator[Number]:
    """What the groups of `_month_day(at)` hold: a month or day, or the two ends of a range."""
    month, month_to = _int(match[f"{at}month"]), _int(match[f"{at}month_to"])
    day = _int(match[f"{at}day"])
    last_day = _int(match[f"{at}day_to"]) or _int(match[f"{at}day_and"])
    if month_to:
        inside = tuple(_iso(year, between, 0) for between in range(month + 1, month_to))
        yield _date(match.start(), match.end(f"{at}month"), year, month, inside=inside)
        yield _date(match.start(f"{at}month_to"), match.end(), year, month_to)
    elif last_day:
        name = "day_to" if match[f"{at}day_to"] else "day_and"
        last_month = _int(match[f"{at}month2"]) or month
        inside = _days(year, (month, day), (last_month, last_day)) if name == "day_to" else ()
        yield _date(match.start(), match.end(f"{at}day"), year, month, day, inside=inside)
        start = match.start(f"{at}{'month2' if match[f'{at}month2'] else name}")
        yield _date(start, match.end(), year, last_month, last_day)
    else:
        yield _date(*match.span(), year, month, day)


def _date(
    start: int,
    end: int,
    year: int,
    month: int = 0,
    day: int = 0,
    *,
    inside: tuple[str, ...] = (),
) -> Number:
    value = Decimal(year * 10_000 + month * 100 + day)
    return Number(
        start, end, value, "", NumberKind.DATE, date=_iso(year, month, day), inside=inside
    )


def _iso(year: int, month: int, day: int) -> str:
    date = f"{year:04d}" if year else "-"
    return date + "".join(f"-{part:02d}" for part in (month, day) if part)


def _years(first: str, last: str) -> tuple[str, ...]:
    between = range(int(first) + 1, int(last))
    return tuple(map(str, between)) if len(between) <= _LONGEST_RANGE else ()


def _days(year: int, first: tuple[int, int], last: tuple[int, int]) -> tuple[str, ...]:
    """The days between two of one year; of a leap year where the year is not known."""
    try:
        begin, end = datetime.date(year or 2000, *first), datetime.date(year or 2000, *last)
    except ValueError:  # 2月30日
        return ()
    count = (end - begin).days
    between = [begin + datetime.timedelta(days=after) for after in range(1, count)]
    return tuple(_iso(year, day.month, day.day) for day in between if count <= _LONGEST_RANGE)


def _read_time(text: str, match: re.Match[str]) -> Iterator[Number]:
    group = match.group
    hour = _int(group("hour") or group("o_hour") or group("d_hour"))
    minute = _int(group("minute") or group("o_minute") or group("d_minute"))
    if group("half_hour") or group("quarter"):
        minute = 30 if group("half_hour") else 15 * _int(group("quarter"))
    start = match.start()
    before = text[max(0, start - 3) : start]
    part_of_day = _DAY_PART.search(before)
    if part_of_day:
        start -= len(before) - part_of_day.start()
    if hour < 12 and _AFTERNOON.search(before):
        hour += 12
    if hour <= 24:
        yield Number(start, match.end(), Decimal(hour * 100 + minute), "", NumberKind.TIME)


def _int(spelling: str | None) -> int:
    return int(value_of(spelling) or 0) if spelling else 0
