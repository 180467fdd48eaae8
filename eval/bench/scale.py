"""Many news articles: how fast they are indexed, what that takes, how fast they answer.

Everything through the front doors: `python -m indexer build`, `python -m service`, HTTP over a real
socket, one request after the other. Knows no gold: the questions are sentences of the articles.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from eval.bench.processes import BenchFailed, Serving, folder_bytes, run_measured, serving
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from eval.sets.files import load_news, write_articles
from indexer.errors import InvalidRequest
from indexer.text.sentences import split_sentences

WARM_UP = 20
_QUESTION_CHARS = (8, 40)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Of round trips over a kept connection, in ms."""

    first: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    documents: int
    characters: int
    index_seconds: float
    documents_per_second: float
    index_peak_bytes: int
    index_bytes: int
    ready_seconds: float
    questions: int
    search_ms: Quantiles
    ask_ms: Quantiles
    service_peak_bytes: int


def measure(
    news: Path, documents: int, questions: int, seed: int, say: Callable[[str], None]
) -> ScaleFigures:
    """The whole benchmark in a temporary folder.

    Raises: InvalidGold, InvalidRequest, BenchFailed.
    """
    with tempfile.TemporaryDirectory(prefix="wenju-scale-") as temporary:
        folder, index = Path(temporary) / "articles", Path(temporary) / "index"
        say(f"writing {documents} articles")
        articles = list(load_news(news, documents))
        if len(articles) < documents:
            raise InvalidRequest(
                f"{news} holds {len(articles)} articles, {documents} were asked for",
                hint=f"give --documents {len(articles)} or less",
            )
        write_articles(iter(articles), folder)
        asked = sample_questions(articles, questions, seed)
        say("indexing")
        built = run_measured(["indexer", "build", str(folder), "--index", str(index)])
        say(f"asking {len(asked)} questions")
        with (
            serving(index) as service,
            httpx.Client(base_url=service.url, timeout=60.0, trust_env=False) as client,
        ):
            return _figures(
                articles, built.seconds, built.peak_bytes, index, service, client, asked
            )


def _figures(
    articles: Sequence[str],
    index_seconds: float,
    index_peak: int,
    index: Path,
    service: Serving,
    client: httpx.Client,
    asked: Sequence[str],
) -> ScaleFigures:
    return ScaleFigures(
        documents=len(articles),
        characters=sum(map(len, articles)),
        index_seconds=index_seconds,
        documents_per_second=len(articles) / index_seconds,
        index_peak_bytes=index_peak,
        index_bytes=folder_bytes(index),
        ready_seconds=service.ready_s,
        questions=len(asked),
        search_ms=time_requests(client, "/v1/search", [{"query": q} for q in asked]),
        ask_ms=time_requests(client, "/v1/ask", [{"question": q} for q in asked]),
        service_peak_bytes=service.peak_bytes(),
    )


def sample_questions(articles: Sequence[str], count: int, seed: int) -> list[str]:
    """One sentence, cut to a question's length, of each of `count` articles drawn at random."""
    shortest, longest = _QUESTION_CHARS
    drawn = random.Random(seed)
    chosen: list[str] = []
    for text in drawn.sample(articles, k=min(len(articles), 3 * count)):
        spans = [span for span in split_sentences(text) if span[1] - span[0] >= shortest]
        if spans and len(chosen) < count:
            start, end = drawn.choice(spans)
            chosen.append(text[start : min(end, start + longest)])
    return chosen


def time_requests(client: httpx.Client, path: str, bodies: Sequence[dict[str, Any]]) -> Quantiles:
    """Round trips in ms; the first is told apart, the next few warm up. Raises: BenchFailed."""
    times: list[float] = []
    for body in bodies:
        started = time.perf_counter()
        try:
            client.post(path, json=body).raise_for_status()
        except httpx.HTTPError as error:
            raise BenchFailed(
                f"{path}: {error}", hint="an error has no time: mend it and run again"
            ) from error
        times.append((time.perf_counter() - started) * 1000)
    steady = times[WARM_UP:] or times
    return Quantiles(first=times[0], p50=percentile(steady, 0.5), p95=percentile(steady, 0.95))


def record(figures: ScaleFigures, settings: dict[str, Any]) -> dict[str, Any]:
    return {"code": code_version(), "settings": settings, "figures": asdict(figures)}


def rows(figures: ScaleFigures) -> dict[str, str]:
    """The figures as they are read."""
    return {
        "documents": f"{figures.documents:,}",
        "characters": f"{figures.characters:,}",
        "index time": f"{figures.index_seconds:.1f} s",
        "documents a second": f"{figures.documents_per_second:.0f}",
        "peak memory, indexer": _mebibytes(figures.index_peak_bytes),
        "index on disk": _mebibytes(figures.index_bytes),
        "service ready after": f"{figures.ready_seconds:.2f} s",
        "questions": str(figures.questions),
        "search p50 / p95": f"{figures.search_ms.p50:.1f} / {figures.search_ms.p95:.1f} ms",
        "search, the first": f"{figures.search_ms.first:.1f} ms",
        "ask p50 / p95": f"{figures.ask_ms.p50:.1f} / {figures.ask_ms.p95:.1f} ms",
        "ask, the first": f"{figures.ask_ms.first:.1f} ms",
        "peak memory, service": _mebibytes(figures.service_peak_bytes),
    }


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"
