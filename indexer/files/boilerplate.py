"""Lines that are a page's furniture, not its content: navigation, rankings, footers, credits.

Three zones: the head, above the first line of prose; the tail, behind the last; and the body, where
a line is left out only if it can be nothing else. Whatever may be a sentence of the body stays.
Knows lines of text alone; what a line's own words say is the business of `furniture`.
"""

import re
from collections.abc import Sequence

from indexer.files.comments import find_comments
from indexer.files.furniture import (
    Words,
    disclaims,
    ends_text,
    footer_details,
    is_breadcrumb,
    is_buttons,
    is_caption,
    is_disclaimer,
    is_editors_credit,
    is_end_mark,
    is_footer,
    is_home,
    is_invitation,
    is_menu_name,
    is_navigation,
    is_ranking,
    may_be_furniture,
    words_of,
)
from indexer.files.lines import Line, is_body, is_byline
from indexer.records import LeftOut, LeftOutReason

_MOST_TITLES = 20  # a longer list of short lines is content
_LONGEST_TITLE = 120
_LONGEST_INSIDE = 40  # lines of the body that are longer are not asked what they are
_HEAD_LINES = 60  # a menu with one entry a line is long
_TOP_LINES = 4
_TAIL_LINES = 80
_FOOTER_LINES = 40  # between the end of a text and its footer
_FRAME_LINES = 12  # a footer is no longer, where no prose tells where the body ends
_LEAST_MENU = 4  # entries, one a line

_LISTED = re.compile(r"(\d{1,2}\s*[.、．)）]|\d{1,2}\s|[①-⑳]|[·•●◆▪■*-])\s*\S")
_LABELLED = re.compile(r"[^:：]{1,12}[:：]\s*\S|附件|https?:|\S+\s[|｜]\s\S+|.*\t")
_SECTIONS = re.compile(r"[\u4e00-\u9fff]{2,6}(\s*[|｜]\s*[\u4e00-\u9fff]{2,6}){3,}")
_MENU_END = re.compile(r"中文|English|EN\b|登录|注册", re.IGNORECASE)
_COLON = re.compile(r"[^:：\d]{2,12}[:：][^:：\d]{6,}")
_STROKE = re.compile(r"[|｜\t]")
_LINKS = re.compile(r"[^|｜:：\d]{2,16}([|｜][^|｜:：\d]{2,16}){2,}")
_MARKS = "!?！？"
_SENTENCE = re.compile(r"[，。；！？]")

_Reasons = dict[int, LeftOutReason]


class _Page:
    """The lines of one document, each with its words once they were asked for."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.reasons: _Reasons = {}
        self._words: dict[int, Words] = {}

    def words(self, at: int) -> Words:
        if at not in self._words:
            self._words[at] = words_of(self.lines[at].text)
        return self._words[at]

    def mark(self, at: int, reason: LeftOutReason) -> None:
        self.reasons.setdefault(at, reason)


def find_boilerplate(lines: Sequence[Line]) -> tuple[LeftOut, ...]:
    """The stretches to leave out, in order. `lines` are a document's non-empty lines."""
    page = _Page(lines)
    bodies = [at for at, line in enumerate(lines) if is_prose(line)]
    comments = find_comments(lines, page.words, bodies[0] + 1) if bodies else ()
    page.reasons.update(dict.fromkeys(comments, LeftOutReason.COMMENTS))
    bodies = _without_asked(page, [at for at in bodies if at not in page.reasons])
    if not bodies:  # a list, a table, a form
        _mark_frame(page)
        return _merge(lines, page.reasons)
    _mark_head(page, min(_HEAD_LINES, bodies[0]))
    _mark_rankings(page, bodies[-1])
    _mark_disclaimers(page, bodies)
    _mark_tail(page, bodies)
    _mark_inside(page, bodies)
    return _merge(lines, page.reasons)


def _without_asked(page: _Page, bodies: list[int]) -> list[int]:
    """The lines of prose without short questions below the text's end: links to other pages."""
    kept = len(bodies)
    while kept > 1 and _is_asked(page.lines[bodies[kept - 1]].text):
        kept -= 1
    if kept < 1 or kept == len(bodies):
        return bodies
    between = range(bodies[kept - 1] + 1, bodies[kept])
    return bodies[:kept] if any(is_end_mark(page.words(at)) for at in between) else bodies


def _is_asked(text: str) -> bool:
    return len(text) <= _LONGEST_INSIDE and text[-1] in _MARKS


def _mark_frame(page: _Page) -> None:
    """What is above a breadcrumb and below a footer's first line, where no prose tells the body."""
    lines = len(page.lines)
    crumbs = [at for at in range(min(_HEAD_LINES, lines)) if is_breadcrumb(page.words(at))]
    start = crumbs[-1] + 1 if crumbs and _has_title(page, crumbs[-1] + 1, lines) else 0
    for at in range(start):
        page.mark(at, LeftOutReason.NAVIGATION)
    tail = range(max(start, lines - _FRAME_LINES), lines)
    footers = [at for at in tail if at and is_footer(page.words(at))]
    footer = footers[0] if len(footers) > 1 or (footers and start) else lines
    for at in range(footer, lines):
        page.mark(at, LeftOutReason.FOOTER)
    for at in range(footer - 1, start, -1):
        if not is_navigation(page.words(at)):
            break
        page.mark(at, LeftOutReason.NAVIGATION)


