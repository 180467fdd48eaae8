"""Writing the vectors of a generation, as the kind of index that their number asks for.

Nothing is held in memory but keys: vectors wait in a file without a name until the last has come.
"""

import mmap
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.errors import IndexDamaged
from indexer.index.dense.engine import on_one_thread, write_index
from indexer.index.dense.exact import ExactSegment
from indexer.index.dense.quantised import QuantisedSegment, empty_index
from indexer.index.dense.segment import ROWS_SUFFIX, open_segment
from indexer.index.manifest import VectorsStamp, exact_vectors
from indexer.index.records import Keys

# Vectors up to which all are compared: 2.1 ms of 384 numbers each, where codes take 0.7 ms.
EXACT_MOST = 25_000
LEAST_RECALL = 0.99  # of the ten best; where no number of probes reaches it, all are compared

_AT_ONCE = 8192  # vectors
_QUESTIONS = 200
_TEN = 10
_FIRST_SHARE = 8  # of the lists, one in so many is looked into at first


class DenseWriter:
    """Gathers the vectors of a generation and writes them as one file, or two. Close it."""

    def __init__(self, dim: int, place: Path) -> None:
        """`place` is the folder where vectors wait. Raises: OSError."""
        self._dim = dim
        self._waiting = tempfile.TemporaryFile(dir=place)  # noqa: SIM115 - closed by `close`
        self._keys: list[Keys] = []
        self._removed: list[Keys] = []

    def add(self, keys: Keys, vectors: Matrix) -> None:
        """Raises: OSError."""
        self._waiting.write(np.ascontiguousarray(vectors, dtype=np.float32).data)
        self._keys.append(np.asarray(keys, dtype=np.int64))

    def take_over(self, path: Path, keys: Keys) -> None:
        """Copy those vectors of a file that are of `keys`. Raises: IndexDamaged, OSError."""
        source = open_segment(path)
        if source.dim != self._dim:
            raise IndexDamaged(
                f"{path.name} has vectors of another length", hint="build the index again"
            )
        wanted = np.intersect1d(source.keys, keys)
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            self.add(some, source.vectors(some))

    def remove(self, keys: Keys) -> None:
        """Leave those out that were added before."""
        self._removed.append(keys)

    def write(self, path: Path) -> VectorsStamp:
        """Say what was written. Raises: OSError, MemoryError."""
        keys, vectors = self._sorted()
        if len(keys) > EXACT_MOST:
            stamp = _write_quantised(path, keys, vectors)
            if stamp.recall_at_10 >= LEAST_RECALL:
                return stamp
            path.with_suffix(ROWS_SUFFIX).unlink()
        write_index(ExactSegment.of(keys, vectors.take(np.arange(len(keys)))), path)
        return exact_vectors(self._dim)

    def _sorted(self) -> tuple[Keys, "_Waiting"]:
        """What stays, by ascending key."""
        self._waiting.flush()
        keys = np.concatenate([np.zeros(0, np.int64), *self._keys])
        order = np.argsort(keys, kind="stable")
        if self._removed:
            order = order[~np.isin(keys[order], np.concatenate(self._removed))]
        return keys[order], _Waiting(self._waiting.fileno(), order, self._dim)

    def close(self) -> None:
        self._waiting.close()


class _Waiting:
    """Vectors in a file in the order they came, read in `order`; what was read is let go of."""

    def __init__(self, handle: int, order: NDArray[np.int64], dim: int) -> None:
        self._order, self._dim = order, dim
        self._mapped = mmap.mmap(handle, 0, access=mmap.ACCESS_READ) if len(order) else None

    def take(self, positions: NDArray[np.int64]) -> Matrix:
        if self._mapped is None:
            return np.zeros((0, self._dim), dtype=np.float32)
        every = np.frombuffer(self._mapped, dtype=np.float32).reshape(-1, self._dim)
        taken = every[self._order[positions]]
        if hasattr(self._mapped, "madvise"):
            self._mapped.madvise(mmap.MADV_DONTNEED)  # else all of it counts as this process's
        return taken

    def blocks(self) -> Iterator[tuple[int, Matrix]]:
        """All, some at once, each with the position of its first."""
        for at in range(0, len(self._order), _AT_ONCE):
            yield at, self.take(np.arange(at, min(at + _AT_ONCE, len(self._order))))


def _write_quantised(path: Path, keys: Keys, vectors: _Waiting) -> VectorsStamp:
    """With as many probes as reach the recall that is asked for, or all. Raises: OSError."""
    rows = path.with_suffix(ROWS_SUFFIX)
    index, kind = empty_index(len(keys), vectors.take)
    with rows.open("wb") as handle:
        for at, block in vectors.blocks():
            index.add_with_ids(block, keys[at : at + len(block)])
            handle.write(block.astype("<f2").data)
    segment = QuantisedSegment(index, rows)
    questions = _questions(len(keys), vectors)
    expected = keys[_nearest(questions, vectors)]
    index.nprobe = max(1, index.nlist // _FIRST_SHARE)
    while (recall := _recall(segment, questions, expected)) < LEAST_RECALL:
        if index.nprobe == index.nlist:
            break
        index.nprobe = min(index.nlist, 2 * index.nprobe)
    write_index(index, path)
    in_memory = index.code_size + 2 * keys.itemsize  # in the lists, and once sorted
    return VectorsStamp(kind, index.nprobe, recall, in_memory)


def _questions(count: int, vectors: _Waiting) -> Matrix:
    """Stored vectors, and as many that lie between two of them, drawn the same each time."""
    drawn = np.random.default_rng(0).integers(count, size=(3, _QUESTIONS // 2))
    stored, one, other = (vectors.take(each) for each in drawn)
    between = one + other
    between /= np.maximum(np.linalg.norm(between, axis=1, keepdims=True), 1e-9)
    return np.concatenate([stored, between])


def _nearest(questions: Matrix, vectors: _Waiting) -> NDArray[np.int64]:
    """The positions of the ten nearest vectors of all, question by question."""
    engine = on_one_thread()
    best = np.full((len(questions), _TEN), -np.inf, dtype=np.float32)
    positions = np.zeros((len(questions), _TEN), dtype=np.int64)
    for at, block in vectors.blocks():
        scores, found = engine.knn(
            questions, block, min(_TEN, len(block)), metric=engine.METRIC_INNER_PRODUCT
        )
        scores = np.concatenate([best, scores], axis=1)
        found = np.concatenate([positions, found + at], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :_TEN]
        best = np.take_along_axis(scores, order, axis=1)
        positions = np.take_along_axis(found, order, axis=1)
    return positions


def _recall(segment: QuantisedSegment, questions: Matrix, expected: Keys) -> float:
    """Recall@10: the share of the ten nearest that is among the ten found."""
    found = 0
    for question, nearest in zip(questions, expected, strict=True):
        scores, keys = segment.search(question[None], _TEN, None)
        ten = keys[np.argsort(-scores, kind="stable")[:_TEN]]
        found += len(np.intersect1d(ten, nearest))
    return found / expected.size
