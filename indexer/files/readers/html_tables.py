"""A table of a page to one line a row, its spans filled in. Knows tags of tables alone."""

from collections.abc import Iterator, Sequence
from typing import Any

from indexer.files.readers.table_grid import lines_of, words
from indexer.files.readers.tables import Cell, Row, tidy

# lxml has no types of its own here.
_Element = Any


def is_data_table(table: _Element) -> bool:
    """Tables that only lay out a page hold tables, headings or paragraphs in their cells."""
    if (
        next(table.iterdescendants("table", "h1", "h2", "h3", "div", "form", "ul"), None)
        is not None
    ):
        return False
    cells = list(table.iter("td", "th"))
    paragraphs = sum(len(list(cell.iter("p"))) > 1 for cell in cells)
    widest = max((len(list(row.iter("td", "th"))) for row in table.iter("tr")), default=0)
    return widest > 1 and paragraphs * 4 <= len(cells)


def rows(table: _Element) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The line of each row and its cells' words, each cell behind its column's header:
    县：雷波 | 退出村：12.
    """
    for caption in table.iter("caption"):
        text = tidy(caption.text_content())
        if text:
            yield text, (text,)
    for part, marked in _parts(_grid(table)):
        for row, line in lines_of(part, marked):
            yield line, tuple(words(row))


def _parts(grid: Sequence[tuple[bool, list[Cell]]]) -> Iterator[tuple[list[Row], int]]:
    """A table's parts, each with its headings above it and how many rows those are."""
    rows: list[Row] = []
    marked = 0
    for is_header, cells in grid:
        if is_header and len(rows) > marked:
            yield rows, marked
            rows, marked = [], 0
        rows.append(cells)
        marked += is_header
    if len(rows) > marked or not any(is_header for is_header, _ in grid):
        yield rows, marked


def _grid(table: _Element) -> list[tuple[bool, list[Cell]]]:
    """Rows of cells with spans filled in; whether a row is a header."""
    grid: list[tuple[bool, list[Cell]]] = []
    hanging: dict[int, tuple[int, Cell]] = {}  # column → rows that a cell above still covers
    for row in table.iter("tr"):
        cells: list[Cell] = []
        tags = [cell.tag for cell in row.iter("td", "th")]
        for cell in row.iter("td", "th"):
            _fill_hanging(cells, hanging)
            text = tidy(cell.text_content())
            for column in range(_span(cell, "colspan")):
                one = Cell(text, across=column > 0)
                if _span(cell, "rowspan") > 1:
                    hanging[len(cells)] = (_span(cell, "rowspan") - 1, one)
                cells.append(one)
        _fill_hanging(cells, hanging)
        in_head = row.getparent() is not None and row.getparent().tag == "thead"
        if any(cell.text for cell in cells):
            grid.append((in_head or (bool(tags) and set(tags) == {"th"}), cells))
    return grid


def _fill_hanging(cells: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    while len(cells) in hanging:
        column = len(cells)
        left, cell = hanging.pop(column)
        if left > 1:
            hanging[column] = (left - 1, cell)
        cells.append(cell)


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 100) if value.isascii() and value.isdigit() else 1
