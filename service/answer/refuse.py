"""When not to answer, and why. Knows no model and no HTTP."""

import re
from collections.abc import Callable

from indexer.text.normalise import fold
from service.answer.features import bigrams
from service.answer.prompts import is_chinese
from service.answer.question import Question
from service.answer.reader import Reading
from service.answer.short import may_answer
from service.records import AbstentionReason

Limit = Callable[[float], float]
"""Coverage to the limit on `Reading.nothing`."""

# How unsure the reader is of an answer that is there depends on how much of the question's words
# the passages hold, and on little else: in every band of coverage the 98th percentile is much the
# same over encyclopaedias, news and an office's papers (docs/log.md, 2026-11-22). A line along it,
# by which 1.4 % of the answerable questions of the fitting parts are refused (on which nothing is
# reported: `training/weighing.py`), and 3.7 % of those of corpus/.
_AT_LOW_COVERAGE = 0.98
_AT_HIGH_COVERAGE = 0.45
_SLOPE = 0.8
_FROM = 1.2
# Where no two characters of the question stand together in any passage, only word vectors speak
# for it, which find something near for everything.
_AT_NO_COVERAGE = 0.94


def nothing_limit(coverage: float) -> float:
    """From which probability that nothing answers on a question is refused, 0 to 1.

    `coverage` is the share of the question's words that the best passage holds, by their weight.
    """
    falling = max(_AT_HIGH_COVERAGE, _FROM - _SLOPE * coverage)
    return min(_AT_LOW_COVERAGE, _AT_NO_COVERAGE + coverage, falling)


# Under this share of the question's character pairs in the best passage and its headings, the
# passage is about something else; above it the subject is there, but not the asked fact.
_ON_TOPIC = 0.5

# 什么时候 may be answered by 战争结束后, but 哪一年 is not. Of 356 answerable lists of
# encyclopaedias and news that ask so, and of 205 questions of our own, none had none in the best 3.
_DEFINITE = re.compile(r"多少|几[^乎]|哪一?[年天日]|何年")
# How much and how many may be told without a figure.
_IN_WORDS = re.compile(
    r"免[费交缴收除征]|不收|不要钱|无偿|全额|全部|所有|人人|户户|村村|半数|一半|过半|没有|无人|"
    r"[几数上][十百千万]|[一两几]成|同年|当年|次年|翌年"
)
_BEST = 3  # sentences that are looked at

_SAID = {
    AbstentionReason.NO_RELEVANT_DOCUMENT: (
        "文档中没有与这个问题相关的内容。",
        "No document here is about this question.",
    ),
    AbstentionReason.FACT_NOT_FOUND: (
        "文档中有相关内容，但没有找到所问的事实。",
        "There are documents on this subject, but none states what was asked.",
    ),
    AbstentionReason.SOURCES_DISAGREE: (
        "各文档的说法不一致，请看所列出处。",
        "The documents disagree; see the sources listed.",
    ),
}


def judge(
    question: Question, reading: Reading, limit: Limit = nothing_limit
) -> AbstentionReason | None:
    """Why not to answer from `reading`, or None when there is an answer in it."""
    is_likely = bool(reading.evidence) and reading.nothing < limit(reading.coverage)
    if is_likely and _has_kind(question, reading):
        return None
    asked = bigrams(question.content)
    on_topic = any(
        asked
        and len(asked & bigrams(fold(f"{e.hit.passage.context}\n{e.hit.passage.text}")))
        / len(asked)
        >= _ON_TOPIC
        for e in reading.evidence[:_BEST]
    )
    return AbstentionReason.FACT_NOT_FOUND if on_topic else AbstentionReason.NO_RELEVANT_DOCUMENT


def _has_kind(question: Question, reading: Reading) -> bool:
    """Whether the best sentences hold any figure or date such as is asked for.

    How much is paid is told by no sentence without money, however much else it shares.
    """
    if not _DEFINITE.search(question.folded):
        return True
    quotes = [evidence.quote for evidence in reading.evidence[:_BEST]]
    return any(may_answer(question, quote) or _IN_WORDS.search(quote) for quote in quotes)


def said(reason: AbstentionReason, question: str) -> str:
    """The sentence that says so, in the question's language."""
    chinese, english = _SAID[reason]
    return chinese if is_chinese(question) else english
