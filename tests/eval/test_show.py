"""A run's figures shown again: as JSON, and as tables that fit in a terminal."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from eval.__main__ import app
from eval.gold import Kind
from eval.runs.asking import run_end
from eval.runs.figures import latencies, summarise
from eval.runs.files import Run
from eval.runs.verdict import CUTOFFS
from eval.show import show_run
from tests.eval.small_run import small_run, written


@pytest.fixture
def whole(tmp_path: Path) -> Run:
    return small_run(tmp_path)


@pytest.fixture
def file(tmp_path: Path, whole: Run) -> Path:
    return written(whole, tmp_path / "runs" / "run.jsonl")


def test_show_as_json(file: Path, whole: Run) -> None:
    done = CliRunner().invoke(app, ["show", str(file), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["questions"], told["crashed"]) == (4, ["q2"])
    assert told["overall"] == summarise(whole.verdicts)
    overall = told["overall"]
    assert overall["right"] == 3 / 4  # q1 q3 q4
    assert overall["recall@1"] == 0  # q1 finds it second, q2 crashed
    assert overall["recall@5"] == 1 / 2
    assert overall["mrr@10"] == 1 / 4
    assert overall["refusal_recall"] == 1
    assert overall["conflict_recall"] is None
    assert list(told["by_kind"]) == ["fact", "figure", "follow_up", "no_answer"]
    assert (told["by_kind"]["fact"]["right"], told["by_kind"]["figure"]["right"]) == (0, 1)
    assert told["latency_ms"] == latencies(whole.verdicts)
    assert told["latency_ms"]["retrieve"] == {"p50": 1.0, "p95": 1.0}
    assert whole.end is not None
    assert told["peak_memory_mib"] == whole.end.peak_memory_mib


def test_show_tells_the_figures_within_80_columns(file: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = CliRunner().invoke(app, ["show", str(file)])
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert "…" not in done.stdout
    assert max(map(len, lines)) <= 80
    told = [line.split() for line in lines]
    # all, questions, found@1 found@5 recall@10 MRR nDCG (1/log2(3), halved), words, vectors
    assert ["all", "4", "0.0", "50.0", "50.0", "25.0", "31.5", "50.0", "50.0"] in told
    assert ["fact", "1", *["0.0"] * 7] in told
    # right, answer hit, first hit, short exact, short F1
    assert ["all", "4", "75.0", "66.7", "66.7", "66.7", "66.7"] in told
    assert ["no_answer", "1", "100.0", "–", "–", "–", "–"] in told
    # document, citation precision and recall, refused wrongly (the crash) and rightly
    assert ["all", "4", "66.7", "100.0", "66.7", "33.3", "100.0"] in told
    assert ["retrieve", "1.0", "1.0"] in told
    assert "quotes that stand exactly where they are said to: 100.0 %" in lines
    assert "crashed: q2: KeyError: '谁来了？'" in lines


def test_show_at_its_widest_fits_as_well(whole: Run) -> None:
    """Every kind, a hundred questions of each, and every figure 100.0."""
    best = whole.verdicts[0]
    assert best.retrieval is not None
    found = replace(
        best.retrieval,
        recall_at=dict.fromkeys(CUTOFFS, 1.0),
        found_at=dict.fromkeys(CUTOFFS, True),
        reciprocal_rank=1,
        ndcg=1,
    )
    best = replace(best, retrieval=found)
    kinds = [kind for kind in Kind for _ in range(100)]
    lines = [
        replace(whole.verdicts[3] if kind is Kind.NO_ANSWER else best, id=f"{n}", kind=kind)
        for n, kind in enumerate(kinds)
    ]
    wide = Run("wide", whole.header, tuple(lines), run_end(0.0, 1, in_process=True))
    console = Console(width=80, record=True, file=StringIO())
    show_run(wide, console)
    shown = console.export_text()
    assert "…" not in shown
    told = [line.split() for line in shown.splitlines()]
    asked = str(len(kinds))
    assert max(map(len, shown.splitlines())) <= 80
    assert ["spelled_otherwise", "100", *["100.0"] * 7] in told
    assert ["all", asked, *["100.0"] * 7] in told
    assert ["all", asked, *["100.0"] * 5] in told
    assert ["all", asked, "100.0", "100.0", "100.0", "0.0", "100.0"] in told


def test_show_of_a_stopped_run_says_how_to_finish_it(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(lines[:3]), encoding="utf-8")
    done = CliRunner().invoke(app, ["show", str(file)])
    assert done.exit_code == 1
    assert done.stderr.startswith("error: run.jsonl: was stopped after 2 of 4 questions\nhint: ")
    assert done.stdout == ""
