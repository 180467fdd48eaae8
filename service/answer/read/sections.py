"""Lines that are headings by their wording, where the file marks none: 二、二〇一八年.

Pure folded text.
"""

import re
from collections.abc import Iterator

_LONGEST = 20
_SENTENCE_ENDS = ("。", ";", "；", "!", "?", ",", "，")
_FAR = 4_000  # characters above in which a heading is looked for
_START = re.compile(r"^[\s#*·•-]*(?:[(第]?[一二三四五六七八九十\d]{1,3}[章节部分]*[、.)]\s*)?")
_FULL_DATE = re.compile(r"\d月|\d[-/.]\d|月\d|[一二三四五六七八九十]月")


def is_heading(line: str) -> bool:
    return 0 < len(line.strip()) <= _LONGEST and not line.rstrip().endswith(_SENTENCE_ENDS)


def headings_above(before: str) -> Iterator[str]:
    """Short lines without a full date, nearest first, without their own numbers."""
    for line in reversed(before[-_FAR:].split("\n")):
        if is_heading(line) and not _FULL_DATE.search(line):
            yield _START.sub("", line)
