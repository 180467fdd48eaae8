"""Word documents: headings, paragraphs, lists and tables in the order of the document.

The stored text is one paragraph or table row a line, with the numbers that Word writes by itself.
Notes stand behind their paragraph as `[1] …`, text boxes too. Tracked insertions are text, tracked
deletions and comments are not there at all. What a page header or footer says of the document (its
number, who issued it, whom to call) stands above or below the text, once. Hidden text, a table of
contents and all else in headers and footers stay in the text, yet are in no passage. Pages are no
part of the format: it has no places.

python-docx is not used: of a paragraph it gives neither insertions nor fields, content controls,
text boxes, notes and numbers, and it refuses a file whose picture is missing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.files.letterhead import find_issuer, identifies, without_page_number
from indexer.files.lines import Line, find_headings, is_body, split_lines
from indexer.files.metadata import find_author, find_date, find_organisation, find_title, title_line
from indexer.files.readers.assembly import Assembly
from indexer.files.readers.docx.numbering import Numbering, read_numbering
from indexer.files.readers.docx.styles import Styles, integer, is_on, value
from indexer.files.readers.docx.text import Inline, InlineReader, is_placeholder
from indexer.files.readers.office.inline import ALTERNATIVES, alternative
from indexer.files.readers.office.ooxml import Element, Package, damaged, open_package
from indexer.files.readers.office.properties import Properties, read_properties, stands_in
from indexer.files.readers.table_grid import joined, lines_of
from indexer.files.readers.tables import Cell, Row, tidy
from indexer.records import Content, Heading, LeftOutReason

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_MOST_COLUMNS = 100  # that one cell may span; Word allows 63
_HEAD_LINES = 8
_PAGE_NUMBER = re.compile(r"[第页頁共]|page|of", re.IGNORECASE)
_DEEPEST = 40  # text boxes and tables in one another; XML itself ends at 256 elements
_NOT_BODY = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "sectPr", "sdtPr", "sdtEndPr", "tcPr", "tblPr")
)

_SHOWN = [
    ALTERNATIVES,
    *(
        f"{W}{name}"
        for name in ("t", "tbl", "sym", "drawing", "pict", "object", "numPr", "instrText")
    ),
    *(f"{W}{name}" for name in ("footnoteReference", "endnoteReference")),
]


@dataclass(frozen=True, slots=True)
class _Block:
    """One line. `level`: 0 for text, 1 to 9 for a heading."""

    text: str
    level: int = 0
    is_title: bool = False
    is_row: bool = False
    reason: LeftOutReason | None = None


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, reason `encrypted`, `damaged` or `too_large`."""
    with open_package(name, data) as package:
        properties = read_properties(package)
        reader = _reader(package)
        body = list(reader.body(package))
        heads = list(_margins(package, reader, "header"))
        feet = list(_margins(package, reader, "footer"))
    above = [block for block in heads if not block.reason]
    blocks = [*above, *body, *(block for block in heads if block.reason), *feet]
    letterhead = [block.text for block in (*above, *feet) if not block.reason]
    text = Assembly()
    titled = any(block.is_title for block in blocks)
    for block in blocks:
        level = block.level + titled if block.level else int(block.is_title)
        text.add(block.text, level=level, reason=block.reason, is_row=block.is_row)
    titles = [block for block in blocks if block.is_title]
    return _content(name, text, properties, titles, letterhead)


def _content(
    name: str,
    text: Assembly,
    properties: Properties,
    titles: Sequence[_Block],
    letterhead: Sequence[str],
) -> Content:
    """Without styles that say so, the shape of the lines tells the title and the headings."""
    title = titles[0].text.strip() if titles else _title(name, text.prose, properties.title)
    headings = list(text.headings)
    if not any(heading.level > bool(titles) for heading in headings):
        known = {heading.start for heading in headings}
        found = find_headings(text.prose)
        headings += [heading for heading in found if heading.start not in known]
    line = title_line(text.prose, title)
    if line and not titles:
        headings = _below(headings, line)
    beside = split_lines("\n".join(letterhead))
    return Content(
        text=text.text,
        title=title,
        date=find_date(text.prose, name) or find_date(beside, "") or properties.date,
        author=find_author(text.prose) or properties.author,
        organisation=(
            find_organisation(text.prose)
            or find_organisation(beside)
            or find_issuer(letterhead)
            or properties.company
        ),
        headings=tuple(sorted(headings, key=lambda heading: heading.start)),
        left_out=tuple(text.left_out),
    )


