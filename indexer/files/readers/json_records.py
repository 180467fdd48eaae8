"""Records as JSON: an array of objects, one object, or one on each line. One file, one document.

A record with a text of its own becomes a section with its title as heading; records that are flat
become rows of a table. A place is the number of a record, or its line in a .jsonl. A line that is
no JSON is kept as it is and in no passage; a file with more than a few of them is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from indexer.errors import UnreadableFile
from indexer.files.boilerplate import find_boilerplate
from indexer.files.decode import decode
from indexer.files.lines import find_headings, split_lines
from indexer.files.metadata import date_from_name, parse_date, title_from_name
from indexer.files.metadata.bylines import tidy_organisation
from indexer.files.readers.json_values import (
    Object,
    Value,
    flatten,
    is_flat,
    parse_value,
    parse_values,
    row,
    scalar,
)
from indexer.files.readers.rows import Lines, too_large
from indexer.files.readers.tables import tidy
from indexer.records import Content, Heading, LeftOut, LeftOutReason

MAX_RECORDS = 200_000
"""A record costs 40 microseconds to read and a passage or more to index."""

_MOST_BROKEN = 0.1  # of the lines: a file cut off has one, another format has all
_SHOWN_BROKEN = 500  # characters of a line that is no JSON
_TEXT = ("text", "content", "正文", "内容", "body", "全文", "article", "contents", "passage")
_TITLE = ("title", "标题", "题名", "题目", "headline", "subject", "主题", "name", "名称")
_DATE = (
    "date",
    "日期",
    "发布日期",
    "发布时间",
    "publish_date",
    "pubdate",
    "published",
    "time",
    "时间",
)
_AUTHOR = ("author", "作者", "authors")
_BODY = ("organisation", "organization", "source", "来源", "机构", "单位", "发布机构", "publisher")
_URL = ("url", "网址", "link", "链接", "href")
_LEAST_TEXT = 300  # characters of a value that is a text under whatever name
_LONGEST_TITLE = 100
_PROSE = re.compile(r"[\u3400-\u9fff]|[a-z] [a-z]")  # no number, no picture in base64
_MARKUP = re.compile(r"</(?:p|div|span|a|td|li|h[1-6]|strong)\s*>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Record:
    """A value with what it is called by: its place in the array, or its line."""

    number: int
    value: Value
    broken: str | None = None  # the line, where it is no JSON


@dataclass(slots=True)
class _Page:
    """The document in the making."""

    lines: Lines
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, line: str, reason: LeftOutReason) -> None:
        start, end = self.lines.add(line)
        self.left_out.append(LeftOut(start, end, reason))


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, as decode does; reason `damaged` or `too_large`."""
    decoded = decode(data)
    by_line = PurePosixPath(name).suffix.lower() == ".jsonl"
    records = list(_by_line(decoded.text) if by_line else _in_order(decoded.text))
    page = _Page(Lines(PurePosixPath(name).name))
    values = [record.value for record in records if record.broken is None]
    is_alone = len(records) == 1
    if is_alone and isinstance(values[0], Object):
        around, inner = _unwrap(values[0])
        if inner:
            for line in flatten(around):
                page.lines.add(line)
            records, is_alone = inner, False
    for record in records:
        start = page.lines.length
        if record.broken is not None:
            page.leave_out(record.broken, LeftOutReason.UNREADABLE)
            continue
        _add(record, page, is_alone)
        page.lines.place(start, f"第{record.number}行" if by_line else f"第{record.number}条")
    only = values[0] if is_alone and isinstance(values[0], Object) else Object([])
    return Content(
        text=page.lines.text,
        title=tidy(_first(only, _TITLE)) or title_from_name(name),
        date=_date(_first(only, _DATE)) or date_from_name(name),
        author=tidy(_first(only, _AUTHOR)) or None,
        organisation=tidy_organisation(body) if (body := tidy(_first(only, _BODY))) else None,
        url=_url(_first(only, _URL)),
        headings=tuple(page.lines.headings),
        left_out=tuple(page.left_out),
        places=() if is_alone else tuple(page.lines.places),
        encoding=decoded.encoding,
    )


# -- which records there are ----------------------------------------------------------------------


def _in_order(text: str) -> Iterator[_Record]:
    for number, value in enumerate(parse_values(text), start=1):
        if number > MAX_RECORDS:
            raise too_large(f"it has over {MAX_RECORDS:,} records")
        yield _Record(number, value)


def _by_line(text: str) -> Sequence[_Record]:
    """A record a line. Raises: UnreadableFile, reason `damaged`, if too many lines are none."""
    records: list[_Record] = []
    faults: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if len(records) >= MAX_RECORDS:
            raise too_large(f"it has over {MAX_RECORDS:,} records")
        try:
            records.append(_Record(number, parse_value(line)))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
            records.append(_Record(number, None, tidy(line[:_SHOWN_BROKEN])))
    if len(faults) == len(records) or len(faults) > max(1, len(records) * _MOST_BROKEN):
        if text.lstrip()[:1] == "[":
            return list(_in_order(text))  # an array under the wrong name
        raise UnreadableFile(
            f"{len(faults)} of its {len(records)} lines are no JSON ({'; '.join(faults[:3])})",
            reason="damaged",
            hint="each line of a .jsonl is one record; save an array as .json",
        )
    return records


