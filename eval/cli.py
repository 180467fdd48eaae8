"""What both command lines share: errors as one line, progress, paths. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from indexer.commands import as_typed
from indexer.errors import WenjuError

EXIT_FAILED = 1
EXIT_CRASHED_QUESTIONS = 3

PROJECT = Path(__file__).resolve().parent.parent


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Tell an error of ours as one line with its way out, and end with status 1."""
    try:
        yield
    except WenjuError as error:
        typer.echo(as_typed(f"error: {error.message}\nhint: {error.hint}"), err=True)
        raise typer.Exit(EXIT_FAILED) from error


@contextmanager
def counting(total: int, what: str) -> Iterator[Callable[[], None]]:
    """A progress bar where stderr is a terminal, else nothing. Yields what counts one more."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)
