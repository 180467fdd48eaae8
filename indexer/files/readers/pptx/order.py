"""The order in which boxes on a slide are read. Knows rectangles alone.

A box over the whole width parts what is above it from what is below. What is left is cut along its
widest empty strip, down or across, and each part again: columns are read one after the other, rows
of cards card by card (recursive X-Y cut, Nagy and Seth 1984).
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
_WIDE = 0.6
_MOST_BOXES = 400  # beyond it by rows alone: a cut looks at every box, and may set one apart


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """The boxes' numbers in the order of reading."""
    if len(boxes) > _MOST_BOXES:
        return [box.at for box in sorted(boxes, key=lambda box: (box.top, box.left, box.at))]
    if len(boxes) < 2:
        return [box.at for box in boxes]
    bands = _bands(boxes)
    if len(bands) > 1:
        return [at for band in bands for at in reading_order(band)]
    # Columns win over rows unless those stand twice as far apart: boxes grow with their text.
    across = _widest(boxes, [_shrunk(box.top, box.bottom) for box in boxes])
    down = _widest(boxes, [_shrunk(box.left, box.right) for box in boxes])
    gap, parts = down if down[0] >= 0 and down[0] * 2 >= across[0] else across
    if gap < 0:
        return [box.at for box in sorted(boxes, key=lambda box: (box.top, box.left, box.at))]
    return [at for part in parts for at in reading_order(part)]


def _bands(boxes: Sequence[Box]) -> list[list[Box]]:
    """The boxes between those that take most of the width with nothing beside them."""
    width = max(box.right for box in boxes) - min(box.left for box in boxes)
    bands: list[list[Box]] = [[]]
    for box in sorted(boxes, key=lambda box: (box.top, box.left, box.at)):
        top, bottom = _shrunk(box.top, box.bottom)
        alone = all(other.bottom <= top or other.top >= bottom for other in boxes if other != box)
        if alone and (box.right - box.left) >= width * _WIDE:
            bands += [[box], []]
        else:
            bands[-1].append(box)
    return [band for band in bands if band]


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
