"""What may go wrong around an index is said with the way out, and loses nothing."""

import json
import os
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from indexer.embed.base import Matrix
from indexer.embed.load import load_embedder
from indexer.errors import EmbedderFailed, IndexLocked, IndexMismatch
from indexer.index.folder import IndexFolder
from indexer.index.pointer import read_pointer, write_pointer
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.pipeline import build, remove, update
from indexer.upkeep import compact, rebuild
from tests.indexer.test_pipeline import LengthEmbedder, age, answers, sources


class SpoiltEmbedder(LengthEmbedder):
    """Says the same of itself, and gives other vectors than it says."""

    def __init__(self, spoil: str) -> None:
        super().__init__()
        self._spoil = spoil

    def embed_passages(self, texts: "list[str]") -> Matrix:  # type: ignore[override]
        vectors = np.array(super().embed_passages(texts))
        if self._spoil == "longer":
            return np.hstack([vectors, vectors])
        if self._spoil == "fewer":
            return vectors[:-1]
        vectors[-1, 0] = float(self._spoil)
        return vectors


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "档案"
    root.mkdir()
    for name, text in (("甲.txt", "捐赠三十万元。"), ("乙.txt", "每户分到1500元。")):
        (root / name).write_text(text, "utf-8")
        age(root / name)
    return root


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Path:
    build([folder], tmp_path / "index", LengthEmbedder())
    return tmp_path / "index"


@pytest.mark.parametrize("spoil", ["longer", "fewer", "nan", "inf", "-inf"])
def test_vectors_that_are_not_what_was_promised(index: Path, folder: Path, spoil: str) -> None:
    (folder / "丙.txt").write_text("新到简报。", "utf-8")
    for write in (
        lambda: update(index, SpoiltEmbedder(spoil)),
        lambda: build([folder], index, SpoiltEmbedder(spoil)),
        lambda: rebuild(index, lambda _: SpoiltEmbedder(spoil)),
    ):
        with pytest.raises(EmbedderFailed) as caught:
            write()
        assert "the index is as it was before" in caught.value.hint
    assert sources(index) == ["乙.txt", "甲.txt"]
    assert verify_index(index).problems == ()
    assert update(index, LengthEmbedder()).added == 1


def test_a_text_without_a_known_word(folder: Path, tmp_path: Path) -> None:
    """No vector points anywhere then: it is found by its characters, and does not spoil others."""
    strange = "\U00020000\U00020001\U00020002\U00020003"
    (folder / "怪.txt").write_text(strange, "utf-8")
    index = tmp_path / "real"
    build([folder], index, load_embedder("builtin"))
    assert verify_index(index).problems == ()
    reader = open_index(index)
    everything = reader.select()
    (found,) = reader.lexical([strange[0]], 5, everything)
    assert reader.passages([found.key])[0].passage.text == strange
    asked = load_embedder("builtin").embed_queries(["捐赠", strange])
    assert reader.dense(asked[0], 1, everything)[0].score > 0
    assert all(np.isfinite(hit.score) for hit in reader.dense(asked[1], 5, everything))
    reader.close()


def test_file_names_that_differ_only_in_case_or_unicode_form(tmp_path: Path) -> None:
    root = tmp_path / "files"
    root.mkdir()
    names = ["A.txt", "a.txt", "\u00e9.txt", "e\u0301.txt", "Ａ.txt", "が.txt", "か\u3099.txt"]
    for number, name in enumerate(names):
        (root / name).write_text(f"第{number}号收款{number}00元。", "utf-8")
        age(root / name)
    if len(list(root.iterdir())) < len(names):
        pytest.skip("this file system takes some of these names for one")
    index = tmp_path / "index"
    build([root], index, LengthEmbedder())
    assert sources(index) == sorted(names)
    remove(index, ["e\u0301.txt", "a.txt"])
    (root / "が.txt").write_text("第五号已改。", "utf-8")
    (root / "か\u3099.txt").unlink()
    report = update(index, LengthEmbedder())
    assert (report.changed, report.removed, report.unchanged) == (1, 1, 3)
    assert sources(index) == sorted(["A.txt", "\u00e9.txt", "Ａ.txt", "が.txt"])
    reader = open_index(index)
    text = reader.document(reader.find_id("\u00e9.txt")).document.text
    assert text == "第2号收款200元。"
    reader.close()
    assert verify_index(index).problems == ()


def test_a_clock_that_was_set_back(index: Path, folder: Path) -> None:
    """Files are younger than now: times are only ever compared for being the same."""
    ahead = time.time_ns() + 400 * 86400 * 10**9
    (folder / "甲.txt").write_text("捐赠九十万元。", "utf-8")
    os.utime(folder / "甲.txt", ns=(ahead, ahead))
    assert update(index, LengthEmbedder()).changed == 1
    for text in ("捐赠一百万元。", "捐赠二百万元。"):  # as long, and of the same time
        (folder / "甲.txt").write_text(text, "utf-8")
        os.utime(folder / "甲.txt", ns=(ahead, ahead))
        assert update(index, LengthEmbedder()).changed == 1
        assert answers(index, text)[0] == "甲.txt"
    os.utime(folder / "乙.txt", ns=(10**9, 10**9))
    assert update(index, LengthEmbedder()).unchanged == 2
    with IndexFolder(index).lock():
        (index / "lock").write_text(f"{os.getpid()} here 2999-01-01T00:00:00+00:00\n")
        with pytest.raises(IndexLocked, match="for 0 minutes"):
            update(index, LengthEmbedder())
    compact(index)
    assert verify_index(index).problems == ()


def test_an_index_that_a_later_version_has_written_to(index: Path, folder: Path) -> None:
    service = open_index(index)
    path = index / "generations/g000001/manifest.json"
    said = json.loads(path.read_bytes()) | {"format_version": 7, "new_field": [1]}
    path.write_text(json.dumps(said), "utf-8")
    digest = sha256(path.read_bytes()).hexdigest()
    write_pointer(index, replace(read_pointer(index), manifest_sha256=digest))
    before = {each: each.read_bytes() for each in index.rglob("*") if each.is_file()}
    for use in (
        lambda: open_index(index),
        service.current,
        lambda: update(index, LengthEmbedder()),
        lambda: remove(index, ["甲.txt"]),
        lambda: compact(index),
    ):
        with pytest.raises(IndexMismatch, match="has format 7, this code reads format 6") as told:
            use()
        assert told.value.hint.startswith("use the version of the program that made it; or run: ")
        assert str(folder) in told.value.hint
    now = {each: each.read_bytes() for each in before}
    assert {each for each in before if now[each] != before[each]} <= {index / "lock"}
    service.close()


def test_a_database_of_a_later_version(index: Path) -> None:
    with closing(sqlite3.connect(index / "generations/g000001/documents.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(IndexMismatch, match=r"documents\.sqlite has schema 99"):
        open_index(index)
