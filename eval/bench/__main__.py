"""The benchmarks by command, one function each.

Exit status 1: an error.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from eval.cli import one_line_errors

_PEERS_ENVIRONMENT = Path("~/.cache/wenju/peers").expanduser()

app = typer.Typer(
    help="Measure speed, memory and size on real processes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def scale(
    news: Annotated[Path, typer.Option(help="Articles, .jsonl or .jsonl.xz with a field text.")],
    documents: Annotated[
        list[int] | None,
        typer.Option(min=1, help="How many of them. Repeat it.", show_default="20000"),
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="Questions of each kind.")] = 300,
    seed: Annotated[int, typer.Option(help="Draws the questions.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Add the figures to this JSON file, size by size.")
    ] = None,
) -> None:
    """Index many articles, start the service on them, search and ask: time, memory, size."""
    from rich.console import Console

    from eval.bench.scale import measure, rows
    from eval.bench.scale_page import add_figures
    from eval.show import pairs_table

    with one_line_errors():
        for count in documents or [20_000]:
            figures = measure(news, count, questions, seed, typer.echo)
            Console().print(pairs_table(f"{count:,} articles", rows(figures)))
            if out is not None:
                add_figures(out, figures)


@app.command()
def scale_page(
    figures: Annotated[Path, typer.Argument(help="What `scale --out` has written.")],
    page: Annotated[Path, typer.Option(help="The page; its plot goes beside it.")] = Path(
        "docs/scale.md"
    ),
) -> None:
    """Write what `scale` has measured as a page with a plot, and lines drawn on to ten million."""
    from eval.bench.scale_page import write_page

    with one_line_errors():
        write_page(figures, page)


@app.command()
def answering(
    news: Annotated[Path, typer.Option(help="Articles, .jsonl or .jsonl.xz with a field text.")],
    documents: Annotated[int, typer.Option(min=1, help="How many of them.")] = 38_000,
    passages: Annotated[int, typer.Option(min=1, help="At least so many, or fail.")] = 100_000,
    asked: Annotated[
        Path | None, typer.Option(help="Questions, one a line; else sentences of the articles.")
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="How many sentences.")] = 300,
    index: Annotated[Path | None, typer.Option(help="An index of them that is there.")] = None,
    seed: Annotated[int, typer.Option(help="Draws the sentences.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """One answer without a language model: time by stage and memory, against their limits."""
    from rich.console import Console

    from eval.bench.answering import measure, record, rows
    from eval.runs.files import write_json
    from eval.sets.files import read_text
    from eval.show import pairs_table

    with one_line_errors():
        lines = [line for line in read_text(asked).splitlines() if line.strip()] if asked else []
        figures = measure(news, documents, lines or questions, seed, passages, typer.echo, index)
        Console().print(pairs_table(f"{figures.passages:,} passages", rows(figures)))
        if out is not None:
            settings = {"news": news.name, "documents": documents, "seed": seed}
            write_json(out, record(figures, settings))


@app.command()
def startup(
    index: Annotated[Path, typer.Option(help="Folder of the index.")],
    runs: Annotated[int, typer.Option(min=1, help="How many starts.")] = 5,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """Start the service several times: seconds until it is ready."""
    from rich.console import Console

    from eval.bench.startup import measure, record, rows
    from eval.runs.files import write_json
    from eval.show import pairs_table

    with one_line_errors():
        figures = measure(index, runs)
        Console().print(pairs_table("start-up", rows(figures)))
        if out is not None:
            write_json(out, record(figures, {"index": str(index), "runs": runs}))


@app.command()
def page(
    index: Annotated[Path, typer.Option(help="Folder of the index.")],
    asked: Annotated[
        Path | None, typer.Option(help="Questions, one a line; else of the gold questions.")
    ] = None,
    gold: Annotated[Path, typer.Option(help="Gold questions.")] = Path("eval/gold/corpus.jsonl"),
    questions: Annotated[int, typer.Option(min=1, help="How many of the gold questions.")] = 20,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """The page in Chromium: from Enter to the first sentence, split by whose time it is."""
    from rich.console import Console

    from eval.bench.page import measure, record, rows
    from eval.gold import load_gold
    from eval.runs.files import write_json
    from eval.sets.files import read_text
    from eval.show import pairs_table

    with one_line_errors():
        if asked is not None:
            lines = [line for line in read_text(asked).splitlines() if line.strip()]
        else:
            every = [each.question for each in load_gold(gold)]
            lines = every[:: max(1, len(every) // questions)][:questions]
        figures = measure(index, lines)
        Console().print(pairs_table("first sentence visible", rows(figures)))
        if out is not None:
            write_json(out, record(figures, {"index": str(index), "questions": len(lines)}))


@app.command()
def screenshots(
    index: Annotated[Path, typer.Option(help="Folder of the index: that of corpus/.")],
    folder: Annotated[Path, typer.Option(help="Where the pictures go.")] = Path("docs"),
    reports: Annotated[Path | None, typer.Option(help="Folder of reports to show.")] = None,
    every: Annotated[bool, typer.Option("--every", help="Not those in docs/ alone.")] = False,
) -> None:
    """Pictures of the page's states: light, dark, phone, Chinese and English."""
    from eval.bench.screenshots import DOCUMENTED, take

    with one_line_errors():
        for path in take(index, folder, reports, None if every else DOCUMENTED):
            typer.echo(path)


