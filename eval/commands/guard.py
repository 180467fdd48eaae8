"""The command that measures the figure guard and writes the page that shows it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from eval.cli import PROJECT, one_line_errors
from eval.commands.material import CACHE, DOCS, Cache, Docs

_GOLD = PROJECT / "eval" / "gold" / "corpus.jsonl"
_EXIT_LIES = 1


def register(app: typer.Typer) -> None:
    app.command()(guard)


def guard(
    gold: Annotated[Path, typer.Option(help="Questions whose evidence is lied about.")] = _GOLD,
    folder: Annotated[Path, typer.Option(help="Their documents.")] = PROJECT / "corpus",
    answers: Annotated[int, typer.Option(min=1, help="How many answers at least.")] = 600,
    show: Annotated[bool, typer.Option(help="Print every sentence that went wrong.")] = False,
    docs: Docs = DOCS,
    cache: Cache = CACHE,
) -> None:
    """Let a lying language model answer, and count what of its lies is shown.

    Writes docs/guard.json and docs/guard.md where the questions are those of corpus/. Exit status
    1 if a lie was shown.
    """
    from eval.gold import load_gold
    from eval.guard.kept import keep
    from eval.guard.measuring import measure, tables
    from eval.opening import folder_index

    started = time.perf_counter()
    with one_line_errors():
        index = folder_index(folder, cache / f"guard-{folder.name}", typer.echo)
        measured = measure(index, load_gold(gold), answers, typer.echo)
        if gold == _GOLD:
            keep(docs, tables(measured), time.perf_counter() - started)
    for table in tables(measured)[:1]:
        for row in table.rows:
            typer.echo(f"{row.label}: {row.values[0]}")
    for each in measured.wrong if show else ():
        what = "shown" if each.shown else "dropped"
        typer.echo(f"{what}, {each.told.way}: {each.told.text}\n    of {each.told.source}")
        for quote in each.cited:
            typer.echo(f"    cites {quote}")
    if any(each.shown for each in measured.wrong):
        raise typer.Exit(_EXIT_LIES)
