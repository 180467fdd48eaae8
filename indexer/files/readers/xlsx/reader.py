"""Workbooks: sheet after sheet, each row a line with its column headings.

`受赠方：某村 | 金额（元）：650,000` has the place `捐赠汇总!A2:E2`. Empty rows part tables; a line
over a table is its heading. Numbers and dates read as the sheet shows them. Hidden sheets come
last and are in no passage; nor are a formula's own words or an error, whose cell says that it was
not computed. Hidden rows and columns are read, as a filter hides rows that are part of the data.
Charts, pictures, comments and text boxes are not read.

openpyxl is not used: its reading in rows knows no merged cells and gives either a formula or its
value, it takes a Chinese Excel's own date formats for numbers, and it refuses what other programs
write into styles.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.files.lines import is_body, is_byline
from indexer.files.metadata import find_author, find_date, find_organisation, title_from_name
from indexer.files.readers.assembly import Assembly
from indexer.files.readers.forms import form_lines, is_form
from indexer.files.readers.office.ooxml import open_package
from indexer.files.readers.office.properties import read_properties
from indexer.files.readers.table_grid import figure_columns, header_rows, names_of
from indexer.files.readers.tables import Cell, Row, is_figure, row_text
from indexer.files.readers.xlsx.cells import Sheet, SheetRow, Workbook, name_of
from indexer.records import Content, LeftOutReason

_LONGEST_FORM = 200  # rows
_WIDEST_FORM = 64  # columns
_SAMPLE_ROWS = 20  # in which the headings of a table are looked for
_LONGEST_TITLE = 60
_DEFAULT_NAMES = ("sheet", "工作表", "table", "表")


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, reason `encrypted`, `damaged` or `too_large`."""
    text = Assembly()
    titles: list[str] = []
    with open_package(name, data) as package:
        properties = read_properties(package)
        workbook = Workbook(package)
        for sheet in sorted(workbook.sheets, key=lambda sheet: sheet.is_hidden):
            rows = workbook.rows(sheet)
            if rows:
                writer = _SheetWriter(text, sheet)
                writer.write(rows)
                titles += writer.titles if not sheet.is_hidden else []
    return Content(
        text=text.text,
        title=_title(name, titles, properties.title),
        date=find_date(text.prose, name) or properties.date,
        author=find_author(text.prose) or properties.author,
        organisation=find_organisation(text.prose) or properties.company,
        headings=tuple(text.headings),
        left_out=tuple(text.left_out),
        places=tuple(text.places),
    )


def _title(name: str, titles: Sequence[str], said: str) -> str:
    """What stands above the first table, what the file says of itself, or its name."""
    return titles[0] if titles else said or title_from_name(name)


def _is_default(name: str) -> bool:
    return name.lower().rstrip("0123456789 ()（）") in _DEFAULT_NAMES


@dataclass(frozen=True, slots=True)
class _Names:
    """The headings of a table by column, and the columns that hold figures."""

    by_column: dict[int, str]
    figures: frozenset[int]


