"""The short form of `python -m eval.bench load`, and that it would tell what it looks for."""

import asyncio
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from eval.bench.load import Level, at_once, measure, questions_of, record, rows
from eval.bench.processes import cpu_seconds_of
from indexer.embed.load import load_embedder
from indexer.errors import InvalidRequest
from indexer.pipeline import build

TEXTS = {
    "水库.md": "# 青石水库\n\n青石水库的总库容为3200万立方米，坝高41米。\n灌溉面积达到12万亩。\n",
    "渡口.md": "# 柳林渡口\n\n柳林渡口每天开船十二班，末班在晚上九点。\n过河的人每次付两元钱。\n",
    "苗圃.md": "# 东山苗圃\n\n东山苗圃今年育苗四十万株，其中油松二十六万株。\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("load")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], folder / ".index", load_embedder("builtin"))
    return folder / ".index"


def test_many_callers_get_answers_or_a_time_to_come_again_and_vanish_without_a_trace(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_MAX_ANSWERS", "2")
    monkeypatch.setenv("WENJU_MAX_WAITING", "8")
    figures = measure(index, [], clients=(1, 16), seconds=3, vanishing=8, say=print)
    one, many = figures.levels
    assert [one.clients, many.clients] == [1, 16]
    assert set(one.statuses) == {"200"}, "one has a slot always"
    assert set(many.statuses) <= {"200", "503"}
    assert many.statuses["503"] > 0, "sixteen are more than ten"
    assert many.answered == many.statuses["200"] > 10
    assert 0 < many.p50_ms <= many.p95_ms <= many.p99_ms
    assert many.cpu_ms > 0
    assert many.memory[0][1] > 10_000_000
    assert one.errors == many.errors == ()
    assert set(figures.empty.statuses) == {"200"}
    assert figures.empty.p50_ms < one.p50_ms
    assert figures.freed_s is not None
    assert figures.freed_s < 10
    told = rows(figures)
    assert "; 0 errors; memory " in told["16 at once"]
    assert "8 had vanished" in told["free after"]
    assert json.loads(json.dumps(record(figures, {})))["figures"]["levels"][1]["clients"] == 16
    broken = replace(many, errors=("ReadError: ",))
    assert not replace(figures, levels=(one, broken)).is_clean
    assert not replace(figures, freed_s=1.5).is_clean
    assert replace(figures, freed_s=0.5).is_clean


def test_all_clients_wait_at_once_and_times_are_those_of_the_answers() -> None:
    together = threading.Barrier(4)  # breaks, and so fails, where fewer come at once

    def meet(_: httpx.Request) -> httpx.Response:
        together.wait(30)
        time.sleep(0.6)
        return httpx.Response(200)

    async def ask(http: httpx.AsyncClient) -> httpx.Response:
        return await asyncio.to_thread(meet, httpx.Request("GET", "http://stand-in"))

    async def four() -> Level:
        async with httpx.AsyncClient() as http:
            return await at_once(http, os.getpid(), [ask], 4, 0.5)

    with ThreadPoolExecutor(1) as thread:  # a browser test before may have left a loop in this one
        level = thread.submit(asyncio.run, four()).result()
    assert (level.clients, level.answered, level.statuses) == (4, 4, {"200": 4})
    assert 600 <= level.p50_ms <= level.p95_ms
    assert 0 < level.per_second <= 4 / 0.6


def test_the_processor_is_counted_and_waiting_is_not() -> None:
    before = cpu_seconds_of(os.getpid())
    ended = time.process_time() + 0.3
    while time.process_time() < ended:
        pass
    assert cpu_seconds_of(os.getpid()) - before >= 0.25
    assert cpu_seconds_of(2**22 + 1) == 0.0  # no process has such a number


def test_an_error_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_MAX_QUESTION_CHARS", "3")
    figures = measure(
        index, ["很长的一个问题？"], clients=(2,), seconds=0.3, vanishing=0, say=print
    )
    (level,) = figures.levels
    assert set(level.statuses) == {"422"}
    assert len(level.errors) == level.statuses["422"]
    assert not figures.is_clean
    assert figures.freed_s is None


def test_questions_are_sentences_of_the_documents(index: Path, tmp_path: Path) -> None:
    asked = questions_of(index)
    assert asked
    assert all(any(question in text for text in TEXTS.values()) for question in asked)
    (tmp_path / "短.txt").write_text("短。", encoding="utf-8")
    build([tmp_path], tmp_path / ".index", load_embedder("builtin"))
    with pytest.raises(InvalidRequest, match="no sentence"):
        questions_of(tmp_path / ".index")
