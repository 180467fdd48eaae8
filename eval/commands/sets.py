"""Commands about question sets of others: reading-comprehension files, noise."""

from pathlib import Path
from typing import Annotated

import typer

from eval.cli import PROJECT, counting, one_line_errors
from service.records import SearchMode


def register(app: typer.Typer) -> None:
    app.command()(squad)


def squad(
    file: Annotated[Path, typer.Option(help="Questions in SQuAD form, .json or .json.xz.")],
    news: Annotated[Path | None, typer.Option(help="Articles between them, .jsonl[.xz].")] = None,
    documents: Annotated[int, typer.Option(min=1, help="How many of the articles.")] = 20_000,
    mode: Annotated[SearchMode, typer.Option(help="Legs to search with.")] = SearchMode.HYBRID,
    answers: Annotated[bool, typer.Option(help="Ask as well (hybrid only).")] = True,
    embedder: Annotated[str, typer.Option(help="builtin, st:… or remote:….")] = "builtin",
    terms: Annotated[
        str, typer.Option(help="Terms of the lexical leg: all, words or characters_bigrams.")
    ] = "all",
    k: Annotated[int, typer.Option(min=1, max=50, help="Passages an answer may rest on.")] = 8,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first questions.")] = None,
    cache: Annotated[Path, typer.Option(help="Where built indexes are kept.")] = (
        PROJECT / "build" / "eval"
    ),
    fresh: Annotated[bool, typer.Option("--fresh", help="Build the index anew.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write figures and lines here.")] = None,
) -> None:
    """Open questions over all paragraphs of a reading-comprehension set: recall and answer hit."""
    from dataclasses import asdict

    from rich.console import Console

    from eval import opening
    from eval.runs.files import code_version, write_json
    from eval.show import show_squad
    from eval.squad import ask_all, figures, load_squad

    with one_line_errors():
        open_set = load_squad(file)
        index = opening.squad_index(
            file, open_set, news, documents, embedder, terms, cache, fresh, typer.echo
        )
        questions = open_set.questions[:limit]
        with (
            opening.target(index, None, None) as (target, subject),
            counting(len(questions), "asking") as progress,
        ):
            # Answers rest on both legs; beside one leg alone they would measure something else.
            wanted = answers and mode is SearchMode.HYBRID
            results = ask_all(questions, target, k=k, mode=mode, answers=wanted, progress=progress)
        found = figures(results)
        title = f"{file.name}: {len(results)} questions, {mode}"
        show_squad(title, found, Console())
        if out is not None:
            settings = {"file": file.name, "news": news and documents, "mode": mode, "k": k}
            settings |= {"embedder": embedder, "terms": terms}
            write_json(
                out,
                {
                    "code": code_version(),
                    "settings": settings,
                    "measured": subject,
                    "figures": found,
                    "questions": [asdict(result) for result in results],
                },
            )
