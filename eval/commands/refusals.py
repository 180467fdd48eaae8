"""The command that makes questions without an answer out of a set, asks them, and shows the price
of refusing them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli import EXIT_CRASHED_QUESTIONS, counting, one_line_errors
from eval.commands.sets import CACHE, Cache, Documents, Fresh, Llm, News
from eval.sets.halves import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eval.runs.files import Header
    from eval.runs.verdict import Verdict
    from eval.sets.given import ArchiveShelf
    from eval.sets.refusals import RefusalQuestion
    from service.archive import Archive

File = Annotated[Path, typer.Option(help="Questions in SQuAD form, .json or .json.xz.")]
K = 8


def register(app: typer.Typer) -> None:
    app.command()(refusals)


def refusals(
    squad: File,
    part: Annotated[
        Part, typer.Option(help="fit: for thresholds; report: never these; all: the whole file.")
    ] = Part.REPORT,
    news: News = None,
    documents: Documents = 20_000,
    sample: Annotated[
        int | None, typer.Option(min=1, help="About so many questions, the same share of each.")
    ] = None,
    llm: Llm = None,
    cache: Cache = CACHE,
    fresh: Fresh = False,
    out: Annotated[Path | None, typer.Option(help="Keep the run in this .jsonl.")] = None,
    write: Annotated[
        Path | None,
        typer.Option(help="Only write the set here: documents/ and gold.jsonl. Asks nothing."),
    ] = None,
) -> None:
    """Questions that an archive can't answer beside those that it can: what refusing them costs."""
    from eval import opening
    from eval.runs.asking import header_of
    from eval.sets.given import ArchiveShelf
    from eval.sets.halves import part_of
    from eval.sets.indexes import Articles
    from eval.sets.refusals import make_refusals, sampled
    from eval.sets.refusing import without_doubtful, write_set
    from eval.sets.squad import load_squad

    with one_line_errors():
        made = make_refusals(part_of(squad.name, load_squad(squad), part))
        if write is not None:
            write_set(made, write)
            typer.echo(f"{len(made.questions)} questions, {len(made.documents)} documents: {write}")
            return
        index = opening.set_index(
            made.documents,
            Articles(news, documents) if news else None,
            lambda _: cache / f"refusals-{squad.name.partition('.')[0]}-{part}",
            typer.echo,
            fresh=fresh,
        )
        wanted = sampled(made.questions, sample)
        with opening.archive(index, llm) as (archive, subject):
            shelf = ArchiveShelf(archive)
            with counting(len(wanted), "leaving out") as progress:
                asked = without_doubtful(wanted, shelf, progress)
            typer.echo(f"{len(wanted) - len(asked)} left out: the archive may hold their value")
            settings = {"part": part, "news": news and documents, "llm": llm, "k": K}
            golds = [question.gold for question in asked]
            header = header_of(golds, squad, {**settings, "sample": sample}, subject)
            with counting(len(asked), "asking") as progress:
                verdicts = _ask(asked, archive, shelf, header, out, progress)
        _show(f"{squad.name}, {part}: figures in %", verdicts)
    if crashed := sum(verdict.crashed is not None for verdict in verdicts):
        typer.echo(f"{crashed} questions crashed and count as wrong", err=True)
        raise typer.Exit(EXIT_CRASHED_QUESTIONS)


def _ask(
    questions: Sequence[RefusalQuestion],
    archive: Archive,
    shelf: ArchiveShelf,
    header: Header,
    out: Path | None,
    progress: Callable[[], None],
) -> list[Verdict]:
    from eval.runs.asking import keep
    from eval.sets.refusing import ask_refusals

    asked = ask_refusals(questions, archive, shelf, K)
    if out is not None:
        return keep(asked, out, header, 1, progress)
    verdicts: list[Verdict] = []
    for verdict in asked:
        verdicts.append(verdict)
        progress()
    return verdicts


def _show(title: str, verdicts: Sequence[Verdict]) -> None:
    from rich.console import Console

    from eval.sets.refusing import refusal_rows
    from eval.sets.tables import show_limits, show_rows

    console = Console()
    show_rows(title, refusal_rows(verdicts), console)
    show_limits(verdicts, console)
