"""The asked value inside a quoted sentence. Rules only; where none is sure, there is no value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.text.normalise import Normalised, fold
from indexer.text.numbers import (
    Number,
    NumberKind,
    canonical,
    canonical_unit,
    find_numbers,
    uniform_figures,
)
from service.answer.read.names import find_named
from service.answer.read.position import aligned, clause, leading
from service.answer.read.sentence import bigrams
from service.answer.read.sentence import sentence as known
from service.answer.understand.cues import DATE, MONEY, RATE
from service.answer.understand.question import AnswerType, Question

_BOUND = re.compile(r"(?:超过|不足|不到|将近|至少|近|约|逾)$")
_COUNTED = re.compile(
    r"(?:多少|几)(?:名|个|位|户|家|所|条|台|件|项|场|座|只|头)(?P<what>[㐀-鿿]{2})"
)
_REACHES = re.compile(r"降[到至]|升[到至]|达到|提高到|[到至达]$")
_ASKED = re.compile(r"多少|哪?几[^乎]|哪|什么时")
_CLOCK_ASKED = re.compile(r"几点|什么钟点|\bwhat time\b")
_YEAR_ASKED = re.compile(r"哪一?年|何年|什么年份")
_YEAR = re.compile(r"[^年]{1,6}年")
# What goes on with a date: 2004年春天, 1940年前后, 3月上旬.
_DATE_GOES_ON = re.compile(
    r"代|前后|左右|[初底末](?!期)|[春夏秋冬][天季]?|[上中下]旬|[上下]半[年月]"
)
# 394年 is a year or a span of years: a figure of these units may be a date.
_TIMES = frozenset(("年", "月", "日", "世纪", "点", "时"))
_AGES = frozenset(("岁", "周"))  # 42周岁
_COINS = frozenset(("镑", "英镑", "法郎", "卢布", "卢比", "角", "分", "文", "两"))
PEOPLE = frozenset(("人", "名", "位"))
_LEAST_BOUND = 0.3
# How far ahead of the next one a candidate must be, where there are several.
_LEAD_OF_FIGURES = 0.12
_LEAD_OF_NAMES = 0.3
_LEAST_BESIDE = 2  # characters of the question beside a name
_PARTS = "、,;:。"


@dataclass(frozen=True, slots=True)
class Value:
    """What is asked for, at [start, end) of the quote; `number` where it is a figure or a date."""

    start: int
    end: int
    text: str
    number: Number | None = None


def may_answer(question: Question, quote: str) -> bool:
    """Whether `quote` holds something of the kind that is asked for; True where that is unclear."""
    if question.asks not in (AnswerType.DATE, AnswerType.NUMBER):
        return True
    given = _figures(question.folded)
    new = [n for n in known(quote).values_stated if canonical(n) not in given]
    if asks_clock(question):
        return any(n.kind is NumberKind.TIME for n in new)
    if question.asks is AnswerType.DATE:
        is_dated = any(n.kind is NumberKind.DATE or n.unit in _TIMES for n in new)
        return is_dated or bool(DATE.search(known(quote).normalised))
    figures = [n for n in new if n.kind not in (NumberKind.DATE, NumberKind.TIME)]
    if question.unit in MONEY:
        in_header = "元" in known(quote).normalised  # 金额(万元): 65
        return any(is_money(n.unit) or (in_header and not n.unit) for n in figures)
    if question.unit == "岁":
        return any(number.unit in _AGES for number in figures)
    return bool(figures)  # 几个 may be answered by 7名: measure words are not compared


def is_money(unit: str) -> bool:
    return "元" in unit or unit in _COINS


def short_answer(question: Question, quote: str) -> str | None:
    """The value that `question` asks for, as `quote` writes it, or None: see `asked_value`."""
    value = asked_value(question, quote)
    return value.text if value else None


def asks_clock(question: Question) -> bool:
    """Whether a time of day is asked for, which no date answers."""
    return question.asks is AnswerType.DATE and _CLOCK_ASKED.search(question.folded) is not None


def asks_several(question: Question) -> bool:
    """Whether several values are asked for: one in large print would answer half."""
    return len(_ASKED.findall(question.folded)) > 1


def asked_value(question: Question, quote: str) -> Value | None:
    """The date, the figure with its unit, or the name that `question` asks for.

    Where several would do and nothing tells them apart, there is none: a wrong figure in large
    print is worse than no figure.
    """
    if asks_several(question):
        return None
    if question.asks not in (AnswerType.DATE, AnswerType.NUMBER):
        return _name(question, quote)
    normalised = known(quote).whole
    text = normalised.text
    given = _figures(question.folded)
    found = [n for n in known(quote).values_stated if canonical(n) not in given]
    found = [n for n in found if _fits(question, n)]
    number = _only_one(question, text, found)
    if number is None:
        return None
    start, end = _extended(question, text, number)
    return _value(quote, normalised, start, end, number)


def _value(
    quote: str, normalised: Normalised, start: int, end: int, number: Number | None
) -> Value:
    start, end = normalised.original_span(start, end)
    while start < end and quote[start].isspace():
        start += 1
    while end > start and quote[end - 1].isspace():
        end -= 1
    return Value(start, end, quote[start:end], number)


def _name(question: Question, quote: str) -> Value | None:
    normalised = known(quote).whole
    found = find_named(question, normalised.text)
    found = [span for span in found if aligned(question, normalised.text, span) >= _LEAST_BESIDE]
    at = leading(question, normalised.text, found, _LEAD_OF_NAMES)
    return None if at is None else _value(quote, normalised, *found[at], None)


def _extended(question: Question, text: str, number: Number) -> tuple[int, int]:
    """With 超过 before it and 前后 behind it; where a year is asked for, the year alone."""
    start, end = number.start, number.end
    if number.kind is NumberKind.DATE:
        if _YEAR_ASKED.search(question.folded) and (year := _YEAR.match(text, start, end)):
            end = year.end()
        if end == number.end and (more := _DATE_GOES_ON.match(text, end)):
            end = more.end()
        return start, end
    bound = _BOUND.search(text, 0, start)
    return (bound.start() if bound else start), end


def uniform(value: str) -> str:
    """One spelling of a value, to compare two of them: 1,500元 and 一千五百元 are the same."""
    return uniform_figures(fold(value))


def is_bound(question: Question, text: str) -> bool:
    """Whether `text`, a passage with its headings, is about what the question names, years too."""
    folded = known(text).normalised
    asked = bigrams(question.content)
    return _figures(question.folded) <= _figures(folded) and (
        len(asked & bigrams(folded)) >= _LEAST_BOUND * len(asked)
    )


def _fits(question: Question, number: Number) -> bool:
    if asks_clock(question):
        return number.kind is NumberKind.TIME
    if question.asks is AnswerType.DATE:
        return number.kind is NumberKind.DATE
    if question.asks is not AnswerType.NUMBER:
        return False
    if question.unit:
        unit = "元" if question.unit in MONEY else canonical_unit(question.unit)
        ordinal = "第几" in question.folded
        kind = NumberKind.ORDINAL if ordinal else NumberKind.NUMBER
        is_counted = number.unit.startswith(unit) or {unit, number.unit} <= PEOPLE
        return number.kind is kind and (ordinal or is_counted)
    return number.kind is NumberKind.PERCENT and bool(RATE.search(question.folded))


def _only_one(question: Question, text: str, found: Sequence[Number]) -> Number | None:
    """The candidate that a figure in its clause, what it counts, or 降至 tells from the others.

    Where these do not, the words around the asking ones, and the clause that holds most of the
    question's words, do.
    """
    given = _figures(question.folded)  # 2018年 in the question binds 2018年6个县
    found = [n for n in found if given & _figures(clause(text, (n.start, n.end), _PARTS))] or found
    counted = _COUNTED.search(question.folded)
    if counted is not None:
        found = [n for n in found if text.startswith(counted["what"], n.end)] or found
    if _REACHES.search(question.folded):
        found = [n for n in found if _REACHES.search(text, max(0, n.start - 3), n.start)] or found
    if question.asks is AnswerType.DATE:
        found = _without_brackets(text, found)
    if len(found) <= 1:
        return found[0] if found else None
    at = leading(question, text, [(n.start, n.end) for n in found], _LEAD_OF_FIGURES)
    return None if at is None else found[at]


def _without_brackets(text: str, found: Sequence[Number]) -> list[Number]:
    """1642年 of 崇祯十五年(1642年): one day told twice is one date."""
    kept: list[Number] = []
    for number in found:
        before = kept[-1] if kept else None
        is_same = before is not None and text[before.end : number.start].strip() == "("
        if not is_same:
            kept.append(number)
    return kept


@lru_cache(maxsize=2048)
def _figures(text: str) -> frozenset[str]:
    return frozenset(canonical(number) for number in find_numbers(text))
