"""Tables as text, .csv and .tsv: one line a row, each value behind its column's name.

The delimiter and the row of headings are found, not asked for. A place is the number of a row as a
spreadsheet counts it. A file of one column is text. Knows no spreadsheet.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from indexer.files.decode import decode
from indexer.files.metadata import date_from_name, parse_date, title_from_name
from indexer.files.readers import txt
from indexer.files.readers.forms import form_lines, is_form
from indexer.files.readers.rows import Lines, too_large
from indexer.files.readers.tables import Cell, row_text, tidy
from indexer.records import Content

MAX_COLUMNS = 1_000
"""A row of more is data for a machine, and its headings would be repeated in every passage."""

MAX_ROWS = 500_000
"""More is a database; a row costs 2 microseconds to read and a passage's share to index."""

_DELIMITERS = ",\t;|"
_WIDE_DELIMITERS = "，；"
_NONE = "\x1f"  # for a text of one column, which may be quoted all the same
_SAMPLE_CHARS = 64 * 1024
_SAMPLE_ROWS = 200
_LEAST_SHARE = 0.8  # of the rows have the same number of cells, if it is a table
_MOST_LINES_IN_CELL = 100  # a quote that is not closed within them is a character like another
_LONGEST_NAME = 40  # of a column
_LONGEST_FORM = 200  # rows
_MOST_TITLES = 5  # lines above the headings
_OF_NUMBERS = frozenset("0123456789.,%+-/:年月日 ￥¥$元％，．０１２３４５６７８９")
_YEAR = re.compile(r"(19|20)\d\d(年度?)?|\d{1,2}月").fullmatch

_Row = tuple[int, list[str]]  # its number, from 1, and its cells


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, as decode does; reason `too_large`."""
    decoded = decode(data)
    text, given = _told_delimiter(decoded.text)
    delimiter = given or _delimiter(text, PurePosixPath(name).suffix.lower() == ".tsv")
    first = 2 if given else 1
    rows = [(at + first, cells) for at, cells in enumerate(_rows(text, delimiter or _NONE))]
    rows = [(number, cells) for number, cells in rows if cells]
    if delimiter is None:
        words = "\n".join(cell for _, cells in rows for cell in cells)
        return replace(txt.read(name, words.encode()), encoding=decoded.encoding)
    titles, header, body = _parts(rows)
    lines = Lines(PurePosixPath(name).name)
    for number, cells in titles:
        start, _ = lines.add(_cell(cells), level=0 if lines.lines else 1)
        lines.place(start, _row_name(number))
    for number, line in _lines(header, body):
        start, _ = lines.add(line)
        lines.place(start, _row_name(number))
    title = _cell(titles[0][1]) if titles else title_from_name(name)
    return Content(
        text=lines.text,
        title=title,
        date=parse_date(title) or date_from_name(name),
        headings=tuple(lines.headings),
        places=tuple(lines.places),
        encoding=decoded.encoding,
    )


def _lines(header: list[str], body: Sequence[_Row]) -> Iterator[tuple[int, str]]:
    """Each row's number and line; tables that were joined repeat their headings."""
    if not header and len(body) <= _LONGEST_FORM:
        grid = _grid([cells for _, cells in body])
        if is_form(grid):
            yield from ((body[at][0], line) for at, line in form_lines(grid))
            return
    for number, cells in body:
        if cells != header:
            yield number, _line(header, cells)


def _line(header: Sequence[str], cells: Sequence[str]) -> str:
    if len(header) > 2 and _filled(cells) == 1 and cells[0]:
        return cells[0]  # a remark below the table, or what heads a part of it
    missing = len(cells) - len(header) if header else 0
    return row_text((*header, *[""] * missing), cells)


def _row_name(number: int) -> str:
    return f"第{number}行"


def _cell(cells: Sequence[str]) -> str:
    return next(filter(None, cells), "")


# -- rows -----------------------------------------------------------------------------------------


