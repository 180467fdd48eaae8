"""Lines of a text and what their shape says: prose, heading, or neither. Knows no file format."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.records import Heading, LeftOut

_SENTENCE_END = "。！？；!?;…"
_CLOSING = "”’」』）)】》\"'"
_LONGEST_HEADING = 30
_MOST_HEADING_LINES = 3  # more short lines in a row are a list
_SHORTEST_BODY = 40
_SHORTEST_WESTERN = 120
_FEWEST_WORDS = 6

_CHAPTER = re.compile(
    r"第[一二三四五六七八九十百\d]+[章节编篇部][分]?(\s|$|[^\d一二三四五六七八九十]{1,20}$)"
)
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]\s*\S")
_BRACKETED = re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]\s*\S")
_BYLINE = re.compile(
    r"(来源|作者|编辑|记者|日期|时间|发布|浏览|点击|阅读|字号|签发|电话|供稿)[^。]{0,12}[:：]"
    r"|\d{4}\s*[-年/.]\s*\d{1,2}\s*([-/.]\s*\d{1,2}|月)"
    r"|[一二][〇零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月"
)
_LISTED = re.compile(r"([·•●◆▪■*\-—–]|\d+[.、．)）]|[①-⑳])\s*\S")
_LABELLED = re.compile(r"[:：|]\s*\S")  # 地点：昭觉县 says something of its own
_ENDS_OPEN = "，,、：:."


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the whitespace around it; offsets are those of the document's text."""

    start: int
    end: int
    text: str
    indented: bool = False


def split_lines(text: str) -> list[Line]:
    """The lines that are not blank, in order."""
    lines: list[Line] = []
    position = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = position + raw.index(stripped)
            lines.append(Line(start, start + len(stripped), stripped, raw[0].isspace()))
        position += len(raw) + 1
    return lines


def outside(lines: Iterable[Line], spans: Iterable[tuple[int, int]]) -> list[Line]:
    """The lines that begin in none of the stretches, in time linear in both."""
    ends = sorted(spans)
    at, reached = 0, 0  # the stretches that begin before a line end here, at the latest
    kept: list[Line] = []
    for line in sorted(lines, key=lambda line: line.start):
        while at < len(ends) and ends[at][0] <= line.start:
            reached = max(reached, ends[at][1])
            at += 1
        if line.start >= reached:
            kept.append(line)
    return kept


def is_body(text: str) -> bool:
    """Whether a line is prose: it is long, or it ends as a sentence does.

    Western words are long for what they say, and their sentences end with a point.
    """
    end = text.rstrip(_CLOSING)[-1:]
    if len(text) >= _SHORTEST_BODY:
        if not text[:_SHORTEST_WESTERN].isascii() or len(text) >= _SHORTEST_WESTERN:
            return True
        return end in _SENTENCE_END + "." and len(text.split()) >= _FEWEST_WORDS
    return len(text) > 6 and end in set(_SENTENCE_END)


def is_byline(text: str) -> bool:
    """Whether a short line says when, where and by whom something was published."""
    return len(text) <= 100 and bool(_BYLINE.search(text)) and not text.endswith("。")


def heading_level(text: str) -> int:
    """The level that a heading's own number gives it (一、 is 2, （一） is 3), or 0."""
    if len(text) > _LONGEST_HEADING + 10 or text[-1] in _SENTENCE_END + _ENDS_OPEN:
        return 0
    if _CHAPTER.match(text) or _NUMBERED.match(text):
        return 2
    return 3 if _BRACKETED.match(text) else 0


def find_headings(lines: Sequence[Line], left_out: Iterable[LeftOut] = ()) -> list[Heading]:
    """The headings of a text without markup: numbered lines, and short lines above prose.

    Up to three short lines in a row are one group (一 / 医疗帮扶, a speech's title and speaker) and
    all of them are headings. Where paragraphs are indented and short lines are not, those may as
    well be captions of pictures, so that only numbered ones count.
    """
    kept = outside(lines, ((stretch.start, stretch.end) for stretch in left_out))
    bodies = [line for line in kept if is_body(line.text)]
    captions = sum(line.indented for line in bodies) * 2 > len(bodies)
    headings: list[Heading] = []
    group: list[Line] = []
    for at, line in enumerate(kept):
        if heading_level(line.text) or _may_head(line):
            group.append(line)
        elif group:
            may_caption = captions and at > len(group)
            shape_counts = is_body(line.text) and not may_caption
            headings += _group_headings(group, shape_counts)
            group = []
    return headings


def _may_head(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= _LONGEST_HEADING
        and not is_body(text)
        and text[-1] not in _ENDS_OPEN
        and "。" not in text
        and not _LABELLED.search(text)
        and not is_byline(text)
        and not _LISTED.match(text)
        and any(char.isalnum() for char in text)
    )


def _group_headings(group: Sequence[Line], shape_counts: bool) -> list[Heading]:
    """The headings among short lines in a row, of which the last stands above other text.

    Without a number only the shape of the text speaks for a line. A numbered line that another of
    its level follows at once is an item of a list.
    """
    shape_counts = shape_counts and len(group) <= _MOST_HEADING_LINES
    headings: list[Heading] = []
    lowest = 9
    for line in reversed(group):
        level = heading_level(line.text)
        if level and level < lowest:
            lowest = level
        elif level or not shape_counts:
            continue
        headings.append(Heading(line.start, line.end, level or 2))
    return headings[::-1]
