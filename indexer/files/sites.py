"""What repeats at the head or foot of a site's pages: a name, a menu, links that no word betrays.

A page's own lines tell much of what is furniture (see `boilerplate`); its neighbours tell the rest.
Each page is remembered by the lines at its two edges that may be furniture at all: short, no
sentence, no label with a value, no signature. Such a line is left out where it stands on enough
pages of the site, and only from the edge inwards: the first line that is not repeated ends it, so
that nothing between two lines of the body is ever touched. A title is always left standing.

A site is a host, where the pages name one, and else a folder. The same pages give the same result
in whatever order they came, so that an update ends where a build does. Knows no format, no index.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import urlsplit

import numpy as np

from indexer.files.boilerplate import is_prose
from indexer.files.lines import Line, find_headings, heading_level, is_byline, split_lines
from indexer.files.metadata import find_title, title_line
from indexer.files.readers.txt import with_title
from indexer.records import Document, LeftOut, LeftOutReason
from indexer.text.normalise import fold

_FORMATS = frozenset(("txt", "html", "mhtml", "markdown"))

_LEAST_PAGES = 3
_LEAST_SHARE = 0.3  # of the site's pages
_LABELLED_SHARE = 0.8  # for a label with a value: a footer has it on all pages
_HEAD_LINES = 40
_TAIL_LINES = 40
_LONGEST = 60
_LONGEST_SIGNATURE = 20
_HASH_BYTES = 8
_NEVER = re.compile(r"[。！？；!?;]|[:：，,、]$|^\d{1,2}\s*[.、．)）]|^[①-⑳]|^附件|https?:|[|｜\t]")
_DESCRIBES = re.compile(  # the document, not the site
    r"[^:：]{0,8}(机构|单位|部门|文号|索引|主题|分类|日期|时间|机关|機構|單位|部門|時間)[:：]"
)
_LABEL = re.compile(r"[^:：]{1,12}[:：]\s*\S")
_LEFT_OUT, _BYLINE = 0, 2  # no line's number is that low
_SIGNATURE = re.compile(
    r"(局|委|委员会|院|办|办公室|部|校|府|会|中心|公司|厅|处|科|馆|组|站|所|队|行|系|署|社|法院|银行|医院|大学|学院)$"
)
_DATE = re.compile(
    r"[^\d〇○零一二]{0,6}((19|20)\d\d|[一二][〇○零一二三四五六七八九]{3})\s*[-年/.].{1,12}[^。]{0,8}$"
)


@dataclass(frozen=True, slots=True)
class Edges:
    """A page's lines at its edges, from the edge inwards, each as a number.

    0 stands for a line that is left out already, 2 for one that says when and by whom the page was
    published; the number of a label with its value is odd. `has_title` tells whether
    a title is sure to stand below the head.
    """

    head: tuple[int, ...] = ()
    tail: tuple[int, ...] = ()
    has_title: bool = True

    @property
    def may_repeat(self) -> bool:
        """Whether any line of the page depends on the other pages of its site."""
        return max((*self.head, *self.tail), default=0) > _BYLINE

    def to_bytes(self) -> bytes:
        """A flag, the length of the head, and 8 bytes a line."""
        numbers = np.asarray((*self.head, *self.tail), dtype="<u8").tobytes()
        return bytes((self.has_title, len(self.head))) + numbers


def parse_edges(data: bytes) -> Edges:
    numbers = tuple(int(each) for each in np.frombuffer(data, dtype="<u8", offset=2))
    return Edges(numbers[: data[1]], numbers[data[1] :], bool(data[0]))


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page as its site sees it."""

    source: str
    url: str | None
    edges: Edges


def is_page(document: Document) -> bool:
    """Whether the document may be a page of a site: what is printed or typed has no furniture."""
    return document.format in _FORMATS


def edges_of(document: Document) -> Edges:
    """The edges of a page; none where there is no prose to stand between them."""
    lines = split_lines(document.text)
    out = [
        (each.start, each.end)
        for each in document.left_out
        if each.reason is not LeftOutReason.REPEATED
    ]
    prose = [at for at, line in enumerate(lines) if is_prose(line) and not _is_out(line, out)]
    if not prose:
        return Edges()
    head, has_title = _head(lines[: min(prose[0], _HEAD_LINES)], out)
    return Edges(head, _tail(lines, prose[-1], out), has_title)


_Spans = Sequence[tuple[int, int]]


def _head(lines: Sequence[Line], out: _Spans) -> tuple[tuple[int, ...], bool]:
    numbers: list[int] = []
    for line in lines:
        if passed := _passed_over(line, out):
            numbers.append(passed[0])
        elif _may_repeat(line.text) and not _DESCRIBES.match(line.text):
            numbers.append(_number("head", line.text))
        else:
            return tuple(numbers), True
    return tuple(numbers), False


def _tail(lines: Sequence[Line], last_prose: int, out: _Spans) -> tuple[int, ...]:
    first = _first_of_tail(lines, last_prose)
    numbers: list[int] = []
    for at in range(len(lines) - 1, max(first - 1, len(lines) - 1 - _TAIL_LINES), -1):
        line = lines[at]
        above_date = at + 1 < len(lines) and _DATE.match(lines[at + 1].text)
        if passed := _passed_over(line, out):
            numbers.append(passed[0])
        elif _may_repeat(line.text) and not above_date:
            numbers.append(_number("tail", line.text))
        else:
            break
    return tuple(numbers)


def _first_of_tail(lines: Sequence[Line], last_prose: int) -> int:
    """The first line below the prose, or the one below that if it is a signature."""
    first = last_prose + 1
    signed = first < len(lines) and len(lines[first].text) <= _LONGEST_SIGNATURE
    if signed and _SIGNATURE.search(lines[first].text):
        return first + 1
    return first


