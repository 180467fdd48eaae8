"""Charts and diagrams in Office files as lines: the values of a chart, the words of a diagram.

Knows the parts that hold them; where they stand is the readers' business.
"""

from collections.abc import Iterator

from indexer.files.readers.office.ooxml import RELATIONS, Element, Package
from indexer.files.readers.tables import row_text, tidy
from indexer.files.readers.xlsx.formats import shown

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MOST_POINTS = 10_000  # of a chart; a screen has not so many columns of pixels
_LAYOUT_POINTS = frozenset(("pres", "parTrans", "sibTrans"))


def graphic_lines(package: Package, part: str, graphic: Element) -> Iterator[str]:
    """The lines of the charts and diagrams that an element of this part refers to."""
    relations = package.relations(part)
    for element in graphic.iter(f"{_C}chart", f"{_D}relIds"):
        is_chart = element.tag == f"{_C}chart"
        relation = relations.get(element.get(f"{RELATIONS}{'id' if is_chart else 'dm'}") or "")
        if relation is not None:
            root = package.tree(relation.target)
            yield from _chart(root) if is_chart else _diagram(root)


def _chart(root: Element) -> Iterator[str]:
    """A line a category: its name, and each series with its value."""
    title = root.find(f"{_C}chart/{_C}title")
    if title is not None:
        yield tidy("".join(text.text or "" for text in title.iter(f"{A}t")))
    names: list[str] = []
    columns: list[dict[int, str]] = []
    categories: dict[int, str] = {}
    for series in root.iter(f"{_C}ser"):
        name = series.find(f"{_C}tx")
        names.append("" if name is None else " ".join(_points(name).values()))
        found = series.find(f"{_C}cat")
        found = series.find(f"{_C}xVal") if found is None else found
        categories = _points(found) if found is not None and not categories else categories
        values = series.find(f"{_C}val")
        values = series.find(f"{_C}yVal") if values is None else values
        columns.append({} if values is None else _points(values))
    for at in sorted(set(categories).union(*columns)):
        cells = [categories.get(at, ""), *(column.get(at, "") for column in columns)]
        yield row_text(["", *names], cells)


def _points(element: Element) -> dict[int, str]:
    """The stored texts or numbers below an element by their position."""
    code = next((each.text for each in element.iter(f"{_C}formatCode")), None) or "General"
    points: dict[int, str] = {}
    for point in element.iter(f"{_C}pt"):
        value = point.find(f"{_C}v")
        if value is not None and len(points) < _MOST_POINTS:
            points[int(point.get("idx") or 0)] = tidy(shown(value.text or "", code))
    return points


def _diagram(root: Element) -> Iterator[str]:
    for point in root.iter(f"{_D}pt"):
        if point.get("type") not in _LAYOUT_POINTS:
            for paragraph in point.iterfind(f"{_D}t/{A}p"):
                yield tidy("".join(text.text or "" for text in paragraph.iter(f"{A}t")))
