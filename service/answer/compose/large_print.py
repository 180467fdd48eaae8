"""The one value that stands above an answer in large print, or none. The one place that decides it.

A value is shown where the reader's calibrated judgement is that it is of the asked kind, of the
asked thing and time, and whole. A sum or a count is shown with its parts.
"""

import re
from collections.abc import Sequence

from indexer.text.normalise import fold, letters, normalise
from indexer.text.numbers import NumberKind, canonical_unit, find_numbers
from service.answer.compose.extract import Extract
from service.answer.compute.amendments import as_amended
from service.answer.evidence import Evidence, Reading, Value
from service.answer.read.lists import things_told
from service.answer.read.position import clause
from service.answer.read.sentence import bigrams
from service.answer.read.tables import is_record
from service.answer.read.value import asks_several, may_answer
from service.answer.understand.aggregate import Aggregate, wanted_of
from service.answer.understand.cues import MONEY
from service.answer.understand.offices import office_asked, tells_another
from service.answer.understand.question import AnswerType, Question
from service.records import Citation

SHOW_AT = 0.8
"""From this chance on, of the sentence and of the value, a value is shown. Of 819 questions over
six archives that nothing was fitted to the reader gives 102 so, 97 of them right; from 0.75 on 145
and 131, from 0.85 on 79 and 75. By the first reader alone it was 84 and 75 from 0.75 on.
"""

_LONGEST = 20  # letters and digits: more is a sentence, which stands below anyway
_COUNTING = frozenset("个名位人家户所件项条座台只种门套处间张份")
_CLAUSE_ENDS = "，,；;。|"
_CLAUSE = re.compile(f"[^{_CLAUSE_ENDS}]+")
# What is left of something: how many are still to do, missing, or have not.
_REST = re.compile(
    r"还[缺差剩欠少空余]|[缺差剩欠][多几额员]|(?:没|未|不)(?:有)?(?!有)[㐀-鿿]{1,4}(?:的)?[有多几]|还有[多几]"
    r"|(?:多少|几)[㐀-鿿]{1,6}[没未]有?[㐀-鿿]"
)
_REST_TOLD = re.compile("[没未不无非缺差剩欠少空余]")
# By how much something changed, which neither what it was nor what it became tells.
_CHANGE = re.compile(r"[调增涨升降减提扩缩][高低加长少幅大小短价]{0,2}了(?:多少|几)")
_END_OF_CHANGE = re.compile(r"[由从自到至为达]\s*$")
_SAYS = {
    Aggregate.TOTAL: re.compile(r"[总共合累]|全[年部]|加起来|\b(?:total|altogether|all)\b"),
    Aggregate.HIGHEST: re.compile(r"最|第一|首|\b(?:most|highest|largest)\b"),
    Aggregate.LOWEST: re.compile(r"最|末|\b(?:least|lowest|smallest)\b"),
    Aggregate.MEAN: re.compile(r"平均|均|\b(?:average|mean)\b"),
    Aggregate.SHARE: re.compile(r"占|比|率|成|%|\b(?:share|percent)"),
    Aggregate.DIFFERENCE: re.compile(r"[多少高低大小长短贵差增减升降]|\b(?:more|less|than)\b"),
}
# Of which one is told where another one holds: the fee of autumn is not that of spring.
_OPPOSED = (
    ("春季", "夏季", "秋季", "冬季"),
    ("上半年", "下半年"),
    ("上学期", "下学期"),
    ("进口", "出口"),
    ("城镇", "农村"),
    ("工作日", "周末", "节假日"),
    ("白天", "夜间"),
    ("本科", "专科", "硕士", "博士"),
    ("男", "女"),
)
_NO_DAYS = (AnswerType.PERSON, AnswerType.PLACE, AnswerType.ORGANISATION, AnswerType.OTHER)
_DAY_ASKED = re.compile(
    r"[哪几][一个]?[年月日天号]|什么时[候间]|何时|时间|日期|\b(?:when|date|day)\b"
)
_WHICH = re.compile(r"[哪谁]|\b(?:which|who)\b")
_EDGES = " \t\n,，、;；:：。.“”\"'「」『』（）()【】"


def large_print(
    question: Question, reading: Reading, taken: Extract, citations: Sequence[Citation]
) -> str | None:
    if taken.computed is not None:
        return taken.computed.value if _is_of_kind(question, taken.computed.value) else None
    if taken.stated is not None:
        return taken.stated
    if taken.conflict or taken.is_of_parts or not reading.evidence:
        return None
    best = reading.evidence[0]
    if _is_one_of_many(question, best) or _is_of_opposite(question, best):
        return None
    if best.value is None or min(reading.confidence, reading.value_confidence) < SHOW_AT:
        return None
    said = {(citation.document_id, citation.start) for citation in citations}
    if (best.hit.passage.document_id, best.start) not in said:
        return None
    value = whole(best.quote, best.value).strip(_EDGES)
    if not _is_of_asked_label(question, best, best.value):
        return None
    if not _is_of_asked_office(question, best, best.value):
        return None
    if not _is_of_asked_year(question, best, best.value):
        return None
    around = clause(best.quote, (best.value.start, best.value.end), _CLAUSE_ENDS)
    if not _is_one_value(question, value, around):
        return None
    return as_amended(value, taken.amended) if taken.amended else value