@dataclass(slots=True)
class _SheetWriter:
    text: Assembly
    sheet: Sheet
    titles: list[str] = field(default_factory=list)
    names: _Names | None = None  # of the table before

    def write(self, rows: Sequence[SheetRow]) -> None:
        if not _is_default(self.sheet.name):
            self._add(self.sheet.name, self.sheet.name, level=1)
        for block in _blocks(rows):
            self._block(block)

    def _block(self, rows: Sequence[SheetRow]) -> None:
        at = 0
        is_table = any(len(row.cells) > 1 for row in rows)
        while is_table and len(rows[at].cells) == 1:
            text = rows[at].cells[0][1]
            is_title = _may_be_title(text)
            if is_title:
                self.titles.append(text)
            self._line(rows[at], text, level=2 if is_title else 0)
            at += 1
        table = rows[at:]
        if len(table) <= _LONGEST_FORM and is_form(_grid(table)):
            self._form(table)
            return
        names, headings = _find_names(table)
        if headings == 0:
            names = self._as_before(table)
        for row in table[:headings]:
            self._missing(row)
        for row in table[headings:]:
            self._row(row, names)
        self.names = names if names.by_column else self.names

    def _form(self, rows: Sequence[SheetRow]) -> None:
        lines = dict(form_lines(_grid(rows)))
        for at, row in enumerate(rows):
            if at in lines:
                self._line(row, lines[at])
            else:
                self._missing(row)

    def _as_before(self, rows: Sequence[SheetRow]) -> _Names:
        """The headings of the table before, if this one goes on with it behind an empty row.

        It does where figures stand in the same columns as before, and words in the same others.
        """
        nothing = _Names({}, frozenset())
        if self.names is None or not self.names.figures:
            return nothing
        columns = _columns(rows)
        figures = _figures(rows[:_SAMPLE_ROWS], columns)
        expected = self.names.figures & set(columns)
        goes_on = (
            bool(figures) and figures == expected and set(columns) <= set(self.names.by_column)
        )
        return self.names if goes_on and len(columns) > 1 else nothing

    def _row(self, row: SheetRow, names: _Names) -> None:
        if len(row.cells) == 1 and not is_figure(row.cells[0][1]):
            line = row.cells[0][1]  # a note, or the heading of a group of rows
        else:
            headings = [names.by_column.get(column, "") for column, _ in row.cells]
            line = row_text(headings, [text for _, text in row.cells])
        self._line(row, line)

    def _line(self, row: SheetRow, text: str, level: int = 0) -> None:
        if row.cells:
            columns = [column for column, _ in row.cells]
            place = self._place(row.number, columns[0], columns[-1])
            self._add(text, place, level=level, is_row=len(row.cells) > 1)
        self._missing(row)

    def _missing(self, row: SheetRow) -> None:
        """Tell of the cells whose value is not in the file."""
        for column, formula in row.missing:
            place = self._place(row.number, column, column)
            self._add(f"{place}：{formula}", place, reason=LeftOutReason.NOT_COMPUTED)

    def _place(self, number: int, first: int, last: int) -> str:
        start, end = f"{name_of(first)}{number}", f"{name_of(last)}{number}"
        return f"{self.sheet.name}!{start}" + (f":{end}" if end != start else "")

    def _add(
        self,
        text: str,
        place: str,
        *,
        level: int = 0,
        reason: LeftOutReason | None = None,
        is_row: bool = False,
    ) -> None:
        if self.sheet.is_hidden:
            level, reason = 0, LeftOutReason.HIDDEN
        self.text.add(text, level=level, reason=reason, is_row=is_row, place=place)


# -- tables in a sheet ----------------------------------------------------------------------------


def _blocks(rows: Sequence[SheetRow]) -> Iterator[list[SheetRow]]:
    """The rows between empty rows; a merged cell fills the rows that it covers."""
    block: list[SheetRow] = []
    until = 0
    for row in rows:
        if block and row.number > until + 1:
            yield block
            block = []
        block.append(row)
        until = max(until, row.until)
    if block:
        yield block


def _may_be_title(text: str) -> bool:
    return (
        len(text) <= _LONGEST_TITLE
        and not is_body(text)
        and not is_byline(text)
        and not is_figure(text)
        and not any(mark in text for mark in "：:；;")
    )


def _find_names(rows: Sequence[SheetRow]) -> tuple[_Names, int]:
    """The headings of a table by column, and how many rows they take."""
    columns = _columns(rows)
    sample = [_grid_row(row, columns) for row in rows[:_SAMPLE_ROWS]]
    count = header_rows(sample)
    names = dict(zip(columns, names_of(sample[:count]), strict=False)) if count else {}
    return _Names(names, _figures(rows[count : count + _SAMPLE_ROWS], columns)), count


def _grid(rows: Sequence[SheetRow]) -> list[Row]:
    """The rows over all columns from the first to the last that is filled, blank cells too."""
    filled = {column for row in rows for column, _ in row.cells}
    last = min(max(filled, default=0), min(filled, default=0) + _WIDEST_FORM)
    columns = range(min(filled, default=1), last + 1)
    return [_grid_row(row, columns) for row in rows]


def _columns(rows: Sequence[SheetRow]) -> list[int]:
    """The columns in which the first rows hold anything."""
    return sorted({column for row in rows[:_SAMPLE_ROWS] for column, _ in row.cells})


def _figures(rows: Sequence[SheetRow], columns: Sequence[int]) -> frozenset[int]:
    found = figure_columns([_grid_row(row, columns) for row in rows])
    return frozenset(columns[at] for at in found)


def _grid_row(row: SheetRow, columns: Sequence[int]) -> list[Cell]:
    """The row's cells in these columns. Empty ones below a merged cell go on from it."""
    texts = dict(row.cells)
    cells: list[Cell] = []
    until, merged = 0, ""
    for column in columns:
        text = texts.get(column, "")
        if text:
            until, merged = row.spans.get(column, 0), text
        is_across = not text and column <= until
        cells.append(Cell(merged, across=True) if is_across else Cell(text))
    return cells