def _below(headings: Sequence[Heading], title: Line) -> list[Heading]:
    """The headings with the title's line as the only one of level 1."""
    others = [heading for heading in headings if heading.start != title.start]
    down = int(any(heading.level == 1 for heading in others))
    lower = [Heading(each.start, each.end, each.level + down) for each in others]
    return [Heading(title.start, title.end, 1), *lower]


def _title(name: str, lines: Sequence[Line], said: str) -> str:
    """What the file says of itself counts where its head says so too, or where that has none."""
    head = "\n".join(line.text for line in lines[:_HEAD_LINES])
    if stands_in(said, head) or (said and lines and is_body(lines[0].text)):
        return said
    return find_title(lines, name)


# -- the document ---------------------------------------------------------------------------------


def _reader(package: Package) -> "_Reader":
    def part(kind: str) -> Element | None:
        found = package.related(package.main, kind)
        return None if found is None else package.tree(found)

    styles = Styles(part("styles"))
    notes: dict[tuple[str, str], Element] = {}
    for kind in ("footnotes", "endnotes"):
        root = part(kind)
        for note in root if root is not None else ():
            notes[kind, note.get(f"{W}id") or ""] = note
    return _Reader(styles, read_numbering(part("numbering")), notes, InlineReader(styles))


def _margins(package: Package, reader: "_Reader", kind: str) -> Iterator[_Block]:
    """The lines of page headers or footers, each once, without those that only number pages.

    They are no lines of the text: a title or a heading is not looked for among them.
    """
    seen: set[str] = set()
    for relation in package.relations(package.main).values():
        for block in reader.blocks(package.tree(relation.target)) if relation.kind == kind else ():
            text = without_page_number(tidy(block.text))
            if text not in seen and any(map(str.isalpha, _PAGE_NUMBER.sub("", text))):
                seen.add(text)
                is_content = not block.reason and identifies(text)
                reason = None if is_content else LeftOutReason.FOOTER
                yield _Block(text, is_row=True, reason=reason)


