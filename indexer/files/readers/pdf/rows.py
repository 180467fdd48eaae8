"""The lines of a document's tables, one after the other. Knows which tables go on over a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.files.readers.pdf.tables import Table
from indexer.files.readers.table_grid import (
    Row,
    header_rows,
    is_one_cell,
    line_of,
    names_of,
    words,
)


@dataclass(slots=True)
class TableRows:
    """Gives each table's rows as lines; a table that goes on over a page keeps its headings."""

    headings: tuple[Row, ...] = ()
    edges: tuple[float, ...] = ()
    page: int = -1

    def interrupt(self) -> None:
        self.page = -1

    def texts(self, table: Table, page: int) -> Iterator[str]:
        rows: Sequence[Row] = table.rows
        if self._goes_on(table, page):
            if rows[: len(self.headings)] == self.headings:  # printed again on each page
                rows = rows[len(self.headings) :]
        else:
            while len(rows) > 1 and is_one_cell(rows[0]):
                yield words(rows[0])[0]
                rows = rows[1:]
            count = header_rows(rows, table.marked)
            self.headings, rows = tuple(rows[:count]), rows[count:]
        self.edges, self.page = table.edges, page
        names = names_of(self.headings)
        for row in rows:
            yield words(row)[0] if is_one_cell(row) else line_of(names, row)

    def _goes_on(self, table: Table, page: int) -> bool:
        return (
            page == self.page + 1
            and len(table.edges) == len(self.edges)
            and all(abs(a - b) <= 4 for a, b in zip(table.edges, self.edges, strict=True))
        )
