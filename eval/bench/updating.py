"""One document changed in a large index: how long until it answers, and what that writes.

The documents, their vectors and their terms are drawn, since no model's speed is measured; the
files, the update and the reader are real ones. The same seed draws the same.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.faults import HashEmbedder
from eval.bench.processes import folder_bytes
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from indexer.chunk import CHUNKING_VERSION, Cutting
from indexer.embed.base import Matrix
from indexer.files.walk import DEFAULT_MAX_FILE_BYTES, document_id
from indexer.index.folder import IndexFolder
from indexer.index.generation import new_generation
from indexer.index.lexical import Posting
from indexer.index.manifest import ChunkingStamp, Root, Settings, TermsStamp, stamp_of
from indexer.index.store import IndexReader, open_index
from indexer.index.writing import GenerationWriter
from indexer.pipeline import update
from indexer.records import Document, Passage
from indexer.text import normalise, segment
from indexer.text.fingerprint import PERMUTATIONS
from indexer.text.segment import TermMix, terms

DIM = 384
_WORDS = 4000
_WORDS_A_PASSAGE = 40
_BATCH = 200  # documents
_FILES_A_FOLDER = 500


@dataclass(frozen=True, slots=True)
class UpdateFigures:
    """Seconds and bytes of each update in turn; `visible_s` is from its start until a service that
    is open finds the new text. What is written into files in memory is not counted.
    """

    passages: int
    documents: int
    index_bytes: int
    open_s: float
    update_s: tuple[float, ...]
    visible_s: tuple[float, ...]
    worked_s: tuple[float, ...]  # the processor's time of the same
    written_bytes: tuple[int, ...]
    stages_s: dict[str, float]  # of the last


class _Drawn:
    """Texts of words that are drawn, each word two Han characters."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self._draw = draw
        self._words = [
            chr(draw.randint(0x4E00, 0x9FA0)) + chr(draw.randint(0x4E00, 0x9FA0))
            for _ in range(_WORDS)
        ]

    def passage(self) -> str:
        # Squares, so that some words are common and most are rare, as in any language.
        picks = (self._draw.random() ** 2 for _ in range(_WORDS_A_PASSAGE))
        return "".join(self._words[int(pick * _WORDS)] for pick in picks) + "。"


