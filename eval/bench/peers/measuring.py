"""Every peer in turn, several times over, each step in a process of its own; then the limits.

The questions are sentences of the articles, cut short: the right article is the one that each was
taken from, so that they tell what is found at all, and nothing of paraphrases.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from eval.bench.peers.material import K
from eval.bench.peers.records import OURS, Comparison, Limits, PeerFigures
from eval.bench.processes import BenchFailed, folder_bytes, serving
from eval.bench.scale import sample_questions, time_requests
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from eval.sets.files import load_news
from indexer.crew import cores
from indexer.embed.builtin import DEFAULT_FOLDER
from indexer.errors import InvalidRequest

_PEERS = {
    OURS: "ours",
    "LangChain": "langchain_peer",
    "LlamaIndex": "llamaindex_peer",
    "Haystack": "haystack_peer",
    "txtai": "txtai_peer",
}
_OUR_PACKAGES = ("faiss-cpu", "fastapi", "numpy", "rjieba", "tantivy", "tokenizers", "uvicorn")
_PROJECT = Path(__file__).resolve().parents[3]
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_TAIL = 600  # characters of a failed process's output
_SPARE = 100  # articles among which a new one is looked for

Told = Mapping[str, Any]
"""What the processes of one peer wrote in one run."""


def measure(
    news: Path,
    documents: int,
    questions: int,
    seed: int,
    runs: int,
    environment: Path,
    say: Callable[[str], None],
) -> Comparison:
    """Raises: InvalidGold, InvalidRequest, BenchFailed."""
    texts, new = _articles(news, documents, seed)
    asked = sample_questions(texts, questions, seed)
    right = [next(at for at, text in enumerate(texts) if one in text) for one in asked]
    python = _python_of(environment, say)
    told: dict[str, list[Told]] = {name: [] for name in _PEERS}
    limits: list[Told] = []
    for number in range(runs):
        for name, module in _PEERS.items():
            say(f"run {number + 1} of {runs}: {name}")
            used = Path(sys.executable) if name == OURS else python
            with _place(texts) as place:
                told[name].append(run_peer(module, used, place, asked, new))
                if name == OURS:
                    say(f"run {number + 1} of {runs}: the limits")
                    limits.append(run_limits(place, asked))
    return Comparison(
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        code=code_version(),
        settings={
            **{"articles": documents, "characters": sum(map(len, texts)), "runs": runs},
            **{"questions": len(asked), "seed": seed, "news": news.name},
        },
        machine=_machine(),
        versions=_versions(python),
        figures={name: figures_of(each, documents, right) for name, each in told.items()},
        limits=limits_of(limits),
    )


def _articles(news: Path, documents: int, seed: int) -> tuple[list[str], dict[str, Any]]:
    """So many articles, and one more of which no other holds the sentence that asks for it."""
    texts = list(load_news(news, documents + _SPARE))
    held, spare = texts[:documents], texts[documents:]
    for text in spare:
        for question in sample_questions([text], 1, seed):
            if not any(question in other for other in held):
                return held, {"number": documents, "text": text, "question": question}
    raise InvalidRequest(
        f"{news} holds {len(texts)} articles, of which none is left to be added",
        hint=f"give --documents {max(1, len(texts) - _SPARE)} or less",
    )


def _python_of(environment: Path, say: Callable[[str], None]) -> Path:
    """The peers' Python; their environment is made where it is not, or is for other versions.

    Raises: BenchFailed.
    """
    python, done = environment / "bin" / "python", environment / "complete"
    needed = _REQUIREMENTS.read_text("utf-8")
    if not done.exists() or done.read_text("utf-8") != needed:
        say(f"installing the other libraries into {environment}")
        _call([sys.executable, "-m", "venv", str(environment)])
        _call([str(python), "-m", "pip", "install", "--quiet", "-r", str(_REQUIREMENTS)])
        done.write_text(needed, "utf-8")
    return python


@contextmanager
def _place(texts: Sequence[str]) -> Iterator[Path]:
    """A folder with the texts, in one file and as files."""
    with tempfile.TemporaryDirectory(prefix="wenju-peers-") as temporary:
        place = Path(temporary)
        (place / "articles").mkdir()
        with (place / "texts.jsonl").open("w", encoding="utf-8") as lines:
            for number, text in enumerate(texts):
                lines.write(json.dumps(text) + "\n")
                (place / "articles" / f"{number:06d}.txt").write_text(text, "utf-8")
        yield place


def run_peer(
    module: str, python: Path, place: Path, questions: Sequence[str], new: Mapping[str, Any]
) -> Told:
    """Both processes of one peer. Raises: BenchFailed."""
    job = {"questions": questions, "new": new}
    indexed = _step(module, python, place, job | {"step": "index"})
    size = folder_bytes(place / "index")
    searched = _step(module, python, place, job | {"step": "search", "spawned": time.time()})
    return indexed | searched | {"disk_bytes": size}


def run_limits(place: Path, questions: Sequence[str]) -> Told:
    """Over the index that ours has left there. Raises: BenchFailed."""
    found = _step("limits", Path(sys.executable), place, {"questions": questions})
    bodies = [{"query": question} for question in questions]
    http = {}
    for name, command in ((OURS, "service"), ("empty route", "eval.bench.peers.empty_route")):
        with (
            serving(place / "index", command=(command,)) as service,
            httpx.Client(base_url=service.url, timeout=60.0, trust_env=False) as client,
        ):
            http[name] = time_requests(client, "/v1/search", bodies).p50
    return found | {"http_ms": http}


def _step(module: str, python: Path, place: Path, job: Mapping[str, Any]) -> dict[str, Any]:
    path = place / "job.json"
    written = {"place": str(place), "model": str(DEFAULT_FOLDER), "k": K, **job}
    path.write_text(json.dumps(written), "utf-8")
    _call([str(python), "-m", f"eval.bench.peers.{module}", str(path)])
    found: dict[str, Any] = json.loads(path.with_suffix(".out").read_text("utf-8"))
    return found


def _call(command: Sequence[str]) -> str:
    ended = subprocess.run(command, cwd=_PROJECT, capture_output=True, text=True, check=False)
    if ended.returncode:
        said = (ended.stdout + ended.stderr).strip()[-_TAIL:]
        raise BenchFailed(
            f"`{' '.join(command)}` ended with {ended.returncode}: {said}",
            hint="run it by hand to see the whole error",
        )
    return ended.stdout


def _machine() -> dict[str, Any]:
    """Its class: what it has, not what it is called."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        **{"cores": cores(), "memory_gib": round(pages / 2**30)},
        **{"system": platform.system(), "python": platform.python_version()},
    }


