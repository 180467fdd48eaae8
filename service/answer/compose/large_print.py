"""The one value that stands above an answer in large print, or none. The one place that decides it.

A value is shown where the reader's calibrated judgement is that it is of the asked kind, of the
asked thing and time, and whole. A sum or a count is shown with its parts.
"""

from collections.abc import Sequence

from indexer.text.normalise import fold, letters, normalise
from indexer.text.numbers import canonical_unit, find_numbers
from service.answer.compose.extract import Extract
from service.answer.compute.amendments import as_amended
from service.answer.evidence import Reading, Value
from service.answer.read.lists import things_told
from service.answer.read.value import asks_several, may_answer
from service.answer.understand.cues import MONEY
from service.answer.understand.question import AnswerType, Question
from service.records import Citation

SHOW_AT = 0.75
"""From this chance on a value is shown. Over corpus/ and the founding documents, gold and free
questions together, 87.5 % of 152 such values are right; from 0.85 on 89.8 % of 88, from 0.6 on
83.0 % of 218 (docs/log.md, 2026-11-27).
"""

_LONGEST = 20  # letters and digits: more is a sentence, which stands below anyway
_COUNTING = frozenset("个名位人家户所件项条座台只种门套处间张份")
_EDGES = " \t\n,，、;；:：。.“”\"'「」『』（）()【】"


def large_print(
    question: Question, reading: Reading, taken: Extract, citations: Sequence[Citation]
) -> str | None:
    if taken.computed is not None:
        return taken.computed.value
    if taken.stated is not None:
        return taken.stated
    if taken.conflict or taken.is_of_parts or taken.is_of_rows or not reading.evidence:
        return None
    best = reading.evidence[0]
    if best.value is None or reading.value_confidence < SHOW_AT:
        return None
    said = {(citation.document_id, citation.start) for citation in citations}
    if (best.hit.passage.document_id, best.start) not in said:
        return None
    value = whole(best.quote, best.value).strip(_EDGES)
    if not _is_one_value(question, value):
        return None
    return as_amended(value, taken.amended) if taken.amended else value


def whole(quote: str, value: Value) -> str:
    """The value with all of each figure that it begins or ends in: 2279人, never 279人."""
    normalised = normalise(quote)
    start, end = value.start, value.end
    for number in find_numbers(normalised.text):
        first, last = normalised.original_span(number.start, number.end)
        if first < start < last:
            start = first
        if first < end < last:
            end = last
    return quote[start:end]


def _is_one_value(question: Question, value: str) -> bool:
    """Short, of the asked kind and unit, not the question's own words, and asked for alone."""
    told = letters(fold(value))
    if not told or len(told) > _LONGEST or told in letters(question.folded):
        return False
    if question.asks in (AnswerType.YES_NO, AnswerType.LIST) or things_told(question) is not None:
        return False
    is_of_kind = may_answer(question, value) and not _is_of_other_unit(question, value)
    return is_of_kind and not asks_several(question)


def _is_of_other_unit(question: Question, value: str) -> bool:
    """422次 does not tell how many days. Measure words for one another's things are one."""
    units = {number.unit for number in find_numbers(fold(value)) if number.unit}
    asked = canonical_unit(question.unit) if question.unit else ""
    if question.asks is not AnswerType.NUMBER or not units or not asked or asked in _COUNTING:
        return False
    return question.unit not in MONEY and all(
        asked not in unit and unit not in _COUNTING for unit in units
    )
