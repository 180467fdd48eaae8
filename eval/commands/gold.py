"""Commands about gold files: is one sound, and does an index hold its evidence?"""

from pathlib import Path
from typing import Annotated

import typer

from eval.cli import EXIT_FAILED, one_line_errors


def register(app: typer.Typer) -> None:
    app.command()(check)


def check(
    gold: Annotated[Path, typer.Option(help="Gold questions, a .jsonl file.")],
    index: Annotated[Path | None, typer.Option(help="Folder of the index.")] = None,
    url: Annotated[str | None, typer.Option(help="Read a running service instead.")] = None,
) -> None:
    """Find contradictions, duplicates, answers without proof, and quotes that an index lacks."""
    from eval import opening
    from eval.check import check as find_problems
    from eval.gold import load_gold

    with one_line_errors():
        questions = load_gold(gold)
        with opening.library(index, url) as library:
            problems = find_problems(questions, library)
    for problem in problems:
        typer.echo(f"{gold}:{problem.line}: {problem.id}: {problem.field}: {problem.what}")
    where = "" if index or url else " (no --index: the quotes were not looked up)"
    typer.echo(f"{len(questions)} questions, {len(problems)} problems{where}")
    if problems:
        raise typer.Exit(EXIT_FAILED)
