"""Markdown. The stored text is the file's own, marks included; structure is found by offsets.

But a table's rows become lines with the headings of their columns, as in every other format.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.files.decode import decode
from indexer.files.lines import split_lines
from indexer.files.metadata import find_author, find_date, parse_date, title_from_name
from indexer.files.readers.forms import is_form
from indexer.files.readers.table_grid import lines_of, rows_behind
from indexer.files.readers.tables import Cell
from indexer.records import Content, Heading, LeftOut, LeftOutReason

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(
    r"(title|date|author|url|标题|日期|作者|网址)\s*[:：]\s*(\S.*?)\s*$", re.IGNORECASE
)
_FIELD_NAMES = {"标题": "title", "日期": "date", "作者": "author", "网址": "url"}
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
# Whole lines without words of their own: an image, a rule, a table's |---|---|, a comment, a target
_MARKUP = re.compile(
    r"\s*(!\[[^\]]*\]\([^)]*\)|([-*_])(\s*\2){2,}|\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?|<!--.*-->"
    r"|\[[^\]]+\]:\s+\S+.*)\s*$"
)
_RULER = re.compile(r"^[ \t]*\|?([ \t]*:?-+:?[ \t]*\|)+([ \t]*:?-+:?[ \t]*)?$", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")
_MARKED = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}")


@dataclass(slots=True)
class _Structure:
    headings: list[Heading] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, start: int, end: int) -> None:
        if end > start:
            self.left_out.append(LeftOut(start, end, LeftOutReason.MARKUP))


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, as decode does."""
    decoded = decode(data)
    text = with_rows(decoded.text)
    structure = _Structure()
    front = _FRONT_MATTER.match(text)
    fields = _fields(front[1] or "") if front else {}
    begin = front.end() if front and fields else 0
    structure.leave_out(0, len(text[:begin].rstrip()))
    _find_structure(text, begin, structure)
    lines = split_lines(text[begin:])
    title = fields.get("title") or _first_heading(text, structure) or title_from_name(name)
    date = parse_date(fields.get("date", ""))
    return Content(
        text=text,
        title=title,
        date=date or find_date(lines, name),
        author=fields.get("author") or find_author(lines),
        url=fields.get("url"),
        headings=tuple(structure.headings),
        left_out=tuple(structure.left_out),
        encoding=decoded.encoding,
    )


def with_rows(text: str) -> str:
    """The text with each table's rows as `heading：cell | heading：cell`."""
    if not _RULER.search(text):
        return text
    lines = text.split("\n")
    found: list[str] = []
    fence, at = "", 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening and (not fence or opening[1].startswith(fence)):
            fence = "" if fence else opening[1]
        names = [] if fence or at + 1 == len(lines) else _cells(lines[at])
        if len(names) > 1 and _is_ruler(lines[at + 1], len(names)):
            rows = [names]
            at += 2
            while at < len(lines) and "|" in lines[at] and lines[at].strip():
                rows.append(_cells(lines[at])[: len(names)])
                at += 1
            found += _table([_padded(row, len(names)) for row in rows])
        else:
            found.append(lines[at])
            at += 1
    return "\n".join(found)


def _table(rows: list[list[Cell]]) -> Iterator[str]:
    """The lines of a table whose first row is above the ruler, though it may head nothing."""
    headings, body = rows[:1], rows[1:]
    if any(cell.text for cell in headings[0]):
        return (line for _, line in lines_of(rows, marked=1)) if body else iter(())
    return (line for _, line in lines_of(body)) if is_form(body) else rows_behind([], body)


def _padded(cells: list[str], width: int) -> list[Cell]:
    return [Cell(text) for text in cells] + [Cell()] * (width - len(cells))


def _cells(line: str) -> list[str]:
    """A row's cells; none, if the line holds no bar that parts them."""
    row = line.strip()
    if "|" not in row:
        return []
    row = row.removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.replace("\\|", "|").strip() for cell in _BAR.split(row)]


def _is_ruler(line: str, columns: int) -> bool:
    return bool(_RULER.fullmatch(line)) and len(_cells(line)) == columns


def plain(heading: str) -> str:
    """A heading's words without emphasis marks and link targets."""
    return _MARKED.sub(lambda match: match[1] or "", heading).strip()


def _fields(front_matter: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in front_matter.splitlines():
        found = _FIELD.match(line)
        if found:
            key = found[1].lower()
            fields.setdefault(_FIELD_NAMES.get(key, key), found[2].strip("\"'"))
    return fields


def _first_heading(text: str, structure: _Structure) -> str:
    top = min(structure.headings, key=lambda heading: heading.level, default=None)
    return plain(text[top.start : top.end]) if top else ""


def _raw_lines(text: str, begin: int) -> Iterator[tuple[int, str]]:
    position = begin
    for line in text[begin:].split("\n"):
        yield position, line
        position += len(line) + 1


def _find_structure(text: str, begin: int, structure: _Structure) -> None:
    fence = ""
    paragraph: tuple[int, str] | None = (
        None  # a one-line paragraph that a setext line may underline
    )
    for start, line in _raw_lines(text, begin):
        end = start + len(line)
        opening = _FENCE.match(line)
        if opening and (not fence or (opening[1].startswith(fence) and line.strip(" `~") == "")):
            fence = "" if fence else opening[1]
            structure.leave_out(start, end)
            paragraph = None
            continue
        if fence:
            continue
        atx, underline = _ATX.match(line), _SETEXT.match(line)
        if atx:
            structure.headings.append(
                Heading(start + atx.start(2), start + atx.end(2), len(atx[1]))
            )
        elif underline and paragraph:
            at, words = paragraph
            level = 1 if "=" in underline[1] else 2
            structure.headings.append(Heading(at, at + len(words), level))
            structure.leave_out(start, end)
        elif _MARKUP.match(line):
            structure.leave_out(start, end)
        may_underline = line.strip() and not atx and not underline and paragraph is None
        paragraph = None
        if may_underline and not line.lstrip().startswith(("|", ">", "-", "*", "+")):
            paragraph = (start + len(line) - len(line.lstrip()), line.strip())
