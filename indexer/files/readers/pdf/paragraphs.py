"""Lines in reading order to paragraphs, over the ends of columns and pages.

A line goes on in the next where its column was full: the first word below would not have fit.
Headings, list items and table rows stay lines of their own. Knows no files and no offsets.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from indexer.files.lines import heading_level
from indexer.files.readers.pdf.furniture import Furniture
from indexer.files.readers.pdf.layout import Region
from indexer.files.readers.pdf.lines import Line, is_wide, join, without_stray_spaces
from indexer.files.readers.pdf.rows import TableRows, with_headings_below
from indexer.files.readers.pdf.tables import LEADERS, Table

_SAME_SIZE = 0.1
_LARGER = 1.12  # than the body: type of a heading
_INDENT = 0.8  # characters
_FARTHEST_OUT = 5  # characters: a first line is set in by two, seldom by four
_SLACK = 0.6  # characters that a full line may lack: justification is not exact
_LOOSE = 1.28  # times the usual distance of lines: a new paragraph
_WIDEST_LEADING = 2.4  # times the size: lines further apart don't belong together
_NARROW = 10  # characters: a column so narrow says nothing about full lines
_LEAST_CHARS = 12
_SENTENCE_END = "。！？；!?;…：:"
_CLOSERS = "，。、；：？！”’）》〉」』】〕%％…·,.;:?!)]}"
_OPENERS = "“‘（《〈「『【〔([{"
_ITEM = re.compile(
    r"[·•●◆▪■□◇○▲★※➢✓][\s\S]|[-—–]\s+\S|[(（][\d一二三四五六七八九十]{1,3}[)）]|[①-⑳]|\d{1,3}[、）)]"
    r"|\d{1,3}[.．](?!\d)|\d{1,2}(\.\d{1,2}){1,3}\s|[一二三四五六七八九十]{1,3}[、.．]"
    r"|第[一二三四五六七八九十百\d]{1,4}[章节条编篇部款]"
)
_BULLET = re.compile(r"[•●◆▪■□◇○▲★※➢✓]\s*\S")
_WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f][A-Za-z0-9\u00c0-\u024f'’.,/%+-]*")
_COMPOUND = re.compile(r"[a-z]+(?:-[a-z]+)+")


@dataclass(slots=True)
class Paragraph:
    """One line of the stored text. `pieces` say on which page each part of it stands."""

    pieces: list[tuple[str, int]]
    kind: str = "text"  # or "row", "head", "foot", "note", "aslant"
    size: float = 0.0
    bold: bool = False

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class PageRegions:
    """A page as it is read: its columns, what was taken off its edges, notes about it."""

    regions: Sequence[Region]
    furniture: Furniture
    notes: Sequence[str] = ()
    aslant: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line with the edges of its column and the usual distance of that column's lines."""

    line: Line
    page: int
    region: int
    left: float
    right: float
    leading: float
    most_chars: int  # of a line, where several have so many: it may be set by count, not by width