def measure(
    root: Path,
    passages: int,
    per_document: int,
    runs: int,
    seed: int,
    tell: Callable[[str], None],
    *,
    walks: bool,
) -> UpdateFigures:
    """Make an index of so many passages in the new folder `root`, and change a document `runs`
    times, of which each update is told, unless it `walks` over all of them. Raises: StorageFull.
    """
    drawn, embedder = _Drawn(seed), HashEmbedder(DIM)
    files, index = root / "files", root / "index"
    documents = max(1, passages // per_document)
    tell(f"making {documents:,} documents of {per_document} passages")
    _make_index(files, index, documents, per_document, drawn, embedder)
    size = folder_bytes(index)
    started = time.perf_counter()
    reader = open_index(index)
    opened = time.perf_counter() - started
    tell(f"opened in {opened:.2f} s; updating")
    updates, visible, worked, written = [], [], [], []
    for run in range(runs):
        mark = f"第{run}次变更{run * 7919 + 100003}号"
        path = _path_of(files, run * 37 % documents)
        path.write_text(mark + drawn.passage(), "utf-8")
        before, worked_before, started = _written_bytes(), time.process_time(), time.perf_counter()
        report = update(index, embedder, within=() if walks else [path])
        updates.append(time.perf_counter() - started)
        written.append(_written_bytes() - before)
        reader = reader.current()
        _require_found(reader, mark)
        visible.append(time.perf_counter() - started)
        worked.append(time.process_time() - worked_before)
    reader.close()
    return UpdateFigures(
        passages=documents * per_document,
        documents=documents,
        index_bytes=size,
        open_s=opened,
        update_s=tuple(updates),
        visible_s=tuple(visible),
        worked_s=tuple(worked),
        written_bytes=tuple(written),
        stages_s=dict(report.seconds),
    )


def _require_found(reader: IndexReader, mark: str) -> None:
    """Raises: LookupError unless the text is what answers."""
    asked = terms(normalise.fold(mark), TermMix.CHARACTERS_BIGRAMS)
    hits = reader.lexical(asked, 1, reader.select())
    if not hits or mark not in reader.passages([hits[0].key])[0].passage.text:
        raise LookupError(f"{mark} is not found after it was indexed")


def _make_index(
    files: Path, index: Path, documents: int, each: int, drawn: _Drawn, embedder: HashEmbedder
) -> None:
    cutting, mix = Cutting(), TermMix.CHARACTERS_BIGRAMS
    settings = Settings(
        stamp_of(embedder),
        normalise.VERSION,
        TermsStamp(segment.VERSION, mix.value),
        ChunkingStamp(CHUNKING_VERSION, cutting.max_chars, cutting.overlap_chars),
    )
    numbers = np.random.default_rng(0)
    with new_generation(IndexFolder(index), settings, from_scratch=True) as writer:
        writer.start_empty()
        made = _documents(files, documents, each, drawn)
        while some := list(islice(made, _BATCH)):
            postings: list[Posting] = []
            for document, passages in some:
                postings += _added(writer, files, document, passages)
            writer.add_postings(postings, _unit(numbers, len(postings)))
        writer.finish([Root(str(files.resolve()), "")], DEFAULT_MAX_FILE_BYTES)


def _documents(
    files: Path, count: int, each: int, drawn: _Drawn
) -> Iterator[tuple[Document, list[Passage]]]:
    numbers = np.random.default_rng(1)
    for at in range(count):
        path = _path_of(files, at)
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [drawn.passage() for _ in range(each)]
        text = "\n".join(lines)
        path.write_text(text, "utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000))
        source = path.relative_to(files).as_posix()
        own, title = document_id(source), path.stem
        passages, start = [], 0
        for line in lines:
            passages.append(
                Passage(f"{own}-{start}", own, start, start + len(line), line, title, ())
            )
            start += len(line) + 1
        yield (
            Document(
                document_id=own,
                source=source,
                digest=f"{at:064x}",
                format="txt",
                size=path.stat().st_size,
                title=title,
                date=None,
                author=None,
                url=None,
                text=text,
                encoding="utf-8",
                fingerprint=numbers.integers(2**32, size=PERMUTATIONS, dtype="<u4").tobytes(),
            ),
            passages,
        )


def _added(
    writer: GenerationWriter, files: Path, document: Document, passages: list[Passage]
) -> list[Posting]:
    path = files / document.source
    original = document.text.encode()
    key, first = writer.add(document, passages, original, path.stat().st_mtime_ns)
    return [
        Posting(first + at, key, [*each.text[:-1], *_pairs(each.text)], list(each.title))
        for at, each in enumerate(passages)
    ]


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 2)]


def _unit(numbers: np.random.Generator, count: int) -> Matrix:
    rows = numbers.standard_normal((count, DIM), dtype=np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _path_of(files: Path, at: int) -> Path:
    return files / f"{at // _FILES_A_FOLDER:03}" / f"{at:06}.txt"


def _written_bytes() -> int:
    """What this process has handed to the system for writing."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def record(figures: UpdateFigures, settings: dict[str, Any]) -> dict[str, Any]:
    return {"code": code_version(), "settings": settings, "figures": asdict(figures)}


def rows(figures: UpdateFigures) -> dict[str, str]:
    """The figures as they are read."""

    def spread(values: tuple[float, ...], unit: float, digits: int) -> str:
        quantiles = (percentile(list(values), share) / unit for share in (0.5, 1.0))
        return " / ".join(f"{each:.{digits}f}" for each in quantiles)

    stages = ", ".join(f"{name} {spent:.2f}" for name, spent in figures.stages_s.items())
    return {
        "documents": f"{figures.documents:,}",
        "index": f"{figures.index_bytes / 2**20:,.0f} MiB",
        "opened by a new process": f"{figures.open_s:.2f} s",
        "update, median / slowest": f"{spread(figures.update_s, 1, 2)} s",
        "visible, median / slowest": f"{spread(figures.visible_s, 1, 2)} s",
        "… processor's time": f"{spread(figures.worked_s, 1, 2)} s",
        "written, median / most": f"{spread(figures.written_bytes, 2**20, 2)} MiB",
        "the last one": f"{stages} s",
    }
