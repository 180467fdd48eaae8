"""All that an index holds, to be compared with another one's."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.embed.load import load_embedder
from indexer.index.dense.view import DenseIndex
from indexer.index.folder import DENSE_FILE, IndexFolder
from indexer.index.store import open_index
from indexer.text.normalise import fold
from indexer.text.segment import terms

TABLES = ("contents", "originals", "edges", "passages", "tokens", "reprints", "skipped")


def contents(index: Path) -> list[object]:
    """All that an index holds but for when it was made."""
    with _database(index) as rows:
        columns = "key, source, digest, title, date, fingerprint, characters, passages"
        said: list[object] = rows.execute(f"SELECT {columns} FROM documents").fetchall()
        said += [rows.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in TABLES]
    folder = IndexFolder(index)
    dense = DenseIndex.open(folder.generation(folder.pointer().number) / DENSE_FILE)
    question = load_embedder("builtin").embed_queries(["户均收入是多少"])[0]
    said.append(dense.search(question, 20, None))
    reader = open_index(index)
    asked = terms(fold("第12村户均收入"))
    said.append([(hit.key, hit.score) for hit in reader.lexical(asked, 20, reader.select())])
    reader.close()
    return said


@contextmanager
def _database(index: Path) -> Iterator[sqlite3.Connection]:
    folder = IndexFolder(index)
    connection = sqlite3.connect(folder.database(folder.pointer().number))
    yield connection
    connection.close()
