"""What the tables of the retrieved documents tell: cells, rows, totals, counts, extremes, shares.

    question → readings → tables of the retrieved documents → the best program → Computed

Where several tables fit with different results, or a word of the question or a unit isn't certain,
nothing is computed. What a table leaves open is said. Knows no index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.errors import DocumentNotFound
from indexer.kept import Kept
from indexer.records import Passage
from indexer.text.normalise import fold
from indexer.text.numbers import find_numbers
from service.answer.compute.prose.bulletins import (
    bulletin_lines,
    bulletins_of,
    joined_tables,
    lacking_said,
    months_lacking,
)
from service.answer.compute.prose.series import items_of, tables_from
from service.answer.compute.sums import CONFIDENCE, Computed
from service.answer.compute.tabular.columns import Figure
from service.answer.compute.tabular.programs import Program, best_program
from service.answer.compute.tabular.sheet import Sheet, sheet_of
from service.answer.compute.times import days_in
from service.answer.evidence import Evidence, Reading
from service.answer.read.library import Library
from service.answer.read.outlines import outlines_of
from service.answer.read.sections import headings_above
from service.answer.read.tables import Record, Table, cells_of, tables_of
from service.answer.understand.aggregate import Aggregate, Wanted, readings_of
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Question
from service.records import Hit

_MOST_DOCUMENTS = 8
_MOST_CHARACTERS = 2_000_000  # of one document
_AROUND = 1_500  # how much of the document around a table may tell its total
_TOTAL = re.compile(
    r"合\s*计|共计|总计|总共|一共|累计|总额|总数|总量|总[值价款]|共|total|altogether"
)
_FORMER = re.compile(r"原来|原先|原本|(?:调整|修改|修订|改|涨价|降价)之?前")
_MOST_SHOWN = 6  # rows that are shown as they stand
_MADE = (Aggregate.TOTAL, Aggregate.MEAN, Aggregate.SHARE)  # of all rows of a table
_OF_FIGURES = (Aggregate.HIGHEST, Aggregate.LOWEST, Aggregate.MEAN, Aggregate.DIFFERENCE)
_MOST_LINES = 12  # so many records are cited one by one, more of them by the passage
# What the tables of the documents asked about last hold; some 20 bytes a character.
_SHEETS: Kept[tuple[str, ...], tuple[Sheet, ...]] = Kept(2_000_000)
# Where a word was taken for a column by a part of its heading; a sentence that is surer answers.
_CONFIDENCE_OF_GUESS = 0.6


@dataclass(frozen=True, slots=True)
class _Placed:
    """A sheet and a document that `records` of it stand in: all, or those of one bulletin."""

    sheet: Sheet
    hit: Hit
    text: str
    records: tuple[Record, ...]
    is_joined: bool = False


def operate(question: Question, reading: Reading, library: Library) -> Computed | None:
    """What the tables of the retrieved documents give; None where that isn't certain."""
    if any(period.relative for period in question.periods) and not _has_year(question):
        return None
    hits = _documents(reading)
    placed = [each for hit in hits for each in _sheets(hit, library, _nearby(hit, hits))]
    readings = readings_of(question)
    if readings[0].aggregate is not Aggregate.LOOKUP:
        placed += _joined(hits, library)
    if not placed:
        return None
    sheets = list({id(each.sheet): each.sheet for each in placed}.values())
    best = _best(readings, sheets, is_chinese(question.text))
    if best is None or _asks_what_was(question, best.sheet):
        return None
    if best.result is None:
        return _as_they_stand(reading, best, placed, library)
    result = best.result
    if best.linked.is_guessed and reading.confidence > _CONFIDENCE_OF_GUESS:
        return None
    found = next(each for each in placed if each.sheet is best.sheet)
    if result.total is not None and _is_denied(result.total, found.sheet.table, found.text):
        return None
    evidence = tuple(_proof(result.records, placed, library))
    if not evidence:
        return None
    text, value = result.text, result.value
    if found.is_joined:
        lacking = months_lacking(best)
        text += lacking_said(lacking, is_chinese(question.text)) if lacking else ""
        is_asked = best.wanted.aggregate is not Aggregate.COUNT or bool(best.linked.days)
        value = value if is_asked and not lacking else None
    confidence = _CONFIDENCE_OF_GUESS if best.linked.is_guessed else CONFIDENCE
    return Computed(text, value, evidence, confidence, len(evidence) <= _MOST_LINES)


def _best(readings: Sequence[Wanted], sheets: Sequence[Sheet], chinese: bool) -> Program | None:
    """The best program over the tables; over figures of prose where these tell nothing for sure."""
    tables = [sheet for sheet in sheets if not sheet.table.is_prose]
    prose = [sheet for sheet in sheets if sheet.table.is_prose]
    best = best_program(readings, tables, chinese)
    if best is not None and best.result is not None and not best.linked.is_guessed:
        return best
    told = best_program(readings, prose, chinese)
    return told if told is not None and _is_reckoned(told) else best


def _is_reckoned(program: Program) -> bool:
    """Whether a result is made of figures: sentences list no things that could be counted."""
    result, wanted = program.result, program.wanted.aggregate
    if result is None or program.linked.is_guessed:
        return False
    if wanted is Aggregate.SHARE:  # of rows it rests on the chosen ones alone
        return len(result.records) == len(program.sheet.records)
    return wanted in _OF_FIGURES or result.figure is not None


