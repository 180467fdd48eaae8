"""Linear mix of the two legs' scores. Knows nothing of vectors or text."""

from collections.abc import Mapping

# Weight of the dense leg, measured on encyclopaedia, news and reworded questions (docs/log.md,
# 2026-11-21): below 0.2 reworded questions gain little, above 0.35 names and figures start to lose.
DENSE_WEIGHT = 0.25


def mix(
    lexical: Mapping[int, float], dense: Mapping[int, float], dense_weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """Rank the candidates of both legs: (key, score) with scores from 0 to 1, best first.

    Both maps hold every candidate. BM25 is divided by the best candidate's; cosines are taken as
    they are, cut at 0. Not reciprocal ranks: they throw away how much better the first one is, and
    cost ten points. Ties go to the smaller key.
    """
    best = max(lexical.values(), default=0.0)
    scores = {
        key: (1 - dense_weight) * (lexical[key] / best if best > 0 else 0.0)
        + dense_weight * min(1.0, max(0.0, dense[key]))
        for key in lexical
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
