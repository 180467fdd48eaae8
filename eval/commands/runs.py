"""Commands about runs: ask every gold question, keep and show what came back."""

from pathlib import Path
from typing import Annotated

import typer

from eval.cli import EXIT_CRASHED_QUESTIONS, counting, one_line_errors


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    gold: Annotated[Path, typer.Option(help="Gold questions, a .jsonl file.")],
    index: Annotated[Path | None, typer.Option(help="Folder of the index.")] = None,
    url: Annotated[str | None, typer.Option(help="Ask a running service instead.")] = None,
    llm: Annotated[
        str | None, typer.Option(help="extractive, local:NAME-OR-PATH or remote:URL#MODEL.")
    ] = None,
    k: Annotated[int, typer.Option(min=1, max=50, help="Passages an answer may rest on.")] = 8,
    out: Annotated[Path | None, typer.Option(help="Write everything to this JSON file.")] = None,
) -> None:
    """Ask every gold question as a user would; print the figures overall and by kind."""
    from rich.console import Console

    from eval import opening
    from eval.gold import load_gold
    from eval.run import record, write_json
    from eval.run import run as run_all
    from eval.show import show_run

    with one_line_errors():
        questions = load_gold(gold)
        with (
            opening.target(index, url, llm) as (target, subject),
            counting(len(questions), "asking") as progress,
        ):
            settings = {"index": index and str(index), "url": url, "llm": llm}
            done = run_all(
                questions,
                target,
                k=k,
                gold=gold,
                subject=subject,
                settings=settings,
                progress=progress,
            )
        show_run(done, Console())
        if out is not None:
            write_json(out, record(done))
            typer.echo(f"written to {out}")
    if done.crashed:
        raise typer.Exit(EXIT_CRASHED_QUESTIONS)
