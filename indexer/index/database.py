"""SQLite as the index uses it: connections, and its errors as ours. Knows no records.

Each generation has a database of its own, which is written aside by one connection and never
changed afterwards, beside those that it takes over from earlier ones (see segments). So reading
takes no lock and writes nothing: it works on a full disk, from a read-only folder, and over a
network file system.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from indexer.commands import build_hint
from indexer.errors import IndexDamaged, IndexMismatch, StorageFull
from indexer.index.segments import Segments, absorb, continue_from, join
from indexer.index.storage import AS_BEFORE
from indexer.index.tables import SCHEMA

SCHEMA_VERSION = 8
_READABLE = (7, 8)  # of 7, a reprint's row belonged to its document's
APPLICATION_ID = 0x57454E4A  # "WENJ"
_CACHE_KIB = 64 * 1024


def create(path: Path) -> None:
    """Make an empty database. Raises: StorageFull."""
    with writing_errors(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.executescript(
                f"BEGIN; {SCHEMA} PRAGMA application_id = {APPLICATION_ID};"
                f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
        finally:
            connection.close()


def connect_to_write(path: Path) -> sqlite3.Connection:
    """Open a database that nobody else knows yet: in autocommit mode and without a journal.

    Whoever fails throws the file away. What is deleted is overwritten. Raises: StorageFull.
    """
    with writing_errors(path):
        connection = sqlite3.connect(path.resolve().as_uri(), isolation_level=None, uri=True)
        for pragma in (
            *("locking_mode = EXCLUSIVE", "journal_mode = OFF", "synchronous = OFF"),
            *("foreign_keys = ON", "secure_delete = ON", f"cache_size = -{_CACHE_KIB}"),
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection


def compact_copy(source: Segments, target: Path) -> None:
    """Copy what answers of a finished generation into one database, without the room that deleted
    rows left. Raises: StorageFull.
    """
    create(target)
    with closing(connect_to_write(target)) as connection, writing_errors(target):
        count = len(source.paths)
        join(connection, source.paths, source.dropped)
        connection.execute("BEGIN")
        continue_from(connection, count - 1)
        absorb(connection, 0, count)
        connection.execute("COMMIT")


def connect_to_read(segments: Segments) -> sqlite3.Connection:
    """Open a finished generation's databases, which never change, as one.

    Raises: IndexDamaged, IndexMismatch.
    """
    path = segments.head
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
        check_same_thread=False,  # a connection serves one thread at a time, see ReaderPool
    )
    try:
        if len(segments.paths) > 1:
            join(connection, segments.paths[:-1], segments.dropped)
        _require_ours(connection, segments)
    except BaseException:
        connection.close()
        raise
    return connection


def _require_ours(connection: sqlite3.Connection, segments: Segments) -> None:
    for path, name in zip(segments.paths, segments.names, strict=True):
        if connection.execute(f"PRAGMA {name}.application_id").fetchone()[0] != APPLICATION_ID:
            raise IndexDamaged(f"{path.name} is not a Wenju index", hint=_mend(path))
        version = connection.execute(f"PRAGMA {name}.user_version").fetchone()[0]
        if version not in _READABLE:
            raise IndexMismatch(
                f"{path.name} has schema {version}, this code has {SCHEMA_VERSION}",
                hint=_mend(path),
            )


class ReaderPool:
    """Read-only connections, lent to one thread at a time."""

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection. Raises: IndexDamaged."""
        with reading_errors(self._segments.head):
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = connect_to_read(self._segments)
            try:
                yield connection
            finally:
                with self._lock:
                    if self._closed:
                        connection.close()
                    else:
                        self._idle.append(connection)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Whatever goes wrong while a finished database is read is damage: it needs nothing else.

    That takes in text that is no UTF-8 and a value longer than its file (MemoryError).
    """
    try:
        yield
    except (sqlite3.Error, MemoryError, OverflowError) as error:
        raise IndexDamaged(f"{path.name} is damaged: {error}", hint=_mend(path)) from error


@contextmanager
def writing_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, by their code, while a database is written aside."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise IndexDamaged(f"{path.name} is damaged: {error}", hint=_mend(path)) from error
        if code in (
            *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY),
            sqlite3.SQLITE_CANTOPEN,
        ):
            raise StorageFull(f"can't write to {path}: {error}", hint=AS_BEFORE) from error
        raise


def _mend(path: Path) -> str:
    """The database is the truth: what can't be read of it is made again from the files."""
    return f"restore a snapshot, or {build_hint(path.parent.parent.parent)}"
