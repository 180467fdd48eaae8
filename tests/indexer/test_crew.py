"""Several processes make the index that one makes, and one that is lost leaves it as it was."""

import multiprocessing
import pickle
import threading
from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.errors import UnreadableFile, WorkerLost
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.pipeline import BuildOptions, build, update
from indexer.text.normalise import fold
from indexer.text.segment import terms
from tests.indexer.whole_index import contents


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pages of a site with a foot of their own, a text and its copy, a file that is none."""
    root = tmp_path / "documents"
    for at in range(150):
        path = root / "ab"[at % 2] / f"{at:03d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        said = f"第{at}村共有{at * 7 + 3}户，户均{at * 31 + 5000}元，增长{at % 9}.5%。"
        foot = "\n\n瓦岗在线 联系我们 网站地图" if at % 2 else ""
        path.write_text(f"第{at}村的收入\n\n{said * (1 + at % 4)}{foot}", "utf-8")
    copied = "".join(f"第{at}条，申请人应当在{at + 3}日内向乡政府提出。" for at in range(60))
    for name in ("办法", "办法转载"):
        (root / f"{name}.txt").write_text(copied, "utf-8")
    (root / "坏.txt").write_bytes(bytes(range(256)) * 8)
    return root


def test_two_processes_make_what_one_makes(folder: Path, tmp_path: Path) -> None:
    embedder = load_embedder("builtin")
    one = build([folder], tmp_path / "one", embedder)
    two = build([folder], tmp_path / "two", embedder, BuildOptions(jobs=2))
    assert (two.documents, two.skipped) == (one.documents, one.skipped)
    assert one.documents == 152
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    assert verify_index(tmp_path / "two").problems == ()


def test_other_processes_may_be_started_anew(folder: Path, tmp_path: Path) -> None:
    """Beside another thread no process may be forked."""
    embedder, done = load_embedder("builtin"), threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        build([folder], tmp_path / "two", embedder, BuildOptions(jobs=2))
    finally:
        done.set()
        thread.join()
    build([folder], tmp_path / "one", embedder)
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_an_update_by_two_processes(folder: Path, tmp_path: Path) -> None:
    embedder, index = load_embedder("builtin"), tmp_path / "index"
    build([folder], index, embedder, BuildOptions(jobs=2))
    (folder / "办法.txt").write_text("本办法自2021年3月1日起废止。", "utf-8")
    (folder / "坏.txt").write_text("现在能读了，一共27页。", "utf-8")
    (folder / "a" / "000.txt").unlink()
    report = update(index, embedder, checks_content=True, jobs=2)
    told = (report.added, report.changed, report.removed, report.unchanged)
    assert told == (1, 1, 1, 150)
    reader = open_index(index)
    for question, source in (("废止", "办法.txt"), ("27页", "坏.txt")):
        (first, *_) = reader.lexical(terms(fold(question)), 1, reader.select())
        assert reader.passages([first.key])[0].source == source
    reader.close()
    assert verify_index(index).problems == ()


def test_a_process_that_is_killed_leaves_the_index_as_it_was(folder: Path, tmp_path: Path) -> None:
    embedder, index = load_embedder("builtin"), tmp_path / "index"
    build([folder / "a"], index, embedder)
    before = contents(index)

    def kill(done: int, total: int, source: str) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(WorkerLost, match="ended before"):
        build([folder], index, embedder, BuildOptions(jobs=2), kill)
    assert contents(index) == before
    assert multiprocessing.active_children() == []


def test_an_interrupted_build_leaves_the_index_as_it_was(folder: Path, tmp_path: Path) -> None:
    embedder, index = load_embedder("builtin"), tmp_path / "index"
    build([folder / "a"], index, embedder)
    before = contents(index)

    def interrupt(done: int, total: int, source: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([folder], index, embedder, BuildOptions(jobs=2), interrupt)
    assert contents(index) == before
    assert multiprocessing.active_children() == []


def test_errors_pass_from_one_process_to_another() -> None:
    error = pickle.loads(pickle.dumps(UnreadableFile("a", reason="b", hint="c")))
    assert isinstance(error, UnreadableFile)
    assert (error.message, error.reason, error.hint, str(error)) == ("a", "b", "c", "a")