def _told_delimiter(text: str) -> tuple[str, str | None]:
    """Excel's own first line, `sep=;`, off the text."""
    first, _, rest = text.partition("\n")
    if len(first) == 5 and first.lower().startswith("sep="):
        return rest, first[4]
    return text, None


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The cells of each row, tidied, without empty ones at the end; none for an empty row.

    Raises: UnreadableFile, reason `too_large`.
    """
    lines = text.split("\n")
    at = count = 0
    while at < len(lines):
        cells, used = _record(lines, at, delimiter)
        at += used
        count += 1
        if count > MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise too_large(
                f"a row of {len(cells):,} columns, over {MAX_COLUMNS:,}"
                if len(cells) > MAX_COLUMNS
                else f"it has over {MAX_ROWS:,} rows"
            )
        yield _tidied(cells)


def _record(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str], int]:
    """The cells of the row that begins on a line, and over how many lines it goes."""
    line = lines[at]
    if '"' in line:
        more = _Fed(lines, at)
        reader = csv.reader(more, delimiter=delimiter, skipinitialspace=delimiter != "\t")
        try:
            cells = next(reader)
            if not more.ran_dry:
                return cells, more.taken
        except csv.Error:
            pass  # a cell of over 128 K characters: some quote is not closed
    return line.split(delimiter), 1


class _Fed:
    """Hands lines to the csv module, and notices if a quote swallows too many of them."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self._lines = lines[at : at + _MOST_LINES_IN_CELL]
        self.taken = 0
        self.ran_dry = False

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.taken += 1
            yield line + "\n"
        self.ran_dry = True


def _tidied(cells: Sequence[str]) -> list[str]:
    tidied = [tidy(cell) for cell in cells]
    while tidied and not tidied[-1]:
        tidied.pop()
    return tidied


# -- what kind of table ---------------------------------------------------------------------------


def _delimiter(text: str, is_tsv: bool) -> str | None:
    """What parts most rows into the same number of cells; None for a text of one column.

    Full-width marks are in every sentence: they count where no other does, and in every row.
    """
    sample = text[:_SAMPLE_CHARS]
    if len(sample) < len(text):
        sample = sample.rpartition("\n")[0] or sample
    if is_tsv and "\t" in sample:
        return "\t"
    for delimiters, least in ((_DELIMITERS, _LEAST_SHARE), (_WIDE_DELIMITERS, 1.0)):
        best, found = (least, 1), None
        for delimiter in delimiters:
            judged = _regularity(sample, delimiter) if delimiter in sample else (0.0, 0)
            if judged > best:
                best, found = judged, delimiter
        if found:
            return found
    return None


def _regularity(sample: str, delimiter: str) -> tuple[float, int]:
    """The share of rows that have the most usual number of cells, in tenths, and that number."""
    lines = sample.split("\n")
    widths: list[int] = []
    at = 0
    while at < len(lines) and len(widths) < _SAMPLE_ROWS:
        cells, used = _record(lines, at, delimiter)
        at += used
        if any(map(str.strip, cells)):
            widths.append(len(cells))
    body = _without_titles(widths)
    width, count = max(Counter(body).items(), key=lambda each: (each[1], each[0]), default=(1, 1))
    return (round(count / max(1, len(body)), 1), width) if width > 1 else (0.0, 0)


def _without_titles(widths: Sequence[int]) -> Sequence[int]:
    """The rows below the first lines of one cell."""
    titles = next((at for at, width in enumerate(widths) if width > 1), 0)
    return widths[min(titles, _MOST_TITLES) :]


def _parts(rows: Sequence[_Row]) -> tuple[Sequence[_Row], list[str], Sequence[_Row]]:
    """The titles above the table, its headings (none if it has none), and the rows below them."""
    first = next((at for at, (_, cells) in enumerate(rows) if _filled(cells) > 1), 0)
    first = min(first, _MOST_TITLES)
    header = rows[first][1] if first < len(rows) else []
    below = [cells for _, cells in rows[first + 1 : first + 1 + _SAMPLE_ROWS]]
    if not _is_header(header, below) or is_form(_grid([header, *below])):
        return rows[:first], [], rows[first:]
    return rows[:first], header, rows[first + 1 :]


def _grid(rows: Sequence[Sequence[str]]) -> list[list[Cell]]:
    width = max(map(len, rows), default=0)
    return [[*map(Cell, row), *[Cell()] * (width - len(row))] for row in rows]


def _filled(cells: Sequence[str]) -> int:
    return sum(map(bool, cells))


def _is_header(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Headings are short words, each another; below them stand numbers, or not the same words."""
    names = [cell for cell in cells if cell]
    if len(names) < 2 or len(set(names)) < len(names) or not below:
        return False
    if any(len(name) > _LONGEST_NAME or (_is_value(name) and not _YEAR(name)) for name in names):
        return False
    if len(names) * 2 < max(map(_filled, below)):
        return False
    columns = [
        (name, [row[at] for row in below if at < len(row) and row[at]])
        for at, name in enumerate(cells)
        if name
    ]
    if any(values and all(map(_is_value, values)) for _, values in columns):
        return True
    return not any(name in values for name, values in columns)


def _is_value(cell: str) -> bool:
    return set(cell) <= _OF_NUMBERS and any(map(str.isdigit, cell))
