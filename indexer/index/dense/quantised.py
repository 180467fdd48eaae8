"""Many vectors: a short code of each is scanned, and the best are compared as they are.

Codes lie in lists by their nearest centre, and the lists nearest to the question are scanned (IVF);
a code holds 4 bits for every three or four numbers (product quantisation, whose distances faiss
sums in registers). What the codes find is scored again by the rows file, all vectors as float16 in
the order of their keys. Two million lookups take as long as comparing 10,000 whole vectors.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.errors import IndexDamaged
from indexer.index.dense.engine import faiss, on_one_thread
from indexer.index.dense.segment import Allowed, Found
from indexer.index.records import Keys

_CHECKED = 6  # codes are that often taken for better than they are: so many are scored for one
_LEAST_CHECKED = 600
_FEW = 4096  # vectors that are compared one by one sooner than lists are scanned
_BLOCK = 512  # vectors that are multiplied at once: OpenBLAS starts its threads above 2**18
_SAMPLES = 64  # vectors a list that its centre is learnt from; faiss asks for 39
_ROUNDS = 10  # of k-means; twice as many found nothing more


class QuantisedSegment:
    """A DenseSegment over inverted lists of codes, and the vectors themselves on disk."""

    def __init__(self, index: Any, rows: Path) -> None:
        """Raises: IndexDamaged."""
        self._index = index
        self.dim = int(index.d)
        self.keys = _keys_of(index)
        size = len(self.keys) * self.dim * np.dtype("<f2").itemsize
        if rows.stat().st_size != size:
            raise IndexDamaged(f"{rows.name} is not whole", hint="build the index again")
        self._rows = np.memmap(rows, "<f2", "r", shape=(len(self.keys), self.dim))

    def search(self, query: Matrix, count: int, allowed: Allowed | None) -> Found:
        wanted = max(_LEAST_CHECKED, _CHECKED * count)
        candidates = self.keys
        if allowed is not None:
            candidates = allowed.between(int(self.keys[0]), int(self.keys[-1]))
        if wanted * 4 < len(candidates) and len(candidates) > _FEW:
            candidates = self._scanned(query, wanted, allowed, len(candidates))
        scores = self._scores(query, np.searchsorted(self.keys, candidates))
        if len(scores) <= count:
            return scores, candidates
        # All that tie with the last one, since ties are settled by key.
        last = np.partition(scores, len(scores) - count)[len(scores) - count]
        best = np.flatnonzero(scores >= last)
        return scores[best], candidates[best]

    def _scanned(self, query: Matrix, wanted: int, allowed: Allowed | None, among: int) -> Keys:
        """The keys whose codes are the best, ascending."""
        engine = on_one_thread()
        chosen = engine.SearchParametersIVF(nprobe=self._index.nprobe)
        if allowed is not None:
            share = len(self.keys) / among
            chosen = engine.SearchParametersIVF(
                sel=engine.IDSelectorBitmap(allowed.bits),
                # The fewer a filter leaves, the farther away are the nearest of them.
                nprobe=min(self._index.nlist, int(self._index.nprobe * math.sqrt(share)) + 1),
            )
        _, keys = self._index.search(query, wanted, params=chosen)
        return np.sort(keys[0][keys[0] >= 0])  # faiss pads with -1

    def _scores(self, query: Matrix, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        scores = np.empty(len(rows), dtype=np.float32)
        for at in range(0, len(rows), _BLOCK):
            some = rows[at : at + _BLOCK]
            scores[at : at + _BLOCK] = self._rows[some].astype(np.float32) @ query[0]
        return scores

    def vectors(self, keys: Keys) -> Matrix:
        rows = np.searchsorted(self.keys, keys)
        if len(keys) and not np.array_equal(self.keys[np.minimum(rows, len(self.keys) - 1)], keys):
            raise KeyError("a key that has no vector")
        return np.asarray(self._rows[rows], dtype=np.float32)


def _keys_of(index: Any) -> Keys:
    """All, ascending, out of the lists."""
    lists, each = index.invlists, []
    for at in range(index.nlist):
        count = lists.list_size(at)
        if count:
            each.append(np.array(faiss().rev_swig_ptr(lists.get_ids(at), count), dtype=np.int64))
    return np.sort(np.concatenate(each))


def empty_index(count: int, take: Callable[[NDArray[np.int64]], Matrix]) -> tuple[Any, str]:
    """An index for `count` vectors that has learnt from some of them, and its kind as faiss says
    it. `take` gives vectors by position. The same vectors make the same index.

    As many lists as the root of the number, so that finding lists and scanning them weigh alike.
    """
    engine = on_one_thread()
    lists = 2 ** round(np.log2(count) / 2)
    sample = take(np.linspace(0, count - 1, min(count, _SAMPLES * lists), dtype=np.int64))
    dim = sample.shape[1]
    parts = next(dim // width for width in (3, 4, 2, 1) if dim % width == 0)
    kind = f"IVF{lists},PQ{parts}x4fs"
    index = engine.index_factory(dim, kind, engine.METRIC_INNER_PRODUCT)
    index.cp.niter = _ROUNDS
    index.train(sample)
    return index, kind
