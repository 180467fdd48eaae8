"""How sure a figure is, and a difference between two runs. Knows figures as ratios of two sums.

Questions are what is drawn: the same ones for both runs, since the same were asked of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.runs.figures import Figure
from eval.runs.verdict import Verdict

LEVEL = 0.95
_RESAMPLES = 2_000
_SHUFFLES = 10_000
_SEED = 20_261_122  # any number: the same runs give the same intervals

Parts = NDArray[np.float64]
"""(n, 2): a question's numerator and denominator a row."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What `after` has more than `before`, with its interval and the chance of it by luck.

    `p_lower` is how likely two runs that are worth the same differ so much downwards; `p_higher`
    upwards. Both are 1 where no question differs.
    """

    before: float
    after: float
    low: float
    high: float
    p_lower: float
    p_higher: float

    @property
    def by(self) -> float:
        return self.after - self.before


def parts_of(figure: Figure, verdicts: Sequence[Verdict]) -> Parts:
    return np.array([figure.part(verdict) for verdict in verdicts], dtype=np.float64).reshape(-1, 2)


def interval(
    figure: Figure, verdicts: Sequence[Verdict], level: float = LEVEL
) -> tuple[float, float] | None:
    """Where the figure lies with other questions of the same kind: the percentile bootstrap.

    Efron & Tibshirani 1993, chapter 13. None where it bears on no question.
    """
    parts = _bearing(parts_of(figure, verdicts))
    if len(parts) == 0:
        return None
    drawn = _ratios(parts, _draws(len(parts)))
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def difference(before: Parts, after: Parts, level: float = LEVEL) -> Difference | None:
    """Two runs over the same questions, row by row. None where the figure bears on none of them.

    The interval is the paired bootstrap (Koehn 2004). The chances are those of the paired
    randomisation test (Smucker et al. 2007): swap the two outcomes of each question or not.
    """
    value_before, value_after = _ratio(before), _ratio(after)
    if value_before is None or value_after is None:
        return None
    draws = _draws(len(before))
    drawn = _ratios(after, draws) - _ratios(before, draws)
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    p_lower, p_higher = _chances(before, after)
    return Difference(value_before, value_after, float(low), float(high), p_lower, p_higher)


def _chances(before: Parts, after: Parts) -> tuple[float, float]:
    """One-sided chances of so low, and of so high, a difference."""
    differs = np.any(before != after, axis=1)
    if not differs.any():
        return 1.0, 1.0
    fixed = before[~differs].sum(axis=0)
    one, other = before[differs], after[differs]
    swap = np.random.default_rng(_SEED).random((_SHUFFLES, len(one))) < 0.5
    swapped = swap.astype(np.float64)
    mixed_before = fixed + one.sum(axis=0) + swapped @ (other - one)
    mixed_after = fixed + other.sum(axis=0) + swapped @ (one - other)
    observed = _share(fixed + other.sum(axis=0)) - _share(fixed + one.sum(axis=0))
    found = _share(mixed_after) - _share(mixed_before)
    slack = 1e-12  # sums in another order differ in their last digits
    lower = 1 + np.count_nonzero(found <= observed + slack)
    higher = 1 + np.count_nonzero(found >= observed - slack)
    return min(1.0, lower / (_SHUFFLES + 1)), min(1.0, higher / (_SHUFFLES + 1))


def _share(sums: Parts) -> NDArray[np.float64]:
    """Numerators over denominators along the last axis; 0 of 0 is 0."""
    whole = sums[..., 1]
    found: NDArray[np.float64] = np.divide(
        sums[..., 0], whole, out=np.zeros_like(whole), where=whole > 0
    )
    return found


def _bearing(parts: Parts) -> Parts:
    return parts[parts[:, 1] > 0]


def _ratio(parts: Parts) -> float | None:
    numerator, denominator = parts.sum(axis=0)
    return float(numerator / denominator) if denominator else None


def _draws(n: int) -> NDArray[np.int64]:
    """(resamples, n) row numbers, each row drawn with replacement."""
    return np.random.default_rng(_SEED).integers(0, n, size=(_RESAMPLES, n))


def _ratios(parts: Parts, draws: NDArray[np.int64]) -> NDArray[np.float64]:
    """(resamples,) ratios; NaN where a draw holds no question that bears on the figure."""
    numerators = parts[:, 0][draws].sum(axis=1)
    denominators = parts[:, 1][draws].sum(axis=1)
    found: NDArray[np.float64] = np.divide(
        numerators, denominators, out=np.full(len(draws), np.nan), where=denominators > 0
    )
    return found
