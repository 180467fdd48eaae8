"""One process that opens an index and asks it, for `answering.py`: times and resident memory.

`python -m eval.bench.inside INDEX QUESTIONS`, the questions as a JSON list. Its last line of output
is the figures as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.bench.processes import peak_bytes_of, resident_bytes_of

if TYPE_CHECKING:
    from service.archive import Archive


@dataclass(frozen=True, slots=True)
class InsideFigures:
    """`timings_ms` a question, in the order asked, by stage. Bytes are resident.

    `cpu` is the processor's time, of all threads: it changes less with what else the machine does.
    """

    passages: int
    timings_ms: list[dict[str, float]]
    before_bytes: int  # the program alone
    reader_bytes: int  # what the built-in vectors and the reader add, their libraries too
    opened_bytes: int  # everything, before the first question
    after_bytes: int
    peak_bytes: int


def ask_all(index: Path, questions: list[str]) -> InsideFigures:
    """Raises: IndexMissing, IndexDamaged, IndexMismatch, InvalidRequest."""
    from indexer.embed.builtin import BuiltinEmbedder
    from service.answer.read.passage_reader import OnnxPassageReader
    from service.archive import Archive
    from service.settings import Settings

    before = resident_bytes_of(os.getpid())
    near = BuiltinEmbedder()
    near.meets("问据", ["问据"])
    OnnxPassageReader().read("问据", [("", "问据")])
    reader = resident_bytes_of(os.getpid()) - before
    archive = Archive.open(index, Settings())
    opened = resident_bytes_of(os.getpid()) - reader  # `near` is one more than the service has
    del near
    timings = [_timed(archive, question) for question in questions]
    return InsideFigures(
        passages=archive.reader.passage_count,
        timings_ms=timings,
        before_bytes=before,
        reader_bytes=reader,
        opened_bytes=opened,
        after_bytes=resident_bytes_of(os.getpid()),
        peak_bytes=peak_bytes_of(os.getpid()),
    )


def _timed(archive: Archive, question: str) -> dict[str, float]:
    started = time.process_time()
    stages = archive.ask(question).timings_ms
    return {**stages, "cpu": (time.process_time() - started) * 1000}


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(asdict(ask_all(Path(sys.argv[1]), asked))) + "\n")
