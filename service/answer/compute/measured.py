"""Bound rows with the figures of one column, and how these are said. Knows no operation."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.answer.compute.binding import Bound, figures_of
from service.answer.compute.columns import Column, Figure, is_empty, written
from service.answer.read.tables import Record

MOST_PARTS = 12
LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`value` is None where the result is not to stand alone, as it needs its remark."""

    text: str
    value: str | None
    records: tuple[Record, ...]
    total: Figure | None = None  # of a whole table, to be compared with what the text tells


@dataclass(frozen=True, slots=True)
class Measured:
    """Rows that have a figure in the column, with it; `missing` counts those without."""

    column: Column
    rows: tuple[tuple[Record, Figure], ...]
    missing: int

    @property
    def figures(self) -> list[Figure]:
        return [figure for _, figure in self.rows]

    @property
    def sum(self) -> Decimal:
        return sum((figure.value for figure in self.figures), Decimal(0))

    def said(self, value: Decimal) -> str:
        return written(value, self.column, self.figures)


def measured_of(bound: Bound, column: Column, rows: Sequence[Record]) -> Measured | None:
    """None where a cell holds no single exact figure, such as 约400 or 3至5."""
    found = figures_of(bound, column, rows)
    for record, figure in zip(rows, found, strict=True):
        if figure is None and not is_empty(record.at(column.heading)):
            return None
        if figure is not None and (figure.approximate or figure.unit != column.unit):
            return None
    kept = [(r, f) for r, f in zip(rows, found, strict=True) if f is not None]
    return Measured(column, tuple(kept), len(rows) - len(kept)) if kept else None


def missing(measured: Measured, chinese: bool) -> str:
    if not measured.missing:
        return ""
    if chinese:
        return f"（另有{measured.missing}行没有数值，未计入）"
    return f" ({measured.missing} rows without a figure left out)"
