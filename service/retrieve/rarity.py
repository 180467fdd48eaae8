"""How rare terms are in an archive: the weight that the reader gives them. Knows no answers."""

import math
from collections.abc import Callable, Sequence

from indexer.index.store import IndexReader

# A term that stands in one of three passages is not common: in a small archive the terms weigh as
# in one of this size, which is nearer to what the reader was trained in.
_FEWEST = 2000


def rarity(reader: IndexReader) -> Callable[[Sequence[str]], list[float]]:
    """Terms to weights, in their order: 1 for one in no passage, 0 for one in all."""
    count = max(reader.passage_count, _FEWEST)
    most = math.log((count + 1) / 0.5)

    def idf(terms: Sequence[str]) -> list[float]:
        return [
            max(0.0, math.log((count + 1) / (held + 0.5))) / most
            for held in reader.document_frequencies(terms)
        ]

    return idf
