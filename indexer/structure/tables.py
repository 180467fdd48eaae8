"""Tables among the lines of a text, and what is said above them of all their rows.

A row is a line of cells, `县：雷波 | 退出村：12`; rows that follow each other and share a heading
are a table. Pure text: knows no format and no passages.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from indexer.files.lines import Line, is_byline

_BETWEEN = " | "
_CELL = re.compile(r"([^：|]{1,40})：(.*)", re.DOTALL)
_LONGEST_LEAD = 100
_SHORT = 60  # a line so long above a table is its caption, or as good as one
_MOST_UNIT_LINES = 2
_UNIT = re.compile(
    r"[（(【]?\s*((金额|金額|计量|數量|数量|货币)?[单單]位\s*[:：为是]|in\s+|units?\s*[:：])",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"[:：]$|[单單]位|如下|下表|下列|以下|[见見]表|[图圖表]\s*\d|[统統][计計]|明[细細]"
    r"|\b(below|following|table|unit)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"[（(]?\s*(注\d?|备注|備註|附注|说明|說明|(资料|数据|資料|數據)?[来來]源|notes?|source)\s*[:：]",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|其中"
)
_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]?")


@dataclass(frozen=True, slots=True)
class Table:
    """Its rows, [first, end), what leads on to them from `start`, and what is said above of them.

    `leads`: caption and unit, as the text words them.
    """

    start: int
    first: int
    end: int
    leads: tuple[str, ...] = ()


@dataclass(slots=True)
class _Block:
    """Rows that belong together, by their position among the lines; the last one's headings."""

    first: int
    last: int
    names: set[str]


def find_tables(lines: Sequence[Line], headings: Collection[int] = ()) -> list[Table]:
    """The tables in order. `headings`: where heading lines start; no lead stands above one."""
    found: list[Table] = []
    before: _Block | None = None
    for block in _blocks(lines):
        above = list(_above(lines, block.first, headings))
        leads = tuple(_worded(lines[at].text) for at in reversed(above))
        if before and found and _goes_on(lines, before, block):
            leads = tuple(dict.fromkeys((*found[-1].leads, *leads)))
        start = lines[above[-1]].start if above else lines[block.first].start
        found.append(Table(start, lines[block.first].start, lines[block.last].end, leads))
        before = block
    return found


def _names(text: str) -> set[str]:
    """The headings of a row's cells."""
    cells = (_CELL.fullmatch(cell.strip()) for cell in text.split(_BETWEEN))
    return {cell[1].strip() for cell in cells if cell}


def _blocks(lines: Sequence[Line]) -> Iterator[_Block]:
    """The tables, one behind the other where no heading is shared."""
    block: _Block | None = None
    for at, line in enumerate(lines):
        if _BETWEEN not in line.text:
            continue
        names = _names(line.text)
        shares = block is not None and (not names or not block.names or names & block.names)
        if block is not None and block.last == at - 1 and shares:
            block.last, block.names = at, names or block.names
            continue
        if block is not None:
            yield block
        block = _Block(at, at, names)
    if block is not None:
        yield block


def _above(lines: Sequence[Line], first: int, headings: Collection[int]) -> Iterator[int]:
    """The lines right above a table that speak of it, nearest first: units, then one other."""
    units = 0
    for at in range(first - 1, -1, -1):
        text = lines[at].text
        if lines[at].start in headings or _BETWEEN in text or _NOTE.match(text):
            return
        if _UNIT.match(text) and len(text) <= _SHORT:
            units += 1
            yield at
            if units == _MOST_UNIT_LINES:
                return
        elif not is_byline(text):
            if len(text) <= _SHORT or _ANNOUNCES.search(text):
                yield at
            return


def _worded(text: str) -> str:
    """A line that leads on to a table; of a long one the sentences that announce it."""
    if len(text) <= _LONGEST_LEAD:
        return text
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text)]
    told = [sentence for sentence in sentences if _ANNOUNCES.search(sentence)] or sentences[-1:]
    kept = ""
    for sentence in reversed(told):
        if len(kept) + len(sentence) <= _LONGEST_LEAD:
            kept = sentence + kept
    return kept or told[-1][-_LONGEST_LEAD:]


def _goes_on(lines: Sequence[Line], before: _Block, block: _Block) -> bool:
    """Whether only the number of a group stands between rows of the same headings."""
    between = lines[before.last + 1 : block.first]
    return (
        bool(before.names & block.names)
        and len(between) == 1
        and len(between[0].text) <= _SHORT
        and bool(_GROUP.match(between[0].text))
    )
