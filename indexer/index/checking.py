"""What was written of a generation is read again before anybody sees it. Knows counts and keys."""

import sqlite3
from pathlib import Path

import numpy as np

from indexer.errors import IndexDamaged
from indexer.index.dense.view import DenseIndex
from indexer.index.folder import DENSE_FILE, LEXICAL_FOLDER
from indexer.index.lexical import LexicalIndex
from indexer.index.manifest import Counts
from indexer.index.records import Keys
from indexer.index.rows import count
from indexer.index.segments import passage_keys


def check_written(place: Path, connection: sqlite3.Connection, added: Keys | None) -> Counts:
    """What the rows hold, once the engines' files hold the same; `added` are the documents whose
    terms were written, None for those of all.

    Raises: IndexDamaged.
    """
    counts = count(connection)
    terms = LexicalIndex.open(place / LEXICAL_FOLDER)
    own = passage_keys(connection)
    new = own if added is None else passage_keys(connection, first_document=_first(added))
    for name, found, expected in (
        ("vectors", DenseIndex.open(place / DENSE_FILE).keys(), own),
        ("terms", terms.keys(added), new),
    ):
        if not np.array_equal(found, expected):
            raise _misfit(len(found), name, len(expected))
    if terms.count != counts.passages:
        raise _misfit(terms.count, "terms", counts.passages)
    return counts


def _first(added: Keys) -> int:
    return int(added[0]) if len(added) else np.iinfo(np.int64).max


def _misfit(found: int, name: str, passages: int) -> IndexDamaged:
    return IndexDamaged(
        f"{found} {name} were written for {passages} passages",
        hint="this is a fault of the program; the index is as it was before",
    )
