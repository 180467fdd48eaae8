"""The command that measures reading and writes the page that shows it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import typer

from eval.cli import one_line_errors
from eval.commands.material import (
    CACHE,
    DATA,
    DOCS,
    SEEDS,
    Cache,
    Data,
    Docs,
    Names,
    PageOnly,
    Seeds,
)

if TYPE_CHECKING:
    from eval.reading.catalogue import Measurement
    from eval.reading.entries import Entry
    from eval.standing.catalogue import Places


def register(app: typer.Typer) -> None:
    app.command()(reading)


def reading(
    names: Names = None,
    data: Data = DATA,
    seeds: Seeds = SEEDS,
    docs: Docs = DOCS,
    cache: Cache = CACHE,
    page_only: PageOnly = False,
) -> None:
    """Measure how well documents are read, and write the figures into docs/: encodings,
    boilerplate, formats, spelling, parts, speed.

    What the machine has no material for is said and left out; its old figures stay.
    """
    from eval.reading.catalogue import BY_NAME, CATALOGUE
    from eval.reading.entries import PAGE, read_entries, write_entry
    from eval.reading.page import render
    from eval.standing.catalogue import Places
    from indexer.errors import InvalidRequest

    places = Places(data, seeds, cache)
    with one_line_errors():
        for name in names or ():
            if name not in BY_NAME:
                raise InvalidRequest(
                    f"no measurement {name!r}", hint=f"one of: {', '.join(BY_NAME)}"
                )
        entries = read_entries(docs)
        for measurement in () if page_only else CATALOGUE:
            if names and measurement.name not in names:
                continue
            if missing := measurement.missing(places):
                absent = ", ".join(str(path) for path in missing)
                typer.echo(f"{measurement.name}: skipped, there is no {absent}")
                continue
            entry = _made(measurement, places)
            entries = write_entry(docs, entry)
            (docs / PAGE).write_text(render(entries), encoding="utf-8")
            typer.echo(f"{measurement.name}: measured in {entry.seconds:.0f} s")
        (docs / PAGE).write_text(render(entries), encoding="utf-8")


def _made(measurement: Measurement, places: Places) -> Entry:
    from datetime import UTC, datetime

    from eval.reading.entries import Entry
    from eval.runs.files import code_version

    started = time.perf_counter()
    tables = measurement.measure(places)
    return Entry(
        name=measurement.name,
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        command=measurement.command,
        code=code_version(),
        seconds=round(time.perf_counter() - started, 1),
        tables=tables,
    )
