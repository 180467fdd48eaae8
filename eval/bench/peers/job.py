"""What every peer is given and gives back. Runs in the peers' environment: the standard library.

Two processes a peer, as in use: one makes the index and keeps it on the disk, another opens it and
searches. The clock of the first starts when libraries and model are loaded, and stops when the
index is on the disk; that of start-up starts before the second process does. Processor time and
memory are of the process and of those that it started.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

WARM_UP = 5


class Peer(Protocol):
    """A library with its model loaded. Articles are told by their number."""

    def index(self, texts: Sequence[str], place: Path) -> None:
        """Keep an index of the texts in `place/index`. They lie as files in `place/articles`."""
        ...

    def open(self, place: Path) -> None:
        """Open what `index` has kept."""
        ...

    def search(self, question: str, k: int) -> list[int]:
        """The articles of the best k passages, the best first."""
        ...

    def add(self, number: int, text: str) -> None:
        """Let `search` find one more article."""
        ...

    def delete(self, number: int, text: str) -> None:
        """Let `search` find an article that was added no more."""
        ...


_Peer = TypeVar("_Peer", bound=Peer)


def run(load: Callable[[Path], _Peer], warm_up: Callable[[_Peer], None] | None = None) -> None:
    """`python -m … JOB.json`: does the job with what `load` makes of the model's folder, and writes
    the figures beside it. `warm_up` loads what is needed to index alone.
    """
    path = Path(sys.argv[1])
    job = json.loads(path.read_text("utf-8"))
    peer = load(Path(job["model"]))
    if job["step"] == "index":
        if warm_up is not None:
            warm_up(peer)
        figures = _indexed(peer, job)
    else:
        figures = _searched(peer, job)
    path.with_suffix(".out").write_text(json.dumps(figures))


def _indexed(peer: Peer, job: dict[str, Any]) -> dict[str, Any]:
    place = Path(job["place"])
    texts = [json.loads(line) for line in (place / "texts.jsonl").open(encoding="utf-8")]
    started, cpu = time.perf_counter(), _cpu_s()
    peer.index(texts, place)
    spent = {"index_s": time.perf_counter() - started, "index_cpu_s": _cpu_s() - cpu}
    return spent | {"index_peak_bytes": _peak_bytes()}


def _searched(peer: Peer, job: dict[str, Any]) -> dict[str, Any]:
    questions, k = job["questions"], job["k"]
    peer.open(Path(job["place"]))
    peer.search(questions[0], k)
    figures = {"startup_s": time.time() - job["spawned"], "startup_cpu_s": _cpu_s()}
    for question in questions[:WARM_UP]:
        peer.search(question, k)
    times_ms, found, cpu = [], [], _cpu_s()
    for question in questions:
        started = time.perf_counter()
        found.append(peer.search(question, k))
        times_ms.append((time.perf_counter() - started) * 1000)
    searched = {"search_ms": times_ms, "search_cpu_s": _cpu_s() - cpu, "found": found}
    return figures | searched | {"search_peak_bytes": _peak_bytes()} | _changed(peer, job)


def _changed(peer: Peer, job: dict[str, Any]) -> dict[str, Any]:
    """Seconds until a search of this process shows a new article, and shows it no more."""
    new, k = job["new"], job["k"]
    figures: dict[str, float] = {}
    for name, change, is_there in (("add_s", peer.add, True), ("delete_s", peer.delete, False)):
        started = time.perf_counter()
        change(new["number"], new["text"])
        found = peer.search(new["question"], k)
        figures[name] = time.perf_counter() - started
        if (new["number"] in found) is not is_there:
            raise LookupError(f"after {change.__name__} the search brings {found}")
    return figures


def _cpu_s() -> float:
    return sum(os.times()[:4])


def _peak_bytes() -> int:
    """Of the process and of the largest that it started."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * sum(resource.getrusage(kind).ru_maxrss for kind in kinds)
