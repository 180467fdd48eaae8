"""A workbook's sheets as rows of filled cells, each with the text that the sheet shows.

Rows are streamed; of a million rows only the filled cells are kept. A formula is read by the value
that was stored with it; where there is none, a plain one is computed. Knows sheets and cells; what
is a table is reader.py's business.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from indexer.files.readers.office.ooxml import RELATIONS, Element, Package, too_large
from indexer.files.readers.tables import tidy
from indexer.files.readers.xlsx.formats import BUILTIN, is_date, shown
from indexer.files.readers.xlsx.formulas import Cells, Computing, Formula, Held, Kind

MAX_CELLS = 1_000_000
"""Filled cells of a workbook: 100,000 rows of ten. They take 20 s and 200 MB to read, and come to
more passages than a hundred books."""

NOT_COMPUTED = "（未在文件中计算）"
"""What a cell says whose formula has no value in the file, and can't be computed plainly."""

LAST_COLUMN = 16_384
_LAST_ROW = 1_048_576
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class SheetRow:
    """A row by its number. `cells`: column (from 1) and text, in order; `missing`: what has none.

    `spans`: the last column of the merged cell that begins in a column; `until`: the last row that
    a merged cell of this row reaches.
    """

    number: int
    cells: list[tuple[int, str]]
    missing: list[tuple[int, str]] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)
    until: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and part. `is_hidden`: it is not among the tabs."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """Raises: UnreadableFile, also from `rows`; and what `ooxml.damage` catches."""

    def __init__(self, package: Package) -> None:
        root = package.tree(package.main)
        relations = package.relations(package.main)
        properties = root.find(f"{_S}workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.sheets = []
        for sheet in root.iterfind(f"{_S}sheets/{_S}sheet"):
            relation = relations.get(sheet.get(f"{RELATIONS}id") or "")
            if relation is not None and relation.kind == "worksheet":  # and no chart on its own
                is_hidden = (sheet.get("state") or "visible") != "visible"
                self.sheets.append(Sheet(sheet.get("name") or "", relation.target, is_hidden))
        strings = package.related(package.main, "sharedStrings")
        parts = [sheet.part for sheet in self.sheets]
        package.require_streamable([*parts, strings] if strings else parts)
        self._package = package
        self._strings = list(_strings(package, strings)) if strings else []
        styles = package.related(package.main, "styles")
        self._formats = _formats(package.tree(styles)) if styles else []
        self._cells_left = MAX_CELLS
        self._held: dict[str, Cells] = {}
        self._computing = Computing(self._cells_of)

    def rows(self, sheet: Sheet) -> list[SheetRow]:
        """The rows that hold something, in order, merged cells filled downwards."""
        rows: list[SheetRow] = []
        merged: list[tuple[int, int, int, int]] = []
        number = 0
        for element in self._package.stream(sheet.part, "row", "mergeCell"):
            if element.tag.endswith("mergeCell"):
                merged += _range(element.get("ref") or "")
                continue
            number = int(element.get("r") or number + 1)
            row = self._row(element, number)
            if row.cells or row.missing:
                rows.append(row)
                self._spend(len(row.cells) + len(row.missing))
            _forget(element)
        rows.sort(key=lambda row: row.number)
        for row in rows:
            if row.missing:
                self._compute(sheet, row)
        self._merge(rows, merged)
        return rows

    def _compute(self, sheet: Sheet, row: SheetRow) -> None:
        """Plain formulas get their value; of others a row of several cells says that it is not
        there, so that nobody takes the cell for a blank one.
        """
        missing, row.missing = row.missing, []
        filled = bool(row.cells)
        for column, said in missing:
            text = self._value(sheet, row.number, column) if said.startswith("=") else ""
            if not text:
                row.missing.append((column, said))
                text = NOT_COMPUTED if filled else ""
            if text:
                row.cells.append((column, text))
        row.cells.sort()

    def _value(self, sheet: Sheet, row: int, column: int) -> str:
        """What a formula's cell would show; empty where its value can't be told."""
        held = self._cells_of(sheet.name).get((row, column))
        if not isinstance(held, Formula) or self._is_of_dates(held.style):
            return ""
        number = self._computing.value(sheet.name, row, column)
        return "" if number is None else self._number(format(number, "f"), held.style)

    def _cells_of(self, name: str) -> Cells:
        """The cells of a sheet as formulas see them; read when the first formula needs them."""
        if name not in self._held:
            cells: dict[tuple[int, int], Held] = {}
            parts = [sheet.part for sheet in self.sheets if sheet.name == name]
            for element in self._package.stream(parts[0], "row") if len(parts) == 1 else ():
                space = element.tag[: -len("row")]
                number, column = int(element.get("r") or 0), 0
                for cell in element:
                    reference = cell.get("r")
                    column = column_of(reference) if reference else column + 1
                    held = self._as_held(cell, space)
                    if held is not None:
                        cells[number, column] = held
                _forget(element)
            self._held[name] = cells
        return self._held[name]

    def _as_held(self, cell: Element, space: str) -> Held | None:
        kind, style = cell.get("t") or "n", int(cell.get("s") or 0)
        stored, formula = cell.find(f"{space}v"), cell.find(f"{space}f")
        value = (stored.text or "") if stored is not None else ""
        if not value:
            if formula is not None and kind != "str":
                is_plain = formula.get("t") in (None, "normal", "shared")
                return Formula((formula.text or "") if is_plain else "", style)
            return Kind.TEXT if kind == "inlineStr" else None
        if kind in ("s", "str"):
            return Kind.TEXT
        if kind != "n" or self._is_of_dates(style):
            return Kind.OTHER
        try:
            number = Decimal(value)
        except InvalidOperation:
            return Kind.OTHER
        return number if number.is_finite() else Kind.OTHER

    def _is_of_dates(self, style: int) -> bool:
        return style < len(self._formats) and is_date(self._formats[style])

    def _spend(self, cells: int) -> None:
        self._cells_left -= cells
        if self._cells_left < 0:
            raise too_large(f"it has more than {MAX_CELLS:,} filled cells")

    def _row(self, element: Element, number: int) -> SheetRow:
        space = element.tag[: -len("row")]
        row = SheetRow(number, [], until=number)
        column = 0
        for cell in element:
            reference = cell.get("r")
            column = column_of(reference) if reference else column + 1
            if len(cell) == 0 or column > LAST_COLUMN:
                continue
            text, is_missing = self._text(cell, space)
            if is_missing:
                row.missing.append((column, text))
            elif text:
                row.cells.append((column, text))
        return row

    def _text(self, cell: Element, space: str) -> tuple[str, bool]:
        """What the cell shows; or its formula or error, and that it has no value to show."""
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return tidy(_plain(cell.find(f"{space}is"), space)), False
        stored, formula = cell.find(f"{space}v"), cell.find(f"{space}f")
        value = (stored.text or "") if stored is not None else ""
        if kind == "e" and value:
            return value, True
        if not value:
            is_missing = formula is not None and kind != "str"
            return (f"={formula.text or '…'}", True) if is_missing else ("", False)
        if kind == "s":
            return self._strings[int(value)], False
        if kind == "str":
            return tidy(_unescape(value)), False
        if kind == "b":
            return ("TRUE" if value in ("1", "true") else "FALSE"), False
        if kind == "d":
            return value.removesuffix("T00:00:00").replace("T", " "), False
        return self._number(value, int(cell.get("s") or 0)), False

    def _number(self, value: str, style: int) -> str:
        code = self._formats[style] if style < len(self._formats) else "General"
        if code == "General" and value.isdigit():
            return value
        return _shown(value, code, self._from_1904)

    def _merge(self, rows: Sequence[SheetRow], merged: Sequence[tuple[int, int, int, int]]) -> None:
        """A cell over several rows stands in each of them, one over several columns once."""
        numbers = [row.number for row in rows]
        for top, left, bottom, right in merged:
            first = bisect_left(numbers, top)
            if first == len(rows) or numbers[first] != top:
                continue
            text = next((text for column, text in rows[first].cells if column == left), "")
            if not text:
                continue
            rows[first].until = max(rows[first].until, bottom)
            last = bisect_right(numbers, bottom)
            self._spend(last - first - 1)
            for row in rows[first:last]:
                if row.number > top:
                    row.cells = sorted([*(c for c in row.cells if c[0] != left), (left, text)])
                if right > left:
                    row.spans[left] = right


_shown = lru_cache(maxsize=65_536)(shown)


def name_of(column: int) -> str:
    """The letters of a column, counted from 1."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def column_of(reference: str) -> int:
    """Raises: ValueError, for what is no reference to a cell."""
    return _column(reference.rstrip("0123456789"))


