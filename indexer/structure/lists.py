"""Lists and the sentence that leads them: what an item far down leaves unsaid. Pure text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ITEM_LINE = re.compile(
    r"\s*(?:[-*+•·▪●◆■–—]\s+|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|\d{1,2}[.、．]\s?(?!\d)"
    r"|[①-⑳]|[一二三四五六七八九十]{1,3}[是要]\S|第[一二三四五六七八九十]{1,3}[,，、:：])\s*\S"
)
# The first item of a list that goes on within its paragraph, and the items behind it.
_FAMILIES = tuple(
    (re.compile(first), re.compile(other))
    for first, other in (
        (r"一是", r"[二三四五六七八九十]是"),
        (r"一要", r"[二三四五六七八九十]要"),
        (r"第一[,，、:：]", r"第[二三四五六七八九十][,，、:：]"),
        (r"首先[,，]?", r"(?:其次|再次|然后|最后|第二)[,，]?"),
        (r"其一[,，:：]?", r"其[二三四五六七八九十][,，:：]?"),
        (r"[（(](?:1|一)[)）]", r"[（(](?:[2-9]|[二三四五六七八九十])[)）]"),
        (r"①", r"[②-⑳]"),
        (r"(?<![\d.])1[.、．](?!\d)", r"(?<![\d.])[2-9][.、．](?!\d)"),
    )
)
_SENTENCE_START = re.compile(r"[。！？!?；;\n]")
_LEAST_ITEMS = 2
_LONGEST_LEAD = 100
_LEAD_END = "：:，,"


@dataclass(frozen=True, slots=True)
class Led:
    """The items of one list, [start, end), and the words that lead them."""

    start: int
    end: int
    lead: str


def find_lists(text: str, start: int, end: int) -> list[Led]:
    """The lists of text[start:end] that a sentence ending in a colon or a comma leads, in order."""
    found = [*_of_lines(text, start, end), *_in_paragraphs(text, start, end)]
    return sorted(found, key=lambda each: (each.start, -each.end))


def _of_lines(text: str, start: int, end: int) -> Iterator[Led]:
    """Items that stand on lines of their own, behind a line that ends in a colon."""
    lead, first, last, items = "", 0, 0, 0
    at = start
    while at < end:
        line_end = text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end
        line = text[at:line_end].strip()
        if line and lead and _ITEM_LINE.match(line):
            items += 1
            first, last = (first if items > 1 else at), line_end
        elif line:
            if items >= _LEAST_ITEMS:
                yield Led(first, last, lead)
            items = 0
            lead = _lead(line) if line[-1] in "：:" else ""
        at = line_end + 1
    if items >= _LEAST_ITEMS:
        yield Led(first, last, lead)


def _in_paragraphs(text: str, start: int, end: int) -> Iterator[Led]:
    """Items that follow each other in one paragraph: ……：一是……；二是……。"""
    at = start
    while at < end:
        line_end = text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end
        for first, other in _FAMILIES:
            begins = first.search(text, at, line_end)
            if begins and other.search(text, begins.end(), line_end):
                before = _lead(text[at : begins.start()].rstrip())
                if before:
                    yield Led(begins.start(), line_end, before)
                break
        at = line_end + 1


def _lead(before: str) -> str:
    """The last sentence of what stands before the first item, if it leads on to it."""
    if not before or before[-1] not in _LEAD_END:
        return ""
    begins = [match.end() for match in _SENTENCE_START.finditer(before)]
    lead = before[begins[-1] if begins else 0 :].strip().rstrip(_LEAD_END)
    return lead if len(lead) <= _LONGEST_LEAD and any(char.isalnum() for char in lead) else ""
