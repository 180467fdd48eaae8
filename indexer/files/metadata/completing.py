"""What a reader made of a file, completed with what its text, path and address say besides.

Knows what a reader returns and the document's source; the order of trust stands in `__init__`.
"""

from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from indexer.files.lines import Line, outside, split_lines
from indexer.files.metadata.bylines import find_organisation, is_organisation
from indexer.files.metadata.dates import date_from_path, date_without_year
from indexer.records import Content, LeftOutReason

# Their first lines are rows, in which 来源 is a column's heading.
_TABLES = frozenset(("delimited", "json_records"))
_NOT_OF_THE_TEXT = frozenset(
    (
        *(LeftOutReason.NAVIGATION, LeftOutReason.RANKING, LeftOutReason.FOOTER),
        *(LeftOutReason.DISCLAIMER, LeftOutReason.COMMENTS),
    )
)
_HEAD_CHARS = 4000
_TAIL_CHARS = 2000


def complete(content: Content, source: str, file_format: str) -> Content:
    """Fill in what is not known yet: date, organisation; an author that is a body is one."""
    is_prose = file_format not in _TABLES
    lines = _ends(content) if is_prose else []
    organisation = content.organisation or (find_organisation(lines) if is_prose else None)
    author = content.author
    if author and is_organisation(author):
        organisation, author = organisation or author, None
    address = urlsplit(content.url).path if content.url else ""
    folders = str(PurePosixPath(source).parent)
    dated = content.date or date_from_path(address) or date_from_path(folders)
    if not dated and is_prose:
        dated = date_without_year(lines, content.text, source, address)
    return replace(content, date=dated, author=author, organisation=organisation)


def _ends(content: Content) -> list[Line]:
    """The lines at the head and at the end, without navigation, rankings and footers."""
    text = content.text
    head = split_lines(text[:_HEAD_CHARS])
    begin = max(_HEAD_CHARS, len(text) - _TAIL_CHARS)
    tail = [
        Line(line.start + begin, line.end + begin, line.text) for line in split_lines(text[begin:])
    ]
    out = ((o.start, o.end) for o in content.left_out if o.reason in _NOT_OF_THE_TEXT)
    return outside((*head, *tail), out)
