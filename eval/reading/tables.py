"""What a measurement of reading comes to: tables of figures. Knows no measuring and no Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a column's figures are; shares are given as 0 to 1."""

    PERCENT = "%"
    COUNT = "count"
    SECONDS = "s"
    MB_PER_S = "MB/s"
    TIMES = "times"  # a ratio
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    unit: Unit = Unit.PERCENT


@dataclass(frozen=True, slots=True)
class Row:
    """`values` stand under the table's columns; None where a column does not bear on the row."""

    label: str
    values: tuple[float | str | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`notes` say what a reader must know to take the figures right."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.values) != len(self.columns):
                raise ValueError(
                    f"{self.title}: {row.label!r} has {len(row.values)} figures for "
                    f"{len(self.columns)} columns"
                )

    def value(self, row: str, column: str) -> float | str | None:
        """Raises: KeyError, for a row or column that the table has not."""
        at = {each.name: at for at, each in enumerate(self.columns)}[column]
        return {each.label: each for each in self.rows}[row].values[at]
