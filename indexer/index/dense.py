"""Exact cosine search over passage vectors: the only file that imports faiss.

Knows keys and vectors, no passages. Vectors have length 1, so the inner product is the cosine. An
index is one file or several, whose keys ascend from one to the next.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.errors import EmbedderFailed, IndexDamaged
from indexer.index.records import Keys, Scored

# The same vector scored on the filtered and on the plain path differs in the seventh digit.
_DECIMALS = 6
_AT_ONCE = 8192  # vectors that are copied from a file
_SPARE = 16  # fetched beyond k, to see whether a tie crosses the cut


def _engine() -> Any:
    """The module, when it is first needed. Its stubs know only the bare C++ signatures."""
    import faiss

    return faiss


class DenseSegment:
    """The vectors of one file, mapped into memory; a later generation may go on using it."""

    def __init__(self, index: Any) -> None:
        self.index = index
        ids = np.asarray(_engine().vector_to_array(index.id_map), dtype=np.int64)
        self.keys: Keys = np.sort(ids)

    @classmethod
    def open(cls, path: Path) -> "DenseSegment":
        """Raises: IndexDamaged."""
        return cls(_read(path, _engine().IO_FLAG_MMAP_IFC))


class DenseIndex:
    """A read-only view of one generation's vectors. Safe to search from several threads."""

    def __init__(self, segments: Sequence[DenseSegment]) -> None:
        self._segments = [each for each in segments if len(each.keys)]
        self._firsts = np.asarray([each.keys[0] for each in self._segments], dtype=np.int64)
        self.count = sum(len(each.keys) for each in segments)
        self.dim = int(segments[0].index.d)

    @classmethod
    def open(cls, *paths: Path) -> "DenseIndex":
        """Raises: IndexDamaged."""
        return cls([DenseSegment.open(path) for path in paths])

    def keys(self) -> Keys:
        """All keys, ascending."""
        return np.concatenate([np.zeros(0, np.int64), *(each.keys for each in self._segments)])

    def search(self, vector: NDArray[np.float32], k: int, allowed: Keys | None) -> list[Scored]:
        """The k best of the `allowed` keys (None: of all), by descending cosine, ties by key.

        A zero vector (a question with nothing known in it) finds nothing.
        """
        query = self._checked(vector)
        available = self.count if allowed is None else len(allowed)
        if k < 1 or available == 0 or not query.any():
            return []
        wanted = min(k, available)
        fetched = min(wanted + _SPARE, available)
        while True:
            scores, keys = self._fetch(query, fetched, allowed)
            tie_may_go_on = len(scores) > wanted and scores[-1] == scores[wanted - 1]
            if not tie_may_go_on or fetched == available:
                break
            fetched = min(4 * fetched, available)
        return [
            Scored(int(key), float(score))
            for key, score in zip(keys[:wanted], scores[:wanted], strict=True)
        ]

    def _fetch(
        self, query: Matrix, fetched: int, allowed: Keys | None
    ) -> tuple[NDArray[np.float64], Keys]:
        """The best `fetched` of all files, by descending cosine, ties by key."""
        faiss = _engine()
        # Bound by memory bandwidth: threads only add jitter. OpenMP keeps the number by thread, and
        # every request has its own: set once at opening, five times the CPU time was spent waiting.
        faiss.omp_set_num_threads(1)
        packed = None
        if allowed is not None:
            bits = np.zeros(int(allowed[-1]) + 1, dtype=np.bool_)
            bits[allowed] = True
            packed = np.packbits(bits, bitorder="little")
        found: list[tuple[Matrix, Keys]] = []
        for segment in self._segments:
            count = min(fetched, len(segment.keys))
            if packed is None:
                rows, ids = segment.index.search(query, count)
            else:
                # Not shared between calls: IndexIDMap swaps the selector in it while it searches.
                selector = faiss.IDSelectorBitmap(packed)
                rows, ids = segment.index.search(
                    query, count, params=faiss.SearchParameters(sel=selector)
                )
            found.append((rows[0], ids[0]))
        keys = np.concatenate([each for _, each in found])
        raw = np.concatenate([each for each, _ in found], dtype=np.float64)
        scores: NDArray[np.float64] = np.round(raw, _DECIMALS)
        order = np.lexsort((keys, -scores))
        order = order[keys[order] >= 0][:fetched]  # faiss pads with -1
        return scores[order], keys[order]

    def cosines(self, vector: NDArray[np.float32], keys: Sequence[int]) -> list[float]:
        """The cosine of each key, in the order given. Raises: IndexDamaged for an unknown key."""
        query = self._checked(vector)[0]
        wanted = np.asarray(keys, dtype=np.int64)
        owners = np.searchsorted(self._firsts, wanted, side="right") - 1
        scores = np.zeros(len(wanted), dtype=np.float64)
        try:
            for owner in np.unique(owners).tolist():
                if owner < 0:
                    raise RuntimeError("a key before the first one")
                here = owners == owner
                rows = self._segments[owner].index.reconstruct_batch(wanted[here])
                scores[here] = rows @ query
        except RuntimeError as error:
            raise IndexDamaged("a passage has no vector", hint="build the index again") from error
        return [float(score) for score in np.round(scores, _DECIMALS)]

    def _checked(self, vector: NDArray[np.float32]) -> Matrix:
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        if query.shape[1] != self.dim or not np.isfinite(query).all():
            raise EmbedderFailed(
                f"a question vector must have {self.dim} finite numbers, this has {query.shape[1]}",
                hint="use the embedder that the index was built with",
            )
        return query


def _read(path: Path, flags: int) -> Any:
    try:
        return _engine().read_index(str(path), flags)
    except RuntimeError as error:
        raise IndexDamaged(f"{path.name} can't be read", hint="build the index again") from error


class DenseWriter:
    """Gathers the vectors of a generation in memory and writes them as one file."""

    def __init__(self, dim: int) -> None:
        faiss = _engine()
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))

    def add(self, keys: Keys, vectors: Matrix) -> None:
        if len(keys):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)

    def take_over(self, path: Path, keys: Keys) -> None:
        """Copy those vectors of a file that are of `keys`. Raises: IndexDamaged."""
        source = _read(path, _engine().IO_FLAG_MMAP_IFC)
        if source.d != self._index.d:
            raise IndexDamaged(
                f"{path.name} has vectors of another length", hint="build the index again"
            )
        wanted = np.intersect1d(DenseSegment(source).keys, keys)
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            self.add(some, source.reconstruct_batch(some))

    def remove(self, keys: Keys) -> None:
        if len(keys):
            self._index.remove_ids(keys)

    def write(self, path: Path) -> None:
        """Raises: OSError."""
        faiss = _engine()
        # Through a Python file, so that a full disk is an OSError with its errno; what faiss
        # writes by name it closes without looking.
        with path.open("wb") as handle:
            sink = faiss.PyCallbackIOWriter(handle.write, 1 << 20)
            faiss.write_index(self._index, sink)
            del sink  # flushes
