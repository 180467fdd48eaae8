"""The metrics, each in a few lines. Knows rankings, texts and numbers; no index, no gold file.

A ranking is a list of ids, best first, without repetition; relevance is binary.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from math import log2

from eval.matching import holds
from indexer.text.sentences import split_sentences

MAX_SENTENCES = 3  # an answer must come to the point: what stands later does not count


def recall_at(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """Share of the relevant ids among the first k (Manning et al., Introduction to IR, 8.3).

    0 when nothing is relevant: in this evaluation that means the evidence is not in the index.
    """
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: AbstractSet[str]) -> float:
    """1 / rank of the first relevant id, 0 if there is none; its mean is MRR (TREC-8 QA track)."""
    return next((1 / rank for rank, id_ in enumerate(ranking, 1) if id_ in relevant), 0.0)


def ndcg_at(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """DCG with gain 1 and discount log2(rank + 1), over that of the best order.

    Järvelin & Kekäläinen 2002, in the form of trec_eval's ndcg_cut.
    """
    if not relevant:
        return 0.0
    gained = sum(1 / log2(rank + 1) for rank, id_ in enumerate(ranking[:k], 1) if id_ in relevant)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(len(relevant), k) + 1))
    return gained / best


def first_sentences(texts: Iterable[str], limit: int = MAX_SENTENCES) -> str:
    """The first `limit` sentences of an answer, one a line.

    They are counted again here: an answer can't pass by handing over a paragraph as one sentence.
    A semicolon does not end one.
    """
    joined = "\n".join(texts)
    ends = [
        end
        for _, end in split_sentences(joined)
        if joined[end - 1] not in "；;" or joined[end : end + 1] in ("", "\n")
    ]
    return joined[: ends[limit - 1]] if len(ends) >= limit else joined


def answer_hit(texts: Iterable[str], groups: Sequence[Sequence[str]]) -> bool:
    """Whether each group has an alternative within the first three sentences.

    The figure that outside measurements of question answering call "answer recall"; values are
    compared as values (see eval/matching.py), so that 三千四百二十八 is 3,428.
    """
    answer = first_sentences(texts)
    return all(any(holds(answer, alternative) for alternative in group) for group in groups)


def holds_any(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether a quote holds at least one group's value, and so proves a part of the answer."""
    return any(holds(text, alternative) for group in groups for alternative in group)


def percentile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between closest ranks (Hyndman & Fan 1996, type 7), as numpy does."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; None when there is nothing to average."""
    return sum(values) / len(values) if values else None
