"""Pages that were taken apart to the stored text, with its headings, places, title and date.

One paragraph, list item or table row a line; running heads and page numbers are left out, but for
those that identify the document (its number, who issued it, whom to call): they are read once.
Knows where the pages come from as little as how they were drawn: a scan is built like a PDF.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from indexer.files.boilerplate import find_boilerplate
from indexer.files.letterhead import find_issuer, identifies, without_page_number
from indexer.files.lines import Line as TextLine
from indexer.files.lines import find_headings, heading_level, is_body
from indexer.files.metadata import (
    find_author,
    find_date,
    find_organisation,
    find_title,
    parse_date,
    title_line,
)
from indexer.files.readers.pdf.furniture import find_furniture
from indexer.files.readers.pdf.layout import PageParts, in_order
from indexer.files.readers.pdf.lines import lines
from indexer.files.readers.pdf.paragraphs import PageRegions, Paragraph, paragraphs
from indexer.records import Content, Heading, LeftOut, LeftOutReason, Place

_LARGER = 1.12
_LONGEST_HEADING = 60
_LOWEST_LEVEL = 4
_LEFT_OUT = {
    "head": LeftOutReason.NAVIGATION,
    "foot": LeftOutReason.FOOTER,
    "note": LeftOutReason.MARKUP,
    "aslant": LeftOutReason.NAVIGATION,
}
_NO_TITLE = re.compile(
    r"microsoft|powerpoint|untitled|无标题|未命名|\(?anonymous\)?|\(?unspecified\)?|untitled"
    r"|(文档|新建|document|doc|book|工作簿|演示文稿|presentation|slide|幻灯片|工作表|sheet)[\s\d()（）]*$"
    r"|about:blank|(https?|file)://|.*\.(docx?|wps|xlsx?|pptx?|html?|indd|qxd|pdf|dot|txt|rtf|tif|jpg)$"
    r"|\d+$|print$|scan|扫描",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r".*(用户|user|admin|管理员|anonymous|unspecified|unknown|未知|lenovo|微软|microsoft|windows|dell"
    r"|china|owner|root|guest|新建|佚名|深度|雨林|番茄|系统)|hp$|pc$|\W*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\u3400-\u9fff·]{2,30}$|[A-Z][\w.'-]*(\s+[A-Z][\w.'-]*){1,4}$")
_BROWSER = re.compile(r"mozilla|chrom|skia|firefox|safari|wkhtml|quartz pdfcontext", re.IGNORECASE)
_PDF_DATE = re.compile(r"D:((?:19|20)\d\d)(\d\d)(\d\d)")
_NO_DATES = ("1970-01-01", "1980-01-01", "2000-01-01")  # a clock that was not set


def build(
    name: str,
    pages: Sequence[PageParts],
    notes: Sequence[Sequence[str]],
    properties: Mapping[str, str] = MappingProxyType({}),
) -> Content:
    """`notes` say of each page what could not be read; `properties` are those of a PDF."""
    return _Built(paragraphs(_regions(pages, notes))).content(name, properties)


def _regions(pages: Sequence[PageParts], notes: Sequence[Sequence[str]]) -> list[PageRegions]:
    furniture = find_furniture([lines(page.parts) for page in pages])
    found: list[PageRegions] = []
    for page, own, said in zip(pages, furniture, notes, strict=True):
        gone = {id(part) for line in (*own.heads, *own.feet) for part in line.parts}
        parts = [part for part in page.parts if id(part) not in gone]
        found.append(PageRegions(in_order(parts, page.tables), own, said, page.aslant))
    return found


# -- paragraphs to the stored text ----------------------------------------------------------------


class _Built:
    """The stored text with its offsets."""

    def __init__(self, made: Sequence[Paragraph]) -> None:
        self.left_out: list[LeftOut] = []
        self.places: list[Place] = []
        self.lines: list[tuple[Paragraph, TextLine]] = []
        self.letterhead: dict[str, TextLine] = {}  # without their page numbers
        pieces: list[str] = []
        position = 0
        for paragraph in made:
            start = position
            for text, page in paragraph.pieces:
                pieces.append(text)
                self._place(position, position + len(text), page)
                position += len(text)
            pieces.append("\n")
            line = TextLine(start, position, "".join(text for text, _ in paragraph.pieces))
            self.lines.append((paragraph, line))
            if paragraph.kind in _LEFT_OUT and not self._is_letterhead(paragraph.kind, line):
                self.left_out.append(LeftOut(start, position, _LEFT_OUT[paragraph.kind]))
            position += 1
        self.text = "".join(pieces).removesuffix("\n")

    def _is_letterhead(self, kind: str, line: TextLine) -> bool:
        """Whether a running head or foot identifies the document, and is the first that does so."""
        key = without_page_number(line.text)
        if kind not in ("head", "foot") or key in self.letterhead or not identifies(line.text):
            return False
        self.letterhead[key] = line
        return True

    def _place(self, start: int, end: int, page: int) -> None:
        """One place for as much text as stands on one page without a break."""
        if self.places and self.places[-1].page == page:
            start = self.places.pop().start
        self.places.append(Place(start, end, page))

    def content(self, name: str, properties: Mapping[str, str]) -> Content:
        # Rows of tables look like a page's navigation: a | b | c.
        own = [line for paragraph, line in self.lines if paragraph.kind == "text"]
        boilerplate = find_boilerplate(own)
        left_out = sorted((*self.left_out, *boilerplate), key=lambda out: out.start)
        gone = {line.start for out in boilerplate for line in _inside(own, out)}
        kept = [
            (paragraph, line)
            for paragraph, line in self.lines
            if paragraph.kind == "text" and line.start not in gone
        ]
        headings = _headings(kept, _body_size(kept))
        words = [line for _, line in kept]
        title = _title(properties) or _title_in(self.text, headings, words, name)
        first = title_line(words, title)
        if first and all(heading.level > 1 for heading in headings):
            others = [heading for heading in headings if heading.start != first.start]
            headings = sorted(
                (Heading(first.start, first.end, 1), *others), key=lambda heading: heading.start
            )
        beside = list(self.letterhead.values())
        return Content(
            text=self.text,
            title=title,
            date=find_date(words, name) or find_date(beside, "") or _date(properties),
            author=find_author(words) or _author(properties),
            organisation=(
                find_organisation(words)
                or find_organisation(beside)
                or find_issuer(self.letterhead)
            ),
            headings=tuple(headings),
            left_out=tuple(left_out),
            places=tuple(self.places),
        )


def _inside(lines: Sequence[TextLine], out: LeftOut) -> Sequence[TextLine]:
    first = bisect_left(lines, out.start, key=lambda line: line.start)
    return lines[first : bisect_left(lines, out.end, key=lambda line: line.start)]


def _body_size(kept: Sequence[tuple[Paragraph, TextLine]]) -> float:
    counts: dict[float, int] = {}
    for paragraph, line in kept:
        size = round(paragraph.size * 2) / 2
        counts[size] = counts.get(size, 0) + len(line.text)
    return max(counts, key=lambda size: (counts[size], -size), default=0.0)


def _headings(kept: Sequence[tuple[Paragraph, TextLine]], body: float) -> list[Heading]:
    """By the size of type, where headings are set larger; numbers and shape say the rest."""
    larger = [
        (paragraph, line)
        for paragraph, line in kept
        if paragraph.size > body * _LARGER
        and len(line.text) <= _LONGEST_HEADING
        and not line.text.endswith(("。", "；", "，"))
        and any(char.isalpha() for char in line.text)
    ]
    sizes = sorted({round(paragraph.size * 2) / 2 for paragraph, _ in larger}, reverse=True)
    levels = {size: min(rank, _LOWEST_LEVEL) for rank, size in enumerate(sizes, 1)}
    found = {
        line.start: Heading(
            line.start,
            line.end,
            heading_level(line.text) or levels[round(paragraph.size * 2) / 2],
        )
        for paragraph, line in larger
    }
    # Where sections are set larger, a short line in the body's size is none; its number may be.
    sections_larger = len(larger) > 1
    words = {line.start: line.text for _, line in kept}
    for heading in find_headings([line for _, line in kept]):
        if not sections_larger or heading_level(words[heading.start]):
            found.setdefault(heading.start, heading)
    lowest = max((heading.level for heading in found.values()), default=1)
    for heading in _bold_lines(kept, min(lowest + 1, _LOWEST_LEVEL)) if sections_larger else ():
        found.setdefault(heading.start, heading)
    return [found[start] for start in sorted(found)]


def _bold_lines(kept: Sequence[tuple[Paragraph, TextLine]], level: int) -> list[Heading]:
    """Short bold lines right above text that is not bold."""
    return [
        Heading(line.start, line.end, level)
        for (paragraph, line), (below, _) in pairwise(kept)
        if paragraph.bold
        and not below.bold
        and len(line.text) <= _LONGEST_HEADING // 2
        and not is_body(line.text)
        and line.text[-1] not in "：:，,、"
    ]


# -- title, author, date --------------------------------------------------------------------------


def _title(properties: Mapping[str, str]) -> str | None:
    title = " ".join(properties.get("Title", "").replace("\0", "").split())
    if not 2 <= len(title) <= 120 or _NO_TITLE.match(title) or not _is_readable(title):
        return None
    return title


def _title_in(text: str, headings: Sequence[Heading], words: Sequence[TextLine], name: str) -> str:
    """The first heading of the largest type near the head, else as in a text without markup."""
    near = words[2].start if len(words) > 2 else len(text)
    for heading in headings:
        if heading.level == 1 and heading.start <= near:
            return text[heading.start : heading.end]
    return find_title(words, name)


def _is_readable(text: str) -> bool:
    """Properties in a wrong encoding are Latin letters with accents, or broken characters."""
    if not any(char.isalpha() for char in text) or "\ufffd" in text:
        return False
    accents = sum("\u0080" <= char <= "\u024f" for char in text)
    return accents * 4 < len(text)


def _author(properties: Mapping[str, str]) -> str | None:
    author = " ".join(properties.get("Author", "").replace("\0", "").split())
    return author if _NAME.fullmatch(author) and not _NO_AUTHOR.match(author) else None


def _date(properties: Mapping[str, str]) -> str | None:
    """The day on which the file was made; of a page that a browser printed that says nothing."""
    if _BROWSER.search(properties.get("Producer", "") + properties.get("Creator", "")):
        return None
    found = _PDF_DATE.match(properties.get("CreationDate", ""))
    date = parse_date("-".join(found.groups())) if found else None
    return None if date in _NO_DATES else date
