"""How scores of the two legs become one, over the pool of candidates of one question.

The service takes the best N of each leg, unites them, works out the cosine of every candidate, and
gives a candidate that the lexical leg did not return a lexical score of 0 or its exact score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

Normalisation = Literal["max", "max-cut", "ideal", "minmax", "zscore"]
NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)


@dataclass(frozen=True)
class Pool:
    """Candidates of one question: passage numbers, scores of both legs, who is relevant."""

    passages: np.ndarray
    lexical: np.ndarray
    returned: np.ndarray
    cosine: np.ndarray
    relevant: np.ndarray
    ideal: float


def best(scores: np.ndarray, depth: int) -> np.ndarray:
    """Numbers of the `depth` highest scores, in no order."""
    if len(scores) <= depth:
        return np.arange(len(scores))
    return np.argpartition(scores, -depth)[-depth:]


def pool_of(
    lexical: np.ndarray, cosine: np.ndarray, ideal: float, relevant: frozenset[int], depth: int
) -> Pool:
    """The union of both legs' best; `returned` marks what the lexical leg gave."""
    leg = best(lexical, depth)
    passages = np.union1d(leg, best(cosine, depth))
    return Pool(
        passages=passages,
        lexical=lexical[passages].astype(np.float64),
        returned=np.isin(passages, leg) & (lexical[passages] > 0),
        cosine=cosine[passages].astype(np.float64),
        relevant=np.isin(passages, list(relevant)),
        ideal=ideal,
    )


def mixed(pool: Pool, how: Normalisation, weight: float) -> np.ndarray:
    """weight x dense + (1 - weight) x lexical, each normalised over the pool as `how` says.

    max: BM25 / its maximum, cosine as it is (negative ones as 0). max-cut: the same, and 0 for
    what the lexical leg did not return. ideal: BM25 / the sum of the question's IDF. minmax: both
    to 0..1 over the pool. zscore: both to mean 0, deviation 1.
    """
    lexical, cosine = pool.lexical, pool.cosine
    if how == "minmax":
        lexical, cosine = _minmax(lexical), _minmax(cosine)
    elif how == "zscore":
        lexical = (lexical - lexical.mean()) / (lexical.std() + 1e-9)
        cosine = (cosine - cosine.mean()) / (cosine.std() + 1e-9)
    else:
        if how == "max-cut":
            lexical = np.where(pool.returned, lexical, 0.0)
        largest = pool.ideal if how == "ideal" else lexical.max(initial=0.0)
        lexical = lexical / max(largest, 1e-9)
        cosine = np.maximum(cosine, 0.0)
    return weight * cosine + (1 - weight) * lexical


def _minmax(values: np.ndarray) -> np.ndarray:
    lowest = float(values.min())
    return (values - lowest) / (float(values.max()) - lowest + 1e-9)


def ranks(pool: Pool, scores: np.ndarray) -> int:
    """Rank of the best relevant candidate, ties broken by passage number; 0 if none is there."""
    order = np.lexsort((pool.passages, -scores))
    hits = np.flatnonzero(pool.relevant[order])
    return int(hits[0]) + 1 if len(hits) else 0
