"""Running heads, running feet and page numbers: lines at a page's edge that come back.

A line counts if it stands at the same height on many pages with the same words, and if the numbers
in it stay or count the pages. A line of larger type is a heading, not a running head.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from indexer.files.lines import is_body
from indexer.files.readers.pdf.lines import Line

_EDGE_LINES = 4  # so many lines at the top and the bottom are looked at
_SAME_HEIGHT = 4.0  # points
_LEAST_PAGES = 3
_LEAST_SHARE = 0.4  # heads of odd and even pages differ: each is on half of them
_LARGER = 1.2
_LONGEST_COUNTING = 20
_SMALLER = 0.95
_WIDEST_USUAL = 2.0  # times the size, where a page has too few lines to tell
_APART = 1.4  # times the usual distance of lines
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[\W_]*([ivxlc]+|[IVXLC]+)[\W_]*")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_SPACE = re.compile(r"\s+")
# What a page number or a browser's print says of itself, on a single page too
_PAGE_NUMBER = re.compile(
    r"第\s*[\d一二三四五六七八九十]+\s*页([\s，,/]*共\s*[\d一二三四五六七八九十]+\s*页)?"
    r"|[-—–－]+\s*\d{1,4}\s*[-—–－]+|·\s*\d{1,4}\s*·|\d{1,4}\s*/\s*\d{1,4}"
    r"|page\s*\d{1,4}(\s*(of|/)\s*\d{1,4})?"
    r"|(https?|file)://\S+\s+\d{1,4}\s*/\s*\d{1,4}"
    r"|\d{1,4}/\d{1,2}/\d{1,4}[,，]?\s*(上午|下午)?\d{1,2}:\d\d(\s*[AP]M)?(\s.{0,200})?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Furniture:
    """A page's running heads and feet, each from the top down."""

    heads: list[Line] = field(default_factory=list)
    feet: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Seen:
    page: int
    line: Line
    numbers: tuple[int, ...]


def find_furniture(pages: Sequence[Sequence[Line]]) -> list[Furniture]:
    """`pages` are the lines of each page from top to bottom, columns side by side as one line."""
    found = [Furniture() for _ in pages]
    body = median([line.size for page in pages for line in page] or [0.0])
    for at_top in (True, False):
        edges = [_edge(page, at_top) for page in pages]
        running = _running(edges)
        for furniture, page, edge in zip(found, pages, edges, strict=True):
            taken = _taken(page, edge, running, body)
            if at_top:
                furniture.heads = taken
            else:
                heads = set(map(id, furniture.heads))
                furniture.feet = [line for line in reversed(taken) if id(line) not in heads]
    return found


def _taken(
    page: Sequence[Line], edge: Sequence[Line], running: dict[int, bool], body: float
) -> list[Line]:
    """The lines of an edge that are furniture, from the edge inwards.

    Letters and leaflets have whole pages in common. So what comes back must also be set apart from
    the lines inside, or in smaller type, and must end before the edge that is looked at does.
    """
    taken: list[Line] = []
    for line in edge:
        if id(line) not in running and not _PAGE_NUMBER.fullmatch(line.text.strip()):
            break
        taken.append(line)
    if len(taken) == _EDGE_LINES < len(page):
        taken = []
        for line in edge:
            if not _counts(line, running):
                break
            taken.append(line)
    while taken and not (
        _counts(taken[-1], running) or taken[-1].size < _SMALLER * body or _is_apart(page, taken)
    ):
        taken.pop()
    return taken


def _counts(line: Line, running: dict[int, bool]) -> bool:
    """Whether it is little more than a page number, which may stand close to the text."""
    short = len(line.text) <= _LONGEST_COUNTING
    return (running.get(id(line), False) and short) or bool(
        _PAGE_NUMBER.fullmatch(line.text.strip())
    )


