"""The day on which a document was published: from bylines, names, addresses and date lines.

A day is only ever one that was said: month precision stays no date. A day in the future, or before
1900, is a number of something else. Knows lines of text and paths, no markup.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import PurePosixPath

from indexer.files.lines import Line, is_body, is_byline
from indexer.text.normalise import fold
from indexer.text.numerals import parse_chinese

_HEAD_LINES = 8  # a date that stands lower belongs to the story, not to its publication
_TAIL_LINES = 4
_LONGEST_TITLE = 60
_LONGEST_BYLINE = 100
_EARLIEST_YEAR = 1900
_RELEASED = date(2026, 1, 1)  # a clock that stands before this is wrong

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*(?:年|([-/._]))\s*(\d{1,2})\s*(?:月|(?(2)\2|[-/.]))\s*(\d{1,2})(?!\d)\s*日?"
)
_SENTENCE = re.compile(r"[。！？；，]")
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_NUMERAL = "〇零一二三四五六七八九十百"
_CHINESE_DATE = re.compile(
    rf"([一二][〇零一二三四五六七八九]{{3}})年([{_NUMERAL}]{{1,2}})月([{_NUMERAL}]{{1,3}})日"
)
_REPUBLIC_DATE = re.compile(  # year 1 of the Republic is 1912
    rf"民国\s*(\d{{1,3}}|[{_NUMERAL}]{{1,5}})\s*年\s*(\d{{1,2}}|[{_NUMERAL}]{{1,2}})\s*月\s*"
    rf"(\d{{1,2}}|[{_NUMERAL}]{{1,3}})\s*日"
)
_REPUBLIC_DIGITS = re.compile(r"(1\d\d|[89]\d)([-/.年])(\d{1,2})[-/.月](\d{1,2})(?!\d)")
_LABELLED = re.compile(r"(日期|时间|发布于|发布|印发|成文日期|发文日期)[^:]{0,6}[:]\s*")
_ENTRY_LABEL = re.compile(r"[\s#*•·-]*(?P<label>[㐀-鿿]{0,4}(?:时间|日期)[:]\s*)?")
_WEEKDAY = re.compile(r"(?:星期|周)[一二三四五六日天]|[\s()]")
_PATH_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:([-_/.])(\d{1,2})\2(\d{1,2})|[-_/]?(\d\d)[-_/]?(\d\d))(?!\d)"
)

# -- a day without its year, and the years that may be meant --
_YEARLESS = re.compile(
    r"(?<![\d年])(?<!年\s)(\d{1,2})\s*月\s*(\d{1,2})"
    r"(?:\s*日?\s*[-–—~～至到]\s*(?:(\d{1,2})\s*月\s*)?(\d{1,2}))?\s*日"
)
_AT_THE_HEAD = 30  # characters of its line before it: 本报讯（记者 张三）5月26日
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_YEAR_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_YEAR_OF_RIGHTS = re.compile(
    r"(?:©|copyright|版权所有|版權所有)[^\n]{0,30}?((?:19|20)\d\d)(?!\d)(?:\s*[-–—~]\s*((?:19|20)\d\d))?",
    re.IGNORECASE,
)
_OTHER_YEAR_BEFORE = re.compile(r"(?:自|从|從|到|至|截至|截止|比|较|較)$")
_OTHER_YEAR_BEHIND = re.compile(r"\s*(?:底|末|前|以来|以來|起|以后|以後|至|到|-|—)")
_READ_FOR_YEARS = 20_000


def find_date(lines: Sequence[Line], name: str) -> str | None:
    """ISO date of publication: a byline at the head, the file's name, a date line at the end.

    Minutes of several days that stand in one file are of the last of them.
    """
    for line in lines[:_HEAD_LINES]:
        if len(line.text) > _LONGEST_BYLINE:
            continue
        text = fold(line.text)
        labels = [label.end() for label in _LABELLED.finditer(text)]
        is_plain = is_byline(line.text) and not _SENTENCE.search(line.text)
        if (
            is_body(line.text)
            and not (labels and len(line.text) <= _LONGEST_TITLE)
            and not is_plain
        ):
            continue
        for start in labels or [0]:
            found = parse_date(text[start:]) or (_republic_date(text, start) if labels else None)
            if found and (labels or is_byline(line.text) or is_date_alone(text)):
                return _last_of_entries(lines, line, found)
    found = date_from_name(name)
    if found:
        return found
    for line in lines[-_TAIL_LINES:]:
        if len(line.text) <= _LONGEST_BYLINE and is_date_alone(fold(line.text)):
            day = parse_date(line.text)
            return _last_of_entries(lines, line, day) if day is not None else None
    return None


def _last_of_entries(lines: Sequence[Line], head: Line, found: str) -> str:
    """The last day where the date at the head only begins the first of several entries; else it."""
    form = _entry_form(head.text)
    if form is None:
        return found
    alike = [line for line in lines if _entry_form(line.text) == form]
    days = {day for line in alike if (day := parse_date(line.text)) is not None}
    is_signed = (
        len(days) == 2 and parse_date(alike[-1].text) in days and alike[-1] in lines[-_TAIL_LINES:]
    )
    return found if is_signed or not days else max(days)


def _entry_form(text: str) -> str | None:
    """How a line begins that may begin an entry: with a date alone, with one and words, or with a
    label of a time; None of any other line, and of one that says that it tells a publication.
    """
    folded = fold(text)
    label = _ENTRY_LABEL.match(folded)
    at = label.end() if label is not None else 0
    begun = _DATE.match(folded, at) or _CHINESE_DATE.match(folded, at)
    if begun is None or re.search("发布|印发|成文|发文", folded):
        return None
    if label is not None and label["label"]:
        return label["label"]
    return "led" if _WEEKDAY.sub("", folded[begun.end() :]) else "alone"


def date_from_name(name: str) -> str | None:
    stem = fold(PurePosixPath(name).stem)
    compact = _COMPACT_DATE.search(stem)
    return parse_date(stem) or (_iso(*compact.groups()) if compact else None)


def date_from_path(path: str) -> str | None:
    """The last whole date in the folders of a path, or in a web address: /202005/t20200526_1.html.

    `path` has folders: of an address that is what stands behind the host.
    """
    found: str | None = None
    for match in _PATH_DATE.finditer(path):
        month, day = (match[3], match[4]) if match[3] else (match[5], match[6])
        found = _iso(match[1], month, day) or found
    return found or parse_date(path)


def parse_date(text: str) -> str | None:
    """The first whole date of the text in ISO form: 2020年8月6日, 2020-8-6, 民国109年8月6日."""
    text = fold(text)
    found = _DATE.search(text)
    if found:
        return _iso(found[1], found[3], found[4])
    republic = _REPUBLIC_DATE.search(text)
    if republic:
        year, month, day = map(_value, republic.groups())
        return _iso(year + 1911, month, day)
    spelled = _CHINESE_DATE.search(text)
    return _iso(*map(_value, spelled.groups())) if spelled else None


def _republic_date(text: str, start: int) -> str | None:
    """112-09-22, as offices in Taiwan write it; only where a label says that it is a date."""
    match = _REPUBLIC_DIGITS.match(text, start)
    return _iso(int(match[1]) + 1911, match[3], match[4]) if match else None


def _value(spelling: str) -> int:
    return int(spelling) if spelling.isdigit() else int(parse_chinese(spelling) or 0)


def is_date_alone(text: str) -> bool:
    """Whether a folded line is a date and little else."""
    match = _DATE.search(text) or _REPUBLIC_DATE.search(text) or _CHINESE_DATE.search(text)
    return match is not None and len(match[0]) * 2 > len(text)


def without_date(text: str) -> str:
    """A line without its dates and times of day."""
    for pattern in (_DATE, _REPUBLIC_DATE, _CHINESE_DATE):
        text = pattern.sub(" ", text)
    return re.sub(r"\d{1,2}:\d\d(?::\d\d)?", " ", text).strip()


def _iso(year: str | int, month: str | int, day: str | int) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None  # 2020-13-40 is a number of something else
    # A day ahead: it is tomorrow already elsewhere.
    latest = max(date.today(), _RELEASED) + timedelta(days=1)
    return found.isoformat() if found.year >= _EARLIEST_YEAR and found <= latest else None


# -- 5月26-28日 -----------------------------------------------------------------------------------


def date_without_year(lines: Sequence[Line], text: str, *paths: str | None) -> str | None:
    """A day at the head that lacks its year, with the year from the paths or the text around it.

    Of several days the last one: what is told of them was not published before. `paths` are the
    document's source and address. None where no year is said anywhere.
    """
    for line in lines[:_HEAD_LINES]:
        match = _YEARLESS.search(line.text, 0, _AT_THE_HEAD + 20)
        if match is None or match.start() > _AT_THE_HEAD:
            continue
        month, day = match[3] or match[1], match[4] or match[2]
        for year in _years(text, line.start + match.start(), paths):
            found = _iso(year, month, day)
            if found:
                return found
        return None
    return None


def _years(text: str, at: int, paths: Sequence[str | None]) -> Iterator[int]:
    """The years that may be meant, likeliest first."""
    for path in paths:
        # The name before the folders, the inner folder before the outer one.
        yield from (int(year) for year in reversed(_YEAR_IN_NAME.findall(path or "")))
    text = text[:_READ_FOR_YEARS] + "\n" + text[max(_READ_FOR_YEARS, len(text) - 2000) :]
    said = sorted(
        (_is_other_year(text, match), abs(match.start() - at), int(match[1]))
        for match in _YEAR.finditer(text)
    )
    yield from (year for _, _, year in said)
    for match in _YEAR_OF_RIGHTS.finditer(text):
        yield int(match[2] or match[1])


def _is_other_year(text: str, match: re.Match[str]) -> bool:
    """Whether words beside a year say that it is not the one that the text was written in."""
    before = _OTHER_YEAR_BEFORE.search(text, max(0, match.start() - 3), match.start())
    return bool(before or _OTHER_YEAR_BEHIND.match(text, match.end()))