def is_prose(line: Line) -> bool:
    """Whether the line is a sentence, or as long as one, and says of itself nothing else."""
    if not is_body(line.text) or (is_byline(line.text) and not _SENTENCE.search(line.text)):
        return False
    is_paragraph = len(line.text) > _LONGEST_TITLE and "。" in line.text
    if (is_paragraph and not is_disclaimer(line.text)) or not may_be_furniture(line.text):
        return True
    words = words_of(line.text)
    if is_footer(words) or is_disclaimer(line.text):
        return False
    if not words.whole:
        return True
    has_sentence = _SENTENCE.search(words.text)
    return not is_navigation(words) and bool(has_sentence or footer_details(words) < 2)


def _mark_head(page: _Page, end: int) -> None:
    """Menus and what stands above a breadcrumb: the title is below it."""
    crumbs = [at for at in range(end) if is_breadcrumb(page.words(at))]
    if crumbs and _has_title(page, crumbs[-1] + 1, end):
        for at in range(crumbs[-1] + 1):
            page.mark(at, LeftOutReason.NAVIGATION)
    for at in range(end):
        if is_navigation(page.words(at)) or (at < _TOP_LINES and _is_menu_row(page, at)):
            page.mark(at, LeftOutReason.NAVIGATION)
    _mark_menu(page, end)


def _is_menu_row(page: _Page, at: int) -> bool:
    """Names of sections between strokes, at the very top: the head of a table has rows below."""
    lines = page.lines
    beside = [lines[at + step].text for step in (-1, 1) if 0 <= at + step < len(lines)]
    fits = bool(_SECTIONS.fullmatch(lines[at].text))
    return fits and not any(_STROKE.search(text) and not _MENU_END.search(text) for text in beside)


def _has_title(page: _Page, start: int, end: int) -> bool:
    """Whether a line that may be the title, or prose, follows."""
    if start >= end:
        return end < len(page.lines)
    return any(
        not is_byline(page.lines[at].text) and not is_navigation(page.words(at))
        for at in range(start, end)
    )


def _mark_menu(page: _Page, end: int) -> None:
    """Entries of a menu one a line, the home page among them; the site's name above goes along."""
    start = 0
    while start < end:
        stop = start
        while stop < end and _is_entry(page, stop):
            stop += 1
        is_title = stop == end or is_byline(page.lines[stop].text)
        entries = range(start, stop - is_title)
        if len(entries) >= _LEAST_MENU and any(is_home(page.words(at)) for at in entries):
            first = 0 if start <= 2 and _has_title(page, entries.stop, end) else start
            for at in range(first, entries.stop):
                page.mark(at, LeftOutReason.NAVIGATION)
        start = stop + 1


def _is_entry(page: _Page, at: int) -> bool:
    segments = page.words(at).segments
    return at in page.reasons or (0 < len(segments) <= 2 and all(map(is_menu_name, segments)))


def _mark_rankings(page: _Page, last_body: int) -> None:
    """A ranking's heading and the titles below it, up to the next line of prose."""
    left = 0  # titles that may still follow
    for at, line in enumerate(page.lines):
        short = len(line.text) <= _LONGEST_INSIDE
        heads = short and is_ranking(page.words(at), weak=at > last_body)
        if heads and (left or (at + 1 < len(page.lines) and _is_title(page, at + 1, last_body))):
            left = _MOST_TITLES + 1
        elif not left or not _is_title(page, at, last_body):
            left = 0
        if left:
            page.mark(at, LeftOutReason.RANKING)
        left = max(0, left - 1)


def _is_title(page: _Page, at: int, last_body: int) -> bool:
    """Whether a line may be a title in a ranking; prose, disclaimers and footers are none.

    Below the text a title may have a colon (四川：粮食丰收); above it that is a label with a value.
    """
    text = page.lines[at].text
    if len(text) > _LONGEST_TITLE or is_disclaimer(text):
        return False
    words = page.words(at)
    if is_footer(words):
        return False
    if _LISTED.match(text) and text[-1] not in "。；;":
        return True
    if is_ranking(words, weak=True):
        return True
    if is_navigation(words):
        return False
    is_prose = is_body(text) and not _is_asked(text)
    if at > last_body and _COLON.fullmatch(text):
        return not is_prose and not footer_details(words) and not is_byline(text)
    return not is_prose and not _LABELLED.match(text)