@dataclass(slots=True)
class _Assembly:
    body_size: float
    compounds: frozenset[str]
    done: list[Paragraph] = field(default_factory=list)
    waiting: list[Paragraph] = field(default_factory=list)  # until the paragraph ends
    open: Paragraph | None = None
    last: _Placed | None = None
    first: _Placed | None = None  # of the open paragraph

    def flush(self) -> None:
        if self.open:
            self.done.append(self.open)
        self.done += self.waiting
        self.waiting = []
        self.open = self.last = self.first = None

    def add(self, paragraph: Paragraph) -> None:
        self.flush()
        self.done.append(paragraph)

    def wait(self, paragraph: Paragraph) -> None:
        """Something at the page's edge, which must not part a paragraph that goes on."""
        self.waiting.append(paragraph)

    def take(self, placed: _Placed) -> None:
        line, page = placed.line, placed.page
        if self.open and self.last and self.first and self._continues(self.first, placed):
            text, last_page = self.open.pieces[-1]
            if last_page == page:
                self.open.pieces[-1] = (join(text, line.text, self.compounds), page)
            else:
                joined = join(text, line.text, self.compounds)
                cut = len(joined) - len(line.text)
                self.open.pieces[-1:] = [(joined[:cut], last_page), (line.text, page)]
            self.open.bold = self.open.bold and line.bold
        else:
            self.flush()
            self.open = Paragraph([(line.text, page)], size=line.size, bold=line.bold)
            self.first = placed
        self.last = placed

    # -- does a paragraph go on? ------------------------------------------------------------------

    def _continues(self, first: _Placed, below: _Placed) -> bool:
        above = self.last
        if above is None or not _same_size(above.line, below.line):
            return False
        if below.page > above.page + 1:  # a page that is a picture lies between
            return False
        if LEADERS.search(above.line.text) or LEADERS.search(below.line.text):
            return False  # lines of a table of contents
        size = below.line.size
        if size > self.body_size * _LARGER:
            return self._heading_goes_on(above, below)
        full = _is_full(above, below) or _has_most_chars(above)
        if not full or (heading_level(above.line.text) and above.line.bold != below.line.bold):
            return False
        ended = above.line.text[-1] in _SENTENCE_END
        if _BULLET.match(below.line.text) or (_ITEM.match(below.line.text) and ended):
            return False
        if above.region == below.region:
            return self._same_column(first, above, below, ended)
        # Over a page's or a column's end the edges say less: an indented line begins anew.
        indent = below.line.x0 - below.left
        hanging = first.line.x0 - first.left
        return indent <= _INDENT * size or (not ended and abs(indent - hanging) <= _INDENT * size)

    def _same_column(self, first: _Placed, above: _Placed, below: _Placed, ended: bool) -> bool:
        size = below.line.size
        distance = above.line.y - below.line.y
        if distance <= 0 or distance > min(_LOOSE * above.leading, _WIDEST_LEADING * size):
            return False
        indent = below.line.x0 - above.line.x0
        if indent < -_FARTHEST_OUT * size:  # below a signature or a date at the right
            return False
        if indent > _INDENT * size:  # the text of a list item, set in behind its number
            return above is first and not ended and bool(_ITEM.match(first.line.text))
        both_set_in = below.line.x0 - below.left > _INDENT * size and abs(indent) <= size / 2
        return not (both_set_in and ended and above is first)

    def _heading_goes_on(self, above: _Placed, below: _Placed) -> bool:
        """A title in two lines: the first is wide and not ended."""
        if above.region != below.region or _ITEM.match(below.line.text):
            return False
        distance = above.line.y - below.line.y
        wide = above.line.x1 - above.line.x0 >= 0.55 * (above.right - above.left)
        near = distance <= 2 * below.line.size
        is_open = above.line.text.count("《") > above.line.text.count("》")
        return near and ((wide and _is_full(above, below, slack=3)) or is_open)


def paragraphs(pages: Sequence[PageRegions]) -> list[Paragraph]:
    """All pages' paragraphs, rows and furniture in order. Pages count from 1."""
    moved = with_headings_below([page.regions for page in pages])
    pages = [replace(page, regions=own) for page, own in zip(pages, moved, strict=True)]
    everything = [line for page in pages for line in _lines(page.regions)]
    assembly = _Assembly(_body_size(everything), _compounds(everything))
    rows = TableRows()
    width = _usual_width(pages)
    columns: list[Region] = []  # of the last page that had any
    region_number = 0
    for number, page in enumerate(pages, 1):
        for line in page.furniture.heads:
            assembly.wait(Paragraph([(line.text, number)], "head", line.size))
        left = min((r.left for r in page.regions if not r.is_column), default=0.0)
        for region in page.regions:
            region_number += 1
            edges = (region.left, region.right)
            if not region.is_column:
                edges = (left, max(region.right, left + width))
                if len(page.regions) == 1:
                    edges = _lone_column(region, columns) or edges
            leading = _leading(region)
            most_chars = _most_chars(region)
            for item in region.items:
                if isinstance(item, Table):
                    for text in rows.texts(item, number):
                        assembly.add(Paragraph([(text, number)], "row", item.size))
                else:
                    rows.interrupt(item.text)
                    assembly.take(_Placed(item, number, region_number, *edges, leading, most_chars))
        columns = [region for region in page.regions if region.is_column] or columns
        for text in page.notes:
            assembly.wait(Paragraph([(text, number)], "note"))
        for text in page.aslant:
            assembly.wait(Paragraph([(text, number)], "aslant"))
        for line in page.furniture.feet:
            assembly.wait(Paragraph([(line.text, number)], "foot", line.size))
        if assembly.open is None:
            assembly.flush()
    assembly.flush()
    for paragraph in assembly.done:
        _drop_stray_spaces(paragraph)
    return assembly.done


