"""A third score for the best candidates: how well each word of the question is met in a passage.

A question's word is met by the passage's most similar word; words weigh what training gave them,
so that no counts of the collection are needed. Knows passages as token numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


class SoftMatch:
    """Token vectors of length 1, each token's weight, and each passage's tokens."""

    def __init__(self, model: Any, texts: Sequence[str], threshold: float) -> None:
        rows = np.asarray(model.embedding, dtype=np.float32)
        lengths = np.linalg.norm(rows, axis=1)
        self._rows = rows / np.maximum(lengths, 1e-9)[:, None]
        self._weights = lengths * np.asarray(model.weights)
        self._model = model
        self._threshold = threshold
        self._passages = [np.unique(ids).astype(np.int64) for ids in model.tokenize(list(texts))]

    def scores(self, question: str, passages: np.ndarray) -> np.ndarray:
        """(passages,) 0 to 1: the weighted mean of each word's highest cosine.

        A cosine under the threshold counts as 0: unrelated words are 0.1 to 0.3 apart.
        """
        asked = np.unique(np.asarray(self._model.tokenize([question])[0], dtype=np.int64))
        weights = self._weights[asked]
        if weights.sum() == 0:
            return np.zeros(len(passages))
        weights = weights / weights.sum()
        held = [self._passages[int(passage)] for passage in passages]
        # One sentinel token each (the unknown one, a zero row) keeps empty passages in line.
        flat = np.concatenate([np.append(ids, 0) for ids in held])
        ends = np.cumsum([len(ids) + 1 for ids in held])
        distinct, inverse = np.unique(flat, return_inverse=True)
        cosines = (self._rows[asked] @ self._rows[distinct].T)[:, inverse]
        nearest = np.maximum.reduceat(cosines, np.append(0, ends[:-1]), axis=1)
        met = np.where(nearest >= self._threshold, nearest, 0.0)
        return np.asarray(weights @ met, dtype=np.float64)
