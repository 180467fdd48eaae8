"""Text to sentences, as spans of the original. Knows nothing of normalisation or passages."""

import re

# A run of ending marks with the quotes and brackets that close behind it belongs to the sentence:
# “……吗？！”  Straight quotes close only where one is open.
_CLOSING = r"”’」』）)】》〉］\]｝}"
_END = re.compile(
    rf"(?:[。！？；!?;｡]|…+|(?<=[\u4e00-\u9fff{_CLOSING}])．|\.(?:\.\.+)?)[。！？；!?;｡…]*"
    rf"[{_CLOSING}]*(?P<quote>[\"']?)"
)

# What an ASCII point may follow without ending a sentence: an initial (J. Smith), an abbreviation.
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Za-z]|[eE]\.g|[iI]\.e|(?i:mr|mrs|ms|dr|prof|st|jr|sr|vs|no|nos|vol|"
    r"pp|fig|inc|ltd|co|corp|dept|univ|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec))$"
)
_LONGEST_ABBREVIATION = 8
_LIST_NUMBER = re.compile(r"\s*\d{1,3}$")  # "1. 总则" at a line's start
_HAN_LIST_NUMBER = re.compile(r"\s*[一二三四五六七八九十甲乙丙丁]{1,3}$")  # "一．总则"


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences as (start, end), in order, without whitespace around them, none empty.

    A line's end always ends a sentence, so that headings, list items and table rows are sentences.
    """
    spans: list[tuple[int, int]] = []
    line_start = 0
    while line_start < len(text):
        line_end = text.find("\n", line_start)
        if line_end < 0:
            line_end = len(text)
        start = line_start
        for match in _END.finditer(text, line_start, line_end):
            if not _is_inside(text, match, start, line_end):
                end = _without_opening_quote(text, match, start)
                _add_stripped(spans, text, start, end)
                start = end
        _add_stripped(spans, text, start, line_end)
        line_start = line_end + 1
    return spans


def _is_inside(text: str, match: re.Match[str], start: int, line_end: int) -> bool:
    """Whether the ASCII mark stands inside a word, a number, an address or an abbreviation."""
    mark, end = match.group(), match.end()
    if mark in ("!", "?", ";"):  # http://host/page?id=1
        between = text[max(start, match.start() - 1) : match.start()] + text[end : end + 1]
        return len(between) == 2 and between.isascii() and between.isalnum()
    if mark[0] == "．":
        return bool(_HAN_LIST_NUMBER.match(text[start : match.start()]))
    if mark[0] != "." or mark.startswith("..."):
        return False
    if end < line_end and not text[end].isspace():
        return True
    before = text[max(start, match.start() - _LONGEST_ABBREVIATION) : match.start()]
    return bool(_ABBREVIATION.search(before) or _LIST_NUMBER.match(before))


def _without_opening_quote(text: str, match: re.Match[str], start: int) -> int:
    """The sentence's end: before a straight quote that opens the next one."""
    quote = match["quote"]
    if quote and text.count(quote, start, match.end()) % 2:
        return match.start("quote")
    return match.end()


def _add_stripped(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
