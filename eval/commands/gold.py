"""Commands about gold files: is one sound, and how one is made: drafts, review, import."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eval.cli import EXIT_FAILED, counting, one_line_errors


class Form(StrEnum):
    """What can be imported."""

    SQUAD = "squad"
    CSV = "csv"
    FEEDBACK = "feedback"


_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")]


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(draft)
    app.command()(review)
    app.command("import")(import_)


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


def draft(
    index: Annotated[Path, typer.Option(help="Folder of the index.")],
    out: Annotated[Path, typer.Option(help="Drafts, a .jsonl file that is written.")],
    documents: Annotated[str | None, typer.Option(help="Glob over source paths.")] = None,
    per_document: Annotated[int, typer.Option(min=1, help="Most drafts of a document.")] = 3,
    limit: Annotated[int | None, typer.Option(min=1, help="Most drafts in all.")] = None,
    llm: Annotated[
        str | None, typer.Option(help="Word them with remote:URL#MODEL or local:PATH.")
    ] = None,
    overwrite: _Overwrite = False,
) -> None:
    """Propose questions from documents. None counts until a person accepts it: see `review`."""
    from eval.making.archive import load_writer, read_sources
    from eval.making.drafts import save_drafts
    from eval.making.proposals import propose
    from eval.making.wording import word
    from eval.writing import refuse_existing
    from indexer.errors import InvalidGold

    with one_line_errors():
        refuse_existing(out, overwrite)
        writer = load_writer(llm, index) if llm else None
        drafts = propose(read_sources(index, documents), per_document=per_document, limit=limit)
        if not drafts:
            raise InvalidGold(
                f"no sentence of these documents in {index} makes a question",
                hint="the rules read Chinese prose; write questions by hand, or import them",
            )
        if writer is not None:
            with counting(len(drafts), "wording") as progress:
                result = word(drafts, writer, progress)
            drafts = result.drafts
            typer.echo(f"{writer.name} worded {result.worded} of {len(drafts)}")
            if result.trouble:
                typer.echo(f"the rest are worded by rules: {result.trouble}", err=True)
        save_drafts(out, drafts)
    typer.echo(
        f"{len(drafts)} drafts in {out}; next: python -m eval review --drafts {out} --gold …"
    )


def review(
    drafts: Annotated[Path, typer.Option(help="Drafts, a .jsonl file.")],
    gold: Annotated[Path, typer.Option(help="The gold file that takes what is accepted.")],
    index: Annotated[
        Path | None, typer.Option(help="Folder of an index that must hold the quotes.")
    ] = None,
    page: Annotated[bool, typer.Option("--page", help="Review in the browser.")] = False,
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")] = 0,
) -> None:
    """Accept, edit or reject drafts, one after the other; each decision is written at once."""
    from eval import opening
    from eval.making.desk import Desk

    with one_line_errors(), opening.library(index, None) as library:
        desk = Desk(drafts, gold, library)
        try:
            if page:
                from eval.making.page import serve

                serve(desk, port, typer.echo)
            else:
                from eval.making.terminal import review as go_through

                go_through(desk, _ask, typer.echo)
        finally:
            shown = ", ".join(f"{number} {name}" for name, number in desk.counts().items())
            typer.echo(f"{shown}; what was accepted is in {gold}")


def _ask(label: str, default: str) -> str:
    """One line of input. At the input's end typer.Abort ends the review."""
    answer: str = typer.prompt(label, default=default, show_default=bool(default))
    return answer


def import_(
    files: Annotated[list[Path], typer.Argument(help="What to import.")],
    from_: Annotated[Form, typer.Option("--from", help="What the file is.")],
    out: Annotated[Path, typer.Option(help="The .jsonl file that is written.")],
    documents: Annotated[
        Path | None, typer.Option(help="For squad: the folder for its paragraphs.")
    ] = None,
    overwrite: _Overwrite = False,
) -> None:
    """Make gold questions of a SQuAD or CSV file, or drafts of the service's feedback log."""
    from eval.making import importing

    with one_line_errors():
        for line in importing.run(from_.value, files, out, documents, overwrite):
            typer.echo(line)