def _passed_over(line: Line, out: _Spans) -> tuple[int, ...]:
    """The number of a line that is not the site's to tell, if it is none."""
    if _is_out(line, out):
        return (_LEFT_OUT,)
    return (_BYLINE,) if is_byline(line.text) else ()


def _is_out(line: Line, out: _Spans) -> bool:
    return any(start <= line.start < end for start, end in out)


def _may_repeat(text: str) -> bool:
    if len(text) > _LONGEST or heading_level(text):
        return False
    return not _NEVER.search(text) and not _DATE.match(text)


def _number(zone: str, text: str) -> int:
    key = f"{zone}\n{''.join(fold(text).split())}".encode()
    number = int.from_bytes(blake2b(key, digest_size=_HASH_BYTES).digest(), "little")
    return (number | 4) & ~3 | bool(_LABEL.match(text))


# -- the evidence of a site -----------------------------------------------------------------------


def count_repeated(pages: Sequence[SitePage]) -> list[tuple[int, int]]:
    """How many lines from the head and from the foot of each page are its site's furniture.

    Takes 8 bytes a line of the edges, and some words for each line that stands on three pages.
    """
    often = _often([page.edges for page in pages])
    sizes: Counter[str] = Counter()
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        numbers = often & {*page.edges.head, *page.edges.tail}
        for site in _sites(page):
            sizes[site] += 1
            seen.update((site, number) for number in numbers)
    strong = {
        (site, number)
        for (site, number), count in seen.items()
        if count >= _LEAST_PAGES and count >= sizes[site] * _share(number)
    }
    return [_of_page(page, strong) for page in pages]


def _share(number: int) -> float:
    return _LABELLED_SHARE if number & 1 else _LEAST_SHARE


def _often(edges: Sequence[Edges]) -> set[int]:
    """The numbers that stand at the edges of three pages."""
    numbers = [
        np.unique(np.asarray((*each.head, *each.tail), dtype=np.uint64)) for each in edges if each
    ]
    if not numbers:
        return set()
    found, counts = np.unique(np.concatenate(numbers), return_counts=True)
    return {int(each) for each in found[counts >= _LEAST_PAGES]} - {_LEFT_OUT, _BYLINE}


def _sites(page: SitePage) -> set[str]:
    """The page's host, its folder, and the uppermost folder that it is in."""
    folder = page.source.rpartition("/")[0]
    host = urlsplit(page.url).hostname if page.url else None
    return {folder, folder.partition("/")[0]} | ({f"//{host}"} if host else set())


def _of_page(page: SitePage, strong: set[tuple[str, int]]) -> tuple[int, int]:
    repeated = {
        number
        for site in _sites(page)
        for number in (*page.edges.head, *page.edges.tail)
        if (site, number) in strong
    }
    head, tail = page.edges.head, page.edges.tail
    above, below = _run(head, repeated, is_head=True), _run(tail, repeated, is_head=False)
    if not page.edges.has_title and max(head[above:], default=0) <= _BYLINE:
        above = max((at for at in range(above) if head[at] > _BYLINE), default=0)
    return above, below


def _run(numbers: Sequence[int], repeated: set[int], *, is_head: bool) -> int:
    """How far from the edge all lines are repeated, or were left out before.

    In the tail, a label with its value is believed only if furniture stands above it, too: right
    below the body it is whom to call.
    """
    reached = 0
    waits = False
    for at, number in enumerate(numbers, start=1):
        if number > _BYLINE and number not in repeated:
            break
        if number & 1 and not is_head:
            waits = True
        elif number > _BYLINE or (waits and number == _LEFT_OUT):
            reached, waits = at, False
    return reached


# -- what it does to a page -----------------------------------------------------------------------


def leave_out_repeated(document: Document, head: int, tail: int) -> Document:
    """The document without so many lines at its edges, its title and headings found anew."""
    before = [each for each in document.left_out if each.reason is not LeftOutReason.REPEATED]
    if not head and not tail and len(before) == len(document.left_out):
        return document
    lines = split_lines(document.text)
    spans = [(each.start, each.end) for each in before]
    ours = [
        LeftOut(line.start, line.end, LeftOutReason.REPEATED)
        for line in (*lines[:head], *lines[max(head, len(lines) - tail) :])
        if not _passed_over(line, spans)
    ]
    left_out = tuple(sorted((*before, *ours), key=lambda each: each.start))
    if left_out == document.left_out:
        return document
    kept = _kept(lines, left_out)
    title = _title(document, lines, before, kept)
    headings = document.headings
    if document.format == "txt":
        headings = tuple(find_headings(lines, left_out))
    headings = tuple(each for each in headings if not _is_inside(each.start, left_out))
    return replace(
        document,
        title=title,
        left_out=left_out,
        headings=with_title(list(headings), title_line(kept, title)),
    )


def _title(
    document: Document, lines: Sequence[Line], before: Sequence[LeftOut], kept: Sequence[Line]
) -> str:
    """What the text has for a title now. One that came from elsewhere stays."""
    if document.format == "txt":
        was_found = document.title == find_title(_kept(lines, before), document.source)
        return find_title(kept, document.source) if was_found else document.title
    gone = title_line(lines, document.title) is not None and not title_line(kept, document.title)
    return kept[0].text if gone and kept and len(kept[0].text) <= _LONGEST else document.title


def _kept(lines: Sequence[Line], left_out: Sequence[LeftOut]) -> list[Line]:
    return [line for line in lines if not _is_inside(line.start, left_out)]


def _is_inside(start: int, left_out: Sequence[LeftOut]) -> bool:
    return any(each.start <= start < each.end for each in left_out)
