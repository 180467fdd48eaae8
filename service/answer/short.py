"""The asked value inside a quoted sentence. Rules only; where none is sure, there is no value."""

import re
from collections.abc import Sequence

from indexer.text.normalise import fold, normalise
from indexer.text.numbers import (
    Number,
    NumberKind,
    canonical,
    canonical_unit,
    find_numbers,
    uniform_figures,
)
from service.answer.cues import MONEY, RATE
from service.answer.features import bigrams
from service.answer.question import AnswerType, Question

_BOUND = re.compile(r"(?:超过|不足|不到|将近|至少|近|约|逾)$")
_COUNTED = re.compile(
    r"(?:多少|几)(?:名|个|位|户|家|所|条|台|件|项|场|座|只|头)(?P<what>[㐀-鿿]{2})"
)
_REACHES = re.compile(r"降[到至]|升[到至]|达到|提高到|[到至达]$")
_ASKED = re.compile(r"多少|几[^乎]|哪|什么时")
_LEAST_BOUND = 0.55


def may_answer(question: Question, quote: str) -> bool:
    """Whether `quote` holds something of the kind that is asked for; True where that is unclear."""
    if question.asks not in (AnswerType.DATE, AnswerType.NUMBER):
        return True
    given = {canonical(number) for number in find_numbers(question.folded)}
    new = [n for n in find_numbers(normalise(quote).text) if canonical(n) not in given]
    if question.asks is AnswerType.DATE:
        return any(number.kind is NumberKind.DATE for number in new)
    figures = [n for n in new if n.kind not in (NumberKind.DATE, NumberKind.TIME)]
    if question.unit in MONEY:
        return any(number.unit.startswith("元") for number in figures)
    return bool(figures)  # 几个 may be answered by 7名: measure words are not compared


def short_answer(question: Question, quote: str) -> str | None:
    """The date, or the figure with its unit, that `question` asks for, as `quote` writes it.

    Where several would do and nothing tells them apart, there is none: a wrong figure in large
    print is worse than no figure.
    """
    if len(_ASKED.findall(question.folded)) > 1:  # one value can't answer two questions
        return None
    normalised = normalise(quote)
    text = normalised.text
    given = _figures(question.folded)
    found = [n for n in find_numbers(text) if canonical(n) not in given and _fits(question, n)]
    number = _only_one(question, text, found)
    if number is None:
        return None
    bound = _BOUND.search(text, 0, number.start)
    start, end = normalised.original_span(bound.start() if bound else number.start, number.end)
    return quote[start:end].strip()


def uniform(value: str) -> str:
    """One spelling of a value, to compare two of them: 1,500元 and 一千五百元 are the same."""
    return uniform_figures(fold(value))


def is_bound(question: Question, text: str) -> bool:
    """Whether `text`, a passage with its headings, is about what the question names, years too."""
    folded = normalise(text).text
    asked = bigrams(question.content)
    return _figures(question.folded) <= _figures(folded) and (
        len(asked & bigrams(folded)) >= _LEAST_BOUND * len(asked)
    )


def _fits(question: Question, number: Number) -> bool:
    if question.asks is AnswerType.DATE:
        return number.kind is NumberKind.DATE
    if question.asks is not AnswerType.NUMBER:
        return False
    if question.unit:
        unit = "元" if question.unit in MONEY else canonical_unit(question.unit)
        return number.kind is NumberKind.NUMBER and number.unit.startswith(unit)
    return number.kind is NumberKind.PERCENT and bool(RATE.search(question.folded))


def _only_one(question: Question, text: str, found: Sequence[Number]) -> Number | None:
    """The candidate that a figure in its clause, what it counts, or 降至 tells from the others."""
    given = _figures(question.folded)  # 2018年 in the question binds 2018年6个县
    found = [n for n in found if given & _figures(_clause(text, n))] or found
    counted = _COUNTED.search(question.folded)
    if counted is not None:
        found = [n for n in found if text.startswith(counted["what"], n.end)] or found
    if _REACHES.search(question.folded):
        found = [n for n in found if _REACHES.search(text, max(0, n.start - 3), n.start)] or found
    return found[0] if len(found) == 1 else None


def _figures(text: str) -> set[str]:
    return {canonical(number) for number in find_numbers(text)}


def _clause(text: str, number: Number) -> str:
    before = max(text.rfind(mark, 0, number.start) for mark in "、,;:。")
    ends = [at for mark in "、,;:。" if (at := text.find(mark, number.end)) >= 0]
    return text[before + 1 : min(ends, default=len(text))]