def _mark_disclaimers(page: _Page, bodies: Sequence[int]) -> None:
    """A disclaimer and its sentences, where no other prose comes after them."""
    inside = False
    prose = [at for at in bodies if at not in page.reasons]
    stretch: list[int] = []
    for at, line in enumerate(page.lines):
        if at > bodies[0] and is_disclaimer(line.text):
            following = page.lines[at + 1].text if at + 1 < len(page.lines) else ""
            alone = len(line.text) <= 8
            inside = disclaims(following if alone else line.text) >= 2
        elif inside:
            inside = disclaims(line.text) >= 2
        if inside:
            stretch.append(at)
    marked = set(stretch)
    last = max((at for at in prose if at not in marked), default=-1)
    for at in stretch:
        if at > last:
            page.mark(at, LeftOutReason.DISCLAIMER)


def _mark_tail(page: _Page, bodies: Sequence[int]) -> None:
    """Footer, credits and buttons behind the last line of prose."""
    last_body = max((at for at in bodies if at not in page.reasons), default=-1)
    start = max(last_body + 1, len(page.lines) - _TAIL_LINES)
    tail = range(start, len(page.lines))
    footer = next((at for at in tail if is_footer(page.words(at))), len(page.lines))
    for at in range(footer, len(page.lines)):
        page.mark(at, LeftOutReason.FOOTER)
    _mark_details(page, start, footer)
    for at in reversed(range(start, footer)):
        words = page.words(at)
        is_last = at + 1 in page.reasons or at + 1 == len(page.lines)
        if is_editors_credit(words):
            page.mark(at, LeftOutReason.CREDITS)
        elif is_navigation(words) or (is_last and _is_last_row(page, at)):
            page.mark(at, LeftOutReason.NAVIGATION)
        elif is_last and is_ranking(words, weak=False):
            page.mark(at, LeftOutReason.RANKING)
    _mark_between(page, start, footer)
    _mark_last_details(page, start)


def _is_last_row(page: _Page, at: int) -> bool:
    """One button, or links between strokes: rows of a table come in twos and more."""
    if is_buttons(page.words(at), least=1):
        return True
    above = page.lines[at - 1].text if at else ""
    return bool(_LINKS.fullmatch(page.lines[at].text) and not _STROKE.search(above))


def _mark_details(page: _Page, start: int, footer: int) -> None:
    """Address and telephone right above a footer; a notice's own stand below its prose."""
    if footer == len(page.lines):
        return
    first, details = _details_above(page, start, footer)
    if details > 1 and (first > start or (first == start and details > footer - first)):
        for at in range(first, footer):
            page.mark(at, LeftOutReason.FOOTER)


def _details_above(page: _Page, start: int, end: int) -> tuple[int, int]:
    """Where the lines with a footer's details begin that end there, and how many details."""
    first = end
    while first > start and footer_details(page.words(first - 1)):
        first -= 1
    return first, sum(footer_details(page.words(at)) for at in range(first, end))


def _mark_last_details(page: _Page, start: int) -> None:
    """Address and telephone at the very end, right below other furniture."""
    first, details = _details_above(page, start, len(page.lines))
    if details > 1 and first - 1 in page.reasons:
        for at in range(first, len(page.lines)):
            page.mark(at, LeftOutReason.FOOTER)


def _mark_between(page: _Page, start: int, footer: int) -> None:
    """What stands between the buttons below a text and the footer of its page: links."""
    ends = [at for at in range(start, footer) if ends_text(page.words(at))]
    if not ends or footer == len(page.lines) or footer - ends[0] > _FOOTER_LINES:
        return
    for at in range(ends[0], footer):
        text = page.lines[at].text
        is_labelled = _LABELLED.match(text) and not _COLON.fullmatch(text)
        if not is_labelled and not is_byline(text):
            page.mark(at, LeftOutReason.NAVIGATION)


def _mark_inside(page: _Page, bodies: Sequence[int]) -> None:
    """Buttons and captions that say nothing, wherever they stand."""
    title = next((at for at in range(len(page.lines)) if at not in page.reasons), 0)
    for at, line in enumerate(page.lines):
        if at in page.reasons or len(line.text) > _LONGEST_INSIDE or at == title:
            continue
        if is_caption(page.words(at)):
            page.mark(at, LeftOutReason.CAPTION)
        elif at < bodies[-1] and (
            is_buttons(page.words(at), least=3) or is_invitation(page.words(at))
        ):
            page.mark(at, LeftOutReason.NAVIGATION)


def _merge(lines: Sequence[Line], reasons: _Reasons) -> tuple[LeftOut, ...]:
    """Neighbouring lines of one reason as one stretch."""
    merged: list[LeftOut] = []
    last = -2
    for at in sorted(reasons):
        line = lines[at]
        if merged and at == last + 1 and merged[-1].reason is reasons[at]:
            merged[-1] = LeftOut(merged[-1].start, line.end, reasons[at])
        else:
            merged.append(LeftOut(line.start, line.end, reasons[at]))
        last = at
    return tuple(merged)
