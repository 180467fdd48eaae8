"""Options that both commands for standing measurements have: which, of what, and where to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli import PROJECT

_SHARED = PROJECT.parent / "shared"
DATA, SEEDS = _SHARED / "data", _SHARED / "seeds"
DOCS, CACHE = PROJECT / "docs", PROJECT / "build" / "eval"

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; none named: all.")
]
Data = Annotated[Path, typer.Option(help="Folder of the question sets and the news.")]
Seeds = Annotated[Path, typer.Option(help="Folder of the founding documents.")]
Docs = Annotated[Path, typer.Option(help="Where the figures and their page are written.")]
Cache = Annotated[Path, typer.Option(help="Where built indexes are kept.")]
PageOnly = Annotated[
    bool, typer.Option("--page-only", help="Only write the page again, from its data.")
]
