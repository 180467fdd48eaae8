"""SQLite as the index uses it: schema, connections, and its errors as ours. Knows no records."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from indexer.errors import IndexDamaged, IndexLocked, IndexMismatch, StorageFull
from indexer.index.manifest import rebuild_hint

SCHEMA_VERSION = 6
APPLICATION_ID = 0x57454E4A  # "WENJ"
_BUSY_S = 10.0

# Generation g holds a row iff added_in <= g and (removed_in is null or removed_in > g). It sees
# those that are not hidden: `remove` hides a document from every generation at once, while the
# engines of each still hold it and must be told to pass it over.
# Keys are never used again (AUTOINCREMENT), so that an older generation can't meet a stranger.
_SCHEMA = """
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL,
    source TEXT NOT NULL,
    digest TEXT NOT NULL,
    format TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    author TEXT,
    organisation TEXT,
    url TEXT,
    encoding TEXT,
    given TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    page_chars INTEGER,
    kept_chars INTEGER,
    characters INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    first_passage INTEGER NOT NULL,
    indexed_at TEXT NOT NULL,
    added_in INTEGER NOT NULL,
    removed_in INTEGER,
    hidden INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX documents_by_id ON documents (document_id);
CREATE INDEX documents_by_source ON documents (source);
CREATE TABLE contents (
    document_key INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
    text TEXT NOT NULL,
    headings TEXT NOT NULL,
    left_out TEXT NOT NULL,
    original BLOB NOT NULL
);
CREATE TABLE edges (
    document_key INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
    lines BLOB NOT NULL,
    head INTEGER NOT NULL,
    tail INTEGER NOT NULL,
    title TEXT NOT NULL,
    headings TEXT NOT NULL
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document_key INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    passage_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    headings TEXT NOT NULL,
    places TEXT NOT NULL,
    subject TEXT
);
CREATE INDEX passages_by_document ON passages (document_key);
CREATE TABLE tokens (
    key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    shared BLOB NOT NULL,
    written BLOB NOT NULL,
    digits BLOB NOT NULL
);
CREATE TABLE reprints (
    generation INTEGER NOT NULL,
    document_key INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    first_key INTEGER NOT NULL,
    PRIMARY KEY (generation, document_key)
) WITHOUT ROWID;
CREATE TABLE skipped (
    generation INTEGER NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE removals (
    source TEXT PRIMARY KEY,
    removed_at TEXT NOT NULL
);
"""


def create(path: Path) -> None:
    """Make an empty database, if there is none."""
    if path.exists() and path.stat().st_size:
        return
    with database_errors(path), closing_connection(path, "rwc") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(
            f"BEGIN; {_SCHEMA} PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open in autocommit mode; `mode` is ro, rw or rwc. Raises: IndexDamaged, IndexMismatch."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,  # a connection serves one thread at a time, see ReaderPool
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        if mode != "ro":
            connection.execute("PRAGMA synchronous = FULL")
        if mode != "rwc":
            _require_ours(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _require_ours(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise IndexDamaged(f"{path.name} is not a Wenju index", hint=rebuild_hint(path.parent))
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        raise IndexMismatch(
            f"{path.name} has schema {version}, this code has {SCHEMA_VERSION}",
            hint=rebuild_hint(path.parent),
        )


@contextmanager
def closing_connection(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    connection = connect(path, mode)
    try:
        yield connection
    finally:
        connection.close()


class ReaderPool:
    """Read-only connections, lent to one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection. Raises: IndexDamaged."""
        with database_errors(self._path):
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = connect(self._path, "ro")
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
def database_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, by their code."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise IndexDamaged(
                f"{path.name} is damaged: {error}", hint=rebuild_hint(path.parent)
            ) from error
        if code == sqlite3.SQLITE_CANTOPEN and not path.exists():
            raise IndexDamaged(f"{path.name} is absent", hint=rebuild_hint(path.parent)) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexLocked(
                f"{path.name} is in use by another writer",
                hint="wait until it has ended and try again",
            ) from error
        if code in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
        ):
            raise StorageFull(
                f"can't write to {path}: {error}",
                hint="free some space or choose another folder; the index is as it was before",
            ) from error
        raise
