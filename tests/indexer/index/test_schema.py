"""An index of an earlier format: refused as it is, upgraded by `rebuild`, replaced by `build`."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from indexer.chunk import CHUNKING_VERSION, chunk
from indexer.embed.load import load_embedder
from indexer.errors import DocumentNotFound, IndexMismatch
from indexer.index import database
from indexer.index.folder import IndexFolder
from indexer.index.generation import new_generation
from indexer.index.pointer import read_pointer, write_pointer
from indexer.index.store import open_index
from indexer.index.tables import SCHEMA, TABLES
from indexer.index.verify import verify_index
from indexer.pipeline import build, remove
from indexer.records import Skipped
from indexer.text import normalise, segment
from indexer.upkeep import rebuild


def test_changed_tables_have_a_new_number() -> None:
    """Whoever changes the tables raises SCHEMA_VERSION, and notes the new digest here."""
    digests = {
        4: "0816bc20530f3f08",
        5: "3798c13343f0fddf",
        6: "88be5a0e5a36e423",
        7: "bd59df33a5a444b5",
        8: "790958484ae54dc2",
    }
    assert digests[database.SCHEMA_VERSION] == sha256(SCHEMA.encode()).hexdigest()[:16]


def test_what_the_rows_are_compared_by_are_the_columns_of_the_tables() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        for table in TABLES:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
            assert columns == [*table.columns, "row_digest"]


@pytest.fixture
def old_index(tmp_path: Path) -> Path:
    """An index of format 3: 口罩.txt and 分红.md; 会议.txt was removed from it."""
    with ZipFile(Path(__file__).with_name("data") / "format3.zip") as packed:
        packed.extractall(tmp_path / "old")
    return tmp_path / "old"


def test_an_index_of_an_earlier_format_is_told_with_the_way_out(old_index: Path) -> None:
    before = {path: path.read_bytes() for path in old_index.rglob("*") if path.is_file()}
    for use in (open_index, lambda index: remove(index, ["分红.md"])):
        with pytest.raises(IndexMismatch, match="has format 3, this code reads format 6") as told:
            use(old_index)
        assert told.value.hint == f"run: python -m indexer rebuild --index {old_index}"
    now = {path: path.read_bytes() for path in before}
    assert now == before


def test_an_index_of_an_earlier_format_is_upgraded_without_its_files(old_index: Path) -> None:
    report = rebuild(old_index, load_embedder)
    assert (report.documents, report.generation) == (2, "g000002")
    assert verify_index(old_index).problems == ()
    reader = open_index(old_index)
    [passage] = reader.document_passages(reader.find_id("口罩.txt"))
    assert passage.text == "县医院收到口罩3428只，由药剂科登记入库。"
    assert reader.manifest.chunking.version == CHUNKING_VERSION
    for source in ("口罩.txt", "分红.md"):
        stored = reader.document(reader.find_id(source)).document
        assert reader.document_passages(stored.document_id) == chunk(stored)
    assert reader.original(reader.find_id("分红.md")).data.decode().startswith("# 分红大会")
    with pytest.raises(DocumentNotFound):
        reader.find_id("会议.txt")
    assert [each.source for each in reader.pointer.removals] == ["会议.txt"]
    assert reader.manifest.root_paths == ("/tmp/archive",)
    reader.close()
    assert not (old_index / "documents.sqlite").exists()


@pytest.fixture
def index4(tmp_path: Path) -> Path:
    """An index of format 4, of two documents as above; its terms and passages are taken for those
    of this code, whose numbers go on.
    """
    index = tmp_path / "four"
    with ZipFile(Path(__file__).with_name("data") / "format4.zip") as packed:
        packed.extractall(index)
    path = index / "generations/g000001/manifest.json"
    said = json.loads(path.read_bytes())
    assert said["format_version"] == 4
    said["normalisation"], said["terms"]["version"] = normalise.VERSION, segment.VERSION
    said["chunking"]["version"] = CHUNKING_VERSION
    said["embedder"] = {"name": "by-hand", "fingerprint": "0123456789abcdef", "dim": 384}
    path.write_text(json.dumps(said), "utf-8")
    digest = sha256(path.read_bytes()).hexdigest()
    write_pointer(index, replace(read_pointer(index), manifest_sha256=digest))
    return index


def test_an_index_of_format_4_answers_and_goes_on(index4: Path) -> None:
    database4 = (index4 / "generations/g000001/documents.sqlite").stat().st_ino
    reader = open_index(index4)
    [passage] = reader.document_passages(reader.find_id("口罩.txt"))
    assert passage.text == "县医院收到口罩3428只，由药剂科登记入库。"
    assert reader.passage_count == 2
    assert verify_index(index4).problems == ()
    folder = IndexFolder(index4)
    with new_generation(folder, reader.manifest.settings) as writer:
        writer.skip([Skipped("leer.txt", "empty", "")])
        writer.finish(reader.manifest.roots, 1000)
    reader = reader.current()
    assert reader.manifest.format_version == 6
    assert folder.segments(reader.manifest).paths[0].stat().st_ino == database4
    assert verify_index(index4).problems == ()
    with new_generation(folder, reader.manifest.settings) as writer:
        writer.drop([writer.known_files()["分红.md"].key])
        writer.finish(reader.manifest.roots, 1000)
    reader = reader.current()
    documents = reader.documents(9, None, reader.select()).documents
    assert [each.document.source for each in documents] == ["口罩.txt"]
    assert [each.source for each in reader.pointer.removals] == ["会议.txt"]
    reader.close()
    assert verify_index(index4).problems == ()


def test_a_build_replaces_an_index_of_an_earlier_format(old_index: Path, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("捐赠口罩3428只，由县医院接收。", encoding="utf-8")
    build([folder], old_index, load_embedder("builtin"))
    reader = open_index(old_index)
    [passage] = reader.document_passages(reader.find_id("a.txt"))
    assert passage.text == "捐赠口罩3428只，由县医院接收。"
    reader.close()
    assert verify_index(old_index).problems == ()