def _asks_what_was(question: Question, sheet: Sheet) -> bool:
    """Whether a former value is asked for, and the table says of none that it is one."""
    former = _FORMER.search(question.folded)
    told = (*sheet.scope, *(field.said for field in sheet.fields))
    return former is not None and not any(former.group() in line for line in told)


def _as_they_stand(
    reading: Reading, best: Program, placed: Sequence[_Placed], library: Library
) -> Computed | None:
    """The rows of a small table that is linked wholly, where what is asked can't be made of them
    and no prose says it.
    """
    records = [each for each in best.sheet.table.records if not each.is_total]
    is_small = 1 < len(records) <= _MOST_SHOWN
    if not is_small or best.wanted.aggregate not in _MADE:
        return None
    if cells_of(reading.evidence[0].quote) is None:
        return None
    evidence = tuple(_proof(records, placed, library))
    return Computed("", None, evidence, reading.confidence) if evidence else None


def _has_year(question: Question) -> bool:
    return any(period.start[:4].isdigit() for period in question.periods)


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


def _nearby(hit: Hit, hits: Sequence[Hit]) -> list[str]:
    """The titles of the other documents of its folder, which tell whose a nameless table is."""
    folder, _, _ = hit.source.rpartition("/")
    others = [o for o in hits if folder and o is not hit and o.source.startswith(f"{folder}/")]
    return [fold(other.passage.title) for other in others]


def _sheets(hit: Hit, library: Library, nearby: Sequence[str]) -> list[_Placed]:
    """The tables of a document, each with what stands above it."""
    document_id = hit.passage.document_id
    try:
        text = library.text(document_id, 0, _MOST_CHARACTERS + 1)
        passages = library.passages(document_id)
    except DocumentNotFound:  # deleted since it was retrieved
        return []
    if len(text) > _MOST_CHARACTERS:
        return []
    key = (text, hit.source, hit.passage.title, hit.date or "", *nearby)
    sheets = _SHEETS.get(
        key, lambda: tuple(_made(hit, text, passages, nearby)), lambda _: len(text)
    )
    return [_Placed(sheet, hit, text, (*sheet.records, *sheet.totals)) for sheet in sheets]


def _joined(hits: Sequence[Hit], library: Library) -> Iterator[_Placed]:
    """Tables whose rows are told by several documents of one form, such as monthly bulletins."""
    for bulletins in bulletins_of(hits, library):
        for table, hits_of in joined_tables(bulletins):
            first = bulletins[0]
            above = [table.lead, *bulletin_lines(bulletins)]
            sheet = sheet_of(table, [line for line in above if line])
            for hit in dict.fromkeys(hits_of):
                own = (r for r, h in zip(table.records, hits_of, strict=True) if h is hit)
                yield _Placed(sheet, hit, first.text, tuple(own), is_joined=True)


def _made(
    hit: Hit, text: str, passages: Sequence[Passage], nearby: Sequence[str]
) -> Iterator[Sheet]:
    """Each table with the lines above it, nearest first."""
    told = tables_from(list(items_of(text, passages, hit.passage.title, hit.date)))
    for table in (*tables_of(text), *outlines_of(text), *told):
        first = table.records[0]
        inside = [p for p in passages if p.start <= first.start < p.end]
        headings = inside[0].headings if inside else ()
        dated = (line for line in headings_above(fold(text[: first.start])) if days_in(line))
        above = [table.lead, next(dated, ""), *map(fold, reversed(headings))]
        above.append(fold(hit.passage.title))
        above += [fold(hit.source), (hit.date or "")[:4]]
        yield sheet_of(table, [line for line in above if line], nearby)


def _proof(
    records: Sequence[Record], placed: Sequence[_Placed], library: Library
) -> Iterator[Evidence]:
    """Where the records stand, which may be in several documents."""
    rest = list(records)
    for hit in dict.fromkeys(each.hit for each in placed):
        own = [
            record
            for record in rest
            if any(
                (record.start, record.end) == (r.start, r.end) and record.cells == r.cells
                for each in placed
                if each.hit is hit
                for r in each.records
            )
        ]
        rest = [record for record in rest if record not in own]
        if own:
            yield from _evidence(hit, own, library)


def _evidence(hit: Hit, records: Sequence[Record], library: Library) -> Iterator[Evidence]:
    """Where the records stand: each by itself, or, of many, all that one passage holds."""
    passages = library.passages(hit.passage.document_id)
    spans = list(
        dict.fromkeys(
            (record.start, record.end) for record in sorted(records, key=lambda each: each.start)
        )
    )
    for passage in passages:
        own = [span for span in spans if span[0] < passage.end and passage.start < span[1]]
        spans = [span for span in spans if span not in own]
        # Without the heading of an entry, which stands before the passage.
        inside = [(max(start, passage.start), min(end, passage.end)) for start, end in own]
        if len(records) > _MOST_LINES and inside:
            inside = [(inside[0][0], inside[-1][1])]
        for start, end in inside:
            quote = passage.text[start - passage.start : end - passage.start]
            place = replace(hit, passage=passage)
            yield Evidence(place, start, end, quote, CONFIDENCE)
