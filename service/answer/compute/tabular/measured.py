"""Rows with the figures of one column, and how these are said. Knows no question."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from indexer.text.normalise import fold
from indexer.text.numbers import find_numbers
from service.answer.compute.tabular.columns import (
    Column,
    Figure,
    figure_of,
    is_empty,
    unit_for,
    written,
)
from service.answer.compute.tabular.sheet import Field, Sheet
from service.answer.read.tables import Record

MOST_PARTS = 12
LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`value` is None where the result is not to stand alone, as it needs its remark.

    `total` is that of a whole table, to be compared with what the text tells; `figure` and `column`
    what a difference may be made of; `at` the time of what is first or last in time.
    """

    text: str
    value: str | None
    records: tuple[Record, ...]
    total: Figure | None = None
    figure: Figure | None = None
    column: Column | None = None
    at: str = ""


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


def measured_of(field: Field, rows: Sequence[Record], sheet: Sheet) -> Measured | None:
    """None where a cell holds no single exact figure, such as 约400 or 3至5, or no cell has one."""
    column = field.column
    if column is None:
        return None
    kept: list[tuple[Record, Figure]] = []
    for record in rows:
        cell = record.at(field.heading)
        figure = figure_at(field, record, sheet)
        if figure is None and not is_empty(cell) and find_numbers(fold(cell)):
            return None
        if figure is not None and (figure.approximate or figure.unit != column.unit):
            return None
        if figure is not None:
            kept.append((record, figure))
    return Measured(column, tuple(kept), len(rows) - len(kept)) if kept else None


def figure_at(field: Field, record: Record, sheet: Sheet) -> Figure | None:
    """The figure of a cell in the unit of its heading, or of the whole table."""
    unit = unit_for(field.heading, sheet.unit)
    return figure_of(record.at(field.heading), unit)


def rounded(value: Decimal, digits: int | None, otherwise: int) -> Decimal:
    """To as many decimal places as are asked for, half upwards."""
    places = otherwise if digits is None else digits
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def missing(measured: Measured, chinese: bool) -> str:
    if not measured.missing:
        return ""
    if chinese:
        return f"（另有{measured.missing}行没有数值，未计入）"
    return f" ({measured.missing} rows without a figure left out)"
