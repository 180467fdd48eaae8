"""The short form of `python -m eval.bench callers`, and that it would tell what it looks for."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.bench.callers import measure, questions_of, record, rows
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
    figures = measure(index, [], clients=16, seconds=3, vanishing=8, say=print)
    assert figures.errors == ()
    assert set(figures.statuses) <= {"200", "503"}
    assert figures.statuses["503"] > 0, "sixteen are more than ten"
    assert figures.answered == figures.statuses["200"] > 10
    assert 0 < figures.p50_ms <= figures.p95_ms <= figures.p99_ms
    assert figures.memory[0][1] > 10_000_000
    assert figures.freed_s is not None
    assert figures.freed_s < 10
    told = rows(figures)
    assert told["errors"] == "0"
    assert "8 had vanished" in told["free after"]
    assert json.loads(json.dumps(record(figures, {})))["figures"]["clients"] == 16
    assert not replace(figures, errors=("ReadError: ",)).is_clean
    assert not replace(figures, freed_s=1.5).is_clean
    assert replace(figures, freed_s=0.5).is_clean


def test_an_error_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_MAX_QUESTION_CHARS", "3")
    figures = measure(index, ["很长的一个问题？"], clients=2, seconds=0.3, vanishing=0, say=print)
    assert set(figures.statuses) == {"422"}
    assert len(figures.errors) == figures.statuses["422"]
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
