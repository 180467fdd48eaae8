"""Checking an index from end to end: files, every row, engines, and every passage's place.

Knows how the parts must agree, not how to mend them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from indexer.errors import IndexDamaged
from indexer.index.database import connect_to_read, reading_errors
from indexer.index.documents import catalog_digest, read_catalog
from indexer.index.folder import DATABASE_FILE, IndexFolder
from indexer.index.manifest import Counts, Manifest
from indexer.index.records import Keys
from indexer.index.rows import count
from indexer.index.store import IndexReader, open_index
from indexer.index.tables import TABLES, row_digest

_SHOWN = 5  # examples of one kind of problem


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked; `problems` is empty when all is well, and `hint` says the way out."""

    generation: str
    counts: Counts
    problems: tuple[str, ...]
    hint: str


def verify_index(index_dir: Path) -> VerifyReport:
    """Raises: IndexMissing, IndexDamaged, IndexForbidden and IndexMismatch where it can't even be
    opened; their hints say what mends that.
    """
    folder = IndexFolder(index_dir)
    reader = open_index(index_dir)  # checks CURRENT, the manifest and the engines' files
    try:
        manifest = reader.manifest
        problems = [folder.broken(manifest, name).message for name in folder.broken_files(manifest)]
        path = folder.generations / manifest.generation / DATABASE_FILE
        try:
            with reading_errors(path), closing(connect_to_read(path)) as connection:
                connection.text_factory = _lenient
                for found in (
                    _database_problems(connection),
                    _row_problems(connection, manifest),
                    _count_problems(connection, manifest),
                    _engine_problems(connection, reader),
                    _text_problems(connection),
                ):
                    problems += islice(found, _SHOWN)
        except IndexDamaged as error:
            problems.append(error.message)
        hint = folder.broken(manifest, DATABASE_FILE).hint
        return VerifyReport(manifest.generation, manifest.counts, tuple(problems), hint)
    finally:
        reader.close()


def _lenient(data: bytes) -> str:
    """Text that was damaged is told by its digest, and must not end the check."""
    return data.decode("utf-8", "surrogateescape")


def _database_problems(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA quick_check(5)"):
        if line != "ok":
            yield f"database: {line}"
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"database: a row of {row[0]} belongs to nothing in {row[2]}"


def _row_problems(connection: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    for table in TABLES:
        for row in connection.execute(table.select()):
            *values, digest = row
            if row_digest(table.name, values) != digest:
                yield f"database: row {row[0]!r:.80} of {table.name} was altered"
    rows = read_catalog(connection)
    if catalog_digest(rows) != manifest.catalog:
        yield "database: the list of documents was altered"


def _count_problems(connection: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    found = count(connection)
    if found != manifest.counts:
        yield f"counts: the manifest says {manifest.counts}, the database holds {found}"
    wrong = connection.execute(
        "SELECT d.source, d.passages, count(p.key), min(p.key), d.first_passage, max(p.key)"
        " FROM documents d LEFT JOIN passages p ON p.document_key = d.key"
        " GROUP BY d.key HAVING d.passages <> count(p.key)"
        " OR (d.passages > 0 AND (min(p.key) <> d.first_passage"
        " OR max(p.key) <> d.first_passage + d.passages - 1))"
    )
    for source, said, counted, *_ in wrong:
        yield f"{source}: {said} passages expected, {counted} found or not in one row"


def _engine_problems(connection: sqlite3.Connection, reader: IndexReader) -> Iterator[str]:
    rows = connection.execute("SELECT key FROM passages ORDER BY key").fetchall()
    expected = np.asarray([row[0] for row in rows], dtype=np.int64)
    for name, keys in zip(("vectors", "terms"), reader.engine_keys(), strict=True):
        absent, strange = _difference(expected, keys)
        if absent or strange:
            yield f"{name}: {absent} passages are absent, {strange} are unknown to the database"


def _difference(expected: Keys, found: Keys) -> tuple[int, int]:
    return len(np.setdiff1d(expected, found)), len(np.setdiff1d(found, expected))


def _text_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Every passage must be the stretch of its document's text that it says it is."""
    documents = connection.execute(
        "SELECT d.key, d.source, d.characters, c.text FROM documents d"
        " LEFT JOIN contents c ON c.document_key = d.key"
    )
    for key, source, characters, text in documents:
        if text is None or len(text) != characters:
            yield f"{source}: the stored text is absent or cut"
            continue
        passages = connection.execute(
            "SELECT passage_id, start, end, text FROM passages WHERE document_key = ?", (key,)
        )
        for passage_id, start, end, quoted in passages:
            if text[start:end] != quoted:
                yield f"{source}: passage {passage_id} is not what the text says there"
