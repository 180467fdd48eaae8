"""An index is made again from itself, backed up and brought back; what was removed is erased."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from indexer.embed.base import Embedder
from indexer.errors import IndexDamaged, IndexMismatch, InvalidRequest
from indexer.index.backups import restore, snapshot
from indexer.index.folder import IndexFolder
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.pipeline import build, remove, update
from indexer.upkeep import compact, rebuild
from tests.indexer.test_pipeline import LengthEmbedder, age, answers, sources


def load(name: str) -> Embedder:
    assert name == "by-hand"
    return LengthEmbedder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "档案"
    root.mkdir()
    (root / "捐赠.txt").write_text("捐赠公告\n\n昭觉县收到捐款三十万元。\n", "utf-8")
    (root / "分红.md").write_text("# 分红大会\n\n44户每户分到1500元。\n", "utf-8")
    (root / "密件.txt").write_text("密件\n\n证人赵钱孙住在柳树巷七号。\n", "utf-8")
    for path in root.iterdir():
        age(path)
    return root


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Path:
    build([folder], tmp_path / "index", LengthEmbedder())
    return tmp_path / "index"


def vectors(index: Path) -> list[float]:
    reader = open_index(index)
    query = LengthEmbedder().embed_queries(["捐"])[0]
    cosines = reader.cosines(query, reader.select().passages.tolist())
    reader.close()
    return cosines


@pytest.mark.parametrize(
    "name", ["CURRENT", "manifest.json", "dense.faiss", "lexical/meta.json", "lexical/*.term"]
)
def test_rebuild_mends_all_but_the_database(index: Path, folder: Path, name: str) -> None:
    remove(index, ["分红.md"])
    before = vectors(index)
    shutil.rmtree(folder)  # the files are not needed
    place = index if name == "CURRENT" else index / "generations/g000001"
    (path,) = place.glob(name)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(IndexDamaged) as caught:
        open_index(index)
    assert caught.value.hint == f"run: python -m indexer rebuild --index {index}"
    report = rebuild(index, load)
    assert report.documents == 2
    assert verify_index(index).problems == ()
    assert sources(index) == ["密件.txt", "捐赠.txt"]
    assert vectors(index) == before
    assert answers(index, "三十万元") == ["捐赠.txt"]


def test_rebuild_of_a_damaged_database_is_refused(index: Path) -> None:
    path = index / "generations/g000001/documents.sqlite"
    data = path.read_bytes()
    at = data.index("柳树巷".encode())
    path.write_bytes(data[:at] + b"x" + data[at + 1 :])
    with pytest.raises(IndexDamaged):
        rebuild(index, load)
    assert IndexFolder(index).generation_numbers() == [1]


def test_rebuild_with_another_model_makes_its_vectors(index: Path) -> None:
    with pytest.raises(IndexMismatch):
        update(index, LengthEmbedder("two"))
    rebuild(index, lambda name: LengthEmbedder("two"))
    assert update(index, LengthEmbedder("two")).unchanged == 3
    assert verify_index(index).problems == ()


def holds(folder: Path, words: str) -> bool:
    return any(words.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_compact_leaves_no_byte_of_what_was_removed(index: Path) -> None:
    before = vectors(index)
    assert holds(index, "柳树巷七号")
    remove(index, ["密件.txt"])
    assert holds(index, "柳树巷七号"), "removing hides"
    report = compact(index)
    assert (report.documents, report.notes) == (2, ())
    for words in ("柳树巷七号", "赵钱孙"):
        assert not holds(index, words)
    assert set(vectors(index)) <= set(before)
    assert verify_index(index).problems == ()
    assert answers(index, "每户多少钱")[0] == "分红.md"
    assert update(index, LengthEmbedder()).documents == 2, "it does not come back"
    assert sources(index) == ["分红.md", "捐赠.txt"]


def test_an_update_keeps_no_text_of_what_was_removed(index: Path) -> None:
    remove(index, ["密件.txt"])
    update(index, LengthEmbedder())
    assert not holds(index, "柳树巷七号")


def test_compact_tells_who_still_reads(index: Path) -> None:
    reader = open_index(index)
    remove(index, ["密件.txt"])
    assert compact(index).notes == ("g000001 is still being read; the next writer clears it",)
    reader.close()
    assert compact(index).notes == ()
    assert not holds(index, "柳树巷七号")


@pytest.mark.parametrize("links", [True, False])
def test_a_snapshot_is_an_index_and_can_be_restored(
    index: Path, folder: Path, tmp_path: Path, *, links: bool
) -> None:
    remove(index, ["分红.md"])
    copy = tmp_path / "备份" / "一"
    snapshot(index, copy, links=links)
    assert sources(copy) == ["密件.txt", "捐赠.txt"]
    assert verify_index(copy).problems == ()
    (folder / "新.txt").write_text("新到的简报。\n", "utf-8")
    update(index, LengthEmbedder())
    remove(index, ["密件.txt"])
    compact(index)
    moved = copy.rename(tmp_path / "elsewhere")
    manifest, notes = restore(moved, index)
    assert (manifest.generation, notes) == ("g000004", [])
    assert sources(index) == ["捐赠.txt"], "what was removed meanwhile stays removed"
    assert verify_index(index).problems == ()
    assert update(index, LengthEmbedder()).added == 1
    shutil.rmtree(index)
    restore(moved, index)
    assert sources(index) == ["密件.txt", "捐赠.txt"]


def test_a_damaged_index_makes_no_snapshot_and_nothing_is_overwritten(
    index: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "file").write_text("x")
    with pytest.raises(InvalidRequest):
        snapshot(index, taken)
    path = index / "generations/g000001/documents.sqlite"
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    for links in (True, False):
        with pytest.raises(IndexDamaged):
            snapshot(index, tmp_path / f"copy{links}", links=links)


def test_an_index_inside_its_documents_does_not_index_itself(folder: Path) -> None:
    for place, told in ((folder / "索引", "索引"), (folder, folder.name)):
        build([folder], place, LengthEmbedder())
        assert sources(place) == ["分红.md", "密件.txt", "捐赠.txt"]
        report = update(place, LengthEmbedder())
        assert (report.documents, report.unreadable) == (3, ())
        assert {"index"} <= {each.reason for each in report.skipped if each.source == told}
        assert sources(place) == ["分红.md", "密件.txt", "捐赠.txt"]


def test_content_that_changed_unseen_is_found_by_digest(index: Path, folder: Path) -> None:
    path = folder / "捐赠.txt"
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("三十万", "七十万"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert update(index, LengthEmbedder()).unchanged == 3
    assert update(index, LengthEmbedder(), checks_content=True).changed == 1
    assert answers(index, "七十万")[0] == "捐赠.txt"


def test_the_commands(index: Path, tmp_path: Path) -> None:
    from tests.indexer.test_cli import run

    copy = tmp_path / "a 'copy'"
    done = run("snapshot", copy, "--index", index)
    assert (done.returncode, done.stderr) == (0, "")
    again = run("snapshot", copy, "--index", index)
    assert again.returncode == 1
    shown = again.stderr.rsplit("delete it: ", 1)[1].removesuffix(")\n")
    assert run("compact", "--index", index).returncode == 0
    restored = run("restore", copy, "--index", index)
    assert (restored.returncode, "3 documents" in restored.stdout) == (0, True)
    subprocess.run(["sh", "-c", shown], check=True)
    assert not copy.exists()
    assert run("update", "--check-content", "--index", tmp_path).returncode == 1
