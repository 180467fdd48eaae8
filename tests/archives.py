"""A small archive of texts that a test writes down, built and opened as a user's is."""

from collections.abc import Mapping
from pathlib import Path

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings


def archive_of(files: Mapping[str, str], folder: Path) -> Archive:
    """The archive of `files`, name to text, with the static embedder; `folder` is empty."""
    (folder / "docs").mkdir()
    for name, text in files.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    build([folder / "docs"], folder / "index", load_embedder("builtin"))
    return Archive.open(folder / "index", Settings(index=folder / "index"))
