"""The rows of one table as its document's text holds them, whole, and those a question is about.

A row is a line of named cells: `县：雷波 | 退出村：12`. Where it is not sure that the table is
whole and that every word of the question is bound, there are no rows. Knows no index.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from indexer.text.normalise import fold
from indexer.text.numbers import find_numbers
from indexer.text.segment import tagged
from service.answer.evidence import Evidence, Reading
from service.answer.understand.question import Question

MOST_ROWS = 12
_BEFORE, _BEHIND = 6_000, 6_000  # how much of the document around a row is looked through
_BETWEEN = " | "
_CELL = re.compile(r"(?P<name>[^：|]{1,24})：(?P<value>.*)", re.DOTALL)
_TOTAL = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*和|总数|总额|(?:sub)?total\b)"
)
# Words that ask for, or point at, the table as a whole.
_LIGHT = re.compile(
    r"表[中里内上]?|表格|名单|清单|一览|登记|列出|合计|总计|共计|一共|总共|总额|总数|总和|总|共|金额|"
    r"收到|得到|获得|接受|加起来|加在一起|合起来|相加|之和|累计|各个?|每[个家笔]?|所有|全部|这些|那些|一起|数量|数目"
)
_COUNTED_ROWS = re.compile(
    r"(?<!\d)(?P<n>[两二三四五六七八九十]|\d{1,2})(?:笔|家|个|项|次|批|人|名|所|户|村|县)"
)
_FEW = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}

StoredText = Callable[[str, int, int], str]


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` are (heading, value), folded; `evidence` quotes the row as it is written."""

    evidence: Evidence
    cells: tuple[tuple[str, str], ...]
    written: tuple[str, ...]  # the values as the source writes them

    @property
    def is_total(self) -> bool:
        return any(is_total(value) for _, value in self.cells)

    def at(self, column: str) -> str | None:
        """The value in a column, as it is written; None where the cell is empty."""
        found = (w for (name, _), w in zip(self.cells, self.written, strict=True) if name == column)
        return next(found, None)


def table_around(evidence: Evidence, reading: Reading, stored_text: StoredText) -> tuple[Row, ...]:
    """All rows of the table that `evidence` is a row of; empty where it may not be whole."""
    document_id = evidence.hit.passage.document_id
    begin = max(0, evidence.start - _BEFORE)
    text = stored_text(document_id, begin, evidence.end + _BEHIND)
    if cells_of(evidence.quote) is None:
        return ()
    lines = _lines(text)
    own = next((n for n, (a, b) in enumerate(lines) if a <= evidence.start - begin < b), None)
    if own is None:
        return ()
    first, last = own, own
    names = _names(text[slice(*lines[own])])
    while first > 0 and _names(text[slice(*lines[first - 1])]) & names:
        first -= 1
    while last + 1 < len(lines) and _names(text[slice(*lines[last + 1])]) & names:
        last += 1
    beside = [text[slice(*lines[n])] for n in (first - 1, last + 1) if 0 <= n < len(lines)]
    is_cut = (first == 0 and begin > 0) or len(text) == evidence.end + _BEHIND - begin
    if is_cut or last - first >= MOST_ROWS or any(_BETWEEN in line for line in beside):
        return ()
    rows = [_row(text, begin, lines[n], evidence, reading) for n in range(first, last + 1)]
    whole = [row for row in rows if row is not None]
    return tuple(whole) if len(whole) == len(rows) >= 2 else ()


def cells_of(line: str) -> list[tuple[str, str]] | None:
    """(heading, value) of each cell; None where a line is no row whose cells all have headings."""
    found = [_CELL.fullmatch(cell.strip()) for cell in line.strip().split(_BETWEEN)]
    cells = [(cell["name"].strip(), cell["value"].strip()) for cell in found if cell is not None]
    is_row = len(cells) == len(found) and len({name for name, _ in cells}) == len(cells)
    return cells if is_row and len(cells) > 1 else None


def is_total(value: str) -> bool:
    """Whether a cell says that its row adds up the others: 合计."""
    return _TOTAL.match(value) is not None


