"""Checking an index from end to end: files, every row, engines, and every passage's place.

Knows how the parts must agree, not how to mend them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
from indexer.index.segments import Segments
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
        whole = folder.segments(manifest)
        held = [np.zeros(0, dtype=np.int64)]
        for path in whole.paths:
            with _checking(Segments((path,)), problems) as connection:
                problems += islice(_database_problems(connection), _SHOWN)
                problems += islice(_row_problems(connection), _SHOWN)
                held.append(passage_keys_of(connection))
        with _checking(whole, problems) as connection:
            for found in (
                _count_problems(connection, manifest),
                _engine_problems(connection, reader, np.concatenate(held)),
                _text_problems(connection),
            ):
                problems += islice(found, _SHOWN)
        hint = folder.broken(manifest, DATABASE_FILE).hint
        return VerifyReport(manifest.generation, manifest.counts, tuple(problems), hint)
    finally:
        reader.close()


@contextmanager
def _checking(segments: Segments, problems: list[str]) -> Iterator[sqlite3.Connection]:
    """Databases to be checked. What can't be read of them is one more of the `problems`."""
    try:
        with (
            reading_errors(segments.head),
            closing(connect_to_read(segments)) as connection,
        ):
            connection.text_factory = _lenient
            yield connection
    except IndexDamaged as error:
        problems.append(error.message)
    except TypeError:  # a flipped bit may make a text of a number; its row was told already
        problems.append("database: a value is not of the kind that it was written as")


def passage_keys_of(connection: sqlite3.Connection) -> Keys:
    """All in the passages' table, ascending."""
    rows = connection.execute("SELECT key FROM passages")
    return np.sort(np.fromiter((key for (key,) in rows), dtype=np.int64))


def _lenient(data: bytes) -> str:
    """Text that was damaged is told by its digest, and must not end the check."""
    return data.decode("utf-8", "surrogateescape")


def _database_problems(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA quick_check(5)"):
        if line != "ok":
            yield f"database: {line}"
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"database: a row of {row[0]} belongs to nothing in {row[2]}"


def _row_problems(connection: sqlite3.Connection) -> Iterator[str]:
    for table in TABLES:
        for row in connection.execute(table.select()):
            *values, digest = row
            if row_digest(table.name, values) != digest:
                yield f"database: row {row[0]!r:.80} of {table.name} was altered"


def _count_problems(connection: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    if catalog_digest(read_catalog(connection)) != manifest.catalog:
        yield "database: the list of documents was altered"
    found = count(connection)
    if found != manifest.counts:
        yield f"counts: the manifest says {manifest.counts}, the database holds {found}"
    rows = connection.execute(
        "SELECT document_key, count(*), min(key), max(key) FROM passages GROUP BY document_key"
    )
    passages = {key: tuple(row) for key, *row in rows}
    for key, source, said, first in connection.execute(
        "SELECT key, source, passages, first_passage FROM documents ORDER BY key"
    ):
        counted, lowest, highest = passages.get(key, (0, first, first + said - 1))
        if (counted, lowest, highest) != (said, first, first + said - 1):
            yield f"{source}: {said} passages expected, {counted} found or not in one row"


def _engine_problems(
    connection: sqlite3.Connection, reader: IndexReader, held: Keys
) -> Iterator[str]:
    """The vectors are those of all passages that are `held`; the terms of those that answer."""
    expected = (np.sort(held), passage_keys_of(connection))
    for name, keys, wanted in zip(
        ("vectors", "terms"), reader.engine_keys(), expected, strict=True
    ):
        absent, strange = _difference(wanted, keys)
        if absent or strange:
            yield f"{name}: {absent} passages are absent, {strange} are unknown to the database"


def _difference(expected: Keys, found: Keys) -> tuple[int, int]:
    return len(np.setdiff1d(expected, found)), len(np.setdiff1d(found, expected))


def _text_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Every passage must be the stretch of its document's text that it says it is."""
    documents = connection.execute("SELECT key, source, characters FROM documents ORDER BY key")
    for key, source, characters in documents.fetchall():
        stored = connection.execute("SELECT text FROM contents WHERE document_key = ?", (key,))
        (text,) = stored.fetchone() or (None,)
        if text is None or len(text) != characters:
            yield f"{source}: the stored text is absent or cut"
            continue
        passages = connection.execute(
            "SELECT passage_id, start, end, text FROM passages WHERE document_key = ?", (key,)
        )
        for passage_id, start, end, quoted in passages:
            if text[start:end] != quoted:
                yield f"{source}: passage {passage_id} is not what the text says there"
