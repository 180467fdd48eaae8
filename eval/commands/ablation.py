"""The command that tells what each part is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli import PROJECT, one_line_errors

_WIDTH = 110  # where there is no terminal to ask


def register(app: typer.Typer) -> None:
    app.command()(ablate)


def ablate(
    gold: Annotated[Path, typer.Option(help="Gold questions, a .jsonl file.")],
    corpus: Annotated[Path, typer.Option(help="The documents that they ask about.")],
    without: Annotated[
        list[str] | None, typer.Option(help="A part to leave out; may be given several times.")
    ] = None,
    k: Annotated[int, typer.Option(min=1, max=50, help="Passages an answer may rest on.")] = 8,
    work: Annotated[Path, typer.Option(help="Where indexes are made.")] = (
        PROJECT / "build" / "ablation"
    ),
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """Leave out each part in turn and tell what that costs, with intervals."""
    import shutil

    from rich.console import Console

    from eval.ablation.ablate import ablate as run_all
    from eval.ablation.parts import VARIANTS
    from eval.ablation.show import as_data, show_worth
    from eval.gold import load_gold
    from eval.runs.files import write_json

    with one_line_errors():
        questions = load_gold(gold)
        names = without or [variant.name for variant in VARIANTS if variant.is_ablation]
        shutil.rmtree(work, ignore_errors=True)
        worth = run_all(
            names, questions, gold, corpus, work, k=k, say=lambda line: typer.echo(line, err=True)
        )
        wide = Console()
        show_worth(worth, wide if wide.is_terminal else Console(width=_WIDTH))
        if out is not None:
            write_json(out, as_data(worth))
            typer.echo(f"written to {out}")
