"""Folders to an index and back: what is read, what is skipped, what an update sees."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.chunk import Cutting
from indexer.embed.base import Matrix
from indexer.embed.load import load_embedder
from indexer.errors import (
    EmbedderFailed,
    IndexMismatch,
    IndexMissing,
    InvalidRequest,
    NothingToIndex,
)
from indexer.index.manifest import require_embedder
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.pipeline import BuildOptions, build, remove, update
from indexer.text.normalise import fold
from indexer.text.segment import terms


class LengthEmbedder:
    """Vectors told by hand: the direction is the share of 捐 in a text. Counts what it is given."""

    name = "by-hand"
    dim = 2

    def __init__(self, fingerprint: str = "one") -> None:
        self.fingerprint = fingerprint
        self.texts: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        self.texts += texts
        angles = [text.count("捐") / max(1, len(text)) for text in texts]
        return np.asarray([(np.cos(a), np.sin(a)) for a in angles], np.float32).reshape(-1, 2)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self.embed_passages(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "档案"
    (root / "2020").mkdir(parents=True)
    (root / "2020" / "捐赠.txt").write_text("捐赠公告\n\n昭觉县收到捐款三十万元。\n", "utf-8")
    (root / "2020" / "分红.md").write_text("# 分红大会\n\n44户每户分到1500元。\n", "utf-8")
    (root / "旧文.txt").write_bytes("旧文\n\n医院派出医疗队。\n".encode("gb18030"))
    return root


def age(path: Path, seconds: int = 100) -> None:
    """Make a file look as if it had not been touched for a while."""
    then = path.stat().st_mtime_ns - seconds * 10**9
    os.utime(path, ns=(then, then))


def answers(index_dir: Path, question: str) -> list[str]:
    reader = open_index(index_dir)
    hits = reader.lexical(terms(fold(question)), 5, reader.select())
    found = [each.source for each in reader.passages([hit.key for hit in hits])]
    reader.close()
    return found


def sources(index_dir: Path) -> list[str]:
    reader = open_index(index_dir)
    page = reader.documents(500, None, reader.select())
    reader.close()
    return [each.document.source for each in page.documents]


def test_build_and_search(folder: Path, tmp_path: Path) -> None:
    embedder = LengthEmbedder()
    shown: list[tuple[int, int, str]] = []
    index = tmp_path / "index"
    report = build(
        [folder],
        index,
        embedder,
        progress=lambda done, total, name: shown.append((done, total, name)),
    )
    assert (report.documents, report.added, report.skipped) == (3, 3, ())
    assert report.passages == len(embedder.texts) == 3
    assert report.characters == sum(
        len(open_index(index).document(open_index(index).find_id(name)).document.text)
        for name in sources(index)
    )
    assert [(done, total) for done, total, _ in shown] == [(1, 3), (2, 3), (3, 3)]
    stages = {"walk", "read", "sites", "chunk", "embed", "terms", "store", "finish"}
    assert set(report.seconds) == stages
    assert answers(index, "每户多少钱")[0] == "2020/分红.md"
    assert answers(index, "醫療隊") == ["旧文.txt"], "the traditional spelling finds it"
    assert verify_index(index).problems == ()
    reader = open_index(index)
    assert reader.manifest.roots[0].path == str(folder)
    assert reader.original(reader.find_id("旧文.txt")).data == (folder / "旧文.txt").read_bytes()
    (hit,) = reader.dense(embedder.embed_queries(["捐捐"])[0], 1, reader.select())
    assert reader.passages([hit.key])[0].source == "2020/捐赠.txt"
    reader.close()


def test_the_context_is_embedded_and_indexed_but_is_not_in_the_text(
    folder: Path, tmp_path: Path
) -> None:
    embedder = LengthEmbedder()
    build([folder], tmp_path / "index", embedder)
    (given,) = [text for text in embedder.texts if "1500" in text]
    assert given == "分红大会\n44户每户分到1500元。"
    assert answers(tmp_path / "index", "大会") == ["2020/分红.md"]
    reader = open_index(tmp_path / "index")
    (passage,) = reader.document_passages(reader.find_id("2020/分红.md"))
    assert passage.text == "44户每户分到1500元。"
    reader.close()


def test_files_that_cannot_be_read_are_told_and_the_rest_goes_on(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "空.txt").write_bytes(b"")
    (folder / "程序.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "大.txt").write_text("字" * 400_000, "utf-8")
    (folder / "表.dat").write_bytes(b"x")
    (folder / ".git").write_bytes(b"x")
    (folder / "断.txt").symlink_to(folder / "nowhere.txt")
    report = build(
        [folder], tmp_path / "index", LengthEmbedder(), BuildOptions(max_file_bytes=1_000_000)
    )
    reasons = {each.source: each.reason for each in report.skipped}
    assert report.documents == 3
    assert reasons == {
        "空.txt": "empty",
        "程序.txt": "not_text",
        "大.txt": "too_large",
        "表.dat": "unsupported_format",
        ".git": "hidden",
        "断.txt": "broken_link",
    }
    assert {each.source for each in report.unreadable} == {"空.txt", "程序.txt", "大.txt", "断.txt"}
    reader = open_index(tmp_path / "index")
    assert {each.source for each in reader.skipped()} == set(reasons)
    reader.close()


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\x02" * 500])
def test_nothing_to_index_leaves_the_old_index(
    folder: Path, tmp_path: Path, content: bytes | None
) -> None:
    index, empty = tmp_path / "index", tmp_path / "empty"
    empty.mkdir()
    if content is not None:
        (empty / "a.txt").write_bytes(content)
    with pytest.raises(NothingToIndex):
        build([empty], index, LengthEmbedder())
    with pytest.raises(IndexMissing):
        open_index(index)
    build([folder], index, LengthEmbedder())
    with pytest.raises(NothingToIndex):
        build([empty], index, LengthEmbedder())
    assert len(sources(index)) == 3
    assert verify_index(index).problems == ()


def test_a_failing_embedder_leaves_the_old_index(folder: Path, tmp_path: Path) -> None:
    class Failing(LengthEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Matrix:
            raise EmbedderFailed(f"no vectors for {len(texts)} texts today", hint="none")

    build([folder], tmp_path / "index", LengthEmbedder())
    (folder / "neu.txt").write_text("新的文件。", "utf-8")
    with pytest.raises(EmbedderFailed):
        build([folder], tmp_path / "index", Failing())
    with pytest.raises(EmbedderFailed):
        update(tmp_path / "index", Failing())
    assert len(sources(tmp_path / "index")) == 3
    assert verify_index(tmp_path / "index").problems == ()


def test_update_reads_only_what_changed(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    for path in folder.rglob("*.*"):
        age(path)
    build([folder], index, LengthEmbedder())
    nothing = update(index, LengthEmbedder())
    assert (nothing.unchanged, nothing.added, nothing.changed, nothing.removed) == (3, 0, 0, 0)
    assert nothing.generation == "g000001", "nothing to do makes no generation"

    (folder / "2020" / "捐赠.txt").write_text("捐赠公告\n\n昭觉县收到捐款九十万元。\n", "utf-8")
    (folder / "新.txt").write_text("新到的简报。\n", "utf-8")
    (folder / "旧文.txt").unlink()
    age(folder / "2020" / "分红.md", 50)  # touched, but the same
    embedder = LengthEmbedder()
    report = update(index, embedder)
    assert (report.added, report.changed, report.unchanged, report.removed) == (1, 1, 1, 1)
    assert report.generation == "g000002"
    assert len(embedder.texts) == 2
    assert sources(index) == ["2020/分红.md", "2020/捐赠.txt", "新.txt"]
    assert answers(index, "九十万")[0] == "2020/捐赠.txt"
    assert answers(index, "医疗队") == []
    assert verify_index(index).problems == ()
    assert update(index, LengthEmbedder()).generation == "g000002"


def test_an_update_finds_what_a_build_finds(folder: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    build([folder], first, LengthEmbedder())
    (folder / "2020" / "捐赠.txt").write_text("捐赠公告\n\n昭觉县收到捐款九十万元。\n", "utf-8")
    (folder / "新.txt").write_text("新到的简报说分红。\n", "utf-8")
    update(first, LengthEmbedder())
    build([folder], second, LengthEmbedder())
    for question in ("分红", "捐款九十万", "医疗队"):
        assert sorted(answers(first, question)) == sorted(answers(second, question))


def test_a_change_within_the_same_tick_of_the_clock_is_seen(folder: Path, tmp_path: Path) -> None:
    index, path = tmp_path / "index", folder / "旧文.txt"
    build([folder], index, LengthEmbedder())
    before = path.stat()
    path.write_bytes(path.read_bytes().replace("派出".encode("gb18030"), "召回".encode("gb18030")))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert update(index, LengthEmbedder()).changed == 1
    assert answers(index, "召回") == ["旧文.txt"]


def test_a_file_that_turned_unreadable_goes(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build([folder], index, LengthEmbedder())
    (folder / "旧文.txt").write_bytes(b"\x00\x01\x02\x03" * 300)
    report = update(index, LengthEmbedder())
    assert report.removed == 1
    assert [each.source for each in report.unreadable] == ["旧文.txt"]
    assert "旧文.txt" not in sources(index)


def test_what_was_removed_stays_out_until_a_new_build(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build([folder], index, LengthEmbedder())
    assert remove(index, ["旧文.txt"]) == ["旧文.txt"]
    assert answers(index, "医疗队") == []
    report = update(index, LengthEmbedder())
    assert report.documents == 2
    assert [(each.source, each.reason) for each in report.skipped] == [("旧文.txt", "removed")]
    assert report.unreadable == ()
    assert answers(index, "医疗队") == []
    assert verify_index(index).problems == ()
    assert build([folder], index, LengthEmbedder()).documents == 3
    assert answers(index, "医疗队") == ["旧文.txt"]


def test_an_emptied_or_absent_root_does_not_empty_the_index(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build([folder], index, LengthEmbedder())
    aside = folder.rename(tmp_path / "aside")
    with pytest.raises(InvalidRequest, match="not there"):
        update(index, LengthEmbedder())
    folder.mkdir()
    with pytest.raises(NothingToIndex):
        update(index, LengthEmbedder())
    shutil.rmtree(folder)
    aside.rename(folder)
    assert len(sources(index)) == 3
    assert update(index, LengthEmbedder()).unchanged == 3


def test_several_roots(folder: Path, tmp_path: Path) -> None:
    index, other = tmp_path / "index", tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("另一个文件夹。", "utf-8")
    build([folder, other], index, LengthEmbedder())
    assert sources(index) == [
        "other/a.txt",
        "档案/2020/分红.md",
        "档案/2020/捐赠.txt",
        "档案/旧文.txt",
    ]
    (other / "b.txt").write_text("又一个。", "utf-8")
    report = update(index, LengthEmbedder())
    assert (report.added, report.unchanged) == (1, 4)
    assert "other/b.txt" in sources(index)
    alone = build([other / "a.txt"], index, LengthEmbedder())
    assert alone.documents == 1
    assert sources(index) == ["a.txt"]
    assert update(index, LengthEmbedder()).unchanged == 1


def test_two_files_of_the_same_content_are_both_kept(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "旧文.txt", folder / "又一份.txt")
    build([folder], tmp_path / "index", LengthEmbedder())
    assert sorted(answers(tmp_path / "index", "医疗队")) == ["又一份.txt", "旧文.txt"]


def test_another_embedder_is_a_mismatch_that_names_the_way_out(
    folder: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build([folder], index, LengthEmbedder("one"))
    with pytest.raises(IndexMismatch) as caught:
        update(index, LengthEmbedder("two"))
    assert "one" in caught.value.message
    assert "two" in caught.value.message
    hint = f"run: python -m indexer rebuild --index {index} --embedder by-hand"
    assert caught.value.hint == hint
    manifest = open_index(index).manifest
    require_embedder(manifest, LengthEmbedder("one"), index)
    assert build([folder], index, LengthEmbedder("two")).generation == "g000002"


def test_long_documents_are_cut_and_batched(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for n in range(3):
        lines = [f"第{at}段说的是第{at}件事，捐款{at}元。" * 6 for at in range(300)]
        (root / f"{n}.txt").write_text("\n\n".join(lines), "utf-8")
    embedder = LengthEmbedder()
    report = build([root], tmp_path / "index", embedder, BuildOptions(cutting=Cutting(100)))
    assert report.passages == len(embedder.texts) > 900
    assert verify_index(tmp_path / "index").problems == ()


def test_the_built_in_embedder_builds_and_finds(folder: Path, tmp_path: Path) -> None:
    embedder = load_embedder("builtin")
    build([folder], tmp_path / "index", embedder)
    reader = open_index(tmp_path / "index")
    assert reader.manifest.embedder.name == "builtin"
    (hit, *_) = reader.dense(embedder.embed_queries(["募集到的善款"])[0], 3, reader.select())
    assert reader.passages([hit.key])[0].source == "2020/捐赠.txt"
    reader.close()
