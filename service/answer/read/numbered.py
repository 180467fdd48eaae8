"""The numbered lists of a document, in any script: 三、, （三）, 3., ③, 第三项; also within a line.

A list within an item of another one is a list of its own. Knows no question and no index.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.kept import remembered
from indexer.text.normalise import fold
from indexer.text.numerals import parse_chinese

_HAN = "[一二三四五六七八九十百]{1,4}"
_MARK = re.compile(
    rf"(?:(?P<line>^)|(?<=[：:；;。，,]))[ \t　#*>-]*(?:"
    rf"[（(](?P<in_han>{_HAN})[)）]|[（(](?P<in_digit>\d{{1,2}})[)）]|(?P<half>\d{{1,2}})[)）]"
    rf"|第(?P<nth>{_HAN}|\d{{1,2}})(?P<unit>[项点步条章款节])[\s　、,，:：.]*|(?P<ring>[①-⑳])"
    rf"|(?P<han>{_HAN})[、.．](?!\d)|(?P<digit>\d{{1,2}})(?:[、．]|\.(?!\d))"
    rf"|(?P<is>{_HAN})(?:是|要)(?!否))[ \t　]*",
    re.MULTILINE,
)
_AT_LINE_ONLY = ("han", "digit", "half", "nth")  # 二、 within a sentence joins what is listed
_LEAST_ITEMS = 2
_MOST_REMEMBERED = 2_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """`text[start:end]` is the item with its mark, `text[body:end]` without it."""

    number: int
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class NumberedList:
    """Items from 1 on without a gap. `lead` is the line or the clause above the first, folded,
    `above` the first lines of the items that it is within, outermost first, `style` how they are
    marked.
    """

    items: tuple[Item, ...]
    lead: str
    above: tuple[str, ...]
    style: str


@dataclass(slots=True)
class _Open:
    style: str
    lead: str
    above: tuple[str, ...]
    marks: list[tuple[int, int, int]] = field(default_factory=list)  # number, start, body
    end: int = -1


@remembered(_MOST_REMEMBERED)
def numbered_lists(text: str) -> tuple[NumberedList, ...]:
    """Every list of at least two items, in the order of their first items."""
    done: list[_Open] = []
    stack: list[_Open] = []
    for style, number, start, body in _marks(text):
        level = next((n for n in range(len(stack) - 1, -1, -1) if stack[n].style == style), -1)
        goes_on = level >= 0 and stack[level].marks[-1][0] == number - 1
        if not goes_on and number != 1:
            continue
        keep = level + 1 if goes_on else level if level >= 0 else len(stack)
        for closed in stack[keep:]:
            closed.end = start
        del stack[keep:]
        if not goes_on:
            above = tuple(_first_line(text, each.marks[-1]) for each in stack)
            stack.append(_Open(style, _lead(text, start), above))
            done.append(stack[-1])
        stack[-1].marks.append((number, start, body))
    return tuple(_made(text, each) for each in done if len(each.marks) >= _LEAST_ITEMS)


def _marks(text: str) -> Iterator[tuple[str, int, int, int]]:
    """(style, number, start, body) of each mark."""
    for match in _MARK.finditer(text):
        groups = {name: told for name, told in match.groupdict().items() if told}
        name = next(each for each in groups if each not in ("line", "unit"))
        if match["line"] is None and name in _AT_LINE_ONLY:
            continue
        told = groups[name]
        number = ord(told) - ord("①") + 1 if name == "ring" else _value(told)
        if number:
            style = name + (match["unit"] or "")
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield style, number, start, match.end()


def _value(told: str) -> int:
    return int(told) if told.isdigit() else int(parse_chinese(told) or 0)


def _first_line(text: str, mark: tuple[int, int, int]) -> str:
    start = mark[1]
    end = text.find("\n", start)
    return fold(text[start : end if end >= 0 else len(text)])


def _lead(text: str, start: int) -> str:
    """What stands before the first item: in its line, else the line above it."""
    line = text.rfind("\n", 0, start) + 1
    own = text[line:start].strip()
    if own.strip("#*> -　"):
        return fold(own)
    before = text[:line].rstrip()
    return fold(before[before.rfind("\n") + 1 :])


def _made(text: str, found: _Open) -> NumberedList:
    starts = [start for _, start, _ in found.marks]
    items = []
    for n, (number, start, body) in enumerate(found.marks):
        end = starts[n + 1] if n + 1 < len(starts) else _end(text, found, body)
        items.append(Item(number, start, body, start + len(text[start:end].rstrip())))
    return NumberedList(tuple(items), found.lead, found.above, found.style)


def _end(text: str, found: _Open, body: int) -> int:
    """Where the last item ends: with its line, or, within a paragraph, with its sentence."""
    line = text.find("\n", body)
    line = len(text) if line < 0 else line
    end = min(line, found.end) if found.end >= 0 else line
    if found.marks[0][1] > 0 and text[found.marks[0][1] - 1] != "\n":
        stop = text.find("。", body, end)
        end = stop + 1 if stop >= 0 else end
    return end
