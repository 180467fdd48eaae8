"""HTML pages as saved from a site: the main text with its title, headings and table rows.

trafilatura judges which blocks are the page's content; the blocks themselves, their glyphs, their
order and their structure come from the page (html_blocks). A block that trafilatura dropped in the
middle of the content is kept, unless its container says that it is navigation. The stored text is
one block a line, the title first. Knows no passages.
"""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.errors import UnreadableFile
from indexer.files.boilerplate import find_boilerplate
from indexer.files.decode import Decoded, decode
from indexer.files.furniture import is_end_mark, is_footer, is_navigation, words_of
from indexer.files.lines import Line, is_byline, outside, split_lines
from indexer.files.metadata import (
    find_author,
    find_date,
    find_organisation,
    find_title,
    parse_date,
    title_from_name,
)
from indexer.files.readers.html_blocks import Block, Page, parse_page
from indexer.records import Content, Heading, LeftOut, LeftOutReason, count_chars

_CHARSET = re.compile(
    rb"""charset\s*=\s*["']?\s*([\w.:-]+)|encoding=["']([\w.-]+)["']""", re.IGNORECASE
)
_HEAD_BYTES = 4096
_LEAST_SHARE = (
    0.3  # content found by trafilatura, of the page's prose, below which it is not trusted
)
MAX_MARKUP = 10_000_000
"""Characters, without pictures that stand in the page itself. A million take 1 s and 60 MB."""

_LARGE = 500_000  # bytes from which on it is worth while to take such pictures out
_INLINE = re.compile(rb"data:[a-z]{2,12}/[-+.;=\w]{1,80},[A-Za-z0-9+/=%]{200,}")
_NEAR_TITLE = 6  # blocks between a page's h1 and its first paragraph: date, source, buttons
_SHORT_KEY = 8
_SHORT_TITLE = 4
_LONGEST_TITLE = 60
_NEAR_END = 8  # blocks between the last that trafilatura keeps and a footer: contact, signature
_NOT_A_LETTER = re.compile(r"[\W_]+")
_SITE_SUFFIX = re.compile(r"\s*[-_|–—·]+\s*[^-_|–—·]{2,20}$")


