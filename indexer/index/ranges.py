"""Which passages belong to which document, by keys alone. Knows no texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.index.records import Keys

CatalogRow = tuple[int, str, int, int]
"""A document's key and id, the key of its first passage, and how many passages follow in a row."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """Documents by key, each with the first key and the number of its passages, keys ascending."""

    documents: Keys
    first_passages: Keys
    passage_counts: Keys

    @classmethod
    def of(cls, rows: Sequence[CatalogRow]) -> "Ranges":
        table = np.asarray([(key, first, count) for key, _, first, count in rows], dtype=np.int64)
        table = table.reshape(-1, 3)
        return cls(table[:, 0], table[:, 1], table[:, 2])

    def among(self, documents: Keys) -> "Ranges":
        """Those that are among `documents`."""
        kept = np.isin(self.documents, documents, assume_unique=True)
        return Ranges(self.documents[kept], self.first_passages[kept], self.passage_counts[kept])

    def owners(self, passages: Keys) -> Keys:
        """The document of each passage, whose documents must be among these."""
        # The last of those that begin there: one without passages begins where the next one does.
        return self.documents[np.searchsorted(self.first_passages, passages, side="right") - 1]

    def passages(self) -> Keys:
        """The passages' keys, ascending. Those of one document follow each other."""
        counts = self.passage_counts
        before = np.cumsum(counts) - counts
        return np.repeat(self.first_passages - before, counts) + np.arange(counts.sum())