@lru_cache(maxsize=LAST_COLUMN)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
    return number


def _range(reference: str) -> Iterator[tuple[int, int, int, int]]:
    """Top, left, bottom and right of `A1:C3`, if it is one."""
    corners = [_REFERENCE.match(corner) for corner in reference.split(":")]
    if len(corners) == 2 and corners[0] and corners[1]:
        left, right = _column(corners[0][1]), _column(corners[1][1])
        yield int(corners[0][2]), left, min(int(corners[1][2]), _LAST_ROW), right


def _forget(row: Element) -> None:
    """Drop what has been read: the tree of a large sheet would take gigabytes."""
    row.clear()
    parent = row.getparent()
    while parent is not None and row.getprevious() is not None:
        del parent[0]


def _strings(package: Package, part: str) -> Iterator[str]:
    for element in package.stream(part, "si"):
        yield tidy(_plain(element, element.tag[: -len("si")]))
        _forget(element)


def _plain(element: Element | None, space: str) -> str:
    """The text of a string in runs, without how it is pronounced."""
    if element is None:
        return ""
    runs = (run.find(f"{space}t") if run.tag == f"{space}r" else run for run in element)
    texts = (run.text or "" for run in runs if run is not None and run.tag == f"{space}t")
    return _unescape("".join(texts))


def _unescape(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: _character(int(match[1], 16)), text)


def _character(code: int) -> str:
    return chr(code) if code in (0x9, 0xA) or 0x20 <= code < 0xD800 else ""


def _formats(root: Element) -> list[str]:
    """The number format of each cell style."""
    own = {
        each.get("numFmtId"): each.get("formatCode") or "General"
        for each in root.iterfind(f"{_S}numFmts/{_S}numFmt")
    }
    codes = []
    for style in root.iterfind(f"{_S}cellXfs/{_S}xf"):
        identifier = style.get("numFmtId") or "0"
        codes.append(own.get(identifier) or BUILTIN.get(int(identifier), "General"))
    return codes
