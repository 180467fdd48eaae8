"""The command line of the evaluation: run, check, squad. Parses options, opens, prints.

Exit status: 0 done (for `check`: nothing wrong), 1 an error, or `check` found problems, 2 a wrong
option, 3 the run is complete but questions crashed.
"""

from pathlib import Path
from typing import Annotated

import typer

from eval.cli import EXIT_CRASHED_QUESTIONS, EXIT_FAILED, PROJECT, counting, one_line_errors
from service.records import SearchMode

app = typer.Typer(
    help="Measure search, answers, citations and refusals against gold questions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
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


@app.command()
def check(
    gold: Annotated[Path, typer.Option(help="Gold questions, a .jsonl file.")],
    index: Annotated[Path | None, typer.Option(help="Folder of the index.")] = None,
    url: Annotated[str | None, typer.Option(help="Read a running service instead.")] = None,
) -> None:
    """Find duplicates, answers that no evidence holds, and quotes that the index does not hold."""
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


@app.command()
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
    from eval.run import code_version, write_json
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


if __name__ == "__main__":
    app(prog_name="python -m eval")