@dataclass(frozen=True, slots=True)
class _Judgement:
    """The words of trafilatura's blocks, to ask whether a block of the page is among them."""

    lines: frozenset[str]
    joined: str

    def keeps(self, block: Block) -> bool:
        keys = [key for key in map(_key, block.parts) if key]
        return bool(keys) and all(
            key in self.lines or (len(key) >= _SHORT_KEY and key in self.joined) for key in keys
        )


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, as decode does; reason `no_text` for a page of scripts alone."""
    return read_page(name, decode_page(data))


def read_whole(name: str, data: bytes) -> Content:
    """The page with every line, menus, footers and what it hides too. Raises: as `read`."""
    return read_page(name, decode_page(data), whole=True)


@dataclass(frozen=True, slots=True)
class Dropped:
    """The lines that `read` takes for navigation by their markup alone, or that the page hides for
    good, and how many characters of sentences stand in its scripts.
    """

    lines: tuple[str, ...] = ()
    script_chars: int = 0


def find_dropped(data: bytes) -> Dropped:
    """What of a page is not even stored. Raises: as `read`."""
    page = parse_page(decode_page(data).text)
    left = Counter(block.text for block in _content(page))
    dropped: list[str] = []
    for block in page.everything:
        if left[block.text]:
            left[block.text] -= 1
        else:
            dropped.append(block.text)
    return Dropped(tuple(dropped), page.scripted)


def decode_page(data: bytes, declared: str | None = None) -> Decoded:
    """The page's markup. `declared` is what came with the page; else its own head says it.

    Raises: UnreadableFile.
    """
    if len(data) > _LARGE:
        data = _INLINE.sub(b"", data)
    found = _CHARSET.search(data[:_HEAD_BYTES])
    own = (found[1] or found[2]).decode("ascii", "replace") if found else None
    return decode(data, declared or own)


def read_page(name: str, decoded: Decoded, *, whole: bool = False) -> Content:
    """The page's text; its navigation too if it is to be `whole`.

    Raises: UnreadableFile, reason `no_text` for a page of scripts alone.
    """
    if len(decoded.text) > MAX_MARKUP:
        raise UnreadableFile(
            f"its markup has {len(decoded.text):,} characters, more than {MAX_MARKUP:,}",
            reason="too_large",
            hint="split it into several pages",
        )
    page = parse_page(decoded.text)
    head = page.head
    blocks = list(page.everything) if whole else _content(page)
    if not any(_key(block.text) for block in blocks):
        raise _no_text(page)
    title = _title(page, blocks) or _title_of_text(blocks, name)
    blocks = blocks if whole else _from_title(blocks, title)
    text = "\n".join(block.text for block in blocks)
    lines = split_lines(text)
    left_out = () if whole else find_boilerplate(lines)
    title = _title_that_is_left(title, lines, left_out)
    own = _without_comments(lines, left_out)
    near = split_lines("\n".join(block.text for block in _near_title(page, title)))
    return Content(
        text=text,
        title=title,
        date=parse_date(head.date) or find_date(near, "") or find_date(own, name),
        author=head.author or find_author(near) or find_author(own),
        organisation=(
            head.source or find_organisation(near) or find_organisation(own) or head.site
        ),
        url=head.url,
        headings=_headings(blocks, title),
        left_out=left_out,
        encoding=decoded.encoding,
        page_chars=_page_chars(page),
    )


def _no_text(page: Page) -> UnreadableFile:
    """Which it is that the page has instead of text that it shows."""
    hidden = sum(count_chars(block.text) for block in page.everything)
    if hidden:
        return UnreadableFile(
            f"the page hides all its text, {hidden} characters, in a dialog or the like",
            reason="no_text",
            hint="look at it; to read what it hides, build with --keep-boilerplate",
        )
    in_scripts = f": {page.scripted} characters stand in its scripts" if page.scripted else ""
    return UnreadableFile(
        f"the page holds no text of its own{in_scripts}",
        reason="no_text",
        hint="it is built by a script: save it from the browser once it is shown",
    )


def _page_chars(page: Page) -> int:
    """Letters and figures that the page shows, and those of sentences that it does not show."""
    return page.scripted + sum(
        count_chars(block.text)
        for block in page.everything
        if block.hidden in page.shown or (block.is_prose and not block.is_link)
    )


def _without_comments(lines: Sequence[Line], left_out: Sequence[LeftOut]) -> list[Line]:
    """What readers wrote tells neither the day nor the author of the page."""
    comments = (o for o in left_out if o.reason is LeftOutReason.COMMENTS)
    return outside(lines, ((each.start, each.end) for each in comments))


def _key(text: str) -> str:
    return _NOT_A_LETTER.sub("", text)


def _title_that_is_left(title: str, lines: Sequence[Line], left_out: Sequence[LeftOut]) -> str:
    """The title, or the first line below a breadcrumb where the title is the site's name."""
    if not left_out or left_out[0].start > 0 or not lines or lines[0].text != title:
        return title
    below = next((line.text for line in lines if line.start >= left_out[0].end), "")
    return below if 0 < len(below) <= _LONGEST_TITLE and not is_byline(below) else title


def _headings(blocks: Sequence[Block], title: str) -> tuple[Heading, ...]:
    """What is marked up as heading, and the title's own line, which need not be the first."""
    headings: list[Heading] = []
    position = 0
    found = False
    for at, block in enumerate(blocks):
        is_title = not found and block.text == title
        found = found or is_title
        level = 1 if is_title else block.level
        if level and (at or is_title):
            headings.append(Heading(position, position + len(block.text), level))
        position += len(block.text) + 1
    return tuple(headings)


# -- which blocks are content ---------------------------------------------------------------------


def _content(page: Page) -> list[Block]:
    """The blocks from the first to the last that are content, without navigation between them."""
    body = [block for block in page.blocks if not block.furniture]
    breaks = _breaks(page)
    judgement = _judge(page.markup)
    kept = [at for at, block in enumerate(body) if judgement.keeps(block)]
    prose = sum(len(block.text) for block in body if not block.is_link)
    found = sum(len(body[at].text) for at in kept)
    if not kept or found < prose * _LEAST_SHARE:
        start = _start_of_prose(body, breaks)
        return [block for block in body[start:] if not block.is_link] or list(page.blocks)
    first = _title_before(body, kept[0], breaks)
    last = _end_behind(body, kept[-1], breaks)
    inside = set(kept)
    return [
        block
        for at, block in enumerate(body[first : last + 1], start=first)
        if at in inside or not block.is_link
    ]


