"""Every peer in turn, several times over; medians, and how many times as much ours does.

The questions are sentences of the articles, cut short: the right article is the one that each was
taken from, so that they tell what is found at all, and nothing of paraphrases.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from eval.bench.processes import BenchFailed, folder_bytes
from eval.bench.scale import sample_questions
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from eval.sets.files import load_news
from indexer.embed.builtin import DEFAULT_FOLDER
from indexer.errors import InvalidRequest

OURS = "Wenju"
_PEERS = {OURS: "ours", "LangChain": "langchain_peer", "txtai": "txtai_peer"}
_PROJECT = Path(__file__).resolve().parents[3]
_K = 10
_TAIL = 600  # characters of a failed process's output


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """Medians over the runs; times of a search over all questions of all runs.

    `found_at_1` and `found_at_5` are the shares of questions whose article is among the first.
    """

    articles_per_second: float
    cpu_ms_per_article: float
    peak_bytes: float
    disk_bytes: float
    search_p50_ms: float
    search_p95_ms: float
    found_at_1: float
    found_at_5: float


def measure(
    news: Path,
    documents: int,
    questions: int,
    seed: int,
    runs: int,
    environment: Path,
    say: Callable[[str], None],
) -> dict[str, PeerFigures]:
    """Raises: InvalidGold, InvalidRequest, BenchFailed."""
    texts = list(load_news(news, documents))
    if len(texts) < documents:
        raise InvalidRequest(f"{news} holds {len(texts)} articles", hint="ask for fewer")
    asked = sample_questions(texts, questions, seed)
    right = [next(at for at, text in enumerate(texts) if one in text) for one in asked]
    python = _python_of(environment, say)
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in _PEERS}
    for number in range(runs):
        for name, module in _PEERS.items():
            say(f"run {number + 1} of {runs}: {name}")
            used = Path(sys.executable) if name == OURS else python
            told[name].append(_run(module, used, texts, asked))
    return {name: _figures(each, documents, right) for name, each in told.items()}


def _python_of(environment: Path, say: Callable[[str], None]) -> Path:
    """The peers' Python; the first time their environment is made. Raises: BenchFailed."""
    python, done = environment / "bin" / "python", environment / "complete"
    if not done.exists():
        say(f"installing the other libraries into {environment}")
        _call([sys.executable, "-m", "venv", str(environment)])
        needed = Path(__file__).with_name("requirements.txt")
        _call([str(python), "-m", "pip", "install", "--quiet", "-r", str(needed)])
        done.touch()
    return python


def _run(
    module: str, python: Path, texts: Sequence[str], questions: Sequence[str]
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="wenju-peers-") as temporary:
        place = Path(temporary)
        (place / "articles").mkdir()
        with (place / "texts.jsonl").open("w", encoding="utf-8") as lines:
            for number, text in enumerate(texts):
                lines.write(json.dumps(text) + "\n")
                (place / "articles" / f"{number:06d}.txt").write_text(text, "utf-8")
        job = {"place": temporary, "model": str(DEFAULT_FOLDER), "questions": questions, "k": _K}
        (place / "job.json").write_text(json.dumps(job), "utf-8")
        _call([str(python), "-m", f"eval.bench.peers.{module}", str(place / "job.json")])
        figures: dict[str, Any] = json.loads((place / "job.out").read_text("utf-8"))
        return {**figures, "disk_bytes": folder_bytes(place / "index")}


def _call(command: Sequence[str]) -> None:
    ended = subprocess.run(command, cwd=_PROJECT, capture_output=True, text=True, check=False)
    if ended.returncode:
        said = (ended.stdout + ended.stderr).strip()[-_TAIL:]
        raise BenchFailed(
            f"`{' '.join(command)}` ended with {ended.returncode}: {said}",
            hint="run it by hand to see the whole error",
        )


def _figures(
    runs: Sequence[Mapping[str, Any]], documents: int, right: Sequence[int]
) -> PeerFigures:
    times = [each for run in runs for each in run["search_ms"]]
    found = runs[0]["found"]

    def share(k: int) -> float:
        return sum(one in some[:k] for one, some in zip(right, found, strict=True)) / len(right)

    return PeerFigures(
        articles_per_second=documents / median(run["index_s"] for run in runs),
        cpu_ms_per_article=1000 * median(run["cpu_s"] for run in runs) / documents,
        peak_bytes=median(run["peak_bytes"] for run in runs),
        disk_bytes=median(run["disk_bytes"] for run in runs),
        search_p50_ms=percentile(times, 0.5),
        search_p95_ms=percentile(times, 0.95),
        found_at_1=share(1),
        found_at_5=share(5),
    )


def record(figures: Mapping[str, PeerFigures], settings: dict[str, Any]) -> dict[str, Any]:
    told = {name: asdict(each) for name, each in figures.items()}
    return {"code": code_version(), "settings": settings, "figures": told}


def table(figures: Mapping[str, PeerFigures], title: str) -> Table:
    """A column each; the ratios first, of ours to each."""
    shown = Table(title=title, title_justify="left")
    ours = figures[OURS]
    shown.add_column("")
    for name in figures:
        shown.add_column(name, justify="right")

    def row(name: str, told: Callable[[PeerFigures], str]) -> None:
        shown.add_row(name, *(told(each) for each in figures.values()))

    row(
        "Wenju indexes × as fast",
        lambda each: f"{ours.articles_per_second / each.articles_per_second:.2f}",
    )
    row("× as fast a core", lambda each: f"{each.cpu_ms_per_article / ours.cpu_ms_per_article:.2f}")
    row("Wenju searches × as fast", lambda each: f"{each.search_p50_ms / ours.search_p50_ms:.2f}")
    row("articles a second", lambda each: f"{each.articles_per_second:.0f}")
    row("processor ms an article", lambda each: f"{each.cpu_ms_per_article:.2f}")
    row("peak memory, MiB", lambda each: f"{each.peak_bytes / 2**20:.0f}")
    row("on disk, MiB", lambda each: f"{each.disk_bytes / 2**20:.0f}")
    row("search p50, ms", lambda each: f"{each.search_p50_ms:.1f}")
    row("search p95, ms", lambda each: f"{each.search_p95_ms:.1f}")
    row("article found first, %", lambda each: f"{100 * each.found_at_1:.1f}")
    row("article among first 5, %", lambda each: f"{100 * each.found_at_5:.1f}")
    return shown
