"""The asked value inside a quoted sentence. Rules only; where none is sure, there is no value."""

import re

from indexer.text.normalise import normalise
from indexer.text.numbers import NumberKind, canonical, find_numbers
from service.answer.cues import MONEY, RATE
from service.answer.features import bigrams
from service.answer.question import AnswerType, Question

_DATE = re.compile(
    r"(?:\d{2,4}|[二一][〇零一二三四五六七八九]{3})\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?"
    r"|\d{1,2}\s*月\s*\d{1,2}\s*(?:-\s*\d{1,2}\s*)?日|\d{4}-\d{2}-\d{2}"
)
_SHARE = re.compile(r"\d+(?:\.\d+)?%|百分之[零〇一二两三四五六七八九十百点\d.]+")
_FIGURE = (
    r"(?:\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)\s*[多余]?\s*[万亿]*\s*[多余]?\s*"
)


def may_answer(question: Question, quote: str) -> bool:
    """Whether `quote` holds something of the kind that is asked for; True where that is unclear."""
    if question.asks not in (AnswerType.DATE, AnswerType.NUMBER):
        return True
    given = {canonical(number) for number in find_numbers(question.folded)}
    new = [n for n in find_numbers(normalise(quote).text) if canonical(n) not in given]
    if question.asks is AnswerType.DATE:
        return any(number.kind is NumberKind.DATE for number in new)
    figures = [number for number in new if number.kind is not NumberKind.DATE]
    if question.unit in MONEY:
        return any(number.unit.startswith("元") for number in figures)
    return bool(figures)  # 几个 may be answered by 7名: measure words are not compared


def short_answer(question: Question, quote: str) -> str | None:
    """The date, or the figure with its unit, that `question` asks for, as `quote` writes it."""
    if question.asks is AnswerType.DATE:
        pattern = _DATE
    elif question.asks is AnswerType.NUMBER and question.unit:
        tail = "(?:元|块钱)" if question.unit in MONEY else re.escape(question.unit)
        pattern = re.compile(_FIGURE + tail)
    elif question.asks is AnswerType.NUMBER and RATE.search(question.folded):
        pattern = _SHARE
    else:
        return None
    normalised = normalise(quote)
    asked = bigrams(question.content)
    best: tuple[int, int] | None = None
    most = -1
    for match in pattern.finditer(normalised.text):
        if match.group() in question.folded:
            continue
        window = normalised.text[max(0, match.start() - 20) : match.end() + 12]
        shared = len(asked & bigrams(window))
        if shared > most:
            best, most = match.span(), shared
    if best is None:
        return None
    start, end = normalised.original_span(*best)
    return quote[start:end].strip()
