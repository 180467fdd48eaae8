"""Commands about runs: ask every gold question, keep and show what came back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli import EXIT_CRASHED_QUESTIONS, counting, one_line_errors
from indexer.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.gold import GoldQuestion
    from eval.runs.asking import Asking
    from eval.runs.files import Header, Run

EXIT_INTERRUPTED = 130

RunFile = Annotated[Path, typer.Argument(help="What `run --out` wrote.")]


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(show)


def run(
    gold: Annotated[Path, typer.Option(help="Gold questions, a .jsonl file.")],
    index: Annotated[Path | None, typer.Option(help="Folder of the index.")] = None,
    url: Annotated[str | None, typer.Option(help="Ask a running service instead.")] = None,
    llm: Annotated[
        str | None, typer.Option(help="extractive, local:NAME-OR-PATH or remote:URL#MODEL.")
    ] = None,
    k: Annotated[int, typer.Option(min=1, max=50, help="Passages an answer may rest on.")] = 8,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Questions at a time.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Keep the run in this .jsonl file.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --out.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Begin anew, whatever --out holds.")
    ] = False,
) -> None:
    """Ask every gold question as a user would; print the figures overall and by kind."""
    from rich.console import Console

    from eval import opening
    from eval.gold import load_gold
    from eval.runs.asking import Asking, header_of, run_all
    from eval.show import show_run

    with one_line_errors():
        questions = load_gold(gold)
        _check_place(out, resume, overwrite)
        with opening.target(index, url, llm) as (target, subject):
            header = header_of(questions, gold, {"k": k, "llm": llm}, subject)
            asking = Asking(target, k, jobs)
            if out is None:
                with counting(len(questions), "asking") as progress:
                    done = run_all(questions, asking, header, progress=progress)
            else:
                done = _keep(questions, asking, header, out, resume, in_process=url is None)
        show_run(done, Console())
        if out is not None:
            typer.echo(f"written to {out}")
    if done.crashed:
        again = f"; --resume asks them again and keeps the rest of {out}" if out else ""
        typer.echo(f"{len(done.crashed)} questions crashed and count as wrong{again}", err=True)
        raise typer.Exit(EXIT_CRASHED_QUESTIONS)


def show(
    file: RunFile,
    json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Print the figures of a run again."""
    from rich.console import Console

    from eval.runs.files import read_run, require_whole
    from eval.show import as_json, show_run

    with one_line_errors():
        found = require_whole(read_run(file))
        if json:
            typer.echo(as_json(found))
        else:
            show_run(found, Console())


def _check_place(out: Path | None, resume: bool, overwrite: bool) -> None:
    if resume and (out is None or not out.exists()):
        raise InvalidRequest("there is no run to go on with", hint="name its file with --out")
    if out is not None and out.exists() and not (resume or overwrite):
        raise InvalidRequest(
            f"{out} exists",
            hint="--resume goes on with it, --overwrite begins anew; or name another file",
        )


def _keep(
    questions: Sequence[GoldQuestion],
    asking: Asking,
    header: Header,
    out: Path,
    resume: bool,
    *,
    in_process: bool,
) -> Run:
    """Ask what is not answered yet, a line on disk for each answer. Returns the whole run."""
    import time
    from dataclasses import replace

    from eval.runs.asking import kept_lines, run_end
    from eval.runs.files import read_run, writing

    kept = []
    if resume:
        begun = read_run(out)
        kept = kept_lines(begun, header)
        header = replace(header, started_at=begun.header.started_at)
        typer.echo(f"{len(kept)} of {len(questions)} questions are answered already", err=True)
    known = {verdict.id for verdict in kept}
    left = [question for question in questions if question.id not in known]
    started = time.perf_counter()
    try:
        with writing(out, header, kept) as writer, counting(len(left), "asking") as progress:
            for verdict in asking.verdicts(left):
                writer.add(verdict)
                progress()
            writer.end(run_end(started, asking.jobs, in_process))
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what was answered is in {out}, --resume goes on", err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None
    return read_run(out)
