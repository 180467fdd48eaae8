"""The command that writes a run's report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli import one_line_errors
from eval.commands.runs import RunFile
from eval.report.language import Language


def register(app: typer.Typer) -> None:
    app.command()(report)


def report(
    file: RunFile,
    out: Annotated[
        Path | None, typer.Option(help="The report; else the run's name with .html.")
    ] = None,
    language: Annotated[
        Language, typer.Option(help="both: the page shows the one of the reader's browser.")
    ] = Language.BOTH,
) -> None:
    """Write a run as one HTML file: figures, plots, and every failure with its why."""
    from eval.report.write import write_report

    out = out or file.with_suffix(".html")
    with one_line_errors():
        lacking = write_report(file, out, language)
    if lacking is not None:
        typer.echo(lacking, err=True)
    typer.echo(f"written to {out}")