def _unwrap(value: Object) -> tuple[Object, list[_Record]]:
    """Records with texts that are wrapped in an object: `{"code": 0, "data": {"list": […]}}`.

    Returns what is around them, and them, or none if it is no such wrapper.
    """
    if _text_of(value) is not None:
        return value, []
    for at, (key, inner) in enumerate(value.pairs):
        around = Object([*value.pairs[:at], *value.pairs[at + 1 :]])
        if isinstance(inner, list):
            texts = sum(isinstance(each, Object) and _text_of(each) is not None for each in inner)
            if texts * 2 > len(inner):
                return around, [_Record(number, each) for number, each in enumerate(inner, 1)]
        elif isinstance(inner, Object):
            rest, records = _unwrap(inner)
            if records:
                return Object([*around.pairs, (key, rest)]), records
    return value, []


# -- one record -----------------------------------------------------------------------------------


def _add(record: _Record, page: _Page, is_alone: bool) -> None:
    value = record.value
    body = _text_of(value) if isinstance(value, Object) else None
    if isinstance(value, Object) and body is not None:
        _add_section(record.number, value, body, page, is_alone)
    elif isinstance(value, Object) and is_flat(value) and not is_alone:
        _add_lines([row(value)], page)
    else:
        if isinstance(value, Object) and not is_alone:
            page.lines.add(_heading(value, record.number), level=2)
        _add_lines(flatten(value), page)


def _add_lines(lines: Iterator[str] | list[str], page: _Page) -> None:
    for line in lines:
        if line.strip():
            page.lines.add(line)


def _add_section(number: int, value: Object, key: str, page: _Page, is_alone: bool) -> None:
    """Heading, the flat fields on one line, the text, and what is nested in lines of its own."""
    title = _first(value, _TITLE)
    level = 1 if is_alone else 2
    if title or not is_alone:
        page.lines.add(_heading(value, number), level=level)
    others = [(name, each) for name, each in value.pairs if name != key and each != title]
    urls = [pair for pair in others if pair[0].strip().lower() in _URL and _url(scalar(pair[1]))]
    flat = [pair for pair in others if is_flat(Object([pair])) and pair not in urls]
    _add_lines([row(Object(flat))], page)
    for pair in urls:
        page.leave_out(row(Object([pair])), LeftOutReason.MARKUP)
    for name, each in value.pairs:
        if name == key:
            _add_body(scalar(each, "\n"), page, level)
    nested = [pair for pair in others if not is_flat(Object([pair]))]
    _add_lines(flatten(Object(nested)), page)


def _add_body(text: str, page: _Page, level: int) -> None:
    """The text with its own headings, below that of the record, and its own furniture."""
    text = _without_markup(text) if _MARKUP.search(text) else text.strip("\n")
    if not text.strip():
        return
    start, _ = page.lines.add(text)
    lines = split_lines(text)
    left_out = find_boilerplate(lines)
    page.left_out += [LeftOut(start + o.start, start + o.end, o.reason) for o in left_out]
    page.lines.headings += [
        Heading(start + heading.start, start + heading.end, heading.level + level - 1)
        for heading in find_headings(lines, left_out)
    ]


def _without_markup(text: str) -> str:
    from indexer.files.readers.html_blocks import parse_page

    return "\n".join(block.text for block in parse_page(text).blocks)


def _heading(value: Object, number: int) -> str:
    title = tidy(_first(value, _TITLE))
    return title if 0 < len(title) <= _LONGEST_TITLE else f"第{number}条"


def _text_of(value: Object) -> str | None:
    """The name of the field that is the record's text: by its name, else by its length."""
    texts = [(key, text) for key, each in value.pairs if (text := scalar(each).strip())]
    named = [(_TEXT.index(name), key) for key, _ in texts if (name := key.strip().lower()) in _TEXT]
    if named:
        return min(named)[1]
    long = [
        (len(text), key) for key, text in texts if len(text) >= _LEAST_TEXT and _PROSE.search(text)
    ]
    return max(long)[1] if long else None


def _first(value: Object, names: Sequence[str]) -> str:
    """The first of the fields of these names that says something."""
    fields: dict[str, str] = {}
    for key, each in value.pairs:
        text = scalar(each).strip()
        if text:
            fields.setdefault(key.strip().lower(), text)
    return next((fields[name] for name in names if name in fields), "")


def _date(text: str) -> str | None:
    return parse_date(text) or date_from_name(text) if text else None


def _url(text: str) -> str | None:
    text = text.strip()
    return text if text.startswith(("http://", "https://")) and not re.search(r"\s", text) else None