def _start_of_prose(blocks: Sequence[Block], breaks: frozenset[int]) -> int:
    """Where the part of the page begins that has its title, if menus stand above that."""
    first = next((at for at, block in enumerate(blocks) if block.level == 1 or block.is_prose), 0)
    above = [at for at in breaks if at < first]
    return max(above) if above and first - max(above) <= _NEAR_TITLE else 0


def _breaks(page: Page) -> frozenset[int]:
    """Which blocks, counted without furniture, stand right behind some."""
    found = []
    number = 0
    for before, block in zip((None, *page.blocks), page.blocks, strict=False):
        if not block.furniture:
            if before is not None and before.furniture:
                found.append(number)
            number += 1
    return frozenset(found)


def _judge(html: str) -> _Judgement:
    import trafilatura  # 0.4 s; not at import

    # It reports each page without content as an error of its own; read() says so once.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    found = trafilatura.bare_extraction(
        html,
        favor_recall=True,
        include_tables=True,
        include_comments=False,
        deduplicate=False,
        with_metadata=False,
    )
    body = getattr(found, "body", None)
    keys = [key for key in map(_key, body.itertext() if body is not None else ()) if key]
    return _Judgement(frozenset(keys), "".join(keys))


def _title_before(blocks: Sequence[Block], first: int, breaks: frozenset[int]) -> int:
    """The page's h1 stands a few lines above the first paragraph, its date between them.

    Without one, what is neither link nor navigation belongs to the text: a salutation, a speaker.
    """
    near = range(first, max(-1, first - _NEAR_TITLE - 1), -1)
    for at in near:
        if blocks[at].level == 1:
            return at
    for at in near[1:]:
        if at + 1 in breaks or blocks[at].is_link or is_navigation(words_of(blocks[at].text)):
            break
        first = at
    return first


def _end_behind(blocks: Sequence[Block], last: int, breaks: frozenset[int]) -> int:
    """Short lines at the end of a text, such as whom to call, are furniture to trafilatura."""
    for at in range(last + 1, min(last + 1 + _NEAR_END, len(blocks))):
        words = words_of(blocks[at].text)
        if at in breaks or blocks[at].is_link or is_end_mark(words) or is_footer(words):
            break
        last = at
    return last


def _title_of_text(blocks: Sequence[Block], name: str) -> str:
    """Of a page that marks up no title, such as one that Word saved: a whole line of its text."""
    lines = split_lines("\n".join(block.text for block in blocks if not block.is_link))
    found = find_title(lines, name) if lines else ""
    whole = any(block.text == found and len(block.parts) == 1 for block in blocks)
    return found if whole and "：" not in found else title_from_name(name)


def _title(page: Page, blocks: Sequence[Block]) -> str:
    """The first h1, else what the head says, without the site's name behind it."""
    for block in (*blocks[:_NEAR_TITLE], *page.blocks):
        if block.level == 1 and not block.furniture:
            return block.text
    title = page.head.title
    named = _block_of_title(page, _key(title))
    if named:
        return named
    shorter = _SITE_SUFFIX.sub("", title)
    return shorter if len(shorter) >= 4 else title


def _block_of_title(page: Page, key: str) -> str:
    """The block that the head's title begins with, or mostly is; the site's name is in it too."""
    named = [
        (len(own), block.text)
        for block in page.blocks
        if not block.furniture
        and not block.is_link
        and len(own := _key(block.text)) >= _SHORT_TITLE
        if key.startswith(own) or (own in key and len(own) * 2 > len(key))
    ]
    return max(named, default=(0, ""))[1]


def _from_title(blocks: list[Block], title: str) -> list[Block]:
    """The title first: what stands above it goes unless it is prose; a missing title is added."""
    key = _key(title)
    for at, block in enumerate(blocks):
        if _key(block.text) == key:
            return [Block(block.text, level=1), *blocks[at + 1 :]]
        if block.is_prose:
            break
    return [Block(title, level=1), *blocks]


def _near_title(page: Page, title: str) -> list[Block]:
    key = _key(title)
    for at, block in enumerate(page.blocks):
        if block.level and _key(block.text) == key:
            return list(page.blocks[at + 1 : at + 1 + _NEAR_TITLE])
    return []
