"""The title of a text without markup, and what a file's name says. Knows lines and names alone."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from indexer.files.lines import Line, heading_level, is_body, is_byline

_HEAD_LINES = 8
_LONGEST_TITLE = 60
_LABEL_LINES = 30  # a table of what a document is, one label and one value a line
_LONGEST_CLAUSE = 40
_MOST_BYLINES = 2  # above a title

_ORIGINAL_TITLE = re.compile(r"(?:原标题|标\s?题)\s*[:：]\s*(\S.{2,80})$")
_TITLE_LABEL = re.compile(r"(?:原标题|标\s?题)\s*[:：]$")
_SHORT = 8  # a name of a section, above the title
_CLAUSE_END = re.compile(r"[，,。；;：:！!？?]")


def find_title(lines: Sequence[Line], name: str) -> str:
    """The first short line but bylines, else 原标题, else a telling file name, else a clause.

    `lines` are the document's lines without what is left out.
    """
    for at, line in enumerate(lines):
        original = _ORIGINAL_TITLE.match(line.text)
        if original:
            return original[1]
        if at < _LABEL_LINES and at + 1 < len(lines) and _TITLE_LABEL.match(line.text):
            return lines[at + 1].text[:_LONGEST_TITLE]
    bylines = next((at for at, line in enumerate(lines) if not is_byline(line.text)), 0)
    lines = lines[bylines:] if bylines <= _MOST_BYLINES else lines
    first = lines[0] if lines else None
    if first and _may_be_title(first.text):
        return _above_byline(lines) or _with_fragments(lines)
    stem = title_from_name(name)
    if any("\u4e00" <= char <= "\u9fff" for char in stem) or first is None:
        return stem
    clause = _CLAUSE_END.split(first.text, maxsplit=1)[0].strip()
    return clause[:_LONGEST_CLAUSE] or stem


def _above_byline(lines: Sequence[Line]) -> str | None:
    """The line right above the first byline, where names of sections stand above it."""
    for at, line in enumerate(lines[:_LABEL_LINES]):
        if is_body(line.text):
            return None
        if at > 1 and is_byline(line.text):
            above = lines[at - 1].text
            names = all(len(each.text) <= _SHORT for each in lines[: at - 1])
            return above if names and len(above) > _SHORT and _may_be_title(above) else None
    return None


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
