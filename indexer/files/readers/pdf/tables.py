"""Tables of a page: from ruled lines, or from columns that are aligned over several rows.

Gives rows of cells with merged cells filled in; knows nothing of pages before and behind.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.files.readers.pdf.engine import Rule
from indexer.files.readers.pdf.lines import (
    GAP,
    Fragment,
    Line,
    join,
    line_of,
    lines,
    without_stray_spaces,
)
from indexer.files.readers.tables import Cell

_TOUCH = 3.0  # points between the ends of lines that are meant to meet
_OPEN_EDGE = 8.0  # a horizontal line that goes on so far beyond the last vertical one
_MOST_PAIRS = 400_000  # horizontal times vertical lines: more are a drawing
_MOST_CELLS = 20_000
_LEAST_ROWS = 3  # aligned rows that make a table where no line is ruled
_ALIGNED = 0.8  # widths of a character
_FARTHEST_ROW = 3.5  # heights of a character from one row to the next
LEADERS = re.compile(r"[.．。·…‥]{4,}|…{2,}|(\. ){4,}")
_LIST_MARK = re.compile(
    r"[(（]?[\d一二三四五六七八九十①-⑳a-zA-Z]{1,3}[.、．)）:：]?$|[•·●▪■◆\-–—]$"
)


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are of one length; `edges` are the columns' left edges; `y` is the upper edge."""

    rows: tuple[tuple[Cell, ...], ...]
    edges: tuple[float, ...]
    x0: float
    x1: float
    y: float
    bottom: float
    size: float
    marked: int = 0  # rows that are set in bold above others that are not
    is_ruled: bool = True


def ruled_tables(
    rules: Sequence[Rule], parts: Sequence[Fragment]
) -> tuple[list[Table], list[Fragment]]:
    """The tables in ruled lines, and the fragments that stand in none of them."""
    tables: list[Table] = []
    rest = list(parts)
    for grid in _grids(rules):
        inside = [part for part in rest if grid.holds(part)]
        table = grid.table(inside)
        if table:
            taken = set(map(id, inside))
            rest = [part for part in rest if id(part) not in taken]
            tables.append(table)
    return tables, rest


# -- ruled ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Grid:
    """`xs` and `ys` ascending: the places of vertical and horizontal lines."""

    xs: list[float]
    ys: list[float]
    walls: list[Rule]  # vertical
    floors: list[Rule]  # horizontal

    def holds(self, part: Fragment) -> bool:
        x, y = (part.x0 + part.x1) / 2, part.y + 0.3 * part.size
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def table(self, parts: Sequence[Fragment]) -> Table | None:
        wide, high = len(self.xs) - 1, len(self.ys) - 1
        roots = self._merged(wide, high)
        if len({roots[row * wide + col] for row in range(high) for col in range(wide)}) < 3:
            return None  # a box around text, in two parts at most
        cells: dict[int, list[Fragment]] = {}
        for part in parts:
            col = _slot(self.xs, (part.x0 + part.x1) / 2)
            row = _slot(self.ys, part.y + 0.3 * part.size)
            cells.setdefault(roots[row * wide + col], []).append(part)
        texts = {root: _cell_text(inside) for root, inside in cells.items()}
        if sum(map(bool, texts.values())) < 2:
            return None
        rows = [
            tuple(_cell(texts, roots, row * wide, col) for col in range(wide))
            for row in reversed(range(high))
        ]
        rows = [row for row in rows if any(cell.text for cell in row)]
        top = {cell.text for cell in rows[0]}
        heads = [root for root, text in texts.items() if text in top]
        is_bold = [all(part.bold for part in cells[root]) for root in heads]
        others = [part.bold for root in cells for part in cells[root] if root not in heads]
        return Table(
            rows=tuple(rows),
            edges=tuple(self.xs[:-1]),
            x0=self.xs[0],
            x1=self.xs[-1],
            y=self.ys[-1],
            bottom=self.ys[0],
            size=max(part.size for part in parts),
            marked=int(all(is_bold) and not all(others)),
        )

    def _merged(self, wide: int, high: int) -> list[int]:
        """For each cell the one that it is merged into: those with no line between them."""
        parent = list(range(wide * high))
        for row in range(high):
            middle = (self.ys[row] + self.ys[row + 1]) / 2
            for col in range(1, wide):
                if not _covered(self.walls, self.xs[col], middle):
                    _unite(parent, row * wide + col - 1, row * wide + col)
        for col in range(wide):
            middle = (self.xs[col] + self.xs[col + 1]) / 2
            for row in range(1, high):
                if not _covered(self.floors, self.ys[row], middle):
                    _unite(parent, (row - 1) * wide + col, row * wide + col)
        return [_root(parent, at) for at in range(len(parent))]


