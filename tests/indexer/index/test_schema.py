"""An index with the tables of an earlier version: refused as it is, made anew by a build."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.errors import IndexMismatch
from indexer.index import database
from indexer.index.store import open_index
from indexer.pipeline import build


def test_changed_tables_have_a_new_number() -> None:
    """Whoever changes the tables raises SCHEMA_VERSION, and notes the new digest here."""
    digests = {4: "0816bc20530f3f08", 5: "3798c13343f0fddf", 6: "88be5a0e5a36e423"}
    assert digests[database.SCHEMA_VERSION] == sha256(database._SCHEMA.encode()).hexdigest()[:16]


def test_a_build_replaces_the_tables_of_an_earlier_version(tmp_path: Path) -> None:
    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    (folder / "a.txt").write_text("捐赠口罩3428只，由县医院接收。", encoding="utf-8")
    embedder = load_embedder("builtin")
    build([folder], index, embedder)
    with closing(sqlite3.connect(index / "documents.sqlite")) as connection:
        connection.executescript(
            "ALTER TABLE passages DROP COLUMN places; ALTER TABLE passages ADD COLUMN page INTEGER;"
            "PRAGMA user_version = 1;"
        )
    with pytest.raises(IndexMismatch, match="has schema 1") as told:
        open_index(index)
    assert "indexer build" in told.value.hint
    build([folder], index, embedder)
    reader = open_index(index)
    [passage] = reader.document_passages(reader.find_id("a.txt"))
    assert passage.text == "捐赠口罩3428只，由县医院接收。"
    reader.close()
