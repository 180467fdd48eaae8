"""Many news articles: how fast they are indexed, what that takes, how fast they answer and change.

Everything through the front doors: `python -m indexer build`, `python -m service`, HTTP over a real
socket, one request after the other. Knows no gold: the questions are sentences of the articles.
Where more are asked for than there are, articles are made of their sentences.
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

from eval.bench.processes import (
    BenchFailed,
    cpu_seconds_of,
    folder_bytes,
    run_measured,
    serving,
)
from eval.bench.recombined import recombined
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from eval.sets.files import load_news, write_articles
from indexer.embed.load import load_embedder
from indexer.index.folder import IndexFolder
from indexer.index.manifest import Manifest, VectorsStamp
from indexer.index.store import open_index
from indexer.pipeline import update
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
class Change:
    """Seconds from the start of an update until an open reader answers from it, or no longer."""

    added_s: float
    deleted_s: float


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """`search_cpu_ms` is the service's own processor time a request, of all its threads: it changes
    less than a round trip with what else the machine does. Peaks are of the process named, without
    the processes that read files for it.
    """

    documents: int
    made: bool  # of the sentences of fewer articles
    passages: int
    characters: int
    index_seconds: float
    documents_per_second: float
    index_peak_bytes: int
    index_bytes: int
    vectors: VectorsStamp
    ready_seconds: float
    questions: int
    search_ms: Quantiles
    search_cpu_ms: float
    ask_ms: Quantiles
    service_peak_bytes: int
    change: Change


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
        made = len(articles) < documents
        write_articles(recombined(articles, documents, seed) if made else iter(articles), folder)
        asked = sample_questions(articles, questions, seed)
        say("indexing")
        built = run_measured(["indexer", "build", str(folder), "--index", str(index)])
        say(f"asking {len(asked)} questions")
        size, manifest = folder_bytes(index), _manifest(index)
        with (
            serving(index) as service,
            httpx.Client(base_url=service.url, timeout=60.0, trust_env=False) as client,
        ):
            before = cpu_seconds_of(service.pid)
            search = time_requests(client, "/v1/search", [{"query": each} for each in asked])
            worked = cpu_seconds_of(service.pid) - before
            ask = time_requests(client, "/v1/ask", [{"question": each} for each in asked])
            ready, peak = service.ready_s, service.peak_bytes()
        say("adding and deleting a document")
        return ScaleFigures(
            documents=documents,
            made=made,
            passages=manifest.counts.passages,
            characters=manifest.counts.characters,
            index_seconds=built.seconds,
            documents_per_second=documents / built.seconds,
            index_peak_bytes=built.peak_bytes,
            index_bytes=size,
            vectors=manifest.searched[-1],
            ready_seconds=ready,
            questions=len(asked),
            search_ms=search,
            search_cpu_ms=worked * 1000 / len(asked),
            ask_ms=ask,
            service_peak_bytes=peak,
            change=_change(folder, index),
        )


def _manifest(index: Path) -> Manifest:
    folder = IndexFolder(index)
    return folder.manifest(folder.pointer())


def _change(folder: Path, index: Path) -> Change:
    """Raises: BenchFailed where what was added is not found, or still is after it was deleted."""
    reader = open_index(index)
    embedder = load_embedder(reader.manifest.embedder.name)
    path, spent = folder / "one-more.txt", []
    for text in ("第九千零一号物资已于今日入库。", None):
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
        started = time.perf_counter()
        update(index, embedder, within=[path])
        reader = reader.current()
        found = reader.documents(1, None, reader.select(source=path.name)).documents
        spent.append(time.perf_counter() - started)
        if bool(found) != bool(text):
            raise BenchFailed("a change is not seen", hint="look at what the update reports")
    reader.close()
    return Change(*spent)


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
        "documents": f"{figures.documents:,}" + (", made of others' sentences" * figures.made),
        "passages": f"{figures.passages:,}",
        "characters": f"{figures.characters:,}",
        "index time": f"{figures.index_seconds:.1f} s",
        "documents a second": f"{figures.documents_per_second:.0f}",
        "peak memory, indexer": _mebibytes(figures.index_peak_bytes),
        "index on disk": _mebibytes(figures.index_bytes),
        "vectors": f"{figures.vectors.kind}, recall@10 {figures.vectors.recall_at_10:.3f}",
        "service ready after": f"{figures.ready_seconds:.2f} s",
        "questions": str(figures.questions),
        "search p50 / p95": f"{figures.search_ms.p50:.1f} / {figures.search_ms.p95:.1f} ms",
        "search, processor": f"{figures.search_cpu_ms:.1f} ms",
        "search, the first": f"{figures.search_ms.first:.1f} ms",
        "ask p50 / p95": f"{figures.ask_ms.p50:.1f} / {figures.ask_ms.p95:.1f} ms",
        "ask, the first": f"{figures.ask_ms.first:.1f} ms",
        "peak memory, service": _mebibytes(figures.service_peak_bytes),
        "one added / deleted": f"{figures.change.added_s:.2f} / {figures.change.deleted_s:.2f} s",
    }


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"
