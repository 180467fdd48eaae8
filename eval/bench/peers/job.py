"""What every peer is given and gives back. Runs in the peers' environment: the standard library.

The clock starts when libraries and model are loaded, and stops when the index is on the disk.
Processor time and memory are of the process and of those that it started.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

MAX_CHARS = 320  # of a passage
_WARM_UP = 5


class Peer(Protocol):
    """A library with its model loaded. Articles are told by their number."""

    def index(self, texts: Sequence[str], place: Path) -> None:
        """Make an index and write it below `place`. The texts lie as files in `place/articles`."""
        ...

    def search(self, question: str, k: int) -> list[int]:
        """The articles of the best k passages, the best first."""
        ...


def run(load: Callable[[Path], Peer]) -> None:
    """`python -m … JOB.json`: does the job with what `load` makes of the model's folder, and writes
    the figures beside it.
    """
    path = Path(sys.argv[1])
    job = json.loads(path.read_text("utf-8"))
    place = Path(job["place"])
    texts = [json.loads(line) for line in (place / "texts.jsonl").open(encoding="utf-8")]
    peer = load(Path(job["model"]))
    started, cpu = time.perf_counter(), _cpu_s()
    peer.index(texts, place)
    figures: dict[str, object] = {
        "index_s": time.perf_counter() - started,
        "cpu_s": _cpu_s() - cpu,
        "peak_bytes": _peak_bytes(),
    }
    times_ms, found = [], []
    for question in job["questions"][:_WARM_UP]:
        peer.search(question, job["k"])
    for question in job["questions"]:
        started = time.perf_counter()
        found.append(peer.search(question, job["k"]))
        times_ms.append((time.perf_counter() - started) * 1000)
    figures |= {"search_ms": times_ms, "found": found}
    path.with_suffix(".out").write_text(json.dumps(figures), "utf-8")


def _cpu_s() -> float:
    return sum(os.times()[:4])


def _peak_bytes() -> int:
    """Of the process and of the largest that it started."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * sum(resource.getrusage(kind).ru_maxrss for kind in kinds)
