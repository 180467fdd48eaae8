"""A build that was killed is taken up again: the index is that of a build that was not."""

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.chunk import Cutting
from indexer.embed.base import Embedder, Matrix
from indexer.embed.load import load_embedder
from indexer.index.folder import IndexFolder
from indexer.index.verify import verify_index
from indexer.pipeline import BuildOptions, build, update
from indexer.report import BuildReport
from indexer.upkeep import compact
from tests.indexer.whole_index import contents

FILES = 300  # three tasks


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Texts with figures, pages with a foot in common, and a file that is none."""
    root = tmp_path_factory.mktemp("documents")
    for at in range(FILES):
        said = f"第{at}村共有{at * 7 + 3}户，户均{at * 31 + 5000}元，增长{at % 9}.5%，三成外出。"
        foot = "\n\n瓦岗在线 联系我们 网站地图" if at % 3 == 0 else ""
        (root / f"{at:03d}.txt").write_text(
            f"第{at}村的收入\n\n{said * (1 + at % 4)}{foot}", "utf-8"
        )
    (root / "150坏.txt").write_bytes(bytes(range(256)) * 8)
    return root


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    index = tmp_path_factory.mktemp("whole") / "index"
    assert build([folder], index, load_embedder("builtin")).taken_up == 0
    return contents(index)


def killed_at(count: int, folder: Path, index: Path, options: BuildOptions) -> None:
    """A build in a process that kills itself once `count` files are done."""
    embedder = load_embedder("builtin")

    def kill(done: int, total: int, source: str) -> None:
        if done == count:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        build([folder], index, embedder, options, kill)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def again(folder: Path, index: Path, options: BuildOptions | None = None) -> BuildReport:
    return build([folder], index, load_embedder("builtin"), options)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("count", "done"), [(1, 128), (129, 255), (257, FILES)])
def test_killed_at_several_instants(
    count: int, done: int, jobs: int, folder: Path, whole: list[object], tmp_path: Path
) -> None:
    index, options = tmp_path / "index", BuildOptions(jobs=jobs)
    killed_at(count, folder, index, options)
    report = again(folder, index, options)
    assert report.taken_up == done
    assert report.added == FILES
    assert contents(index) == whole
    assert not IndexFolder(index).journal.exists()
    assert verify_index(index).problems == ()


def test_killed_twice(folder: Path, whole: list[object], tmp_path: Path) -> None:
    index = tmp_path / "index"
    for count in (1, 129):
        killed_at(count, folder, index, BuildOptions())
    assert again(folder, index).taken_up == 255
    assert contents(index) == whole


def test_another_recipe_begins_anew(folder: Path, whole: list[object], tmp_path: Path) -> None:
    index = tmp_path / "index"
    killed_at(257, folder, index, BuildOptions(cutting=Cutting(max_chars=100)))
    assert again(folder, index).taken_up == 0
    assert contents(index) == whole


def test_what_changed_meanwhile_is_read(folder: Path, tmp_path: Path) -> None:
    index, texts = tmp_path / "index", tmp_path / "texts"
    texts.mkdir()
    for path in folder.iterdir():
        (texts / path.name).write_bytes(path.read_bytes())
    killed_at(129, texts, index, BuildOptions())
    (texts / "000.txt").write_text("第0村只有一户。", "utf-8")
    (texts / "001.txt").unlink()
    (texts / "0000.txt").write_text("新来的一份文件，共18页。", "utf-8")
    assert again(texts, index).taken_up == 253
    build([texts], tmp_path / "other", load_embedder("builtin"))
    assert contents(index) == contents(tmp_path / "other")


def test_a_journal_that_is_cut_short(folder: Path, whole: list[object], tmp_path: Path) -> None:
    index = tmp_path / "index"
    killed_at(257, folder, index, BuildOptions())
    journal = IndexFolder(index).journal
    os.truncate(journal, journal.stat().st_size // 2)
    assert 0 < again(folder, index).taken_up < FILES
    assert contents(index) == whole


def test_an_update_is_taken_up(folder: Path, tmp_path: Path) -> None:
    index, texts = tmp_path / "index", tmp_path / "texts"
    texts.mkdir()
    (texts / "000.txt").write_bytes((folder / "000.txt").read_bytes())
    build([texts], index, load_embedder("builtin"))
    for path in folder.iterdir():
        (texts / path.name).write_bytes(path.read_bytes())

    def interrupt(done: int, total: int, source: str) -> None:
        if done == 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(index, load_embedder("builtin"), progress=interrupt)
    report = update(index, load_embedder("builtin"))
    assert (report.added, report.unchanged) == (FILES - 1, 1)
    assert report.taken_up == 254
    assert verify_index(index).problems == ()


def test_compact_leaves_nothing_of_it(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    again(folder, index)
    killed_at(1, folder, index, BuildOptions())
    assert IndexFolder(index).journal.exists()
    compact(index)
    assert not IndexFolder(index).journal.exists()


class Counting:
    """An embedder that remembers how many texts it was given, and fails when told to."""

    name, fingerprint, dim = "counting", "one", 4

    def __init__(self, most: int) -> None:
        self.texts = 0
        self._most = most

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        self.texts += len(texts)
        if self.texts > self._most:
            raise KeyboardInterrupt
        made = np.asarray([[1, len(text), text.count("户"), 1] for text in texts], np.float32)
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)

    embed_queries = embed_passages


def test_vectors_of_another_embedder_are_not_made_twice(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for at in range(1200):
        (texts / f"{at:04d}.txt").write_text(f"第{at}村共有{at * 7 + 3}户。", "utf-8")
    cut_short: Embedder = Counting(600)
    index = tmp_path / "index"
    with pytest.raises(KeyboardInterrupt):
        build([texts], index, cut_short)
    going_on = Counting(10**6)
    report = build([texts], index, going_on)
    assert report.taken_up >= 512
    assert going_on.texts == 1200 - 512
    build([texts], tmp_path / "other", Counting(10**6))
    assert _rows(index) == _rows(tmp_path / "other")


def _rows(index: Path) -> list[object]:
    from indexer.index.store import open_index

    reader = open_index(index)
    vector = np.asarray([0.5, 0.5, 0.5, 0.5], np.float32)
    found = reader.dense(vector, 2000, reader.select())
    reader.close()
    return [replace(each) for each in found]
