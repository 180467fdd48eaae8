"""The desk over a restart: uploads that a new build left out are indexed again by themselves."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.errors import JobNotFound, StateLocked
from indexer.index.backups import restore, snapshot
from indexer.index.store import IndexReader, open_index
from indexer.pipeline import build, remove
from service.uploads.desk import Desk
from service.uploads.receiving import Received
from service.uploads.records import JobKind, JobState

TEXT = "河道清淤\n\n清淤共运土3100方。\n".encode()


def opened(root: Path) -> Desk:
    def reader(_: str) -> IndexReader:
        return open_index(root / "index")

    return Desk(root / "state", {"a": root / "index"}, reader, {"WENJU_EMBEDDER": "builtin"})


def until(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def sources(root: Path) -> set[str]:
    reader = open_index(root / "index")
    page = reader.documents(100, None, reader.select())
    reader.close()
    return {each.document.source for each in page.documents}


def received(desk: Desk, name: str, data: bytes) -> Received:
    handle, path = desk.new_file()
    with open(handle, "wb") as file:
        file.write(data)
    return Received(name, name, len(data), hashlib.sha256(data).hexdigest(), path)


def test_uploads_outlive_a_build_that_does_not_know_of_them(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "绿化.txt").write_text("绿化\n\n栽树40棵。\n")
    desk = opened(tmp_path)
    desk.open()
    job = desk.accept("a", [received(desk, "河/清淤.txt", TEXT)], [])
    until(lambda: desk.job(job.job_id, ["a"]).state is JobState.DONE)
    assert sources(tmp_path) == {"河/清淤.txt"}
    with pytest.raises(JobNotFound):
        desk.job(job.job_id, ["b"])
    other = opened(tmp_path)
    with pytest.raises(StateLocked):
        other.open()
    desk.stop()

    build([tmp_path / "given"], tmp_path / "index", load_embedder("builtin"))
    remove(tmp_path / "index", ["绿化.txt"])
    assert sources(tmp_path) == set()
    other = opened(tmp_path)
    other.start()
    until(lambda: [each.state for each in other.jobs(["a"], 9)] == [JobState.DONE] * 2)
    assert [each.kind for each in other.jobs(["a"], 9)] == [JobKind.REINDEX, JobKind.UPLOAD]
    assert sources(tmp_path) == {"河/清淤.txt"}, "and what was removed stays out"
    other.stop()


def test_uploads_outlive_an_earlier_index_that_is_put_back(tmp_path: Path) -> None:
    def upload(name: str) -> None:
        job = desk.accept("a", [received(desk, name, TEXT + name.encode())], [])
        until(lambda: desk.job(job.job_id, ["a"]).state is JobState.DONE)

    desk = opened(tmp_path)
    desk.open()
    upload("河/清淤.txt")
    upload("河/旧.txt")
    desk.stop()
    snapshot(tmp_path / "index", tmp_path / "monday")
    desk = opened(tmp_path)
    desk.open()
    upload("河/补.txt")
    assert len(desk.jobs(["a"], 9)) == 3, "nothing was missing"
    desk.stop()
    remove(tmp_path / "index", ["河/旧.txt"])
    restore(tmp_path / "monday", tmp_path / "index")
    assert sources(tmp_path) == {"河/清淤.txt"}, "and what was removed stays out"
    desk = opened(tmp_path)
    desk.start()
    until(lambda: [each.state for each in desk.jobs(["a"], 9)] == [JobState.DONE] * 4)
    assert sources(tmp_path) == {"河/清淤.txt", "河/补.txt"}
    desk.stop()
    desk = opened(tmp_path)
    desk.open()
    upload("河/新.txt")
    assert len(desk.jobs(["a"], 9)) == 5, "what was removed on purpose is not looked for"
    assert sources(tmp_path) == {"河/清淤.txt", "河/补.txt", "河/新.txt"}
    desk.stop()


def test_a_service_that_only_answers_makes_no_folder(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    desk.start()
    assert desk.jobs(["a"], 10) == []
    with pytest.raises(JobNotFound):
        desk.job("0" * 32, ["a"])
    desk.stop()
    assert not (tmp_path / "state").exists()
