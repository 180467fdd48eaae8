"""Reading an index of format 3, for its upgrade: one database for all generations, with marks for
which of them sees a row, and for what was removed.

Its rows have no digests: what is taken over is checked as far as SQLite and the texts allow.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from indexer.commands import build_hint
from indexer.errors import IndexDamaged, IndexMismatch
from indexer.index.database import connect_to_write, create, reading_errors
from indexer.index.folder import IndexFolder
from indexer.index.manifest import FORMAT_VERSION, MANIFEST_FILE, Manifest, parse_manifest
from indexer.index.pointer import Pointer, Removal
from indexer.index.tables import (
    CONTENTS,
    DOCUMENTS,
    EDGES,
    ORIGINALS,
    PASSAGES,
    SKIPPED,
    TOKENS,
    Table,
)

FORMAT = 3
_SCHEMA_VERSIONS = (5, 6)
_SEEN = (
    "SELECT key FROM documents"
    " WHERE added_in <= :g AND (removed_in IS NULL OR removed_in > :g) AND hidden = 0"
)
_TAKEN_OVER = (
    (DOCUMENTS, "key"),
    *((table, "document_key") for table in (CONTENTS, ORIGINALS, EDGES, PASSAGES)),
)


def is_format3(folder: IndexFolder) -> bool:
    return _database(folder).is_file() and not folder.database(folder.pointer().number).exists()


def manifest3(folder: IndexFolder) -> Manifest:
    """The manifest in force as one of this format. Raises: IndexMissing, IndexDamaged."""
    path = folder.generations / folder.pointer().generation / MANIFEST_FILE
    try:
        found = json.loads(path.read_bytes())
        found |= {"format_version": FORMAT_VERSION, "catalog": "", "files": {}}
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamaged(
            "the manifest of the earlier format can't be read", hint=build_hint(folder.root)
        ) from error
    return parse_manifest(json.dumps(found).encode(), folder.root)


def pointer3(folder: IndexFolder) -> Pointer:
    """CURRENT with what is removed, which stood in the database. Raises: as `manifest3`."""
    with _opened(folder) as connection:
        removals = connection.execute(
            "SELECT r.source, r.removed_at, d.document_id FROM removals r"
            " LEFT JOIN documents d ON d.source = r.source GROUP BY r.source ORDER BY r.source"
        ).fetchall()
    return replace(
        folder.pointer(),
        removals=tuple(Removal(document_id or "", *rest) for *rest, document_id in removals),
    )


def convert(folder: IndexFolder, target: Path) -> None:
    """Write what may answer into a new database. Raises: IndexDamaged, StorageFull."""
    create(target)
    number = folder.pointer().number
    with _opened(folder) as old, closing(connect_to_write(target)) as new:
        new.execute("BEGIN")
        for table, key in _TAKEN_OVER:
            _copy(table, f"FROM {_old_name(table)} WHERE {key} IN ({_SEEN})", number, old, new)
        passages = f"SELECT key FROM passages WHERE document_key IN ({_SEEN})"
        _copy(TOKENS, f"FROM tokens WHERE key IN ({passages})", number, old, new)
        _copy(SKIPPED, "FROM skipped WHERE generation = :g", number, old, new)
        new.execute("COMMIT")


def _copy(
    table: Table, rest: str, number: int, old: sqlite3.Connection, new: sqlite3.Connection
) -> None:
    there = {row[1] for row in old.execute(f"PRAGMA table_info({_old_name(table)})")}
    names = ("original" if name == "data" else name for name in table.columns)
    columns = ", ".join(name if name in there else "NULL" for name in names)
    table.insert(new, old.execute(f"SELECT {columns} {rest}", {"g": number}))


def _old_name(table: Table) -> str:
    return CONTENTS.name if table is ORIGINALS else table.name


def _database(folder: IndexFolder) -> Path:
    return folder.root / "documents.sqlite"


@contextmanager
def _opened(folder: IndexFolder) -> Iterator[sqlite3.Connection]:
    path = _database(folder)
    # To write, since a writer that was killed has left a log that SQLite has to work in.
    uri = f"{path.resolve().as_uri()}?mode=rw"
    with reading_errors(path), closing(sqlite3.connect(uri, uri=True)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in _SCHEMA_VERSIONS:
            raise IndexMismatch(
                f"{path.name} has schema {version}, which is too old to be upgraded",
                hint=build_hint(folder.root, manifest3(folder).root_paths),
            )
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise IndexDamaged(
                f"{path.name} is damaged",
                hint=build_hint(folder.root, manifest3(folder).root_paths),
            )
        yield connection