def _is_of_kind(question: Question, value: str | None) -> bool:
    """Whether what was computed is of the asked kind: neither 本次 nor 30.38% tells how many 亩,
    and a day tells neither a place nor what it was.
    """
    if value is None:
        return True
    told = find_numbers(fold(value))
    is_day = any(number.kind is NumberKind.DATE for number in told)
    if is_day and question.asks in _NO_DAYS and not _DAY_ASKED.search(question.folded):
        return False
    if question.asks is not AnswerType.NUMBER or _WHICH.search(question.folded):
        return True
    is_share = all(number.kind is NumberKind.PERCENT for number in told)
    return bool(told) and not (is_share and question.unit)


def _is_of_opposite(question: Question, best: Evidence) -> bool:
    """Whether it is told, in the sentence or above it, of the opposite of what is asked alone."""
    told = fold(f"{best.hit.passage.context}\n{best.quote}")
    for opposed in _OPPOSED:
        asked = {each for each in opposed if each in question.folded}
        found = {each for each in opposed if each in told}
        if asked and found and asked.isdisjoint(found):
            return True
    return False


def _is_one_of_many(question: Question, best: Evidence) -> bool:
    """Whether the result of an operation is asked for, and this is one of its parts: a row, a list,
    or a sentence that does not say that it tells the result.
    """
    if best.value is not None and _is_of_other_operation(question, best.quote, best.value):
        return True
    wanted = wanted_of(question)
    if wanted is None or wanted.aggregate not in _SAYS:
        return False
    if is_record(best.quote):
        return True
    quote = fold(best.quote)
    if wanted.aggregate is Aggregate.TOTAL:
        figures = [n for n in find_numbers(quote) if n.kind is NumberKind.NUMBER]
        alike = [n for n in figures if not question.unit or question.unit in (n.unit or "")]
        return len(alike) > 1 and not _SAYS[Aggregate.TOTAL].search(quote)
    return not _SAYS[wanted.aggregate].search(quote)


def _is_of_other_operation(question: Question, quote: str, value: Value) -> bool:
    """Whether the rest is asked for, or the change, and the value is a whole or an end of it."""
    told = fold(clause(quote, (value.start, value.end), _CLAUSE_ENDS))
    if _REST.search(question.folded) and not _REST_TOLD.search(told):
        return True
    is_end = _END_OF_CHANGE.search(fold(quote[: value.start])) is not None
    return is_end and _CHANGE.search(question.folded) is not None


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


def _is_of_asked_label(question: Question, best: Evidence, value: Value) -> bool:
    """额定电流 125 安 does not answer for the 额定电压 of the clause beside it."""
    if question.asks is not AnswerType.NUMBER:
        return True
    asked = bigrams(question.content)
    own: set[str] = set()
    labelled: list[set[str]] = []
    for match in _CLAUSE.finditer(best.quote):
        told = bigrams(fold(match.group())) & asked
        if match.start() <= value.start < match.end():
            own = told
        elif any(n.kind is NumberKind.NUMBER for n in find_numbers(fold(match.group()))):
            labelled.append(told)
    return not any(own < told for told in labelled)


def _is_of_asked_office(question: Question, best: Evidence, value: Value) -> bool:
    """副行长蔡某 and 原行长古某 do not answer for the 行长 of the sentence."""
    office = office_asked(question.folded) if question.asks is AnswerType.PERSON else ""
    told = clause(best.quote, (value.start, value.end), f"{_CLAUSE_ENDS}、：:")
    return not office or not tells_another(office, fold(told))


def _is_of_asked_year(question: Question, best: Evidence, value: Value) -> bool:
    """Whether the last year before the value is one that is asked for, where both are told."""
    asked = [p for p in question.periods if p.start[:1].isdigit()]
    normalised = normalise(best.quote)
    told = [
        number.date[:4]
        for number in find_numbers(normalised.text)
        if number.kind is NumberKind.DATE and number.date[:1].isdigit()
        if normalised.original_span(number.start, number.end)[1] <= value.start
    ]
    if not asked or not told or question.asks is AnswerType.DATE:
        return True
    return any(period.start[:4] <= told[-1] <= period.end[:4] for period in asked)


def _is_one_value(question: Question, value: str, around: str) -> bool:
    """Short, of the asked kind and unit, not the question's own words, and asked for alone.

    A bare figure has the unit that its clause tells: 4100 of `购置价(元):4100`.
    """
    told = letters(fold(value))
    if not told or len(told) > _LONGEST or told in letters(question.folded):
        return False
    if question.asks in (AnswerType.YES_NO, AnswerType.LIST) or things_told(question) is not None:
        return False
    is_told = may_answer(question, around if told.isdecimal() else value)
    is_of_kind = is_told and not _is_of_other_unit(question, value)
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