def _grids(rules: Sequence[Rule]) -> list[_Grid]:
    walls = _joined([rule for rule in rules if rule.vertical])
    floors = _joined([rule for rule in rules if not rule.vertical])
    if not walls or not floors or len(walls) * len(floors) > _MOST_PAIRS:
        return []
    parent = list(range(len(walls) + len(floors)))
    for at, wall in enumerate(walls):
        for other, floor in enumerate(floors, len(walls)):
            if _meet(wall, floor):
                _unite(parent, at, other)
    groups: dict[int, list[Rule]] = {}
    for at, rule in enumerate((*walls, *floors)):
        groups.setdefault(_root(parent, at), []).append(rule)
    found: list[_Grid] = []
    for group in groups.values():
        own_walls = [rule for rule in group if rule.vertical]
        own_floors = [rule for rule in group if not rule.vertical]
        if not own_walls or not own_floors:
            continue
        xs = _with_open_edges(_places(own_walls), own_floors)
        ys = _with_open_edges(_places(own_floors), own_walls)
        if len(xs) > 2 and len(ys) > 1 and len(xs) * len(ys) <= _MOST_CELLS:
            found.append(_Grid(xs, ys, own_walls, own_floors))
    # Smaller ones first: a table in a cell of another one is read as itself.
    return sorted(found, key=lambda grid: (grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0]))


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Strokes that continue each other as one line: borders are often drawn cell by cell."""
    found: list[Rule] = []
    for at, places in _clusters(rules):
        start, end = places[0].start, places[0].end
        for rule in places[1:]:
            if rule.start <= end + _TOUCH:
                end = max(end, rule.end)
            else:
                found.append(Rule(rule.vertical, at, start, end))
                start, end = rule.start, rule.end
        found.append(Rule(places[0].vertical, at, start, end))
    return found


def _clusters(rules: Sequence[Rule]) -> list[tuple[float, list[Rule]]]:
    """Rules at one place, sorted by where they start."""
    clusters: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if clusters and rule.at - clusters[-1][-1].at <= _TOUCH:
            clusters[-1].append(rule)
        else:
            clusters.append([rule])
    return [
        (sum(r.at for r in each) / len(each), sorted(each, key=lambda r: r.start))
        for each in clusters
    ]


def _places(rules: Iterable[Rule]) -> list[float]:
    return sorted({rule.at for rule in rules})


def _with_open_edges(places: list[float], across: Sequence[Rule]) -> list[float]:
    """Tables are often open at the left and right: there the crossing lines say how far they go."""
    low, high = min(rule.start for rule in across), max(rule.end for rule in across)
    before = [low] if low < places[0] - _OPEN_EDGE else []
    behind = [high] if high > places[-1] + _OPEN_EDGE else []
    return [*before, *places, *behind]


def _meet(wall: Rule, floor: Rule) -> bool:
    return (
        floor.start - _TOUCH <= wall.at <= floor.end + _TOUCH
        and wall.start - _TOUCH <= floor.at <= wall.end + _TOUCH
    )


def _covered(rules: Sequence[Rule], place: float, middle: float) -> bool:
    return any(rule.at == place and rule.start <= middle <= rule.end for rule in rules)


def _slot(edges: Sequence[float], value: float) -> int:
    return max(0, sum(edge <= value for edge in edges[1:-1]))


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


def _unite(parent: list[int], a: int, b: int) -> None:
    parent[_root(parent, a)] = _root(parent, b)


def _cell(texts: dict[int, str], roots: Sequence[int], first: int, col: int) -> Cell:
    """A merged cell's words stand in each of its places; `across` tells those in one row."""
    root = roots[first + col]
    return Cell(texts.get(root, ""), col > 0 and roots[first + col - 1] == root)