@dataclass(slots=True)
class _Reader:
    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Element]
    inline: InlineReader
    joined: str = ""  # of a paragraph whose end was deleted: it goes on in the next one
    noted: int = 0
    depth: int = 0
    hidden: list[str] = field(default_factory=list)  # from cells, to be told behind their table

    def body(self, package: Package) -> Iterator[_Block]:
        body = package.tree(package.main).find(f"{W}body")
        if body is None:
            raise damaged("it has no body")
        yield from self.blocks(body)
        if self.joined:
            yield _Block(self.joined)

    def blocks(self, parent: Element, contents: bool = False) -> Iterator[_Block]:
        """The lines of everything below an element. Raises: UnreadableFile where too deep."""
        tables: list[Element] = []  # with nothing between them: one that was split may go on
        for child in parent:
            tag = child.tag
            if tables and tag != f"{W}tbl" and not _is_blank(child):
                yield from self._deeper(self._tables(tables))
                tables = []
            if tag == f"{W}p":
                yield from self._paragraph(child, contents)
            elif tag == f"{W}tbl":
                tables.append(child)
            elif tag == ALTERNATIVES:
                yield from self.blocks(list(alternative(child)), contents)
            elif tag not in _NOT_BODY and not (tag == f"{W}sdt" and is_placeholder(child)):
                yield from self.blocks(child, contents or _is_contents(child))
        if tables:
            yield from self._deeper(self._tables(tables))

    def _deeper(self, blocks: Iterator[_Block]) -> Iterator[_Block]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise damaged(f"tables and boxes stand in one another {_DEEPEST} deep")
        yield from blocks
        self.depth -= 1

    def _paragraph(self, paragraph: Element, contents: bool) -> Iterator[_Block]:
        properties = paragraph.find(f"{W}pPr")
        look = self.styles.look(properties)
        inline = self.inline.read(paragraph, look.is_hidden)
        text = self.joined + inline.text
        self.joined = ""
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self.joined = text
        elif text.strip():
            level = look.list_level
            if level is None and look.number:
                level = self.numbering.level_of_style(look.number, look.number_style)
            text = self.numbering.label(look.number, level or 0) + text.strip()
            if look.level or look.is_title:
                text = tidy(text)
            reason = LeftOutReason.NAVIGATION if contents or look.is_contents else None
            outline = 0 if reason else look.level
            yield _Block(text, outline, look.is_title and not reason, reason=reason)
        yield from self._beside(inline)

    def _beside(self, inline: Inline) -> Iterator[_Block]:
        """What hangs on a paragraph: text boxes, notes, hidden text."""
        for box in inline.boxes:
            yield from self._deeper(self.blocks(box))
        for key in inline.notes:
            note = self.notes.pop(key, None)
            if note is not None:
                self.noted += 1
                number = self.noted
                text = " ".join(tidy(block.text) for block in self.blocks(note))
                yield _Block(f"[{number}] {text}")
        hidden = "".join(inline.hidden)
        if hidden.strip():
            yield _Block(hidden, reason=LeftOutReason.HIDDEN)

    # -- tables -----------------------------------------------------------------------------------

    def _tables(self, tables: Sequence[Element]) -> Iterator[_Block]:
        outer, self.hidden = self.hidden, []
        grids: list[tuple[Sequence[Row], int]] = []
        for table in tables:
            rows, marked, alone = self._grid(table)
            if max(map(len, rows), default=0) < 2:
                yield from _rows_of(grids)
                yield from alone
                grids = []
            else:
                grids.append((rows, marked))
        yield from _rows_of(grids)
        hidden, self.hidden = self.hidden, outer
        for text in hidden:
            yield _Block(text, reason=LeftOutReason.HIDDEN)

    def _grid(self, table: Element) -> tuple[list[list[Cell]], int, list[_Block]]:
        """Its rows, how many of them are marked as headings, and all that its cells hold: a table
        of one column is a frame around paragraphs.
        """
        rows: list[list[Cell]] = []
        marked, unfinished = 0, True
        above: dict[int, str] = {}
        alone: list[_Block] = []
        for row in _below_table(table, "tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            header = properties.find(f"{W}tblHeader") if properties is not None else None
            is_header = header is not None and is_on(header.get(f"{W}val") or "1")
            unfinished = unfinished and is_header
            marked += unfinished
            rows.append(self._row(row, above, alone))
        return rows, marked, alone

    def _row(self, row: Element, above: dict[int, str], alone: list[_Block]) -> list[Cell]:
        before = integer(value(row.find(f"{W}trPr"), "gridBefore")) or 0
        cells = [Cell()] * min(before, _MOST_COLUMNS)
        for cell in _below_table(row, "tc"):
            properties = cell.find(f"{W}tcPr")
            if properties is not None and properties.find(f"{W}cellDel") is not None:
                continue
            blocks = list(self.blocks(cell))
            alone += blocks
            text = self._cell_text(blocks)
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            column = len(cells)
            if merge is not None and merge.get(f"{W}val") != "restart":
                text = above.get(column, "")
            above[column] = text if merge is not None else ""
            span = min(integer(value(properties, "gridSpan")) or 1, _MOST_COLUMNS)
            cells += [Cell(text), *[Cell(text, across=True)] * (span - 1)]
        return cells

    def _cell_text(self, blocks: Sequence[_Block]) -> str:
        text, was_row = "", False
        for block in blocks:
            if block.reason:
                self.hidden.append(block.text)
                continue
            between = "；" if block.is_row and was_row else " " if text else ""
            text += between + tidy(block.text)
            was_row = block.is_row
        return text


def _rows_of(grids: Sequence[tuple[Sequence[Row], int]]) -> Iterator[_Block]:
    for rows, marked in joined(grids):
        for _, line in lines_of(rows, marked):
            yield _Block(line, is_row=True)


def _is_blank(element: Element) -> bool:
    """Whether an element between two tables shows nothing but a blank line."""
    return next(element.iter(*_SHOWN), None) is None


def _below_table(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, within content controls and the like too."""
    for child in parent:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag not in _NOT_BODY and child.tag != f"{W}tc":
            yield from _below_table(child, name)


def _is_contents(control: Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "Contents" in (gallery.get(f"{W}val") or "")
