"""What an index remembers of the files that it was made of. Knows rows, reads no file."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexer.commands import MEND_DATABASE
from indexer.errors import IndexDamaged
from indexer.index.tables import DOCUMENTS, SETTINGS

TOUCHED = "touched"  # a row of SETTINGS: time stamps of documents whose rows never change


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the index remembers of a file, to see whether it has changed."""

    key: int
    document_id: str
    source: str
    digest: str
    size: int
    mtime_ns: int
    given: str


def read_known_files(
    connection: sqlite3.Connection, removed_ids: Collection[str], within: Sequence[str]
) -> dict[str, KnownFile]:
    """The documents that are not removed, by source: those of these sources or below them, of
    which the empty one is above all. Raises: IndexDamaged.

    Their rows are not compared with their digests, which takes a second for 50,000: one that fits
    its file is as it was written, and one that doesn't is compared before it is dropped.
    """
    every = f"SELECT {', '.join(KnownFile.__dataclass_fields__)} FROM documents"
    rows: dict[int, tuple[Any, ...]] = {}
    for source in within:
        # "0" is what follows "/".
        one, some = " WHERE source = ?", " WHERE source > ? AND source < ?"
        asked = [(one, (source,)), (some, (f"{source}/", f"{source}0"))] if source else [("", ())]
        for where, values in asked:
            rows.update((row[0], row) for row in connection.execute(every + where, values))
    touched = read_touched(connection)
    files = [KnownFile(*row) for row in rows.values()]
    if not all(isinstance(file.source, str) for file in files):
        raise IndexDamaged("the list of documents is not as it was written", hint=MEND_DATABASE)
    return {
        file.source: replace(file, mtime_ns=touched[file.key]) if file.key in touched else file
        for file in files
        if file.document_id not in removed_ids
    }


def read_touched(connection: sqlite3.Connection) -> dict[int, int]:
    """New time stamps by document, of those whose rows never change. Raises: IndexDamaged."""
    said = dict(SETTINGS.read(connection))
    return {int(key): stamp for key, stamp in json.loads(said.get(TOUCHED, "{}")).items()}


def note_touched(connection: sqlite3.Connection, touched: Mapping[int, int]) -> str:
    """Write time stamps into the rows of the head; returns the others for SETTINGS.

    Raises: IndexDamaged.
    """
    if not touched:
        return "{}"
    at = DOCUMENTS.columns.index("mtime_ns")
    rest = {}
    own = {key for (key,) in connection.execute("SELECT key FROM main.documents")}
    for (key,) in connection.execute("SELECT key FROM documents ORDER BY key").fetchall():
        if key in touched and key not in own:
            rest[key] = touched[key]
        elif key in touched:
            for row in DOCUMENTS.read(connection, "WHERE key = ?", (key,)):
                DOCUMENTS.replace(connection, (*row[:at], touched[key], *row[at + 1 :]))
    return json.dumps(rest)
