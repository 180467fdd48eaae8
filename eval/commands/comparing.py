"""Commands that set a run against another, or against what is expected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli import EXIT_FAILED, PROJECT, one_line_errors
from indexer.errors import InvalidRequest

_MOST = 10

RunFile = Annotated[Path, typer.Argument(help="What `run --out` wrote.")]


def register(app: typer.Typer) -> None:
    app.command()(compare)
    app.command()(gate)
    app.command()(trec)


def compare(
    before: RunFile,
    after: RunFile,
    by: Annotated[str, typer.Option(help="The figure whose won and lost are listed.")] = "right",
    common: Annotated[
        bool, typer.Option("--common", help="Only the questions that both asked alike.")
    ] = False,
    all_: Annotated[bool, typer.Option("--all", help="List every question won or lost.")] = False,
) -> None:
    """Set two runs side by side, question by question: intervals, what was won, what was lost."""
    from rich.console import Console

    from eval.comparing.pairs import differences, pair
    from eval.comparing.show import show_compared
    from eval.runs.figures import BY_NAME
    from eval.runs.files import read_run, require_whole

    with one_line_errors():
        if by not in BY_NAME:
            raise InvalidRequest(f"no figure {by!r}", hint=f"one of: {', '.join(BY_NAME)}")
        one, other = require_whole(read_run(before)), require_whole(read_run(after))
        paired = pair(one, other, common=common)
        most = len(paired.before) if all_ else _MOST
        found = differences(paired)
        show_compared((one.name, other.name), paired, found, BY_NAME[by], most, Console())


def gate(
    file: RunFile,
    set_: Annotated[str, typer.Option("--set", help="Which gold set's expectations.")],
    expected: Annotated[Path, typer.Option(help="What was accepted before.")] = (
        PROJECT / "eval" / "expected.toml"
    ),
    accept: Annotated[
        bool, typer.Option("--accept", help="Expect from now on what this run found.")
    ] = False,
) -> None:
    """Fail when a figure fell below what is expected, by more than luck explains."""
    from rich.console import Console

    from eval.comparing.expected import ExpectedUnusable, read_expected, write_expected
    from eval.comparing.gate import SIGNIFICANCE, check, expected_of
    from eval.comparing.show import show_gate
    from eval.runs.files import read_run, require_whole

    with one_line_errors():
        run = require_whole(read_run(file))
        known = read_expected(expected)
        if accept:
            kept = known[set_].significance if set_ in known else SIGNIFICANCE
            write_expected(expected, known | {set_: expected_of(set_, run, kept)})
            typer.echo(f"expected of {set_} from now on: {file}, written to {expected}")
            return
        if set_ not in known:
            raise ExpectedUnusable(
                f"{expected}: nothing is expected of {set_!r}",
                hint="accept a run first: python -m eval gate RUN --set NAME --accept",
            )
        checked = check(known[set_], run)
        show_gate(checked, Console())
    fell = [each.figure for each in checked if each.fell]
    rose = [each.figure for each in checked if each.rose]
    if rose:
        typer.echo(f"rose: {', '.join(rose)}; --accept makes that the expectation")
    if fell:
        typer.echo(f"fell: {', '.join(fell)}", err=True)
        raise typer.Exit(EXIT_FAILED)
    typer.echo("nothing fell")


def trec(
    file: RunFile,
    out: Annotated[Path, typer.Option(help="Folder for NAME.run and NAME.qrels.")],
) -> None:
    """Write a run's rankings and what is relevant in the form of TREC, for other tools."""
    from eval.runs.files import read_run, require_whole
    from eval.runs.trec import write_trec

    with one_line_errors():
        for written in write_trec(require_whole(read_run(file)), out):
            typer.echo(f"written to {written}")
