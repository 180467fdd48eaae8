"""The tables of the database, and a digest in each row: no altered row is ever handed out.

A flipped bit of a database file may leave SQLite content: it then serves another number, or a row
under another key. So every row carries a digest over its table's name and all its values, which is
compared whenever the row is read.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from indexer.commands import MEND_DATABASE
from indexer.errors import IndexDamaged

_DIGEST_BYTES = 8


def _as_list(raw: bytes) -> list[str]:
    """In a list, which no value is: b"" is not "", nor is b"\\x0a" the text 0a."""
    return [raw.hex()]


_encode = json.JSONEncoder(ensure_ascii=False, default=_as_list).encode


def row_digest(table: str, values: Iterable[Any]) -> bytes:
    """8 bytes over texts, whole numbers, bytes and None, by value and type."""
    data = _encode([table, *values]).encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Rows go in and come out without their digest, in the order of `columns`."""

    name: str
    columns: tuple[str, ...]

    def insert(self, connection: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
        marks = ",".join("?" * (len(self.columns) + 1))
        connection.executemany(
            f"INSERT INTO main.{self.name} VALUES ({marks})",
            ((*row, row_digest(self.name, row)) for row in rows),
        )

    def replace(self, connection: sqlite3.Connection, row: Sequence[Any]) -> None:
        """Put a row in the place of the one with its key, the first column."""
        columns = ", ".join(f"{name} = ?" for name in (*self.columns, "row_digest"))
        connection.execute(
            f"UPDATE main.{self.name} SET {columns} WHERE {self.columns[0]} = ?",
            (*row, row_digest(self.name, row), row[0]),
        )

    def select(self, rest: str = "") -> str:
        """The statement that reads whole rows; `rest` may speak of the table by its name."""
        columns = ", ".join(f"{self.name}.{name}" for name in (*self.columns, "row_digest"))
        return f"SELECT {columns} FROM {self.name} {rest}"

    def checked(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row as `select` reads it, without its digest. Raises: IndexDamaged."""
        values, digest = tuple(row[:-1]), row[-1]
        if row_digest(self.name, values) != digest:
            raise IndexDamaged(
                f"a row of {self.name} is not as it was written",
                hint=MEND_DATABASE,
            )
        return values

    def read(
        self, connection: sqlite3.Connection, rest: str = "", values: Any = ()
    ) -> list[tuple[Any, ...]]:
        """Whole rows, each compared with its digest. Raises: IndexDamaged."""
        return [self.checked(row) for row in connection.execute(self.select(rest), values)]


DOCUMENTS = Table(
    "documents",
    (
        *("key", "document_id", "source", "digest", "format", "size", "mtime_ns", "title", "date"),
        *("author", "organisation", "url", "encoding", "given", "fingerprint", "page_chars"),
        *("kept_chars", "characters", "passages", "first_passage", "indexed_at"),
    ),
)
CONTENTS = Table("contents", ("document_key", "text", "headings", "left_out"))
ORIGINALS = Table("originals", ("document_key", "data"))
EDGES = Table("edges", ("document_key", "lines", "head", "tail", "title", "headings"))
PASSAGES = Table(
    "passages",
    (
        *("key", "document_key", "passage_id", "start", "end", "text", "headings", "places"),
        "subject",
    ),
)
TOKENS = Table("tokens", ("key", "shared", "written", "digits"))
REPRINTS = Table("reprints", ("document_key", "first_key"))
SKIPPED = Table("skipped", ("source", "reason", "detail"))
SETTINGS = Table("settings", ("name", "value"))
TABLES = (DOCUMENTS, CONTENTS, ORIGINALS, EDGES, PASSAGES, TOKENS, REPRINTS, SKIPPED, SETTINGS)

# Keys are never used again (AUTOINCREMENT), so that no generation takes one for another's.
SCHEMA = """
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
    row_digest BLOB NOT NULL
);
CREATE INDEX documents_by_id ON documents (document_id);
CREATE INDEX documents_by_source ON documents (source);
CREATE TABLE contents (
    document_key INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
    text TEXT NOT NULL,
    headings TEXT NOT NULL,
    left_out TEXT NOT NULL,
    row_digest BLOB NOT NULL
);
CREATE TABLE originals (
    document_key INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
    data BLOB NOT NULL,
    row_digest BLOB NOT NULL
);
CREATE TABLE edges (
    document_key INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
    lines BLOB NOT NULL,
    head INTEGER NOT NULL,
    tail INTEGER NOT NULL,
    title TEXT NOT NULL,
    headings TEXT NOT NULL,
    row_digest BLOB NOT NULL
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
    subject TEXT,
    row_digest BLOB NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_key);
CREATE TABLE tokens (
    key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    shared BLOB NOT NULL,
    written BLOB NOT NULL,
    digits BLOB NOT NULL,
    row_digest BLOB NOT NULL
);
CREATE TABLE reprints (
    document_key INTEGER PRIMARY KEY,
    first_key INTEGER NOT NULL,
    row_digest BLOB NOT NULL
);
CREATE TABLE skipped (
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    row_digest BLOB NOT NULL
);
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    row_digest BLOB NOT NULL
);
"""
