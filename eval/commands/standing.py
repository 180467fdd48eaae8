"""The command that makes the standing measurements and the page that shows them."""

from __future__ import annotations

from typing import Annotated

import typer

from eval.cli import EXIT_CRASHED_QUESTIONS, one_line_errors
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

Sample = Annotated[
    int | None,
    typer.Option(min=1, help="About so many questions of each; shown, not written into docs/."),
]


def register(app: typer.Typer) -> None:
    app.command()(measure)


def measure(
    names: Names = None,
    data: Data = DATA,
    seeds: Seeds = SEEDS,
    docs: Docs = DOCS,
    cache: Cache = CACHE,
    page_only: PageOnly = False,
    sample: Sample = None,
) -> None:
    """Make standing measurements and write their figures into docs/: corpus, seeds, open-cmrc,
    open-drcd, read-cmrc, read-drcd, noise-cmrc, noise-drcd, refuse-cmrc, refuse-drcd.

    What the machine has no material for is said and left out; its old figures stay.
    """
    from eval.standing.catalogue import BY_NAME, CATALOGUE, Places
    from eval.standing.entries import PAGE, read_entries, write_entry
    from eval.standing.measuring import measure as make
    from eval.standing.page import render, section
    from indexer.errors import InvalidRequest

    places = Places(data, seeds, cache)
    crashed = 0
    with one_line_errors():
        for name in names or ():
            if name not in BY_NAME:
                raise InvalidRequest(
                    f"no measurement {name!r}", hint=f"one of: {', '.join(BY_NAME)}"
                )
        entries = read_entries(docs)
        wanted = [m for m in CATALOGUE if not names or m.name in names]
        for measurement in () if page_only else wanted:
            if missing := measurement.missing(places):
                absent = ", ".join(str(path) for path in missing)
                typer.echo(f"{measurement.name}: skipped, there is no {absent}")
                continue
            entry = make(measurement.name, places, sample)
            crashed += entry.crashed
            if sample is not None:
                typer.echo("\n\n".join(section(measurement, entry)))
                continue
            entries = write_entry(docs, entry)
            (docs / PAGE).write_text(render(entries), encoding="utf-8")
            row = entry.rows[0]
            right = row.figures["right"].value or 0.0
            typer.echo(
                f"{measurement.name}: {row.questions} questions, {100 * right:.1f} % right, "
                f"{entry.seconds:.0f} s"
            )
        if sample is None:
            (docs / PAGE).write_text(render(entries), encoding="utf-8")
    if crashed:
        typer.echo(f"{crashed} questions crashed and count as wrong", err=True)
        raise typer.Exit(EXIT_CRASHED_QUESTIONS)
