"""A page's fragments in reading order: columns one after the other, tables at their place.

By geometry, not by the order in which a program drew the words. Knows one page alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from indexer.files.readers.pdf.engine import PageContent
from indexer.files.readers.pdf.lines import Fragment, Line, fragments, lines
from indexer.files.readers.pdf.tables import Table, aligned_tables, ruled_tables

_LEAST_LINES = 4  # that a column has at least, side by side with another
_LEAST_WIDTH = 8  # characters
_FULL = 0.75  # of a column's width: lines of prose are so long, but for the last of a paragraph
_FULL_SHARE = 0.5
_HANGING = "，。、；：！？"
_DEEPEST = 3  # up to eight columns


@dataclass(frozen=True, slots=True)
class Region:
    """Lines and tables of one column, or of the full width, from top to bottom."""

    items: tuple[Line | Table, ...]
    left: float
    right: float
    is_column: bool


@dataclass(frozen=True, slots=True)
class PageParts:
    """What is on a page before its order is known. `aslant` runs across it, as a watermark does."""

    parts: tuple[Fragment, ...]
    tables: tuple[Table, ...]
    aslant: tuple[str, ...] = ()


def take_apart(content: PageContent) -> PageParts:
    parts, aslant = fragments(content.glyphs, content.rules)
    tables, rest = ruled_tables(content.rules, parts)
    return PageParts(tuple(rest), tuple(tables), tuple(text for text in aslant if text))


def in_order(parts: Sequence[Fragment], tables: Sequence[Table]) -> list[Region]:
    """The columns in the order in which they are read."""
    items: list[_Item] = [*parts, *tables]
    return _ordered(items, 0) if items else []


_Item = Fragment | Table


def _top(item: _Item) -> float:
    return item.y + (0.0 if isinstance(item, Table) else item.size * 0.8)


def _bottom(item: _Item) -> float:
    return item.bottom if isinstance(item, Table) else item.y - item.size * 0.2


def _ordered(items: Sequence[_Item], depth: int) -> list[Region]:
    """Columns are looked for between the items that reach across; those stay in their place."""
    edge = _gutter(items) if depth < _DEEPEST else None
    if edge is None:
        return [_region(items, depth > 0)]
    regions: list[Region] = []
    across: list[_Item] = []
    for band in _bands(items, edge):
        left = [item for item in band if item.x1 <= edge]
        right = [item for item in band if item.x0 >= edge]
        if len(left) + len(right) < len(band) or not _side_by_side(left, right):
            across += band
            continue
        above = _above_columns(left, right)
        moved = set(map(id, above))
        left = [item for item in left if id(item) not in moved]
        across += above
        if across:
            regions.append(_region(across, depth > 0))
            across = []
        regions += _ordered(left, depth + 1) + _ordered(right, depth + 1)
    if across:
        regions.append(_region(across, depth > 0))
    return regions


def _region(items: Sequence[_Item], is_column: bool) -> Region:
    found = aligned_tables(lines(item for item in items if isinstance(item, Fragment)))
    found += [item for item in items if isinstance(item, Table)]
    found.sort(key=lambda item: -item.y)
    left, right = min(item.x0 for item in found), max(map(_right, found))
    return Region(tuple(found), left, right, is_column)


def _right(item: Line | Table) -> float:
    """Where it ends, but for a stop: those may hang over the edge of what is set."""
    hangs = isinstance(item, Line) and len(item.text) > 1 and item.text[-1] in _HANGING
    return item.x1 - item.size * hangs


# -- columns --------------------------------------------------------------------------------------


def _gutter(items: Sequence[_Item]) -> float | None:
    """The left edge of a column of prose with another one beside it."""
    words = [item for item in items if isinstance(item, Fragment)]
    if len(words) < 2 * _LEAST_LINES:
        return None
    size = median(item.size for item in words)
    starts: dict[int, int] = {}
    for item in words:
        starts[round(item.x0 / 2)] = starts.get(round(item.x0 / 2), 0) + 1
    leftmost = min(item.x0 for item in words) + _LEAST_WIDTH * size
    places = sorted(
        (at for at, count in starts.items() if count >= _LEAST_LINES and at * 2 > leftmost),
        key=lambda at: (-starts[at], at),
    )
    best, most = None, 0
    for at in places[:4]:
        edge = at * 2 - 0.4 * size
        lines_beside = sum(
            _prose_lines(band, edge, size) for band in _bands(items, edge) if len(band) > 1
        )
        if lines_beside > most:
            best, most = edge, lines_beside
    return best


def _bands(items: Sequence[_Item], edge: float) -> list[list[_Item]]:
    """The items from top to bottom, parted at each that reaches across the edge."""
    bands: list[list[_Item]] = [[]]
    # A line that reaches across ends what is above its middle.
    blockers = sorted(
        (item for item in items if item.x0 < edge < item.x1), key=lambda item: -_top(item)
    )
    rest = sorted((item for item in items if not item.x0 < edge < item.x1), key=_middle)
    for blocker in blockers:
        while rest and _middle(rest[-1]) > _middle(blocker):
            bands[-1].append(rest.pop())
        bands += [[blocker], []]
    bands[-1] += reversed(rest)
    return [band for band in bands if band]


def _middle(item: _Item) -> float:
    return (_top(item) + _bottom(item)) / 2


def _side_by_side(left: Sequence[_Item], right: Sequence[_Item]) -> bool:
    """Whether a part of each stands beside a part of the other."""
    if not left or not right:
        return False
    low = max(min(map(_bottom, left)), min(map(_bottom, right)))
    return min(max(map(_top, left)), max(map(_top, right))) > low


def _above_columns(left: Sequence[_Item], right: Sequence[_Item]) -> list[_Item]:
    """Short lines over the full width that stand above both columns: an item, a heading."""
    start = max(map(_top, right))
    above = [item for item in left if _bottom(item) > start]
    edge = max(item.x1 for item in left)
    full = sum(item.x1 > edge - 2 * (item.size) for item in above)
    return above if full * 2 < len(above) and len(above) < len(left) else []


def _prose_lines(band: Sequence[_Item], edge: float, size: float) -> int:
    """How many lines of prose a band holds on the side that has fewer; 0 if it is no column."""
    left = [item for item in band if item.x1 <= edge and isinstance(item, Fragment)]
    right = [item for item in band if item.x0 >= edge and isinstance(item, Fragment)]
    if not _side_by_side(left, right):
        return 0
    counts = []
    for side in (left, right):
        joined = lines(side)
        width = max(line.x1 for line in joined) - min(line.x0 for line in joined)
        full = [line for line in joined if line.x1 - line.x0 >= _FULL * width]
        dense = [line for line in full if _is_dense(line)]
        if len(joined) < _LEAST_LINES or width < _LEAST_WIDTH * size:
            return 0
        if len(full) < _FULL_SHARE * len(joined) or len(dense) * 2 < len(full):
            return 0
        counts.append(len(full))
    return min(counts)


def _is_dense(line: Line) -> bool:
    """Most of the line is words, not gaps between the cells of a table."""
    return sum(part.x1 - part.x0 for part in line.parts) >= 0.8 * (line.x1 - line.x0)
