"""Presentations: slide after slide, each with its title as heading, its text, tables and notes.

A line's place is the slide's number. Text boxes are read as the eye does, column by column;
the values of charts and the words of diagrams are lines too. Hidden slides and shapes, dates and
footers stay in the text, yet are in no passage. What stands on the layout alone is not read.

python-pptx is not used: it opens pictures and all, and refuses a file that refers to a missing one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from indexer.files.lines import is_body
from indexer.files.metadata import find_author, find_date, find_organisation, find_title
from indexer.files.readers.assembly import Assembly
from indexer.files.readers.docx.numbering import format_number
from indexer.files.readers.office.graphics import graphic_lines
from indexer.files.readers.office.inline import ALTERNATIVES, FORMULAS, alternative, formula
from indexer.files.readers.office.ooxml import RELATIONS, Element, Package, open_package, too_large
from indexer.files.readers.office.properties import read_properties, stands_in
from indexer.files.readers.pptx.order import Box, reading_order
from indexer.files.readers.table_grid import lines_of
from indexer.files.readers.tables import Cell, tidy
from indexer.records import Content, LeftOutReason

MAX_SLIDES = 5_000
"""A deck has tens of slides; XML of 64 MB could hold 100,000 empty ones."""

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_TITLES = frozenset(("title", "ctrTitle"))
_FURNITURE = frozenset(("dt", "ftr", "hdr", "sldNum"))
_SHAPES = frozenset(f"{_P}{name}" for name in ("sp", "grpSp", "graphicFrame", "cxnSp"))
_LONGEST_HEADING = 30
_MOST_COLUMNS = 100
_HEAD_LINES = 8


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    is_title: bool = False
    is_row: bool = False
    reason: LeftOutReason | None = None


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, reason `encrypted`, `damaged` or `too_large`."""
    text = Assembly()
    titles: list[str] = []
    with open_package(name, data) as package:
        properties = read_properties(package)
        for number, part in enumerate(_slides(package), start=1):
            for line in _with_heading(_Slide(package, part).lines()):
                level = (2 if titles else 1) if line.is_title else 0
                text.add(
                    line.text, level=level, reason=line.reason, is_row=line.is_row, page=number
                )
                titles += [line.text] if line.is_title else []
    head = "\n".join(line.text for line in text.prose[:_HEAD_LINES])
    said = properties.title if stands_in(properties.title, head) else ""
    return Content(
        text=text.text,
        title=said or (titles[0] if titles else find_title(text.prose, name)),
        date=find_date(text.prose, name) or properties.date,
        author=find_author(text.prose) or properties.author,
        organisation=find_organisation(text.prose) or properties.company,
        headings=tuple(text.headings),
        left_out=tuple(text.left_out),
        places=tuple(text.places),
    )


def _slides(package: Package) -> list[str]:
    """The parts of the slides in the order of the show."""
    relations = package.relations(package.main)
    identifiers = package.tree(package.main).iterfind(f"{_P}sldIdLst/{_P}sldId")
    found = [relations.get(each.get(f"{RELATIONS}id") or "") for each in identifiers]
    parts = [relation.target for relation in found if relation is not None]
    if len(parts) > MAX_SLIDES:
        raise too_large(f"it has {len(parts):,} slides, over {MAX_SLIDES:,}")
    return parts


def _with_heading(lines: Sequence[_Line]) -> list[_Line]:
    """Where no shape is the title, a short first line over others is one."""
    shown = [at for at, line in enumerate(lines) if line.reason is None]
    if len(shown) < 2 or any(line.is_title for line in lines):
        return list(lines)
    first = lines[shown[0]]
    if first.is_row or len(first.text) > _LONGEST_HEADING or is_body(first.text):
        return list(lines)
    title = _Line(tidy(first.text), is_title=True)
    return [title if at == shown[0] else line for at, line in enumerate(lines)]


@dataclass(slots=True)
class _Slide:
    package: Package
    part: str
    corners: dict[tuple[str, str], tuple[int, int, int, int]] = field(default_factory=dict)

    def lines(self) -> list[_Line]:
        """What the slide and its notes say; a hidden slide in no passage."""
        root = self.package.tree(self.part)
        layout = self.package.related(self.part, "slideLayout")
        master = layout and self.package.related(layout, "slideMaster")
        for part in (layout, master):
            if part:
                self._note_corners(self.package.tree(part))
        lines = [line for line in self._tree(root) if line.text.strip()]
        lines.sort(key=lambda line: not line.is_title)
        lines += self._notes()
        if root.get("show") in ("0", "false"):
            lines = [_Line(line.text, reason=LeftOutReason.HIDDEN) for line in lines]
        return lines

    def _note_corners(self, root: Element) -> None:
        """Where a layout puts what the slide gives no place of its own."""
        for shape in root.iter(f"{_P}sp"):
            place, corners = _placeholder(shape), _corners(shape)
            if place and corners:
                self.corners.setdefault(place, corners)
                self.corners.setdefault((place[0], ""), corners)

    def _notes(self) -> Iterator[_Line]:
        part = self.package.related(self.part, "notesSlide")
        if part is not None:
            for shape in self.package.tree(part).iter(f"{_P}sp"):
                if (_placeholder(shape) or ("", ""))[0] == "body":
                    yield from map(_Line, _paragraphs(shape.find(f"{_P}txBody")))

    def _tree(self, root: Element) -> Iterator[_Line]:
        tree = root.find(f"{_P}cSld/{_P}spTree")
        if tree is not None:
            yield from self._shapes(tree)

    def _shapes(self, parent: Element) -> Iterator[_Line]:
        """The shapes of a slide or group in the order of reading; those without a place last."""
        shapes = list(_shapes(parent))
        boxes, others = [], []
        for at, shape in enumerate(shapes):
            place = _placeholder(shape)
            corners = _corners(shape) or (place and self._inherited(place))
            if corners:
                boxes.append(Box(*corners, at))
            else:
                others.append(at)
        for at in [*reading_order(boxes), *others]:
            yield from self._shape(shapes[at])

    def _inherited(self, place: tuple[str, str]) -> tuple[int, int, int, int] | None:
        return self.corners.get(place) or self.corners.get((place[0], ""))

    def _shape(self, shape: Element) -> Iterator[_Line]:
        kind = (_placeholder(shape) or ("", ""))[0]
        named = shape.find(f"./*/{_P}cNvPr")
        reason = None
        if named is not None and named.get("hidden") in ("1", "true"):
            reason = LeftOutReason.HIDDEN
        elif kind in _FURNITURE:
            reason = LeftOutReason.FOOTER
        if shape.tag == f"{_P}grpSp":
            lines = self._shapes(shape)
        elif shape.tag == f"{_P}graphicFrame":
            lines = self._frame(shape)
        else:
            lines = _text(shape, kind)
        for line in lines:
            yield _Line(line.text, reason=reason) if reason else line

    def _frame(self, frame: Element) -> Iterator[_Line]:
        for table in frame.iter(f"{_A}tbl"):
            above: dict[int, str] = {}
            rows = [_row(row, above) for row in table.iterfind(f"{_A}tr")]
            for _, line in lines_of(rows):
                yield _Line(line, is_row=True)
        for line in graphic_lines(self.package, self.part, frame):
            yield _Line(line, is_row=True)


