"""The order in which boxes on a slide are read. Knows rectangles alone.

The slide is cut along its widest empty strip, across or down, and each part again: columns are read
one after the other, rows of cards card by card (recursive X-Y cut, Nagy and Seth 1984).
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in any unit; `at` is its number in the list that it came from."""

    left: int
    top: int
    right: int
    bottom: int
    at: int


_OVERLAP = 0.1  # of a box's own size, by which boxes may overlap and still be cut apart
_MOST_BOXES = 400  # beyond it by rows alone: a cut looks at every box, and may set one apart


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """The boxes' numbers in the order of reading."""
    if len(boxes) > _MOST_BOXES:
        return [box.at for box in sorted(boxes, key=lambda box: (box.top, box.left, box.at))]
    if len(boxes) < 2:
        return [box.at for box in boxes]
    across = _widest(boxes, [_shrunk(box.top, box.bottom) for box in boxes])
    down = _widest(boxes, [_shrunk(box.left, box.right) for box in boxes])
    gap, parts = max(across, down, key=lambda found: found[0])
    if gap < 0:
        return [box.at for box in sorted(boxes, key=lambda box: (box.top, box.left, box.at))]
    return [at for part in parts for at in reading_order(part)]


def _shrunk(start: int, end: int) -> tuple[float, float]:
    slack = (end - start) * _OVERLAP
    return start + slack, end - slack


def _widest(
    boxes: Sequence[Box], extents: Sequence[tuple[float, float]]
) -> tuple[float, tuple[list[Box], list[Box]]]:
    """The widest strip that no box reaches into, and the boxes before and behind it; -1 if none."""
    ordered = sorted(range(len(boxes)), key=lambda at: (extents[at], boxes[at].at))
    best, cut, reached = -1.0, 0, extents[ordered[0]][1]
    for position, at in enumerate(ordered[1:], start=1):
        start, end = extents[at]
        if start >= reached and start - reached > best:
            best, cut = start - reached, position
        reached = max(reached, end)
    return best, ([boxes[at] for at in ordered[:cut]], [boxes[at] for at in ordered[cut:]])
