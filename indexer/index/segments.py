"""Several databases as one: what earlier generations wrote stays in files that never change.

A generation's own database, the head, holds the documents that it added; older ones are taken over
as they are, and documents of them that are gone are named by key. Every document has all its rows
in one database, keys ascend from one to the next, and whatever is said of the generation as a whole
(reprints, skipped files, settings) stands in the head.

    oldest ── … ── youngest ── head        each about four times the next one, 8 at most

An update appends to the head alone; younger databases go into it once they are small beside it, so
that over many updates a row is copied a few times, not once an update. Knows tables, no records.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.index.records import Keys
from indexer.index.tables import (
    CONTENTS,
    DOCUMENTS,
    EDGES,
    ORIGINALS,
    PASSAGES,
    REPRINTS,
    SETTINGS,
    SKIPPED,
    TOKENS,
)

MOST = 8  # SQLite attaches ten
_RATIO = 4
_MOST_GONE = 0.25  # of a database, before it is written anew

_GONE = "(SELECT key FROM temp.dropped)"
_OF_DOCUMENTS = {
    DOCUMENTS: f"key NOT IN {_GONE}",
    **dict.fromkeys((CONTENTS, ORIGINALS, EDGES, PASSAGES), f"document_key NOT IN {_GONE}"),
    TOKENS: "",  # have no document; nobody asks for those of a passage that is gone
}


@dataclass(frozen=True, slots=True)
class Segments:
    """The databases of a generation, the head last, and the keys of documents that are gone."""

    paths: tuple[Path, ...]
    dropped: tuple[int, ...] = ()

    @property
    def head(self) -> Path:
        return self.paths[-1]

    @property
    def names(self) -> list[str]:
        """What SQLite calls each of the databases on a connection."""
        return [*(_name(at) for at in range(len(self.paths) - 1)), "main"]


@dataclass(frozen=True, slots=True)
class Share:
    """How many passages of one database answer, and how many are of documents that are gone."""

    alive: int
    gone: int


def join(connection: sqlite3.Connection, older: Sequence[Path], dropped: Iterable[int]) -> None:
    """Make the tables of `connection`, the head, one with those of the `older` databases.

    Reading a table by its plain name reads all of them from now on. In no transaction.
    """
    connection.execute("PRAGMA temp_store = MEMORY")
    for at, path in enumerate(older):
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        connection.execute("ATTACH ? AS ?", (uri, _name(at)))
    connection.execute("CREATE TEMP TABLE dropped (key INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO temp.dropped VALUES (?)", ((key,) for key in dropped))
    _show(connection, len(older))


def _show(connection: sqlite3.Connection, count: int) -> None:
    """Let the plain names mean the head and the `count` oldest databases."""
    for table, alive in _OF_DOCUMENTS.items():
        where = f" WHERE {alive}" if alive else ""
        arms = [f"SELECT * FROM {_name(at)}.{table.name}{where}" for at in range(count)]
        arms.append(f"SELECT * FROM main.{table.name}")
        connection.execute(f"DROP VIEW IF EXISTS temp.{table.name}")
        connection.execute(f"CREATE TEMP VIEW {table.name} AS {' UNION ALL '.join(arms)}")


def shares(connection: sqlite3.Connection, count: int) -> list[Share]:
    """Of each of the `count` older databases that were joined."""
    return [
        Share(
            *connection.execute(
                f"SELECT coalesce(sum(passages) FILTER (WHERE key NOT IN {_GONE}), 0),"
                f" coalesce(sum(passages) FILTER (WHERE key IN {_GONE}), 0)"
                f" FROM {_name(at)}.documents"
            ).fetchone()
        )
        for at in range(count)
    ]


def kept_apart(older: Sequence[Share], own: int) -> int:
    """How many of the `older` databases stay as they are beside a head of `own` passages.

    The others, from there on, go into the head: they are small beside it, or much of one is gone.
    """
    kept = len(older)
    for at in reversed(range(len(older))):
        after = own + sum(each.alive for each in older[at + 1 :])
        share = older[at]
        much_is_gone = share.gone > _MOST_GONE * (share.alive + share.gone)
        if share.alive <= _RATIO * after or much_is_gone or at >= MOST - 1:
            kept = at
    return kept


def absorb(connection: sqlite3.Connection, kept: int, count: int) -> None:
    """Copy what answers of the databases from `kept` to `count` into the head, in place of them."""
    for at in range(kept, count):
        name = _name(at)
        for table, alive in _OF_DOCUMENTS.items():
            passages = f"SELECT key FROM {name}.passages WHERE document_key NOT IN {_GONE}"
            connection.execute(
                f"INSERT INTO main.{table.name} SELECT * FROM {name}.{table.name}"
                f" WHERE {alive or f'key IN ({passages})'}"
            )
        connection.execute(
            f"DELETE FROM temp.dropped WHERE key IN (SELECT key FROM {name}.documents)"
        )
    _show(connection, kept)


def continue_from(connection: sqlite3.Connection, last: int) -> None:
    """Let the head say what the older head, number `last`, says of the generation as a whole.

    Keys go on from there as well: none is ever used again.
    """
    for table in (REPRINTS, SKIPPED, SETTINGS):
        connection.execute(
            f"INSERT INTO main.{table.name} SELECT * FROM {_name(last)}.{table.name}"
        )
    connection.execute("DELETE FROM main.sqlite_sequence")
    connection.execute(
        f"INSERT INTO main.sqlite_sequence SELECT name, seq FROM {_name(last)}.sqlite_sequence"
    )


def drop_document(connection: sqlite3.Connection, key: int) -> range:
    """Leave a document out. Returns the keys of its passages that are gone from the head."""
    row = connection.execute(
        "DELETE FROM main.documents WHERE key = ? RETURNING first_passage, passages", (key,)
    ).fetchone()
    if row is not None:
        first, count = row
        return range(first, first + count)
    connection.execute("INSERT OR IGNORE INTO temp.dropped VALUES (?)", (key,))
    return range(0)


def dropped_keys(connection: sqlite3.Connection) -> tuple[int, ...]:
    return tuple(key for (key,) in connection.execute("SELECT key FROM temp.dropped ORDER BY key"))


def passage_keys(
    connection: sqlite3.Connection, at: int | None = None, first_document: int = 1
) -> Keys:
    """Those that answer of an older database, or of the head (None), ascending.

    Of documents from the key `first_document` on.
    """
    name = "main" if at is None else _name(at)
    rows = connection.execute(
        f"SELECT key FROM {name}.passages WHERE document_key >= ? AND document_key NOT IN {_GONE}",
        (first_document,),
    )
    return np.sort(np.fromiter((key for (key,) in rows), dtype=np.int64))


def _name(at: int) -> str:
    return f"older{at}"