# -- shapes and text ------------------------------------------------------------------------------


def _shapes(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == ALTERNATIVES:
            yield from (each for each in alternative(child) if each.tag in _SHAPES)
        elif child.tag in _SHAPES:
            yield child


def _placeholder(shape: Element) -> tuple[str, str] | None:
    """The kind and number of the layout's place that a shape fills."""
    place = shape.find(f"./*/{_P}nvPr/{_P}ph")
    if place is None:
        return None
    kind = place.get("type") or "body"
    return ("title" if kind == "ctrTitle" else kind), place.get("idx") or ""


def _corners(shape: Element) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom, where the shape itself says so."""
    for path in (f"{_P}spPr/{_A}xfrm", f"{_P}grpSpPr/{_A}xfrm", f"{_P}xfrm"):
        frame = shape.find(path)
        if frame is not None:
            offset, size = frame.find(f"{_A}off"), frame.find(f"{_A}ext")
            if offset is None or size is None:
                return None
            left, top = int(offset.get("x") or 0), int(offset.get("y") or 0)
            return left, top, left + int(size.get("cx") or 0), top + int(size.get("cy") or 0)
    return None


def _text(shape: Element, kind: str) -> Iterator[_Line]:
    paragraphs = _paragraphs(shape.find(f"{_P}txBody"))
    if kind in _TITLES:
        yield _Line(tidy("\n".join(paragraphs)), is_title=True)
    else:
        yield from map(_Line, paragraphs)


def _paragraphs(body: Element | None) -> list[str]:
    """The paragraphs of a text, with the numbers that the program writes by itself."""
    lines: list[str] = []
    counts: dict[int, int] = {}
    for paragraph in body.iterfind(f"{_A}p") if body is not None else ():
        text = _inline(paragraph).strip()
        if not text:
            continue
        properties = paragraph.find(f"{_A}pPr")
        level = int(properties.get("lvl") or 0) if properties is not None else 0
        counts = {at: count for at, count in counts.items() if at <= level}
        number = properties.find(f"{_A}buAutoNum") if properties is not None else None
        if number is None:
            counts.pop(level, None)
        else:
            counts[level] = counts.get(level, int(number.get("startAt") or 1) - 1) + 1
            text = _label(counts[level], number.get("type") or "") + text
        lines.append(text)
    return lines


def _label(number: int, kind: str) -> str:
    formats = {"roman": "lowerRoman", "alpha": "lowerLetter", "ea1": "chineseCounting"}
    name = next((form for start, form in formats.items() if kind.startswith(start)), "decimal")
    if kind.startswith("circleNum"):
        return format_number(number, "decimalEnclosedCircle") + " "
    text = format_number(number, name)
    text = text.upper() if kind.startswith(("romanUc", "alphaUc")) else text
    if "ParenBoth" in kind:
        return f"({text}) "
    return f"{text}) " if "ParenR" in kind else f"{text}. " if "Period" in kind else f"{text} "


def _inline(paragraph: Element) -> str:
    text = ""
    for element in paragraph:
        if element.tag == f"{_A}r" or (
            element.tag == f"{_A}fld" and not (element.get("type") or "").startswith("slidenum")
        ):
            text += "".join(each.text or "" for each in element.iterfind(f"{_A}t"))
        elif element.tag == f"{_A}br":
            text += "\n"
        elif element.tag == ALTERNATIVES:
            found = (each for part in alternative(element) for each in part.iter(*FORMULAS))
            text += "".join(formula(each) for each in found if each.getparent().tag not in FORMULAS)
    return text


def _row(row: Element, above: dict[int, str]) -> list[Cell]:
    """The cells of a row; one that goes on from above has the text from above."""
    cells: list[Cell] = []
    for column, cell in enumerate(islice(row.iterfind(f"{_A}tc"), _MOST_COLUMNS)):
        if cell.get("hMerge") in ("1", "true") and cells:
            cells.append(Cell(cells[-1].text, across=True))
            continue
        if cell.get("vMerge") not in ("1", "true"):
            above[column] = " ".join(map(tidy, _paragraphs(cell.find(f"{_A}txBody"))))
        cells.append(Cell(above.get(column, "")))
    return cells
