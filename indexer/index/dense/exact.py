"""Every vector compared, as float32: for so few that this takes no longer than anything else."""

from typing import Any

import numpy as np

from indexer.embed.base import Matrix
from indexer.index.dense.engine import faiss, on_one_thread
from indexer.index.dense.segment import Allowed, Found
from indexer.index.records import Keys


class ExactSegment:
    """A DenseSegment over a flat index of faiss with our keys."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.keys: Keys = np.sort(np.asarray(faiss().vector_to_array(index.id_map), np.int64))
        self.dim = int(index.d)

    @classmethod
    def of(cls, keys: Keys, vectors: Matrix) -> Any:
        """The index of faiss to be written. Raises: MemoryError."""
        index = faiss().IndexIDMap2(faiss().IndexFlatIP(vectors.shape[1]))
        if len(keys):
            index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)
        return index

    def search(self, query: Matrix, count: int, allowed: Allowed | None) -> Found:
        engine = on_one_thread()
        count = min(count, len(self.keys))
        if allowed is None:
            scores, keys = self._index.search(query, count)
        else:
            # Not shared between calls: IndexIDMap swaps the selector in it while it searches.
            chosen = engine.SearchParameters(sel=engine.IDSelectorBitmap(allowed.bits))
            scores, keys = self._index.search(query, count, params=chosen)
        found = keys[0] >= 0  # faiss pads with -1
        return scores[0][found], keys[0][found]

    def vectors(self, keys: Keys) -> Matrix:
        try:
            return np.asarray(self._index.reconstruct_batch(keys), dtype=np.float32)
        except RuntimeError as error:
            raise KeyError(str(error)) from error
