"""The one value that stands above an answer in large print, or none. The one place that decides it.

Sources of a value: the rules of `short.py` over each sentence that was said, and the words that
the span reader chose in it.
"""

from collections.abc import Sequence

from indexer.text.normalise import fold, letters
from service.answer.extract import Extract
from service.answer.question import AnswerType, Question
from service.answer.reader import Evidence, Reading
from service.answer.short import asked_value, asks_several, is_bound, may_answer, uniform
from service.records import Citation

# What two documents say goes above the answer, or what is likely, also beside other values.
_LIKELY = 0.2
_LEAST_SHARE = 0.5
# How sure the span reader is of its words among all of the passage: to count at all, to count in a
# sentence that most likely answers, to count against the rules. Of CMRC's fitting part 83 in 100
# of those given by the first are right, and 62 of those that the second adds.
_LEAST_SPAN = 0.1
_LEAST_LIKELY_SPAN = 0.05
_LIKELIEST = 0.5
_SURE_SPAN = 0.6
# A person, a place or an organisation is not told in more letters and digits.
_ONE_THING = frozenset((AnswerType.PERSON, AnswerType.PLACE, AnswerType.ORGANISATION))
_LONGEST_THING = 40
_EDGES = " \t\n,，、;；:：。.“”\"'「」『』（）()【】"


def headline(
    question: Question, reading: Reading, taken: Extract, citations: Sequence[Citation]
) -> str | None:
    """The asked value among the cited sentences. None where sources disagree, or none is sure."""
    if taken.computed is not None:
        return taken.computed.value
    if taken.conflict or taken.is_of_parts:
        return None
    said = {(citation.document_id, citation.start) for citation in citations}
    given = [
        (evidence, value)
        for evidence in reading.evidence
        if _key(evidence) in said and (value := value_of(question, evidence)) is not None
    ]
    if not given:
        return None
    best, value = given[0]
    if best is not next(e for e in reading.evidence if _key(e) in said):
        return (
            None  # the likeliest sentence gives none: what the next ones give is right in 4 of 10
        )
    same = [evidence for evidence, other in given if uniform(other) == uniform(value)]
    agreed = any(not evidence.hit.is_of_one_text_with(best.hit) for evidence in same)
    share = sum(e.probability for e in same) / sum(e.probability for e, _ in given)
    likely = best.probability >= _LIKELY and share >= _LEAST_SHARE
    passage = f"{best.hit.passage.context}\n{best.hit.passage.text}"
    return value if (agreed or likely) and is_bound(question, passage) else None


def value_of(question: Question, evidence: Evidence) -> str | None:
    """What one sentence gives: what the rules find in it, or else the words that were read.

    Where both find something and disagree, the reader's word counts if it is sure.
    """
    by_rules = asked_value(question, evidence.quote)
    least = _LEAST_LIKELY_SPAN if evidence.probability >= _LIKELIEST else _LEAST_SPAN
    if evidence.span is None or evidence.span_share < least:
        return by_rules.text if by_rules else None
    start, end = evidence.span
    read = evidence.quote[start:end].strip(_EDGES)
    if by_rules is not None and (
        evidence.span_share < _SURE_SPAN or (by_rules.start < end and start < by_rules.end)
    ):
        return by_rules.text
    is_one = question.asks is not AnswerType.YES_NO and not asks_several(question)
    if not is_one or not may_answer(question, read):
        return None
    return read if _says_something(question, read) else None


def _says_something(question: Question, read: str) -> bool:
    """Whether `read` is more than the question's own words, and no whole story where one thing is
    asked for.
    """
    told = letters(fold(read))
    if not told or told in letters(question.folded):
        return False
    return question.asks not in _ONE_THING or len(told) <= _LONGEST_THING


def _key(evidence: Evidence) -> tuple[str, int]:
    return evidence.hit.passage.document_id, evidence.start
