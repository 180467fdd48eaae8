"""Totals, counts, extremes, means, shares and differences of whole tables, with all their parts.

    question → Wanted → tables of the retrieved documents → Bound rows and column → Computed

Where several tables fit with different results, or a word of the question or a unit isn't certain,
nothing is computed. What a table leaves open is said. Knows no index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.errors import DocumentNotFound
from indexer.text.normalise import fold
from indexer.text.numbers import find_numbers
from service.answer.compute.binding import bind
from service.answer.compute.columns import Figure
from service.answer.compute.measured import Reckoned
from service.answer.compute.reckon import reckon
from service.answer.compute.sums import Computed
from service.answer.compute.times import days_in
from service.answer.evidence import Evidence, Reading
from service.answer.read.library import Library
from service.answer.read.sections import headings_above
from service.answer.read.tables import NAME, Record, Table, cells_of, tables_of
from service.answer.understand.aggregate import Aggregate, wanted_of
from service.answer.understand.question import Question
from service.records import Hit

_MOST_DOCUMENTS = 8
_MOST_CHARACTERS = 2_000_000  # of one document
_AROUND = 1_500  # how much of the document around a table may tell its total
_LEAST_NEAR = 4  # characters of a question in the line above one table that prefer it to others
_TOTAL = re.compile(
    r"合\s*计|共计|总计|总共|一共|累计|总额|总数|总量|总[值价款]|共|total|altogether"
)
_MOST_SHOWN = 6  # rows that are shown as they stand
_MOST_LINES = 12  # so many records are cited one by one, more of them by the passage
CONFIDENCE = 0.95
"""Of a computed answer: every word of its question is bound, and the table was read whole."""


@dataclass(frozen=True, slots=True)
class _Found:
    hit: Hit
    result: Reckoned
    nearness: int
    columns: frozenset[str]


def operate(question: Question, reading: Reading, library: Library) -> Computed | None:
    """What the tables of the retrieved documents give; None where that isn't certain."""
    wanted = wanted_of(question)
    if wanted is None or not reading.evidence:
        return None
    found: list[_Found] = []
    tried: list[frozenset[str]] = []
    unsure: list[tuple[Hit, Sequence[Record]]] = []
    for hit in _documents(reading):
        for table, above, text in _tables(hit, library):
            bound = bind(question, wanted, table, above)
            result = reckon(question, wanted, bound) if bound is not None else None
            if bound is None:
                continue
            tried.append(frozenset(table.columns))
            if result is None:
                unsure.append((hit, bound.rows))
                continue
            if result.total is not None and _is_denied(result.total, table, text):
                return None
            found.append(_Found(hit, result, bound.nearness, tried[-1]))
    if not found and len(unsure) == 1 and wanted.aggregate is not Aggregate.COUNT:
        return _rows(reading, *unsure[0], library)
    nearest = max((each.nearness for each in found), default=0)
    if nearest >= _LEAST_NEAR:
        found = [each for each in found if each.nearness == nearest]
    if len({each.result.text for each in found}) != 1:
        return None
    hit, result = found[0].hit, found[0].result
    is_form = NAME not in found[0].columns
    if is_form and tried.count(found[0].columns) > len(found):
        return None  # a table of the same form, such as another year's, fits as well
    evidence = tuple(_evidence(hit, result.records, library))
    if not evidence:
        return None
    return Computed(result.text, result.value, evidence, CONFIDENCE, len(evidence) <= _MOST_LINES)


def _rows(
    reading: Reading, hit: Hit, records: Sequence[Record], library: Library
) -> Computed | None:
    """The rows as they stand, where what is asked can't be made of them, and no prose says it."""
    if not 1 < len(records) <= _MOST_SHOWN or cells_of(reading.evidence[0].quote) is None:
        return None
    evidence = tuple(_evidence(hit, records, library))
    return Computed("", None, evidence, reading.confidence) if evidence else None


def _is_denied(total: Figure, table: Table, text: str) -> bool:
    """Whether a line near the table tells another total in the same unit."""
    begin = max(0, table.records[0].start - _AROUND)
    behind = text[table.records[-1].end : table.records[-1].end + _AROUND]
    lines = (text[begin : table.records[0].start] + "\n" + behind).split("\n")
    for line in lines:
        folded = fold(line)
        if _TOTAL.search(folded) is None or cells_of(line) is not None:
            continue
        told = [n for n in find_numbers(folded) if total.unit and n.unit == total.unit]
        if told and all(n.value != total.value for n in told):
            return True
    return False


def _documents(reading: Reading) -> list[Hit]:
    """A hit of each retrieved document, the likeliest first."""
    hits: dict[str, Hit] = {}
    for evidence in reading.evidence:
        hits.setdefault(evidence.hit.passage.document_id, evidence.hit)
    return list(hits.values())[:_MOST_DOCUMENTS]


def _tables(hit: Hit, library: Library) -> Iterator[tuple[Table, list[str], str]]:
    """The tables of a document, each with what stands above it, nearest first, and the text."""
    document_id = hit.passage.document_id
    try:
        text = library.text(document_id, 0, _MOST_CHARACTERS + 1)
        passages = library.passages(document_id)
    except DocumentNotFound:  # deleted since it was retrieved
        return
    if len(text) > _MOST_CHARACTERS:
        return
    for table in tables_of(text):
        first = table.records[0]
        inside = [p for p in passages if p.start <= first.start < p.end]
        headings = inside[0].headings if inside else ()
        dated = (line for line in headings_above(fold(text[: first.start])) if days_in(line))
        above = [table.lead, next(dated, ""), *map(fold, reversed(headings))]
        above.append(fold(hit.passage.title))
        above += [fold(hit.source), (hit.date or "")[:4]]
        yield table, [line for line in above if line], text


def _evidence(hit: Hit, records: Sequence[Record], library: Library) -> Iterator[Evidence]:
    """Where the records stand: each by itself, or, of many, all that one passage holds."""
    passages = library.passages(hit.passage.document_id)
    spans = list(
        dict.fromkeys(
            (record.start, record.end) for record in sorted(records, key=lambda each: each.start)
        )
    )
    for passage in passages:
        inside = [span for span in spans if passage.start <= span[0] and span[1] <= passage.end]
        spans = [span for span in spans if span not in inside]
        if len(records) > _MOST_LINES and inside:
            inside = [(inside[0][0], inside[-1][1])]
        for start, end in inside:
            quote = passage.text[start - passage.start : end - passage.start]
            place = replace(hit, passage=passage)
            yield Evidence(place, start, end, quote, CONFIDENCE)
