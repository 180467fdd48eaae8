"""Title, date and author of a document, from what stands in it and its name; nothing is invented.

Knows lines of text and file names; markup is the readers' business.
"""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath

from indexer.files.lines import Line, heading_level, is_body, is_byline
from indexer.text.normalise import fold

_HEAD_LINES = 8  # a date that stands lower belongs to the story, not to its publication
_TAIL_LINES = 4
_LONGEST_TITLE = 60
_LONGEST_CLAUSE = 40
_LONGEST_BYLINE = 100

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*(?:年|([-/._]))\s*(\d{1,2})\s*(?:月|(?(2)\2|[-/.]))\s*(\d{1,2})(?!\d)\s*日?"
)
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_CHINESE_DATE = re.compile(
    r"([一二][〇零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_LABELLED = re.compile(r"(日期|时间|发布于|发布|印发|成文日期|发文日期)[^:]{0,6}[:]\s*")
_AUTHOR = re.compile(r"(?:^|[\s(（])(?:作者|撰稿|文|供稿人)\s*[:：]\s*([^\s:：)）]{2,20})")
_ORIGINAL_TITLE = re.compile(r"(?:原标题|标题)\s*[:：]\s*(\S.{2,80})$")
_CLAUSE_END = re.compile(r"[，,。；;：:！!？?]")


def find_title(lines: Sequence[Line], name: str) -> str:
    """The first short line, else 原标题, else a telling file name, else the first clause.

    `lines` are the document's lines without what is left out.
    """
    for line in lines:
        original = _ORIGINAL_TITLE.match(line.text)
        if original:
            return original[1]
    first = lines[0] if lines else None
    if first and _may_be_title(first.text):
        return _with_fragments(lines)
    stem = title_from_name(name)
    if any("\u4e00" <= char <= "\u9fff" for char in stem) or first is None:
        return stem
    clause = _CLAUSE_END.split(first.text, maxsplit=1)[0].strip()
    return clause[:_LONGEST_CLAUSE] or stem


def title_line(lines: Sequence[Line], title: str) -> Line | None:
    """The line that is the title, if it stands in the text as one."""
    return next((line for line in lines[:_HEAD_LINES] if line.text == title), None)


def title_from_name(name: str) -> str:
    """The file's name without folder and ending, _ as space."""
    return PurePosixPath(name).stem.replace("_", " ").strip()


def _may_be_title(text: str) -> bool:
    short = len(text) <= _LONGEST_TITLE and text[-1] not in "。；;，,、：:|"
    return short and not heading_level(text) and not is_byline(text)


def _with_fragments(lines: Sequence[Line]) -> str:
    """A first line of two or three characters is a piece of a title set in several lines."""
    title = lines[0].text
    for line in lines[1:3]:
        if len(title) > 3 or len(line.text) > 6 or is_body(line.text):
            break
        title += line.text
    return title


def find_date(lines: Sequence[Line], name: str) -> str | None:
    """ISO date of publication: a byline at the head, the file's name, a date line at the end."""
    for line in lines[:_HEAD_LINES]:
        if len(line.text) > _LONGEST_BYLINE:
            continue
        text = fold(line.text)
        labelled = _LABELLED.search(text)
        if is_body(line.text) and not (labelled and len(line.text) <= _LONGEST_TITLE):
            continue
        found = parse_date(text[labelled.end() :] if labelled else text)
        if found and (labelled or is_byline(line.text) or _is_date_alone(text)):
            return found
    found = date_from_name(name)
    if found:
        return found
    for line in lines[-_TAIL_LINES:]:
        if len(line.text) <= _LONGEST_BYLINE and _is_date_alone(fold(line.text)):
            return parse_date(line.text)
    return None


def date_from_name(name: str) -> str | None:
    stem = fold(PurePosixPath(name).stem)
    compact = _COMPACT_DATE.search(stem)
    return parse_date(stem) or (_iso(*compact.groups()) if compact else None)


def parse_date(text: str) -> str | None:
    """The first whole date of the text in ISO form: 2020年8月6日, 2020-8-6, 二〇二〇年八月六日."""
    text = fold(text)
    found = _DATE.search(text)
    if found:
        return _iso(found[1], found[3], found[4])
    spelled = _CHINESE_DATE.search(text)
    return _iso(*map(_numeral, spelled.groups())) if spelled else None


def _numeral(spelling: str) -> str:
    from indexer.text.numerals import parse_chinese

    return str(parse_chinese(spelling) or 0)


def _is_date_alone(text: str) -> bool:
    match = _DATE.search(text) or _CHINESE_DATE.search(text)
    return match is not None and len(match[0]) * 2 > len(text)


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None  # 2020-13-40 is a number of something else


def find_author(lines: Sequence[Line]) -> str | None:
    """A name behind 作者 or 文 in a byline or a credit line."""
    for line in (*lines[:_HEAD_LINES], *lines[-_HEAD_LINES:]):
        found = _AUTHOR.search(line.text) if len(line.text) <= 80 else None
        if found:
            return found[1].strip("）)】]")
    return None
