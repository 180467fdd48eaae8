"""One ranking from several scores. Knows nothing of vectors or text."""

from collections.abc import Mapping, Sequence

import numpy as np

# Weight of the dense leg, and of the word by word likeness in the second round. Measured on two
# encyclopaedia sets, their fifth with the least overlap, and reworded questions: the best that
# loses on none of them (docs/log.md, 2026-11-21).
DENSE_WEIGHT = 0.3
LIKENESS_WEIGHT = 0.5

# Of the cosines of an encoder that reads whole passages. With its vectors for the best 20 of
# 20,000 articles the right paragraph comes first for 98.3 and 96.3 of 100 encyclopaedia questions
# (without: 96.9 and 95.7), with the reader as a third round 98.6 and 97.4; with 0.05 97.7 and 96.3
# (docs/log.md, 2026-11-27).
COSINE_WEIGHT = 0.08

Ranking = list[tuple[int, float]]


def mix(
    lexical: Mapping[int, float], dense: Mapping[int, float], dense_weight: float = DENSE_WEIGHT
) -> Ranking:
    """Rank the candidates of both legs: (key, score) with scores from 0 to 1, best first.

    Both maps hold every candidate. BM25 is divided by the best candidate's; cosines are taken as
    they are, cut at 0. Not reciprocal ranks: they throw away how much better the first one is, and
    cost ten points. Ties go to the smaller key.
    """
    best = max(lexical.values(), default=0.0)
    scores = {key: _mixed(lexical[key], best, dense[key], dense_weight) for key in lexical}
    return _sorted(scores)


def contenders(
    lexical: Mapping[int, float], dense: Mapping[int, float], most: float, wanted: int
) -> list[int]:
    """Which keys of `dense` that are not in `lexical` may be among the best `wanted` of `mix`.

    They have `most` by their words, or less, which is no more than any of `lexical`; each key of
    that is in `dense`, too. Ascending.
    """
    absent = sorted(dense.keys() - lexical.keys())
    if len(lexical) < wanted:
        return absent
    best = max(lexical.values())
    _, least = mix(lexical, dense)[wanted - 1]
    return [key for key in absent if _mixed(most, best, dense[key], DENSE_WEIGHT) >= least]


def _mixed(lexical: float, best: float, cosine: float, dense_weight: float) -> float:
    share = lexical / best if best > 0 else 0.0
    return (1 - dense_weight) * share + dense_weight * min(1.0, max(0.0, cosine))


def second_round(
    ranked: Ranking, likeness: Sequence[float], weight: float = LIKENESS_WEIGHT
) -> Ranking:
    """Rank the first `len(likeness)` again, by (1 - weight) x score + weight x likeness.

    `likeness`, from 0 to 1, is in the order of `ranked`. What it does not reach is dropped.
    """
    pairs = zip(ranked, likeness, strict=False)
    return _sorted({key: (1 - weight) * score + weight * like for (key, score), like in pairs})


def with_cosines(
    ranked: Ranking, cosines: Sequence[float], weight: float = COSINE_WEIGHT
) -> Ranking:
    """Rank again by score + weight x standard score of the cosine among those that are ranked.

    For an encoder that reads whole passages: its cosines differ by hundredths, yet tell more than
    their size. `cosines` is in the order of `ranked`; standard scores count from -3 to 3, and the
    sum is brought back to what lies between 0 and 1.
    """
    if not ranked:
        return []
    values = np.asarray(cosines, dtype=np.float64)
    spread = float(values.std())
    standard = (values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values)
    above = 3 + np.clip(standard, -3, 3)
    pairs = zip(ranked, above.tolist(), strict=True)
    return _sorted({key: (score + weight * z) / (1 + 6 * weight) for (key, score), z in pairs})


def _sorted(scores: Mapping[int, float]) -> Ranking:
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
