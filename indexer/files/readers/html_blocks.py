"""A page of HTML to its blocks of text in order: headings, paragraphs, list items, table rows.

Knows tags and containers; judges nothing but what a container's own tag or class says.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from indexer.files.readers.html_head import Head, read_head
from indexer.files.readers.table_grid import lines_of, words
from indexer.files.readers.tables import Cell, Row, tidy

# lxml has no types of its own here; elements are handled as Any in this file alone.
_Element = Any

_SKIPPED = re.compile(
    r"script|style|noscript|template|svg|math|canvas|iframe|object|select|button|textarea|input|rp|rt"
    r"|head|audio|video|map"
)
_BLOCKS = re.compile(
    r"address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|header|hr|html|legend|li|main|menu|nav|ol|p|pre|section|summary|table|tbody"
    r"|td|tfoot|th|thead|tr|ul|caption"
)
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "menu"))
_FURNITURE_NAMES = re.compile(
    r"(?:^|[\s_-])(nav|navbar|navigation|menu|breadcrumbs?|crumbs?|footer|foot|copyright|sidebar|rank|ranking"
    r"|related|recommend|recommended|friendlinks?|links|share|sharing|toolbar|topbar|pager|pagination"
    r"|comments?|advert|ads?|friend-?link|toolbox|prevnext|prenext|prev-next|bdshare\w*|social|sns|skip-?link"
    r"|position|location|curpos|weizhi|dqwz|lujing|mbx|mianbaoxie|daohang|fanye|fenxiang|dayin|xgyd|xgwz|xgxw"
    r"|phb|paihang|yqlj|youlian|banquan|yejiao|dibu)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CODE = re.compile(r"<!--.*?-->|<(script|style|head)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_MOSTLY = 0.5
_LINK_SHARE = 0.7
_NO_HEAD = Head()


_MOST_NUMBERED = 500  # items of a list: counting takes the square of it
_NUMBERED = re.compile(
    r"[(（]?[\d一二三四五六七八九十]{1,3}[)）、.．:：]|[①-⑳]|第[\d一二三四五六七八九十]"
)


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the page. `level` is 1 to 6 for a heading; a table row's cells are `parts`."""

    text: str
    level: int = 0
    parts: tuple[str, ...] = ()
    is_link: bool = False  # most of its words are links
    furniture: bool = False  # it stands in a nav, a footer or a container that is called so


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of the body, and what the head says of the page."""

    blocks: tuple[Block, ...]
    head: Head = _NO_HEAD


def parse_page(html: str) -> Page:
    """The page, however broken its markup is."""
    from lxml import etree
    from lxml import html as lxml_html

    # A declaration of an encoding is refused in text that is decoded already.
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
    try:
        parser = lxml_html.HTMLParser(huge_tree=True)  # else what nests below 255 is lost
        root = lxml_html.document_fromstring(html or "<html></html>", parser=parser)
    except (etree.ParserError, ValueError):
        return Page(())  # nothing but comments, or characters that no markup may hold
    if not any(text.strip() for text in root.itertext()):
        return Page(tuple(_bare_lines(html)))
    walk = _Walk(_furniture(root))
    walk.element(root, furniture=False)
    walk.flush()
    return Page(tuple(walk.blocks), read_head(root, html))


def _bare_lines(html: str) -> Iterator[Block]:
    """The text between the tags, for a page that the parser gives up on (nested too deeply)."""
    for line in _TAG.sub("\n", _CODE.sub("\n", html)).split("\n"):
        text = tidy(unescape(line))
        if text:
            yield Block(text, 0, (text,))


def _furniture(root: _Element) -> frozenset[_Element]:
    """The containers that are called navigation or footer, unless most of the page is in one."""
    total = sum(len(text) for text in root.itertext())
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "a"):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in _FURNITURE_TAGS or _FURNITURE_NAMES.search(names):
            size = sum(len(text) for text in element.itertext())
            if size < total * _MOSTLY:
                found.append(element)
    return frozenset(found)


@dataclass(slots=True)
class _Walk:
    """Collects the text of inline elements until a block ends."""

    containers: frozenset[_Element]
    blocks: list[Block] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    linked: int = 0
    level: int = 0
    furniture: bool = False
    number: str = ""  # of a list's item, until its first words

    def element(self, element: _Element, *, furniture: bool, linked: bool = False) -> None:
        """One element with all below it, without its tail. An explicit stack: pages nest deeply."""
        stack: list[tuple[str, _Element, bool, bool]] = [("open", element, furniture, linked)]
        while stack:
            step, node, inside, link = stack.pop()
            if step == "text":
                self.text(node, link)
            elif step == "close":
                self.flush()
                self.level = 0
                self.furniture = inside
                self.number = ""
            else:
                stack.extend(reversed(list(self._open(node, inside, link))))

    def _open(
        self, node: _Element, inside: bool, link: bool
    ) -> Iterator[tuple[str, _Element, bool, bool]]:
        tag = node.tag
        if not isinstance(tag, str) or _SKIPPED.fullmatch(tag) or _is_hidden(node):
            return
        outside, inside = inside, inside or node in self.containers
        link = link or tag == "a"
        if tag == "br":
            self.flush()
            return
        is_block = _BLOCKS.fullmatch(tag) is not None
        if is_block:
            self.flush()
            self.furniture = inside
            self.level = int(tag[1]) if len(tag) == 2 and tag[1].isdigit() else 0
        if tag == "li":
            self.number = _number(node)
        if tag == "table" and _is_data_table(node):
            self.blocks.extend(_rows(node, inside))
            return
        if node.text:
            yield "text", node.text, inside, link
        for child in node:
            yield "open", child, inside, link
            if child.tail:
                yield "text", child.tail, inside, link
        if is_block:
            yield "close", node, outside, link

    def text(self, text: str, link: bool) -> None:
        self.pending.append(text)
        if link:
            self.linked += len(text.strip())

    def flush(self) -> None:
        text = tidy("".join(self.pending))
        if text:
            is_link = self.linked > len(text) * _LINK_SHARE
            shown = text if _NUMBERED.match(text) else self.number + text
            self.blocks.append(Block(shown, self.level, (text,), is_link, self.furniture))
            self.number = ""
        self.pending.clear()
        self.linked = 0


def _number(item: _Element) -> str:
    """What a browser shows before an item: `3. ` in a list that counts in figures."""
    numbered = item.getparent()
    if numbered is None or numbered.tag != "ol" or numbered.get("type", "1") != "1":
        return ""
    count = _whole(numbered.get("start"), 1) - 1
    for each in numbered.iterchildren("li"):
        count = _whole(each.get("value"), count + 1)
        if each is item or count > _MOST_NUMBERED:
            break
    return f"{count}. " if 0 <= count <= _MOST_NUMBERED else ""


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,4}", value) else otherwise


def _is_hidden(node: _Element) -> bool:
    return node.get("hidden") is not None or bool(_HIDDEN.search(node.get("style") or ""))


# -- tables ---------------------------------------------------------------------------------------


def _is_data_table(table: _Element) -> bool:
    """Tables that only lay out a page hold tables, headings or paragraphs in their cells."""
    if (
        next(table.iterdescendants("table", "h1", "h2", "h3", "div", "form", "ul"), None)
        is not None
    ):
        return False
    cells = list(table.iter("td", "th"))
    paragraphs = sum(len(list(cell.iter("p"))) > 1 for cell in cells)
    widest = max((len(list(row.iter("td", "th"))) for row in table.iter("tr")), default=0)
    return widest > 1 and paragraphs * 4 <= len(cells)


def _rows(table: _Element, furniture: bool) -> Iterator[Block]:
    """One block a row, each cell behind its column's header: 县：雷波 | 退出村：12."""
    for caption in table.iter("caption"):
        text = tidy(caption.text_content())
        if text:
            yield Block(text, 0, (text,), False, furniture)
    for rows, marked in _parts(_grid(table)):
        for row, line in lines_of(rows, marked):
            yield Block(line, 0, tuple(words(row)), False, furniture)


