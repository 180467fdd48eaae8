"""The vectors of one generation as one index, whatever files they lie in, of whichever kind.

Knows keys and vectors, no passages. Vectors have length 1, so the inner product is the cosine.
Keys ascend from one file to the next.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.errors import EmbedderFailed, IndexDamaged
from indexer.index.dense.segment import Allowed, DenseSegment, open_segment
from indexer.index.records import Keys, Scored

# The same vector scored on the filtered and on the plain path differs in the seventh digit.
_DECIMALS = 6
_SPARE = 16  # fetched beyond k, to see whether a tie crosses the cut


class DenseIndex:
    """A read-only view of one generation's vectors. Safe to search from several threads."""

    def __init__(self, segments: Sequence[DenseSegment]) -> None:
        self._segments = [each for each in segments if len(each.keys)]
        self._firsts = np.asarray([each.keys[0] for each in self._segments], dtype=np.int64)
        self.count = sum(len(each.keys) for each in segments)
        self.dim = segments[0].dim
        self._allowed = Allowed(np.zeros(0, dtype=np.int64))  # of the last question

    @classmethod
    def open(cls, *paths: Path) -> "DenseIndex":
        """Raises: IndexDamaged."""
        return cls([open_segment(path) for path in paths])

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
        chosen = None if allowed is None else self._chosen(allowed)
        while True:
            scores, keys = self._fetch(query, fetched, chosen)
            tie_may_go_on = len(scores) > wanted and scores[-1] == scores[wanted - 1]
            if not tie_may_go_on or fetched == available:
                break
            fetched = min(4 * fetched, available)
        return [
            Scored(int(key), float(score))
            for key, score in zip(keys[:wanted], scores[:wanted], strict=True)
        ]

    def _chosen(self, allowed: Keys) -> Allowed:
        """The same for the same array: while a document is gone, every question has all others."""
        last = self._allowed
        if last.keys is not allowed:
            last = self._allowed = Allowed(allowed)
        return last

    def _fetch(
        self, query: Matrix, fetched: int, allowed: Allowed | None
    ) -> tuple[NDArray[np.float64], Keys]:
        """The best `fetched` of all files, by descending cosine, ties by key."""
        found = [each.search(query, fetched, allowed) for each in self._segments]
        keys = np.concatenate([each for _, each in found])
        raw = np.concatenate([each for each, _ in found], dtype=np.float64)
        scores: NDArray[np.float64] = np.round(raw, _DECIMALS)
        order = np.lexsort((keys, -scores))[:fetched]
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
                    raise KeyError("a key before the first one")
                here = owners == owner
                scores[here] = self._segments[owner].vectors(wanted[here]) @ query
        except KeyError as error:
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
