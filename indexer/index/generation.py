"""The turn from one generation to the next: lock, take back what a killed writer left, clear up.

Knows when rows and folders may go, not what is in them. Rows of a generation that CURRENT never
came to name are invisible to readers; the next writer deletes them first.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from indexer.errors import IndexDamaged, IndexMismatch, IndexMissing
from indexer.index.database import closing_connection, create, database_errors
from indexer.index.folder import IndexFolder, storage_errors
from indexer.index.manifest import Settings
from indexer.index.writing import GenerationWriter

_KEPT_GENERATIONS = 2


@contextmanager
def new_generation(
    folder: IndexFolder, settings: Settings, *, from_scratch: bool
) -> Iterator[GenerationWriter]:
    """Be the one writer and make the next generation; leaves no trace unless `finish` was called.

    Raises: IndexLocked, StorageFull, IndexMissing and IndexDamaged (unless from scratch).
    """
    with storage_errors(folder.root):
        if from_scratch:
            folder.root.mkdir(parents=True, exist_ok=True)
        with folder.lock(), _database(folder, from_scratch) as connection:
            base = _base_generation(folder, from_scratch)
            number = 1 + max(base, _highest_number(folder, connection))
            _clear_unfinished(folder, connection, base)
            connection.execute("BEGIN IMMEDIATE")
            writer = GenerationWriter(folder, connection, base, number, settings)
            try:
                yield writer
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if not writer.finished:
                    writer.abandon()
                shutil.rmtree(folder.aside(number), ignore_errors=True)
            if writer.finished:
                _clear_old(folder, connection)


@contextmanager
def _database(folder: IndexFolder, from_scratch: bool) -> Iterator[sqlite3.Connection]:
    """Open the database; one that was made here and never got a generation is deleted again."""
    if from_scratch:
        _set_aside_if_damaged(folder)
    is_new = from_scratch and not folder.database.exists()
    try:
        if is_new:
            create(folder.database)
        with (
            database_errors(folder.database),
            closing_connection(folder.database, "rw") as connection,
        ):
            yield connection
    finally:
        if is_new and not folder.pointer_file.exists():
            for path in folder.root.glob(f"{folder.database.name}*"):
                path.unlink()
            shutil.rmtree(folder.generations, ignore_errors=True)


def _base_generation(folder: IndexFolder, from_scratch: bool) -> int:
    try:
        return folder.pointer().number
    except (IndexMissing, IndexDamaged):
        if not from_scratch:
            raise
        return 0


def _highest_number(folder: IndexFolder, connection: sqlite3.Connection) -> int:
    row = connection.execute(
        "SELECT max(coalesce(max(added_in), 0), coalesce(max(removed_in), 0)) FROM documents"
    ).fetchone()
    return max([int(row[0] or 0), *folder.generation_numbers()])


def _clear_unfinished(folder: IndexFolder, connection: sqlite3.Connection, base: int) -> None:
    """Take back what a killed writer left behind. `base` 0: nothing is known to be current."""
    if base:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM documents WHERE added_in > ?", (base,))
        connection.execute("UPDATE documents SET removed_in = NULL WHERE removed_in > ?", (base,))
        for table in ("skipped", "reprints"):
            connection.execute(f"DELETE FROM {table} WHERE generation > ?", (base,))
        connection.execute("COMMIT")
        for number in folder.generation_numbers():
            if number > base:
                shutil.rmtree(folder.generation(number))
    if folder.generations.is_dir():
        for left_over in folder.generations.glob("*.unfinished"):
            shutil.rmtree(left_over)


def _clear_old(folder: IndexFolder, connection: sqlite3.Connection) -> None:
    """Delete generations that are no longer kept, and the rows that none of the kept ones sees."""
    numbers = folder.generation_numbers()
    oldest = numbers[-_KEPT_GENERATIONS:][0]
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM documents WHERE removed_in <= ?", (oldest,))
    # A removed document's words go now; its row goes when no kept generation holds it any more.
    for table in ("contents", "passages", "edges"):
        connection.execute(
            f"DELETE FROM {table} WHERE document_key IN"
            " (SELECT key FROM documents WHERE hidden AND removed_in IS NOT NULL)"
        )
    for table in ("skipped", "reprints"):
        connection.execute(f"DELETE FROM {table} WHERE generation < ?", (oldest,))
    connection.execute("COMMIT")
    for number in numbers:
        if number < oldest:
            shutil.rmtree(folder.generation(number))


def _set_aside_if_damaged(folder: IndexFolder) -> None:
    """Make room for a new database where the old one can't be read at all."""
    if not folder.database.exists():
        return
    try:
        with (
            database_errors(folder.database),
            closing_connection(folder.database, "rw") as connection,
        ):
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
                return
    except (IndexDamaged, IndexMismatch):
        pass
    for suffix in ("", "-wal", "-shm"):
        path = folder.database.with_name(folder.database.name + suffix)
        if path.exists():
            path.rename(path.with_name(f"damaged-{path.name}"))