def _is_apart(page: Sequence[Line], taken: Sequence[Line]) -> bool:
    """Whether the gap to the next line is wider than between lines."""
    gaps = sorted(above.y - below.y for above, below in pairwise(page))
    if not gaps:
        return False
    usual = min(gaps[len(gaps) // 4], _WIDEST_USUAL * taken[-1].size)
    at = next(at for at, line in enumerate(page) if line is taken[-1])
    inner = at + 1 if taken[0] is page[0] else at - 1
    return 0 <= inner < len(page) and abs(page[inner].y - taken[-1].y) > _APART * usual


def _edge(page: Sequence[Line], at_top: bool) -> list[Line]:
    """The lines from the edge inwards that may be furniture."""
    if not page:
        return []
    usual = median(line.size for line in page)
    lines = list(page[:_EDGE_LINES]) if at_top else list(page[-_EDGE_LINES:])[::-1]
    edge: list[Line] = []
    for line in lines:
        if line.size > _LARGER * usual:
            break
        edge.append(line)
    return edge


def _running(edges: Sequence[Sequence[Line]]) -> dict[int, bool]:
    """The ids of the lines that come back, and whether a number in them counts the pages."""
    groups: dict[str, list[_Seen]] = {}
    for page, edge in enumerate(edges):
        for line in edge:
            shape, numbers = _shape(line.text)
            groups.setdefault(shape, []).append(_Seen(page, line, numbers))
    running: dict[int, bool] = {}
    counting: list[_Seen] = []
    for shape, group in groups.items():
        for seen in _by_height(group):
            counts = _numbers_fit(seen)
            if _comes_back(shape, seen, counts, len(edges)):
                running.update((id(each.line), bool(counts)) for each in seen)
                counting += seen if counts else []
    for each in _chapter_heads([each for group in groups.values() for each in group], counting):
        running.setdefault(id(each.line), True)
    return running


def _chapter_heads(all_seen: Sequence[_Seen], counting: Sequence[_Seen]) -> list[_Seen]:
    """Heads whose words stand on one page alone, with its number, where other pages have theirs."""
    if len(counting) < _LEAST_PAGES:
        return []
    offsets = Counter(each.numbers[-1] - each.page for each in counting)
    offset, often = offsets.most_common(1)[0]
    heights = {round(each.line.y) for each in counting if each.numbers[-1] - each.page == offset}
    if often < _LEAST_PAGES:
        return []
    return [
        each
        for each in all_seen
        if each.numbers
        and offset + each.page in (each.numbers[0], each.numbers[-1])
        and not heights.isdisjoint(range(round(each.line.y) - 1, round(each.line.y) + 2))
        and not is_body(each.line.text)
    ]


def _shape(text: str) -> tuple[str, tuple[int, ...]]:
    """The words with # for each number, and the numbers."""
    roman = _ROMAN.fullmatch(text)
    if roman:
        return text.replace(roman[1], "@"), (_roman(roman[1].lower()),)
    numbers = tuple(int(number) for number in _NUMBER.findall(text) if len(number) <= 12)
    return _SPACE.sub("", _NUMBER.sub("#", text)), numbers


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[char] for char in text]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def _by_height(group: Sequence[_Seen]) -> list[list[_Seen]]:
    """Those at one height together, one a page."""
    heights: list[list[_Seen]] = []
    for seen in sorted(group, key=lambda seen: (seen.line.y, seen.page)):
        if heights and seen.line.y - heights[-1][0].line.y <= _SAME_HEIGHT:
            heights[-1].append(seen)
        else:
            heights.append([seen])
    return [list({seen.page: seen for seen in each}.values()) for each in heights]


def _comes_back(
    shape: str, seen: Sequence[_Seen], counts_pages: bool | None, page_count: int
) -> bool:
    if len(seen) < 2 or counts_pages is None:
        return False
    letters = sum(char.isalpha() for char in shape)
    if letters < 2 and not counts_pages:
        return False
    least = max(2, round(_LEAST_SHARE * page_count))
    if any(is_body(each.line.text) for each in seen) and not counts_pages:
        # It reads like a sentence: only if it is on most pages of a document of some length.
        return len(seen) >= _LEAST_PAGES and len(seen) * 2 > page_count
    if len(seen) >= least:
        return True
    # The head of one chapter of many: on pages that follow each other.
    pages = sorted(each.page for each in seen)
    return len(pages) >= _LEAST_PAGES and pages[-1] - pages[0] <= 2 * len(pages)


def _numbers_fit(seen: Sequence[_Seen]) -> bool | None:
    """Whether a number counts the pages; None if a number changes otherwise."""
    counts = False
    for numbers in zip(*(each.numbers for each in seen), strict=False):
        if len(set(numbers)) == 1:
            continue
        offsets = {number - each.page for number, each in zip(numbers, seen, strict=True)}
        if len(offsets) > 1:
            return None
        counts = True
    return counts
