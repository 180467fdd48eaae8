"""The total of a table's column, where no row and no sentence states it; else that row itself.

Parts in several units, vague ones, or rows without one are shown as they stand, and never added up.
Knows no index.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text.normalise import fold, normalise
from indexer.text.numbers import Number, NumberKind, canonical, canonical_unit, find_numbers
from service.answer.compute.sums import Computed, add_up
from service.answer.evidence import Evidence, Reading
from service.answer.read.statements import Statement
from service.answer.read.tables import (
    Row,
    StoredText,
    bound_rows,
    cells_of,
    names_told,
    rows_told,
    table_around,
)
from service.answer.read.value import Value
from service.answer.understand.cues import MONEY
from service.answer.understand.question import Operation, Question

_MOST_READ = 8
_LEAST_RATIO = 0.02
_AROUND = 1_500  # how much of the document around a table may state its total
_MOST_SHOWN = 6
_TOTAL = re.compile(
    r"合\s*计|共计|总计|总共|一共|累计|总额|总数|总量|总[值价款]|共|total|altogether"
)
_IN_BRACKETS = re.compile(r"[(（]\s*([^()（）]+?)\s*[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Totalled:
    """What there is to say of a total: computed, or `rows` as they stand."""

    computed: Computed | None
    rows: tuple[Evidence, ...] = ()


def totalled(question: Question, reading: Reading, stored_text: StoredText) -> Totalled | None:
    """The total that is asked for, of one table; None where there is no such table."""
    if question.operation is not Operation.SUM or not question.unit or not reading.evidence:
        return None
    least = _LEAST_RATIO * reading.evidence[0].probability
    likely = [e for e in reading.evidence[:_MOST_READ] if e.probability >= least]
    likely = [evidence for evidence in likely if names_told(question, evidence)]
    if any(_tells_total(question, e.quote) for e in likely if not cells_of(e.quote)):
        return None
    tables = (table_around(each, reading, stored_text) for each in likely)
    bound = ((rows, bound_rows(question, rows)) for rows in tables if rows)
    rows, kept = next((found for found in bound if found[1]), ((), []))
    if len(kept) < 2 or _is_told_beside(question, rows, stored_text):
        return None
    if (told := rows_told(question)) is not None and told != len(kept):
        return Totalled(None, tuple(each.evidence for each in kept[:_MOST_SHOWN]))
    totals = [each for each in rows if each.is_total]
    if totals:
        is_whole = len(totals) == 1 and len(kept) == len(rows) - 1
        return Totalled(None, (totals[0].evidence,)) if is_whole else None
    column = _column(question, kept)
    if column is None:
        return None
    stated = [_stated(question, each, column) for each in kept]
    sure = [each for each in stated if each is not None]
    computed = add_up(question, sure) if len(sure) == len(kept) else None
    if computed is None:
        return Totalled(None, tuple(each.evidence for each in kept[:_MOST_SHOWN]))
    return Totalled(computed)


def _tells_total(question: Question, text: str) -> bool:
    folded = normalise(text).text
    return bool(_TOTAL.search(folded)) and any(_fits(question, n) for n in find_numbers(folded))


def _is_told_beside(question: Question, rows: Sequence[Row], stored_text: StoredText) -> bool:
    """Whether a line near the table states a total in the asked unit."""
    begin = max(0, rows[0].evidence.start - _AROUND)
    document_id = rows[0].evidence.hit.passage.document_id
    text = stored_text(document_id, begin, rows[-1].evidence.end + _AROUND)
    lines = (line for line in text.split("\n") if cells_of(line) is None)
    return any(_tells_total(question, line) for line in lines)


def _column(question: Question, rows: Sequence[Row]) -> str | None:
    """The one column whose figures are in the asked unit."""
    names = dict.fromkeys(name for row in rows for name, _ in row.cells)
    found = [
        name for name in names if any(_stated(question, row, name) is not None for row in rows)
    ]
    return found[0] if len(found) == 1 else None


def _stated(question: Question, row: Row, column: str) -> Statement | None:
    """The one figure of a cell in the asked unit, which its heading may hold: 金额（元）."""
    cell = row.at(column)
    if cell is None:
        return None
    normalised = normalise(cell)
    numbers = find_numbers(normalised.text)
    bracket = _IN_BRACKETS.search(column)
    unit = bracket.group(1) if bracket else ""
    is_bare = len(numbers) == 1 and not numbers[0].unit
    if is_bare and unit:
        is_all = numbers[0].start == 0 and numbers[0].end == len(normalised.text)
        told = find_numbers(normalised.text + fold(unit)) if is_all else []
    else:
        told = numbers
    if len({canonical(n) for n in told}) != 1 or not _fits(question, told[0]):
        return None
    if any(number.approximate for number in told):
        return None
    if is_bare:  # 65 of a column 金额（万元） is 65万元; 650,000 of 金额（元） speaks for itself
        written = cell + unit if re.search(r"[百千万亿]", unit) else cell
    else:
        written = cell[slice(*normalised.original_span(told[0].start, told[0].end))]
    value = Value(0, len(written), written, told[0])
    return Statement(row.evidence, value, told[0], frozenset(), fold(row.evidence.quote))


def _fits(question: Question, number: Number) -> bool:
    if number.kind is not NumberKind.NUMBER:
        return False
    if question.unit in MONEY:
        return number.unit.startswith("元")
    return bool(number.unit) and number.unit == canonical_unit(question.unit)