def _drop_stray_spaces(paragraph: Paragraph) -> None:
    if paragraph.kind == "text" and without_stray_spaces(paragraph.text) != paragraph.text:
        paragraph.pieces = [(without_stray_spaces(text), page) for text, page in paragraph.pieces]


# -- the shape of the document --------------------------------------------------------------------


def _lines(regions: Iterable[Region]) -> Iterator[Line]:
    for region in regions:
        for item in region.items:
            if isinstance(item, Line):
                yield item


def _body_size(lines: Iterable[Line]) -> float:
    """The size in which most characters are set."""
    counts: dict[float, int] = {}
    for line in lines:
        size = round(line.size * 2) / 2
        counts[size] = counts.get(size, 0) + len(line.text)
    return max(counts, key=lambda size: (counts[size], -size), default=0.0)


def _compounds(lines: Iterable[Line]) -> frozenset[str]:
    words: set[str] = set()
    for line in lines:
        if "-" in line.text:
            words.update(_COMPOUND.findall(line.text.lower()))
    return frozenset(words)


def _usual_width(pages: Sequence[PageRegions]) -> float:
    """How wide the text is on a page: a last page of short lines does not show it."""
    widths = []
    for page in pages:
        full = [region for region in page.regions if not region.is_column]
        if full:
            widths.append(max(r.right for r in full) - min(r.left for r in full))
    return median(widths) if widths else 0.0


def _lone_column(region: Region, columns: Sequence[Region]) -> tuple[float, float] | None:
    """The edges of the column that a last page, which has but one, goes on in."""
    for column in columns:
        near = 0.1 * (column.right - column.left)
        if abs(region.left - column.left) <= near and region.right <= column.right + near:
            return column.left, column.right
    return None


def _leading(region: Region) -> float:
    """The usual distance of a column's lines: the lower quartile, as paragraphs lie apart."""
    lines = [item for item in region.items if isinstance(item, Line)]
    gaps = sorted(
        above.y - below.y
        for above, below in pairwise(lines)
        if _same_size(above, below) and 0.7 * below.size < above.y - below.y
    )
    return gaps[len(gaps) // 4] if gaps else 1.8 * (lines[0].size if lines else 0.0)


def _most_chars(region: Region) -> int:
    """How many characters the longest lines have, if several have as many; else 0."""
    counts = Counter(_chars(item, region.left) for item in region.items if isinstance(item, Line))
    most = max(counts, default=0)
    return most if counts[most] > 1 and most >= _LEAST_CHARS else 0


def _chars(line: Line, left: float) -> int:
    """With those that set a paragraph's first line in."""
    return len(line.text) + round((line.x0 - left) / line.size)


def _has_most_chars(above: _Placed) -> bool:
    return above.most_chars > 0 and _chars(above.line, above.left) >= above.most_chars


def _same_size(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= _SAME_SIZE * max(a.size, b.size)


def _is_full(above: _Placed, below: _Placed, slack: float = _SLACK) -> bool:
    """Whether the first word of the line below would not have fit on the line above."""
    size = above.line.size
    if above.right - above.left < _NARROW * size:
        return False
    if above.line.text.endswith("-") and below.line.text[0].islower():
        return True
    need = _first_word(below.line.text) * below.line.size
    return above.line.x1 + need >= above.right - slack * size


def _first_word(text: str) -> float:
    """How wide a line's first word is, in characters, with the signs that stay with it."""
    at = 0
    while at < len(text) and text[at] in _OPENERS:
        at += 1
    word = _WORD.match(text, at)
    width = at + (len(word[0]) * 0.5 if word else 1.0)
    at = word.end() if word else at + 1
    while at < len(text) and text[at] in _CLOSERS:
        width += 1.0 if is_wide(text[at]) else 0.4
        at += 1
    return width
