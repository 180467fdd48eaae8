"""Means, shares and percentiles. Knows numbers alone."""

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between closest ranks (Hyndman & Fan 1996, type 7), as numpy does.

    A quarter of the way from the first of three to the last lies half way to the second:
    >>> percentile([10, 20, 40], 0.25)
    15.0
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; None when there is nothing to average.

    >>> mean([1, 0, 0.5])
    0.5
    """
    return sum(values) / len(values) if values else None
