"""Indexes of question sets, kept in a cache folder and built anew where they no longer fit.

Knows folders and keys. What builds and what opens an index is handed in.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eval.sets.files import load_news, write_articles
from indexer.errors import IndexDamaged, IndexMismatch, IndexMissing, InvalidRequest

_PROJECT = Path(__file__).resolve().parents[2]
_KEY_FILE = "key"


@dataclass(frozen=True, slots=True)
class Articles:
    """The first `count` articles of a news file, as documents between those of a set."""

    file: Path
    count: int


def documents_key(documents: Mapping[str, str], articles: Articles | None, *settings: str) -> str:
    """Changes when what goes into an index does, or the code that builds it."""
    parts = [indexer_digest(), *settings]
    parts += [f"{source}\0{text}" for source, text in documents.items()]
    if articles is not None:
        try:
            stat = articles.file.stat()
        except OSError as error:
            raise InvalidRequest(
                f"{articles.file}: {error.strerror}", hint="give a file of articles, or none"
            ) from error
        file = (articles.file.name, stat.st_size, stat.st_mtime_ns, articles.count)
        parts += [str(part) for part in file]
    return _digest(parts)


def folder_key(folder: Path) -> str:
    """The same for a folder of files that are indexed as they stand."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _digest(
        [indexer_digest()] + [f"{path.relative_to(folder)}\0{_file_digest(path)}" for path in files]
    )


@cache
def indexer_digest() -> str:
    """A digest of the code that makes an index: versions in a manifest rise more seldom."""
    return _digest(
        f"{path.relative_to(_PROJECT)}\0{_file_digest(path)}"
        for path in sorted((_PROJECT / "indexer").rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    )


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\0\n")
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Cached:
    """An index at `place`/index and beside it the key of what went in, which is written last."""

    place: Path
    key: str

    @property
    def index(self) -> Path:
        return self.place / "index"

    def ready(
        self,
        build: Callable[[Path], object],
        check: Callable[[Path], object],
        say: Callable[[str], None],
        *,
        fresh: bool = False,
    ) -> Path:
        """The index, built unless one of this key is there that `check` can open.

        Raises: what `build` raises.
        """
        if not fresh and self._is_of_this_key():
            try:
                check(self.index)
            except (IndexMissing, IndexDamaged, IndexMismatch) as error:
                say(f"the cached index no longer fits ({error.message}), building anew")
            else:
                return self.index
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        build(self.index)
        (self.place / _KEY_FILE).write_text(self.key, encoding="ascii")
        return self.index

    def _is_of_this_key(self) -> bool:
        file = self.place / _KEY_FILE
        return file.exists() and file.read_text(encoding="ascii", errors="replace") == self.key


def write_and_build(
    documents: Mapping[str, str],
    articles: Articles | None,
    build: Callable[[Path], object],
) -> None:
    """Write all documents to a temporary folder and have it indexed. Raises: InvalidGold."""
    with tempfile.TemporaryDirectory(prefix="wenju-set-") as temporary:
        folder = Path(temporary)
        for source, text in documents.items():
            place = folder / source
            place.parent.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8")
        if articles is not None:
            write_articles(load_news(articles.file, articles.count), folder / "news")
        build(folder)
