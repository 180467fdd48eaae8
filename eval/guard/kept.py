"""What is kept of the guard's measurement: `docs/guard.json`, and the page made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from eval.reading.entries import Entry
from eval.reading.tables import Table, Unit
from eval.runs.files import code_version
from eval.standing.kept import read_kept, write_kept
from eval.standing.page import commit_of
from eval.standing.tables import markdown_table

FORMAT = 1
DATA = "guard.json"
PAGE = "guard.md"
NAME = "guard"
COMMAND = "python -m eval guard"

_INTRODUCTION = """\
# What a lying language model gets past the guard

A sentence that a language model writes is sent only when what it says stands in what it cites.
Here a stand-in for such a model lies on purpose, in every way of the tables below, and says true
things in other words beside it. `guard.json` beside this page holds the figures; the command below
makes both anew. Shares are in percent."""


def keep(folder: Path, tables: tuple[Table, ...], seconds: float) -> None:
    """Write the figures and their page. Raises: StorageFull, EvaluationUnusable."""
    entry = Entry(
        name=NAME,
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        command=COMMAND,
        code=code_version(),
        seconds=round(seconds, 1),
        tables=tables,
    )
    write_kept(folder / DATA, FORMAT, {NAME: asdict(entry)})
    (folder / PAGE).write_text(render(read_entries(folder)), encoding="utf-8")


def read_entries(folder: Path) -> dict[str, Entry]:
    """The kept measurement. Raises: EvaluationUnusable."""
    return read_kept(folder / DATA, Entry, FORMAT, COMMAND)


def render(entries: Mapping[str, Entry]) -> str:
    """The page; the same figures always give the same one."""
    blocks = [_INTRODUCTION]
    for entry in entries.values():
        version = f"version {entry.code['version']}{commit_of(entry.code)}"
        blocks += [
            f"`{entry.command}`",
            f"{entry.measured_at[:10]}, {version}. {entry.seconds:,.0f} s in all.",
        ]
        for table in entry.tables:
            blocks.append(f"## {table.title}")
            if table.notes:
                blocks.append(table.notes)
            head = ("", *(column.name for column in table.columns))
            blocks.append(
                markdown_table(head, [(r.label, *_cells(table, r.values)) for r in table.rows])
            )
    return "\n\n".join(blocks) + "\n"


def _cells(table: Table, values: tuple[float | str | None, ...]) -> list[str]:
    cells = []
    for value, column in zip(values, table.columns, strict=True):
        if value is None or isinstance(value, str):
            cells.append(value or "–")
        else:
            cells.append(f"{100 * value:.2f}" if column.unit is Unit.PERCENT else f"{value:,.0f}")
    return cells