def _versions(python: Path) -> dict[str, str]:
    """Of the peers and of what they stand on, and of what the limits are of."""
    lines = _REQUIREMENTS.read_text("utf-8").splitlines()
    names = [line.partition("=")[0].rstrip("<") for line in lines if not line.startswith("#")]
    code = "import json, sys; from importlib.metadata import version as v; " \
           "print(json.dumps({n: v(n) for n in sys.argv[1:]}))"  # fmt: skip
    theirs: dict[str, str] = json.loads(_call([str(python), "-c", code, *names]))
    return theirs | {f"{name} ({OURS})": version(name) for name in _OUR_PACKAGES}


def figures_of(runs: Sequence[Told], documents: int, right: Sequence[int]) -> PeerFigures:
    """`right` is the article of each question."""
    times = [each for run in runs for each in run["search_ms"]]
    found = runs[0]["found"]

    def share(k: int) -> float:
        return sum(one in some[:k] for one, some in zip(right, found, strict=True)) / len(right)

    def middle(name: str) -> float:
        return float(median(run[name] for run in runs))

    return PeerFigures(
        articles_per_second=documents / middle("index_s"),
        cpu_ms_per_article=1000 * middle("index_cpu_s") / documents,
        index_peak_bytes=middle("index_peak_bytes"),
        disk_bytes=middle("disk_bytes"),
        search_p50_ms=percentile(times, 0.5),
        search_p95_ms=percentile(times, 0.95),
        search_cpu_ms=1000 * middle("search_cpu_s") / len(right),
        search_peak_bytes=middle("search_peak_bytes"),
        found_at_1=share(1),
        found_at_5=share(5),
        startup_s=middle("startup_s"),
        startup_cpu_s=middle("startup_cpu_s"),
        add_s=middle("add_s"),
        delete_s=middle("delete_s"),
    )


def limits_of(runs: Sequence[Told]) -> Limits:
    def middles(name: str) -> dict[str, float]:
        return {key: float(median(run[name][key] for run in runs)) for key in runs[0][name]}

    return Limits(
        bare_article=middles("an_article_ms"),
        bare_search=middles("a_search_ms"),
        article=middles("article_shares_ms"),
        search=middles("search_shares_ms"),
        http=middles("http_ms"),
    )
