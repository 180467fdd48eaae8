"""BM25 over single characters and their bigrams, in numpy: what the vectors must add to.

Formula and constants as in tantivy and Lucene. Knows nothing of vectors or of tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

K1 = 1.2
B = 0.75
_PLANE = 1 << 16


def terms(text: str) -> np.ndarray:
    """Numbers of all single letters and digits and of all pairs that stand side by side."""
    codes = np.fromiter((ord(c) if c.isalnum() else 0 for c in text), dtype=np.int64) % _PLANE
    pairs = codes[:-1] * _PLANE + codes[1:]
    return np.concatenate([codes[codes > 0], pairs[(codes[:-1] > 0) & (codes[1:] > 0)]])


class Bm25:
    """An inverted index with the weight of each posting worked out."""

    def __init__(self, texts: Sequence[str]) -> None:
        rows = [terms(text) for text in texts]
        lengths = np.array([len(row) for row in rows])
        passage = np.repeat(np.arange(len(rows)), lengths)
        self.count = len(rows)
        self._vocabulary, term = np.unique(np.concatenate(rows), return_inverse=True)
        keys, frequency = np.unique(term * self.count + passage, return_counts=True)
        self._passages = (keys % self.count).astype(np.int32)
        self._bounds = np.searchsorted(keys // self.count, np.arange(len(self._vocabulary) + 1))
        held = np.diff(self._bounds)
        self._idf = np.log(1 + (self.count - held + 0.5) / (held + 0.5))
        damping = K1 * (1 - B + B * lengths[self._passages] / lengths.mean())
        impact = frequency * (K1 + 1) / (frequency + damping)
        self._impacts = (impact * np.repeat(self._idf, held)).astype(np.float32)

    def _found(self, query: str) -> tuple[np.ndarray, np.ndarray]:
        asked = np.unique(terms(query))
        at = np.searchsorted(self._vocabulary, asked)
        known = (at < len(self._vocabulary)) & (
            self._vocabulary[np.minimum(at, len(self._vocabulary) - 1)] == asked
        )
        return asked, np.where(known, at, -1)

    def scores(self, query: str) -> np.ndarray:
        """(passages,) float32, 0 where no term of the query occurs."""
        summed = np.zeros(self.count, dtype=np.float32)
        for term in self._found(query)[1]:
            if term >= 0:
                postings = slice(self._bounds[term], self._bounds[term + 1])
                summed[self._passages[postings]] += self._impacts[postings]
        return summed

    def ideal(self, query: str) -> float:
        """The sum of the IDF of the query's terms; an unknown term counts as the rarest."""
        rarest = float(np.log(1 + (self.count + 0.5) / 0.5))
        found = self._found(query)[1]
        return float(sum(self._idf[term] if term >= 0 else rarest for term in found))