@app.command()
def load(
    index: Annotated[Path, typer.Option(help="Folder of the index.")],
    asked: Annotated[
        Path | None, typer.Option(help="Questions, one a line; else sentences of its documents.")
    ] = None,
    clients: Annotated[
        list[int] | None,
        typer.Option(min=1, help="At once. Repeat it.", show_default="1, 2, 4, 30, 200"),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long each number asks.")] = 60.0,
    vanishing: Annotated[int, typer.Option(min=0, help="Streaming callers who then vanish.")] = 20,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """Clients at once: what they get, how soon, and memory; status 1 if one gets an error."""
    from rich.console import Console

    from eval.bench.load import CLIENTS, measure, record, rows
    from eval.runs.files import write_json
    from eval.sets.files import read_text
    from eval.show import pairs_table

    with one_line_errors():
        lines = read_text(asked).splitlines() if asked else []
        questions = [line for line in lines if line.strip()]
        figures = measure(index, questions, clients or CLIENTS, seconds, vanishing, typer.echo)
        Console().print(pairs_table("answers at once", rows(figures)))
        if out is not None:
            write_json(out, record(figures, {"index": str(index), "seconds": seconds}))
    for each in [error for level in figures.levels for error in level.errors][:20]:
        typer.echo(each, err=True)
    if not figures.is_clean:
        raise typer.Exit(1)


@app.command()
def peers(
    news: Annotated[Path, typer.Option(help="Articles, .jsonl or .jsonl.xz with a field text.")],
    documents: Annotated[int, typer.Option(min=1, help="How many of them.")] = 5_000,
    questions: Annotated[int, typer.Option(min=1, help="How many to search for.")] = 200,
    runs: Annotated[int, typer.Option(min=1, help="Of each library, in turn.")] = 3,
    environment: Annotated[
        Path, typer.Option(help="Where the other libraries are, or are put (2 GB).")
    ] = _PEERS_ENVIRONMENT,
    seed: Annotated[int, typer.Option(help="Draws the questions.")] = 0,
    docs: Annotated[
        Path | None,
        typer.Option(help="Write this page, and beside it the figures (.json) and a plot (.svg)."),
    ] = None,
) -> None:
    """The same texts, model and questions through four other libraries, and the limits of ours."""
    from eval.bench.peers.measuring import measure
    from eval.bench.peers.page import table, write

    with one_line_errors():
        made = measure(news, documents, questions, seed, runs, environment, typer.echo)
        typer.echo(table(made))
        if docs is not None:
            write(docs, made)


@app.command()
def faults(
    kills: Annotated[int, typer.Option(min=0, help="Writers to kill.")] = 500,
    errors: Annotated[
        int, typer.Option(min=0, help="Writers to end by an error of the disk.")
    ] = 100,
    seed: Annotated[int, typer.Option(help="Draws what is done and what goes wrong.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """Harm writers at random and look whether the index ever breaks; status 1 if it does.

    With a C compiler, errors reach into the engines: SQLite's and tantivy's own writes fail.
    """
    import subprocess
    from tempfile import TemporaryDirectory

    from rich.console import Console

    from eval.bench.faults import measure, record, rows
    from eval.bench.harm import preload, reaches_engines
    from eval.runs.files import write_json
    from eval.show import pairs_table

    with one_line_errors(), TemporaryDirectory(prefix="wenju-faults-") as root:
        if errors and not reaches_engines() and (needed := preload(Path(root))):
            again = [sys.executable, "-m", "eval.bench", *sys.argv[1:]]
            done = subprocess.run(again, env={**os.environ, **needed}, check=False)
            raise typer.Exit(done.returncode)
        figures = measure(Path(root) / "world", kills, errors, seed, typer.echo)
    Console().print(pairs_table("harmed writers", rows(figures)))
    if out is not None:
        write_json(out, record(figures, {"kills": kills, "errors": errors, "seed": seed}))
    for each in figures.trouble[:20]:
        typer.echo(each, err=True)
    if not figures.is_clean:
        raise typer.Exit(1)


@app.command()
def update(
    passages: Annotated[int, typer.Option(min=1, help="How many are in the index.")] = 100_000,
    per_document: Annotated[int, typer.Option(min=1, help="How many a document has.")] = 20,
    runs: Annotated[int, typer.Option(min=1, help="How many updates, one after the other.")] = 10,
    walks: Annotated[
        bool, typer.Option("--walk", help="Look at all files, not at the changed one alone.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Draws the texts.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """Change one document of a large index: seconds until it answers, bytes that are written."""
    from tempfile import TemporaryDirectory

    from rich.console import Console

    from eval.bench.updating import measure, record, rows
    from eval.runs.files import write_json
    from eval.show import pairs_table

    with one_line_errors(), TemporaryDirectory(prefix="wenju-update-") as root:
        figures = measure(Path(root), passages, per_document, runs, seed, typer.echo, walks=walks)
    Console().print(pairs_table(f"{figures.passages:,} passages", rows(figures)))
    if out is not None:
        settings = {"per_document": per_document, "seed": seed, "walks": walks}
        write_json(out, record(figures, settings))


@app.command()
def pages(
    count: Annotated[int, typer.Option(min=1, help="How many of each kind.")] = 50,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """Read pages of HTML: processor time beside trafilatura's own."""
    from rich.console import Console

    from eval.bench.pages import measure, record, rows
    from eval.runs.files import write_json
    from eval.show import pairs_table

    figures = measure(count)
    Console().print(pairs_table(f"{count} pages of each kind", rows(figures)))
    if out is not None:
        write_json(out, record(figures, {"count": count}))


@app.command()
def uploads(
    kills: Annotated[int, typer.Option(min=1, help="How often the service is killed.")] = 100,
    seed: Annotated[int, typer.Option(help="Draws what is sent, and the instants.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
) -> None:
    """Kill a service while documents come and go; status 1 if anything acknowledged is lost."""
    from tempfile import TemporaryDirectory

    from rich.console import Console

    from eval.bench.uploads import measure, record, rows
    from eval.runs.files import write_json
    from eval.show import pairs_table

    with one_line_errors(), TemporaryDirectory(prefix="wenju-uploads-") as root:
        figures = measure(Path(root), kills, seed, typer.echo)
    Console().print(pairs_table("a killed service", rows(figures)))
    if out is not None:
        write_json(out, record(figures, {"kills": kills, "seed": seed}))
    for each in figures.trouble[:20]:
        typer.echo(each, err=True)
    if not figures.is_clean:
        raise typer.Exit(1)


if __name__ == "__main__":
    app(prog_name="python -m eval.bench")