def _parts(grid: Sequence[tuple[bool, list[Cell]]]) -> Iterator[tuple[list[Row], int]]:
    """A table's parts, each with its headings above it and how many rows those are."""
    rows: list[Row] = []
    marked = 0
    for is_header, cells in grid:
        if is_header and len(rows) > marked:
            yield rows, marked
            rows, marked = [], 0
        rows.append(cells)
        marked += is_header
    if len(rows) > marked or not any(is_header for is_header, _ in grid):
        yield rows, marked


def _grid(table: _Element) -> list[tuple[bool, list[Cell]]]:
    """Rows of cells with spans filled in; whether a row is a header."""
    grid: list[tuple[bool, list[Cell]]] = []
    hanging: dict[int, tuple[int, Cell]] = {}  # column → rows that a cell above still covers
    for row in table.iter("tr"):
        cells: list[Cell] = []
        tags = [cell.tag for cell in row.iter("td", "th")]
        for cell in row.iter("td", "th"):
            _fill_hanging(cells, hanging)
            text = tidy(cell.text_content())
            for column in range(_span(cell, "colspan")):
                one = Cell(text, across=column > 0)
                if _span(cell, "rowspan") > 1:
                    hanging[len(cells)] = (_span(cell, "rowspan") - 1, one)
                cells.append(one)
        _fill_hanging(cells, hanging)
        in_head = row.getparent() is not None and row.getparent().tag == "thead"
        if any(cell.text for cell in cells):
            grid.append((in_head or (bool(tags) and set(tags) == {"th"}), cells))
    return grid


def _fill_hanging(cells: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    while len(cells) in hanging:
        column = len(cells)
        left, cell = hanging.pop(column)
        if left > 1:
            hanging[column] = (left - 1, cell)
        cells.append(cell)


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 100) if value.isascii() and value.isdigit() else 1
