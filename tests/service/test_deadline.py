"""An answer's time: in all, of a stage, and as long as somebody waits."""

import time
from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.archive import Archive
from service.deadline import AnswerAbandoned, AnswerTimedOut, Deadline
from service.records import PassagesFound
from service.settings import Settings


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder: Path = tmp_path_factory.mktemp("deadline")
    (folder / "水库.md").write_text(
        "# 青石水库\n\n青石水库的总库容为3200万立方米。\n", encoding="utf-8"
    )
    build([folder], folder / ".index", load_embedder("builtin"))
    return Archive.open(folder / ".index", Settings())


def test_without_limits_there_is_always_time() -> None:
    deadline = Deadline()
    deadline.begin("retrieve")
    deadline.check()
    assert deadline.left_s == float("inf")


def test_a_stage_has_less_time_than_the_whole() -> None:
    deadline = Deadline(total_s=60, stage_s=0.01)
    deadline.begin("read")
    time.sleep(0.02)
    with pytest.raises(AnswerTimedOut, match=r"'read' took more than 0\.01 s"):
        deadline.check()
    with pytest.raises(AnswerTimedOut):
        deadline.begin("write")


def test_a_new_stage_has_its_own_time_and_one_without_a_limit_all_that_is_left() -> None:
    deadline = Deadline(total_s=60, stage_s=1.5)
    deadline.begin("retrieve")
    time.sleep(0.8)
    deadline.begin("read")
    time.sleep(0.8)
    deadline.check()
    deadline.begin("write", limited=False)
    time.sleep(1.6)
    deadline.check()
    assert 0 < deadline.left_s < 57


def test_the_whole_is_over_whatever_the_stage() -> None:
    deadline = Deadline(total_s=0.01)
    time.sleep(0.02)
    assert deadline.left_s == 0
    with pytest.raises(AnswerTimedOut, match=r"the answer took more than 0\.01 s"):
        deadline.checked(len)("abc")


def test_who_has_gone_ends_what_is_called_next() -> None:
    deadline = Deadline()
    called = deadline.checked(len)
    assert called("abc") == 3
    deadline.cancel()
    with pytest.raises(AnswerAbandoned):
        called("abc")


def test_an_archive_looks_at_the_clock_and_at_who_waits(archive: Archive) -> None:
    question = "青石水库的总库容是多少？"
    assert archive.ask(question, deadline=Deadline(60, 60)).short_answer == "3200万立方米"
    late = Deadline(total_s=0.001)
    time.sleep(0.01)
    with pytest.raises(AnswerTimedOut):
        archive.ask(question, deadline=late)
    with pytest.raises(AnswerTimedOut):
        archive.search(question, deadline=late)
    gone = Deadline()
    events = archive.ask_stream(question, deadline=gone)
    assert isinstance(next(events), PassagesFound)
    gone.cancel()
    with pytest.raises(AnswerAbandoned):
        next(events)


def test_a_stage_that_takes_too_long_ends_the_answer(archive: Archive) -> None:
    events = archive.ask_stream("青石水库的总库容是多少？", deadline=Deadline(60, stage_s=0.0001))
    with pytest.raises(AnswerTimedOut, match=r"'(retrieve|read)' took more than"):
        list(events)
