"""The order of jobs, and files at which the indexer dies, without an indexer."""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import IndexMissing
from service.uploads.indexing import Outcome
from service.uploads.keeping import Keeping
from service.uploads.ledger import Ledger
from service.uploads.records import FileState, Job, JobFile, JobKind, JobProblem, JobState
from service.uploads.worker import Archives, Worker, together


def job(number: int, *sources: str, collection: str = "a", kind: JobKind = JobKind.UPLOAD) -> Job:
    files = tuple(JobFile(n, each, each, "0" * 64, 1) for n, each in enumerate(sources))
    return Job(str(number), kind, collection, JobState.QUEUED, "", files=files)


def test_uploads_share_a_turn_until_something_depends_on_their_order() -> None:
    jobs = [job(1, "x", "y"), job(2, "z"), job(3, "q", collection="b"), job(4, "v")]
    assert [each.job_id for each in together(jobs)] == ["1", "2", "4"]
    assert [each.job_id for each in together([*jobs[:2], job(5, "y"), job(6, "w")])] == ["1", "2"]
    reindex = job(7, kind=JobKind.REINDEX)
    assert [each.job_id for each in together([jobs[0], reindex, jobs[1]])] == ["1"]
    assert [each.job_id for each in together([reindex, jobs[0]])] == ["7"]


def test_compactions_are_done_at_once_but_for_one_after_a_deletion() -> None:
    jobs = [job(1, kind=JobKind.COMPACT), job(2, kind=JobKind.COMPACT)]
    assert [each.job_id for each in together(jobs)] == ["1", "2"]
    between = [jobs[0], job(3, kind=JobKind.DELETE), jobs[1]]
    assert [each.job_id for each in together(between)] == ["1"]


class Mortal:
    """An indexer that dies when one of some files lies in the folder that it is to look at."""

    def __init__(self, deadly: Sequence[str]) -> None:
        self._deadly = deadly
        self.turns = 0

    def __call__(self, order: Mapping[str, Any], *_: object) -> Outcome:
        self.turns += 1
        if any((Path(order["uploads"]) / each).exists() for each in self._deadly):
            return Outcome(None, {}, JobProblem("internal_error", "died", ""), has_died=True)
        return Outcome("g000001", {})


def no_index(_: str) -> Any:
    raise IndexMissing("no index", hint="")


@pytest.mark.parametrize("deadly", [(), ("3.txt",), ("0.txt", "7.txt"), ("5.txt", "6.txt")])
def test_only_the_file_at_which_the_indexer_dies_is_refused(
    tmp_path: Path, deadly: tuple[str, ...]
) -> None:
    ledger, indexer = Ledger(tmp_path / "jobs.db"), Mortal(deadly)
    keeping = Keeping(tmp_path / "uploads", "a")
    files = []
    for number in range(8):
        digest = hashlib.sha256(b"%d" % number).hexdigest()
        (tmp_path / "received").write_bytes(b"%d" % number)
        keeping.take(tmp_path / "received", digest)
        files.append(JobFile(number, f"{number}.txt", f"{number}.txt", digest, 1))
    jobs = [ledger.add(JobKind.UPLOAD, "a", files[:5]), ledger.add(JobKind.UPLOAD, "a", files[5:])]
    archives = Archives(tmp_path / "uploads", {"a": tmp_path / "index"}, no_index, {})
    worker = Worker(ledger, archives, threading.RLock(), indexer)
    worker.start()
    deadline = time.monotonic() + 30
    while ledger.unfinished():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    worker.stop()
    found = {
        file.name: file.state
        for each in jobs
        if (now := ledger.job(each.job_id)) is not None
        for file in now.files
    }
    refused = {name for name, state in found.items() if state is FileState.REFUSED}
    assert refused == set(deadly)
    assert {path.name for path in keeping.files.iterdir()} == found.keys() - set(deadly)
    assert {file.name for file in files if keeping.has(file.digest or "")} == (
        found.keys() - set(deadly)
    )
    assert {each.state for each in ledger.jobs(["a"], 10)} == {JobState.DONE}
    ledger.close()


def test_a_ledger_is_as_it_was_left(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "jobs.db")
    added = ledger.add(JobKind.UPLOAD, "a", [JobFile(1, "甲.txt", "甲.txt", "1" * 64, 3)])
    ledger.keep("a", "甲.txt", "1" * 64, 3)
    ledger.close()
    again = Ledger(tmp_path / "jobs.db")
    assert again.unfinished() == [added]
    assert again.digest("a", "甲.txt") == "1" * 64
    assert again.needs("a", "1" * 64)
    assert not again.needs("b", "1" * 64)
    deletion = again.add(JobKind.DELETE, "a", state=JobState.RUNNING)
    later = again.add(JobKind.UPLOAD, "a", [JobFile(1, "甲.txt", "甲.txt", "2" * 64, 3)])
    assert again.withdraw(deletion, "甲.txt") == ["1" * 64], "what came later is not meant"
    assert [each.files[0].state for each in again.unfinished() if each.files] == [
        FileState.REMOVED,
        FileState.WAITING,
    ]
    again.end(later.job_id, problem=JobProblem("storage_full", "full", "free"))
    assert [each.state for each in again.jobs(["a"], 1)] == [JobState.FAILED]
    again.close()


def test_a_ledger_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "jobs.db")) as before:
        before.execute(
            "CREATE TABLE kept (collection TEXT NOT NULL, source TEXT NOT NULL, digest TEXT "
            "NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (collection, source)) STRICT"
        )
        before.execute("INSERT INTO kept VALUES ('a', '旧.txt', 'd1', 5)")
        before.commit()
    for _ in range(2):
        ledger = Ledger(tmp_path / "jobs.db")
        assert ledger.kept_since("a") == {"旧.txt": ""}
        ledger.close()
    ledger = Ledger(tmp_path / "jobs.db")
    ledger.keep("a", "旧.txt", "d2", 6)
    assert ledger.kept("a") == {"旧.txt": "d2"}
    assert ledger.kept_since("a")["旧.txt"] > "2026"
    ledger.close()


def test_a_deletion_that_two_carry_out_takes_no_later_upload(tmp_path: Path) -> None:
    ledger, keeping = Ledger(tmp_path / "jobs.db"), Keeping(tmp_path / "uploads", "a")
    archives = Archives(tmp_path / "uploads", {"a": tmp_path / "index"}, no_index, {})
    worker = Worker(ledger, archives, threading.RLock(), Mortal(()))
    file = JobFile(1, "甲.txt", "甲.txt", hashlib.sha256(b"1").hexdigest(), 1)

    def upload() -> None:
        (tmp_path / "received").write_bytes(b"1")
        keeping.take(tmp_path / "received", str(file.digest))
        keeping.put("甲.txt", str(file.digest))
        ledger.keep("a", "甲.txt", str(file.digest), 1)

    upload()
    deletion = ledger.add(JobKind.DELETE, "a", [replace(file, digest=None)], JobState.RUNNING)
    worker.delete(deletion)
    assert not (keeping.files / "甲.txt").exists()
    upload()  # of a later job
    worker.delete(deletion)  # by whoever was slower
    assert (keeping.files / "甲.txt").read_bytes() == b"1"
    assert ledger.digest("a", "甲.txt") == file.digest
    ledger.close()