def _cell_text(parts: Iterable[Fragment]) -> str:
    text = ""
    for line in lines(parts):
        text = join(text, line.text)
    return without_stray_spaces(text)


# -- aligned --------------------------------------------------------------------------------------


def aligned_tables(region: Sequence[Line]) -> list[Line | Table]:
    """The lines of a column, those that make up a table replaced by it."""
    rows = [parted(line) for line in region]
    items: list[Line | Table] = []
    at = 0
    while at < len(region):
        end = _run_end(region, rows, at)
        if end - at >= _LEAST_ROWS and not _is_list(rows[at:end]):
            begin = at
            if items and isinstance(items[-1], Line) and _heads(rows[at - 1], rows[at:end]):
                items.pop()
                begin = at - 1
            items.append(_aligned_table(region[begin:end], rows[begin:end]))
            at = end
        else:
            items.append(region[at])
            at += 1
    return items


def parted(line: Line) -> list[Fragment]:
    """A line's fragments with a gap between them: the cells of a row."""
    groups: list[list[Fragment]] = []
    for part in line.parts:
        if groups and part.x0 - max(p.x1 for p in groups[-1]) <= GAP * part.size:
            groups[-1].append(part)
        else:
            groups.append([part])
    cells: list[Fragment] = []
    for group in groups:
        if len(group) == 1:
            cells += group
        else:
            whole = line_of(group)
            cells.append(Fragment(whole.text, whole.x0, whole.x1, whole.y, whole.size, whole.bold))
    return cells


def _run_end(region: Sequence[Line], rows: Sequence[list[Fragment]], at: int) -> int:
    """Where the rows end that are aligned with this one."""
    first = rows[at]
    if len(first) < 2 or LEADERS.search(region[at].text):
        return at
    end = at + 1
    while end < len(region):
        near = region[end - 1].y - region[end].y <= _FARTHEST_ROW * region[end].size
        row = rows[end]
        if not near or len(row) != len(first) or LEADERS.search(region[end].text):
            break
        pairs = zip(first, row, rows[end - 1], strict=True)
        if not all(_is_aligned(a, b) or _is_aligned(c, b) for a, b, c in pairs):
            break
        end += 1
    return end


def _is_aligned(a: Fragment, b: Fragment) -> bool:
    near = _ALIGNED * max(a.size, b.size)
    return (
        abs(a.x0 - b.x0) <= near
        or abs(a.x1 - b.x1) <= near
        or abs(a.x0 + a.x1 - b.x0 - b.x1) <= 2 * near
    )


def _is_list(rows: Sequence[list[Fragment]]) -> bool:
    return len(rows[0]) == 2 and all(_LIST_MARK.match(row[0].text) for row in rows)


def _heads(row: Sequence[Fragment], rows: Sequence[list[Fragment]]) -> bool:
    """Whether a line right above stands over the columns cell by cell."""
    if len(row) != len(rows[0]):
        return False
    for col, cell in enumerate(row):
        low, high = min(r[col].x0 for r in rows), max(r[col].x1 for r in rows)
        if cell.x1 < low or cell.x0 > high:
            return False
    return row[0].y - rows[0][0].y <= _FARTHEST_ROW * row[0].size


def _aligned_table(region: Sequence[Line], rows: Sequence[list[Fragment]]) -> Table:
    return Table(
        rows=tuple(tuple(Cell(cell.text) for cell in row) for row in rows),
        edges=tuple(min(row[col].x0 for row in rows) for col in range(len(rows[0]))),
        x0=min(line.x0 for line in region),
        x1=max(line.x1 for line in region),
        y=region[0].y + region[0].size,
        bottom=region[-1].y,
        size=region[0].size,
        marked=int(region[0].bold and not region[1].bold),
        is_ruled=False,
    )
