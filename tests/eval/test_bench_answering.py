"""The benchmark of one answer: what a process of its own tells, and the shares of the limits."""

import json
from pathlib import Path

import pytest

from eval.bench.answering import figures_of, rows
from eval.bench.inside import InsideFigures
from eval.bench.processes import run_measured
from eval.bench.scale import WARM_UP, Quantiles
from indexer.embed.load import load_embedder
from indexer.pipeline import build


def test_a_process_of_its_own_asks_every_question(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("县医院接收口罩3428只。", encoding="utf-8")
    build([tmp_path / "docs"], tmp_path / "index", load_embedder("builtin"))
    asked = tmp_path / "questions.json"
    asked.write_text(json.dumps(["县医院接收了多少口罩？", "谁接收了口罩？"]), encoding="utf-8")
    finished = run_measured(["eval.bench.inside", str(tmp_path / "index"), str(asked)])
    inside = InsideFigures(**json.loads(finished.output.splitlines()[-1]))
    assert inside.passages == 1
    assert [sorted(each) for each in inside.timings_ms] == [
        ["answer", "cpu", "retrieve", "total"]
    ] * 2
    # The table of vectors alone is 20 MB.
    assert 20_000_000 < inside.reader_bytes < inside.peak_bytes
    assert inside.before_bytes < inside.opened_bytes <= inside.peak_bytes


def test_figures_leave_the_warm_up_out_and_stand_against_their_limits() -> None:
    stages = {"retrieve": 1.0, "answer": 2.0, "cpu": 3.0}
    slow, quick = ({**stages, "total": each} for each in (900.0, 30.0))
    inside = InsideFigures(
        passages=100_000,
        timings_ms=[slow] * WARM_UP + [quick] * 10,
        before_bytes=1,
        reader_bytes=50_000_000,
        opened_bytes=3,
        after_bytes=4,
        peak_bytes=5,
    )
    figures = figures_of(inside, Quantiles(first=9.0, p50=90.0, p95=240.0))
    assert figures.stages_ms["total"] == Quantiles(first=900.0, p50=30.0, p95=30.0)
    assert figures.shares == pytest.approx(
        {"p50": 0.5, "p95": 0.25, "http_p50": 1.5, "http_p95": 2.0, "reader_memory": 0.25}
    )
    assert rows(figures)["over HTTP p50 / p95"] == "90.0 / 240.0 ms"
