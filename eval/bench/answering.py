"""How long one answer without a language model takes, and what memory, at a hundred thousand
passages: in process and over HTTP, by stage, as shares of the limits that we promise.

Knows no gold: the questions are given, or sentences of the articles.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from eval.bench.inside import InsideFigures
from eval.bench.processes import BenchFailed, run_measured, serving
from eval.bench.scale import WARM_UP, Quantiles, sample_questions, time_requests
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from eval.sets.files import load_news, write_articles
from indexer.errors import InvalidRequest

LIMIT_P50_MS = 60.0
LIMIT_P95_MS = 120.0
LIMIT_READER_BYTES = 200_000_000
STAGES = ("retrieve", "answer", "total", "cpu")


@dataclass(frozen=True, slots=True)
class AnsweringFigures:
    passages: int
    questions: int
    stages_ms: dict[str, Quantiles]  # in process
    http_ms: Quantiles  # round trips
    before_bytes: int
    reader_bytes: int
    opened_bytes: int
    after_bytes: int
    peak_bytes: int

    @property
    def shares(self) -> dict[str, float]:
        """What was measured over its limit: at most 1 keeps the promise."""
        total = self.stages_ms["total"]
        return {
            "p50": total.p50 / LIMIT_P50_MS,
            "p95": total.p95 / LIMIT_P95_MS,
            "http_p50": self.http_ms.p50 / LIMIT_P50_MS,
            "http_p95": self.http_ms.p95 / LIMIT_P95_MS,
            "reader_memory": self.reader_bytes / LIMIT_READER_BYTES,
        }


def measure(
    news: Path,
    documents: int,
    questions: Sequence[str] | int,
    seed: int,
    least_passages: int,
    say: Callable[[str], None],
    index: Path | None = None,
) -> AnsweringFigures:
    """Build the index of so many articles, unless it is given, and ask it.

    `questions` are the questions, or how many sentences of the articles are asked.
    Raises: InvalidGold, InvalidRequest, BenchFailed.
    """
    with tempfile.TemporaryDirectory(prefix="wenju-answering-") as temporary:
        articles = list(load_news(news, documents))
        if isinstance(questions, int):
            questions = sample_questions(articles, questions, seed)
        if index is None:
            folder, index = Path(temporary) / "articles", Path(temporary) / "index"
            say(f"indexing {write_articles(iter(articles), folder)} articles")
            run_measured(["indexer", "build", str(folder), "--index", str(index)])
        say(f"asking {len(questions)} questions in process")
        asked = Path(temporary) / "questions.json"
        asked.write_text(json.dumps(list(questions)), encoding="utf-8")
        inside = _inside(index, asked)
        if inside.passages < least_passages:
            raise InvalidRequest(
                f"the index holds {inside.passages} passages, less than {least_passages}",
                hint="give more --documents, or a smaller --passages",
            )
        say("asking them over HTTP")
        with (
            serving(index) as service,
            httpx.Client(base_url=service.url, timeout=60.0, trust_env=False) as client,
        ):
            http = time_requests(client, "/v1/ask", [{"question": q} for q in questions])
        return figures_of(inside, http)


def _inside(index: Path, questions: Path) -> InsideFigures:
    finished = run_measured(["eval.bench.inside", str(index), str(questions)])
    try:
        return InsideFigures(**json.loads(finished.output.strip().splitlines()[-1]))
    except (ValueError, TypeError, IndexError) as error:
        raise BenchFailed(
            f"no figures came back: {finished.output[-200:]}", hint="run eval.bench.inside by hand"
        ) from error


def figures_of(inside: InsideFigures, http: Quantiles) -> AnsweringFigures:
    steady = inside.timings_ms[WARM_UP:] or inside.timings_ms
    return AnsweringFigures(
        passages=inside.passages,
        questions=len(inside.timings_ms),
        stages_ms={
            stage: Quantiles(
                first=inside.timings_ms[0][stage],
                p50=percentile([each[stage] for each in steady], 0.5),
                p95=percentile([each[stage] for each in steady], 0.95),
            )
            for stage in STAGES
        },
        http_ms=http,
        before_bytes=inside.before_bytes,
        reader_bytes=inside.reader_bytes,
        opened_bytes=inside.opened_bytes,
        after_bytes=inside.after_bytes,
        peak_bytes=inside.peak_bytes,
    )


def record(figures: AnsweringFigures, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": code_version(),
        "settings": settings,
        "figures": {**asdict(figures), "shares": figures.shares},
    }


def rows(figures: AnsweringFigures) -> dict[str, str]:
    """The figures as they are read."""
    times = {**figures.stages_ms, "over HTTP": figures.http_ms}
    memory = {
        "the program": figures.before_bytes,
        "built-in vectors and reader": figures.reader_bytes,
        "opened": figures.opened_bytes,
        "after the questions": figures.after_bytes,
        "peak": figures.peak_bytes,
    }
    return {
        "passages": f"{figures.passages:,}",
        "questions": str(figures.questions),
        **{
            f"{stage} p50 / p95": f"{each.p50:.1f} / {each.p95:.1f} ms"
            for stage, each in times.items()
        },
        **{f"memory, {name}": f"{size / 2**20:.0f} MiB" for name, size in memory.items()},
        **{f"{name} of its limit": f"{share:.2f}" for name, share in figures.shares.items()},
    }
