"""Metrics of a ranking: a list of ids, best first, without repetition; relevance is binary."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import log2


def recall_at(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """Share of the relevant ids among the first k (Manning et al., Introduction to IR, 8.3).

    0 when nothing is relevant: in this evaluation that means the evidence is not in the index.

    Of b and d, the first three hold b alone:
    >>> recall_at(["a", "b", "c", "d"], {"b", "d"}, 3)
    0.5
    """
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: AbstractSet[str]) -> float:
    """1 / rank of the first relevant id, 0 if there is none; its mean is MRR (TREC-8 QA track).

    The first of b and d stands second:
    >>> reciprocal_rank(["a", "b", "c", "d"], {"b", "d"})
    0.5
    """
    return next((1 / rank for rank, id_ in enumerate(ranking, 1) if id_ in relevant), 0.0)


def ndcg_at(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """DCG with gain 1 and discount log2(rank + 1), over that of the best order.

    Järvelin & Kekäläinen 2002, in the form of trec_eval's ndcg_cut.

    Gained at rank 3, 1 / log2(4) = 0.5; the best order gains at rank 1, 1 / log2(2) = 1:
    >>> ndcg_at(["a", "b", "c"], {"c"}, 10)
    0.5
    """
    if not relevant:
        return 0.0
    gained = sum(1 / log2(rank + 1) for rank, id_ in enumerate(ranking[:k], 1) if id_ in relevant)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(len(relevant), k) + 1))
    return gained / best
