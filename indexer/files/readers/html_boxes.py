"""Boxes of a page whose heading says that they lead elsewhere: 热门推荐, 相关阅读.

What stands in them may be sentences, so that no line of them tells alone. Knows elements; what a
heading says is the business of `furniture`.
"""

from collections.abc import Iterator
from typing import Any

from indexer.files.furniture import is_ranking, words_of
from indexer.files.lines import is_body
from indexer.files.readers.tables import tidy

# lxml has no types of its own here.
_Element = Any

_LONGEST_HEADING = 24  # characters, with the link to more beside it
_LEAST_ENTRIES = 2
_LISTS = frozenset(("ul", "ol", "dl"))
_BOXES = frozenset(("div", "section", "aside", "td", "table", "article", "li", "form", "fieldset"))
_HEADINGS = frozenset(("h1", "h2"))  # of a text; a box's own stands at its top


def headed_boxes(root: _Element) -> Iterator[_Element]:
    """The outermost element of each such box with sentences in it, or the heading and its list.

    What is a box of titles alone is left to the judgement of its lines.
    """
    for heading in root.iter():
        if not isinstance(heading.tag, str) or not _is_heading(heading):
            continue
        row = _row_of(heading)
        box, below = row.getparent(), row.getnext()
        if box is not None and box.tag in _BOXES and _is_first(row, box):
            inside = set(row.iter())
            is_text = any(each not in inside for each in box.iter(*_HEADINGS))
            if not is_text and _leads_elsewhere(box, _entries(row)):
                yield box
        elif below is not None and below.tag in _LISTS and _leads_elsewhere(below):
            yield from (row, below)


def _leads_elsewhere(element: _Element, others: int = 0) -> bool:
    """Whether there are titles in it, beside so many others, and sentences."""
    if _entries(element) - others < _LEAST_ENTRIES:
        return False
    return any(is_body(words) for text in element.itertext() if (words := tidy(text)))


def _is_heading(element: _Element) -> bool:
    return bool((element.text or "").strip()) and _heads(element)


def _heads(element: _Element) -> bool:
    """Whether it says that what follows leads elsewhere, and nothing else."""
    said = ""
    for text in element.itertext():
        said += text.strip()
        if len(said) > _LONGEST_HEADING:
            return False
    return is_ranking(words_of(said), weak=False)


def _row_of(heading: _Element) -> _Element:
    """The highest element that holds the heading, and perhaps a link to more, and nothing else."""
    row = heading
    while (above := row.getparent()) is not None and above.tag not in ("html", "body"):
        if not _heads(above):
            break
        row = above
    return row


def _is_first(row: _Element, box: _Element) -> bool:
    """Whether nothing is said in the box before the row."""
    if (box.text or "").strip():
        return False
    before = row.itersiblings(preceding=True)
    return not any(text.strip() for each in before for text in (*each.itertext(), each.tail or ""))


def _entries(element: _Element) -> int:
    """Titles that lead elsewhere: links, or items of a list."""
    links = sum(1 for link in element.iter("a") if len(tidy(link.text_content())) > 3)
    return max(links, sum(1 for _ in element.iter("li", "dt")))
