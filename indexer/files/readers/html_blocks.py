"""A page of HTML to its blocks of text in order: headings, paragraphs, list items, table rows.

Knows tags and containers; judges nothing but what a container's own tag or class says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from indexer.files.boilerplate import is_prose
from indexer.files.lines import Line
from indexer.files.readers.html_boxes import headed_boxes
from indexer.files.readers.html_head import Head, read_head
from indexer.files.readers.html_hidden import find_hidden, is_called_hidden, reveal, unhide
from indexer.files.readers.html_tables import is_data_table, rows
from indexer.files.readers.tables import tidy

# lxml has no types of its own here; elements are handled as Any in this file alone.
_Element = Any

_SKIPPED = re.compile(
    r"script|style|template|svg|math|canvas|iframe|object|select|button|textarea|input|rp|rt"
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
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SENTENCE = re.compile(r"[\u3400-\u9fff][^\"'`<>{}=;\n]{18,}")
_WORDS = re.compile(r"[\u3400-\u9fff]+")
_LONGEST_LABEL = 40  # characters of an inline element; a longer one is a stretch of the page
_CODE = re.compile(r"<!--.*?-->|<(script|style|head)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_MOSTLY = 0.5
_LINK_SHARE = 0.7
_NO_HEAD = Head()
_Step = tuple[str, _Element, bool, bool]  # what to do, with which element, in furniture, in a link

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
    hidden: int = 0  # the number of the hidden container that it stands in

    @property
    def is_prose(self) -> bool:
        return is_prose(Line(0, len(self.text), self.text))


@dataclass(frozen=True, slots=True)
class Page:
    """All blocks of the body, and what the head says of the page.

    `shown` are the hidden containers that it will show once its script has run, and 0. `markup` is
    the page without what hides its own text, `scripted` the characters of sentences that its
    scripts alone have.
    """

    everything: tuple[Block, ...]
    head: Head = _NO_HEAD
    shown: frozenset[int] = frozenset((0,))
    markup: str = ""
    scripted: int = 0

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Those that are shown."""
        return tuple(block for block in self.everything if block.hidden in self.shown)


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
        return Page(tuple(_bare_lines(html)), markup=html)
    # As long as they are held, lxml makes no element for Python anew with each walk: an eighth.
    held = list(root.iter())
    scripted = [said for each in root.iter("script", "textarea", "xmp") for said in _said(each)]
    _open_frames(root)
    hidden = find_hidden(root)
    walk = _Walk(_furniture(root), {element: at for at, element in enumerate(hidden, 1)})
    walk.element(root, furniture=False)
    walk.flush()
    head = read_head(root, html)
    shown = reveal(tuple(hidden.values()), _prose(walk.blocks))
    if _unhide(root, [element for at, element in enumerate(hidden, 1) if at in shown]):
        html = lxml_html.tostring(root, encoding="unicode")
    del held
    return Page(tuple(walk.blocks), head, shown, html, _not_in(walk.blocks, scripted))


def _open_frames(root: _Element, deepest: int = 3) -> None:
    """What a frame holds in the page itself stands where the frame does."""
    from lxml import etree
    from lxml import html as lxml_html

    for frame in list(root.iter("iframe")):
        try:
            inner = lxml_html.document_fromstring(frame.get("srcdoc") or "")
        except (etree.ParserError, ValueError):
            continue
        if deepest:
            _open_frames(inner, deepest - 1)
        frame.tag = "div"
        frame.text = None
        frame[:] = list(inner.iter("body"))[:1]
        for body in frame:
            body.tag = "div"


def _prose(blocks: Iterable[Block]) -> dict[int, dict[str, int]]:
    """The sentences of each hidden container, and of what is shown, with their lengths."""
    found: dict[int, dict[str, int]] = {}
    for block in blocks:
        if not block.is_link and not block.furniture and block.is_prose:
            found.setdefault(block.hidden, {})[block.text] = len(block.text)
    return found


def _unhide(root: _Element, revealed: Iterable[_Element]) -> bool:
    """Take away what hides the main text, by rule or by name. Whether there was any."""
    total = _size(root)
    around = [
        element
        for element in root.iter()
        if isinstance(element.tag, str) and is_called_hidden(element)
        if _size(element) > total * _MOSTLY
    ]
    unhidden = [unhide(element) for element in (*revealed, *around)]
    return any(unhidden)


