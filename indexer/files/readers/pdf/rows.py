"""The lines of a document's tables, one after the other. Knows which tables go on over a page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.files.readers.forms import is_form
from indexer.files.readers.pdf.layout import Region
from indexer.files.readers.pdf.lines import Line
from indexer.files.readers.pdf.tables import Table, parted
from indexer.files.readers.table_grid import (
    has_known_headings,
    header_rows,
    is_one_cell,
    lines_of,
    rows_behind,
    same_words,
)
from indexer.files.readers.tables import Cell, Row

_GOES_ON = re.compile(
    r"[（(]?([续續]表?|continued|cont[.’']d)[)）]?$|.{1,40}[（(]([续續]表?|continued|cont[.’']d)[)）]$"
    r"|[续續]表\s*\S{1,40}$|[（(]?([单單]位|units?)\s*[:：].{1,20}$",
    re.IGNORECASE,
)
_SAME_EDGE = 4.0  # points by which a ruled column may be off on the next page
_SAME_COLUMN = 2.5  # sizes of type by which an aligned one may: figures are not of one length


@dataclass(slots=True)
class TableRows:
    """Gives each table's rows as lines; a table that goes on over a page keeps its headings."""

    headings: Sequence[Row] = ()
    last: Table | None = None
    page: int = -1

    def interrupt(self, line: str) -> None:
        """A line stands between two tables: 续表 and 单位：元 let one go on, all else does not."""
        if not _GOES_ON.match(line.strip()):
            self.page = -1

    def texts(self, table: Table, page: int) -> Iterator[str]:
        rows: Sequence[Row] = table.rows
        count = len(self.headings)
        goes_on = page == self.page + 1 and self.last is not None and _same_edges(self.last, table)
        self.last, self.page = table, page
        if goes_on and count and same_words(rows[:count], self.headings):
            yield from rows_behind(self.headings, rows[count:])  # printed again on each page
        elif goes_on and count and not has_known_headings(rows):
            yield from rows_behind(self.headings, rows)
        else:
            titles = _titles(rows)
            is_pairs = is_form(rows[titles:])
            marked = max(0, table.marked - titles)
            count = 0 if is_pairs else header_rows(rows[titles:], marked)
            self.headings = rows[titles : titles + count]
            yield from (line for _, line in lines_of(rows, table.marked))


def with_headings_below(pages: Sequence[Sequence[Region]]) -> list[list[Region]]:
    """The pages' regions in order, in which headings that stand alone at the foot of a page are
    with their rows at the head of the next one.
    """
    moved = [list(regions) for regions in pages]
    for above, below in pairwise(moved):
        if not above or not below or not above[-1].items or not below[0].items:
            continue
        last, items = above[-1].items[-1], below[0].items
        at = next(at for at, item in enumerate(items) if not _lets_go_on(item) or item is items[-1])
        first = items[at]
        if not isinstance(first, Table):
            continue
        rows = _headings(last, first)
        if not rows:
            continue
        if not same_words(first.rows[: len(rows)], rows):
            marked = max(len(rows), first.marked)
            first = replace(first, rows=(*rows, *first.rows), marked=marked)
        below[0] = replace(below[0], items=(*items[:at], first, *items[at + 1 :]))
        kept: tuple[Line | Table, ...] = above[-1].items[:-1]
        if isinstance(last, Table) and len(last.rows) > len(rows):
            kept += (replace(last, rows=last.rows[: -len(rows)]),)
        above[-1] = replace(above[-1], items=kept)
    return moved


def _lets_go_on(item: Line | Table) -> bool:
    return isinstance(item, Line) and bool(_GOES_ON.match(item.text.strip()))


def _headings(last: Line | Table, below: Table) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a table, or of a line as wide as one, that head the table on the next page."""
    if isinstance(last, Table):
        rows = last.rows[_titles(last.rows) :]
        same = _same_edges(last, below)
    else:
        cells = parted(last)
        rows = (tuple(Cell(cell.text) for cell in cells),)
        lefts = (*below.edges[1:], below.x1 + last.size)
        same = len(cells) == len(below.edges) and all(
            left - last.size <= cell.x0 and cell.x0 < following
            for cell, left, following in zip(cells, below.edges, lefts, strict=True)
        )
    if not same or not rows or is_form(rows):
        return ()
    again = same_words(below.rows[: len(rows)], rows)
    if not again and has_known_headings(below.rows):
        return ()
    count = header_rows([*rows, *below.rows], last.marked if isinstance(last, Table) else 0)
    return rows if count == len(rows) or (again and len(below.rows) > len(rows)) else ()


def _titles(rows: Sequence[Row]) -> int:
    """How many rows above the others are one cell over the whole width."""
    return next((at for at, row in enumerate(rows[:-1]) if not is_one_cell(row)), len(rows) - 1)


def _same_edges(a: Table, b: Table) -> bool:
    near = _SAME_EDGE if a.is_ruled or b.is_ruled else _SAME_COLUMN * max(a.size, b.size)
    return len(a.edges) == len(b.edges) and all(
        abs(one - other) <= near for one, other in zip(a.edges, b.edges, strict=True)
    )
