"""Exact cosine search over passage vectors: the only file that imports faiss.

Knows keys and vectors, no passages. Vectors have length 1, so the inner product is the cosine.
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
_SPARE = 16  # fetched beyond k, to see whether a tie crosses the cut


def _engine() -> Any:
    """The module, when it is first needed. Its stubs know only the bare C++ signatures."""
    import faiss

    return faiss


class DenseIndex:
    """A read-only view of one generation's vectors. Safe to search from several threads."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def open(cls, path: Path) -> "DenseIndex":
        """Map the file into memory. Raises: IndexDamaged."""
        return cls(_read(path, _engine().IO_FLAG_MMAP_IFC))

    @property
    def count(self) -> int:
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        return int(self._index.d)

    def keys(self) -> Keys:
        """All keys, ascending."""
        faiss = _engine()
        return np.sort(np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64))

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
        order = np.lexsort((keys, -scores))[:wanted]
        return [Scored(int(keys[at]), float(scores[at])) for at in order]

    def _fetch(
        self, query: Matrix, fetched: int, allowed: Keys | None
    ) -> tuple[NDArray[np.float64], Keys]:
        faiss = _engine()
        # Bound by memory bandwidth: threads only add jitter. OpenMP keeps the number by thread, and
        # every request has its own: set once at opening, five times the CPU time was spent waiting.
        faiss.omp_set_num_threads(1)
        if allowed is None:
            scores, keys = self._index.search(query, fetched)
        else:
            bits = np.zeros(int(allowed[-1]) + 1, dtype=np.bool_)
            bits[allowed] = True
            selector = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
            # Not shared between calls: IndexIDMap swaps the selector in it while it searches.
            scores, keys = self._index.search(
                query, fetched, params=faiss.SearchParameters(sel=selector)
            )
        found = keys[0] >= 0  # faiss pads with -1
        return np.round(scores[0][found].astype(np.float64), _DECIMALS), keys[0][found]

    def cosines(self, vector: NDArray[np.float32], keys: Sequence[int]) -> list[float]:
        """The cosine of each key, in the order given. Raises: IndexDamaged for an unknown key."""
        query = self._checked(vector)[0]
        if not keys:
            return []
        try:
            rows = self._index.reconstruct_batch(np.asarray(keys, dtype=np.int64))
        except RuntimeError as error:
            raise IndexDamaged("a passage has no vector", hint="build the index again") from error
        return [float(score) for score in np.round((rows @ query).astype(np.float64), _DECIMALS)]

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

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def empty(cls, dim: int) -> "DenseWriter":
        faiss = _engine()
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dim)))

    @classmethod
    def upon(cls, path: Path) -> "DenseWriter":
        """Start from an existing file, read into memory. Raises: IndexDamaged."""
        return cls(_read(path, 0))

    def add(self, keys: Keys, vectors: Matrix) -> None:
        if len(keys):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)

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
