"""Checking an index from end to end: files, database, engines, and every passage's place.

Knows how the parts must agree, not how to mend them.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.errors import IndexDamaged
from indexer.index.database import closing_connection, database_errors
from indexer.index.folder import IndexFolder
from indexer.index.manifest import Counts
from indexer.index.records import Keys
from indexer.index.store import IndexReader, open_index

_SHOWN = 5  # examples of one kind of problem


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked; `problems` is empty when all is well."""

    generation: str
    counts: Counts
    problems: tuple[str, ...]


def verify_index(index_dir: Path) -> VerifyReport:
    """Raises: IndexMissing, IndexDamaged and IndexMismatch where it can't even be opened."""
    folder = IndexFolder(index_dir)
    reader = open_index(index_dir)  # checks CURRENT, the manifest and every file's digest
    try:
        number = int(reader.generation[1:])
        with (
            database_errors(folder.database),
            closing_connection(folder.database, "ro") as connection,
        ):
            problems = [
                *_database_problems(connection),
                *_count_problems(connection, number, reader),
                *_engine_problems(connection, number, reader),
                *_text_problems(connection, number),
            ]
        return VerifyReport(reader.generation, reader.manifest.counts, tuple(problems))
    finally:
        reader.close()


def _database_problems(connection: sqlite3.Connection) -> Iterator[str]:
    try:
        for (line,) in connection.execute("PRAGMA quick_check(5)"):
            if line != "ok":
                yield f"database: {line}"
        for row in connection.execute("PRAGMA foreign_key_check").fetchmany(_SHOWN):
            yield f"database: a row of {row[0]} belongs to nothing in {row[2]}"
    except sqlite3.DatabaseError as error:
        raise IndexDamaged(
            f"the database is damaged: {error}", hint="build the index again"
        ) from error


# What was removed after the generation was written is hidden, yet still in its engines.
_HELD = "added_in <= ?1 AND (removed_in IS NULL OR removed_in > ?1)"


def _count_problems(
    connection: sqlite3.Connection, number: int, reader: IndexReader
) -> Iterator[str]:
    found = Counts(
        *connection.execute(
            "SELECT count(*), coalesce(sum(passages), 0), coalesce(sum(characters), 0)"
            f" FROM documents WHERE {_HELD}",
            (number,),
        ).fetchone()
    )
    if found != reader.manifest.counts:
        yield f"counts: the manifest says {reader.manifest.counts}, the database holds {found}"
    wrong = connection.execute(
        "SELECT d.source, d.passages, count(p.key), min(p.key), d.first_passage, max(p.key)"
        f" FROM documents d LEFT JOIN passages p ON p.document_key = d.key WHERE {_HELD}"
        " GROUP BY d.key HAVING d.passages <> count(p.key)"
        " OR (d.passages > 0 AND (min(p.key) <> d.first_passage"
        " OR max(p.key) <> d.first_passage + d.passages - 1))",
        (number,),
    ).fetchmany(_SHOWN)
    for source, said, counted, *_ in wrong:
        yield f"{source}: {said} passages expected, {counted} found or not in one row"


def _engine_problems(
    connection: sqlite3.Connection, number: int, reader: IndexReader
) -> Iterator[str]:
    rows = connection.execute(
        "SELECT p.key FROM passages p JOIN documents d ON d.key = p.document_key"
        f" WHERE {_HELD} ORDER BY p.key",
        (number,),
    ).fetchall()
    expected = np.asarray([row[0] for row in rows], dtype=np.int64)
    for name, keys in zip(("vectors", "terms"), reader.engine_keys(), strict=True):
        absent, strange = _difference(expected, keys)
        if absent or strange:
            yield f"{name}: {absent} passages are absent, {strange} are unknown to the database"


def _difference(expected: Keys, found: Keys) -> tuple[int, int]:
    return len(np.setdiff1d(expected, found)), len(np.setdiff1d(found, expected))


def _text_problems(connection: sqlite3.Connection, number: int) -> Iterator[str]:
    """Every passage must be the stretch of its document's text that it says it is."""
    shown = 0
    documents = connection.execute(
        "SELECT d.key, d.source, d.characters, c.text FROM documents d"
        f" LEFT JOIN contents c ON c.document_key = d.key WHERE {_HELD}",
        (number,),
    )
    for key, source, characters, text in documents:
        if text is None or len(text) != characters:
            yield f"{source}: the stored text is absent or cut"
            shown += 1
        else:
            passages = connection.execute(
                "SELECT passage_id, start, end, text FROM passages WHERE document_key = ?", (key,)
            )
            for passage_id, start, end, quoted in passages:
                if text[start:end] != quoted:
                    yield f"{source}: passage {passage_id} is not what the text says there"
                    shown += 1
        if shown >= _SHOWN:
            return