def _said(element: _Element) -> list[str]:
    """The sentences that stand in a script or a field, as text or as escapes."""
    text = element.text or ""
    if "\\u" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return _SENTENCE.findall(text)


def _not_in(blocks: Iterable[Block], sentences: Iterable[str]) -> int:
    """Characters of the sentences of which the page itself does not even have the first words."""
    words = {run for block in blocks for run in _WORDS.findall(block.text)}
    return sum(len(each) for each in set(sentences) if _WORDS.findall(each)[0] not in words)


def _bare_lines(html: str) -> Iterator[Block]:
    """The text between the tags, for a page that the parser gives up on (nested too deeply)."""
    for line in _TAG.sub("\n", _CODE.sub("\n", html)).split("\n"):
        text = tidy(unescape(line))
        if text:
            yield Block(text, 0, (text,))


def _furniture(root: _Element) -> frozenset[_Element]:
    """The containers that are called navigation or footer, or have the heading of a ranking, unless
    most of the page is in one.
    """
    total = _size(root)
    found = [box for box in headed_boxes(root) if _size(box) < total * _MOSTLY]
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "a"):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        called = element.tag in _FURNITURE_TAGS or _FURNITURE_NAMES.search(names)
        if called and _size(element) < total * _MOSTLY:
            found.append(element)
    return frozenset(found)


def _size(element: _Element) -> int:
    """Characters in an element, without code."""
    code = sum(len(each.text or "") for each in element.iter("script", "style"))
    return sum(len(text) for text in element.itertext()) - code


@dataclass(slots=True)
class _Walk:
    """Collects the text of inline elements until a block ends."""

    containers: frozenset[_Element]
    hidden: Mapping[_Element, int]
    blocks: list[Block] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    linked: int = 0
    level: int = 0
    furniture: bool = False
    within: int = 0  # the hidden container
    number: str = ""  # of a list's item, until its first words

    def element(self, element: _Element, *, furniture: bool, linked: bool = False) -> None:
        """One element with all below it, without its tail. An explicit stack: pages nest deeply."""
        stack: list[_Step] = [("open", element, furniture, linked)]
        while stack:
            step, node, inside, link = stack.pop()
            if step == "text":
                self.text(node, link)
            elif step == "leave":
                self.flush()
                self.within = node
            elif step == "close":
                self.flush()
                self.level = 0
                self.furniture = inside
                self.number = ""
            else:
                stack.extend(reversed(list(self._open(node, inside, link))))

    def _open(self, node: _Element, inside: bool, link: bool) -> Iterator[_Step]:
        tag = node.tag
        if not isinstance(tag, str) or _SKIPPED.fullmatch(tag):
            return
        outside, inside = inside, inside or node in self.containers
        link = link or tag == "a"
        if tag == "br":
            self.flush()
            return
        is_block = _BLOCKS.fullmatch(tag) is not None
        number, around = self.hidden.get(node, 0), self.within
        if number:
            if not is_block and len(tidy(node.text_content())) <= _LONGEST_LABEL:
                return
            self.flush()
            self.within = number
        if is_block:
            self.flush()
            self.furniture = inside
            self.level = int(tag[1]) if len(tag) == 2 and tag[1].isdigit() else 0
        if tag == "li":
            self.number = _number(node)
        if tag == "table" and is_data_table(node):
            for text, cells in rows(node):
                self.blocks.append(Block(text, 0, cells, False, inside, self.within))
            self.within = around
            return
        if node.text:
            yield "text", node.text, inside, link
        for child in node:
            yield "open", child, inside, link
            if child.tail:
                yield "text", child.tail, inside, link
        if is_block:
            yield "close", node, outside, link
        if number:
            yield "leave", around, outside, link

    def text(self, text: str, link: bool) -> None:
        self.pending.append(text)
        if link:
            self.linked += len(text.strip())

    def flush(self) -> None:
        text = tidy("".join(self.pending))
        if text:
            is_link = self.linked > len(text) * _LINK_SHARE
            shown = text if _NUMBERED.match(text) else self.number + text
            self.blocks.append(
                Block(shown, self.level, (text,), is_link, self.furniture, self.within)
            )
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
