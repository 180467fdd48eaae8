"""`docs/reading.md` from its entries: the same entries always give the same page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from eval.reading.catalogue import CATALOGUE
from eval.reading.entries import Entry
from eval.reading.tables import Row, Table, Unit
from eval.standing.page import commit_of
from eval.standing.tables import markdown_table

_NOTHING = "–"
_DIGITS = {Unit.COUNT: 0, Unit.SECONDS: 1, Unit.MB_PER_S: 2, Unit.TIMES: 2}

_INTRODUCTION = """\
# How well documents are read

A wrong character, a footer taken for a fact or a lost table row ends in a wrong answer with a
citation. Every figure here was written by the command beside it; `make measure-reading` makes all
that the machine has the material for. `reading.json` beside this page holds them with more digits,
and a test fails when the two differ. Shares are in percent."""


def render(entries: Mapping[str, Entry]) -> str:
    """The page; measurements that were not made yet are said to be absent."""
    blocks = [_INTRODUCTION]
    for measurement in CATALOGUE:
        blocks += [f"## {measurement.title}", measurement.about]
        entry = entries.get(measurement.name)
        blocks += _measured(entry) if entry else ["Not measured yet."]
    return "\n\n".join(blocks) + "\n"


def _measured(entry: Entry) -> Iterator[str]:
    yield f"`{entry.command}`"
    version = f"version {entry.code['version']}{commit_of(entry.code)}"
    yield f"{entry.measured_at[:10]}, {version}. {entry.seconds:,.0f} s in all."
    for table in entry.tables:
        yield f"### {table.title}"
        if table.notes:
            yield table.notes
        head = ("", *(_heading(column.name, column.unit) for column in table.columns))
        yield markdown_table(head, [(row.label, *_cells(table, row)) for row in table.rows])


def _heading(name: str, unit: Unit) -> str:
    return f"{name}, {unit}" if unit in (Unit.SECONDS, Unit.MB_PER_S) else name


def _cells(table: Table, row: Row) -> Iterator[str]:
    for value, column in zip(row.values, table.columns, strict=True):
        if value is None:
            yield _NOTHING
        elif isinstance(value, str):
            yield value
        elif column.unit is Unit.PERCENT:
            yield f"{100 * value:.1f}" if abs(value) < 0.99 or value == 1 else f"{100 * value:.2f}"
        else:
            yield f"{value:,.{_DIGITS.get(column.unit, 1)}f}"