def names_told(question: Question, evidence: Evidence) -> bool:
    """Whether a sentence or what stands above it tells every name of the question."""
    told = fold(f"{evidence.hit.passage.context}\n{evidence.quote}")
    return all(name in told for name in names_of(question))


def names_of(question: Question) -> list[str]:
    """The entities of a question, without the end of a time that is written right before one."""
    if not question.periods:
        return list(question.entities)
    return [name.lstrip("年月日") for name in question.entities]


def bound_rows(question: Question, rows: Sequence[Row]) -> list[Row]:
    """The rows that the question is about, totals left out; empty where a word of it is unbound.

    What the title, the headings above and the columns' names don't tell must stand in some rows,
    which are then the ones meant.
    """
    passage = rows[0].evidence.hit.passage
    columns = "\n".join({name for row in rows for name, _ in row.cells})
    above = fold("\n".join((passage.title, *passage.headings, columns)))
    kept = [row for row in rows if not row.is_total]
    if any(
        not _is_of_time_or_rows(question, n.start, n.end) for n in find_numbers(question.folded)
    ):
        return []
    for entity in names_of(question):
        exact = [row for row in kept if any(value == entity for _, value in row.cells)]
        if exact or entity not in above:
            kept = exact or _holding(kept, entity)
    for period in question.periods:
        said = fold(period.said)
        dated = fold(rows[0].evidence.hit.date or "").startswith(period.start[:4])
        if said not in above and not (dated and len(said) <= len("2018年")):
            kept = _holding(kept, said)
    for word, is_verb in _words(question):
        told = word in above or (is_verb and word[0] in above)
        if not told:
            kept = _holding(kept, word)
    return kept


def _holding(rows: Sequence[Row], word: str) -> list[Row]:
    return [row for row in rows if any(word in value for _, value in row.cells)]


def _words(question: Question) -> list[tuple[str, bool]]:
    """The nouns and verbs of a question that its entities and times don't hold; which are verbs."""
    content = question.content
    for known in (*(fold(period.said) for period in question.periods), *names_of(question)):
        content = content.replace(known, " ")
    content = _LIGHT.sub(" ", _COUNTED_ROWS.sub(" ", content))
    return [
        (word, tag.startswith("v"))
        for word, tag in tagged(content)
        if len(word) > 1
        and word.isalnum()
        and tag.startswith(("n", "v", "j", "i", "l", "eng", "b"))
    ]


def _is_of_time_or_rows(question: Question, start: int, end: int) -> bool:
    """Whether a figure of the question is a time, or tells how many rows there are: 三笔."""
    said = question.folded[start : end + 1]
    if _COUNTED_ROWS.match(said):
        return True
    return any(question.folded[start:end] in fold(period.said) for period in question.periods)


def rows_told(question: Question) -> int | None:
    """How many rows the question says there are: 3 of 三笔捐款."""
    told = _COUNTED_ROWS.search(question.folded)
    if told is None:
        return None
    return _FEW[told["n"]] if told["n"] in _FEW else int(told["n"])


def _names(line: str) -> set[str]:
    return {name for name, _ in cells_of(line) or ()}


def _lines(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _row(
    text: str, begin: int, span: tuple[int, int], evidence: Evidence, reading: Reading
) -> Row | None:
    """The row with a passage that holds it; None where none that was retrieved does."""
    line = text[slice(*span)]
    cells = cells_of(line)
    start = begin + span[0] + len(line) - len(line.lstrip())
    quote = line.strip()
    if cells is None:
        return None
    for other in (evidence, *reading.evidence):
        passage = other.hit.passage
        is_same = passage.document_id == evidence.hit.passage.document_id
        if is_same and passage.start <= start and start + len(quote) <= passage.end:
            place = replace(other, start=start, end=start + len(quote), quote=quote)
            folded = tuple((fold(name), fold(value)) for name, value in cells)
            return Row(place, folded, tuple(value for _, value in cells))
    return None
