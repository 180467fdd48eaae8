"""Which of several candidates in a sentence stands where the question asks. Pure folded text."""

import re
from collections.abc import Sequence

from service.answer.read.sentence import bigrams
from service.answer.understand.question import Question

# What may stand for the answer in the question, with what it counts.
_ASKS_HERE = re.compile(
    r"第?(?:多少|几)|哪一?[年月日天个位名座所家种处里儿]?|什么(?:时候|时间|地方|人)?|何[时年地处人]|谁"
    r"|多[高长大远重深宽久快]|\b(?:who|what|when|where|which|how many|how much)\b"
)
# Words beside it that say nothing of what it is.
_SMALL = re.compile(r"[是为约有共达在于的了至到近仅只已由叫\s]+$")
_CLAUSE_END = ",;。|!?"
_LONGEST_CONTEXT = 8
_MOST_ALIGNED = 4
_WEIGHT = 0.15  # of one character beside it, against a share of the question's words in the clause

Span = tuple[int, int]


def leading(question: Question, text: str, spans: Sequence[Span], lead: float) -> int | None:
    """Which span of folded `text` is nearest to what is asked; None unless ahead by `lead`."""
    if len(spans) < 2:
        return 0 if spans else None
    scored = sorted(
        ((nearness(question, text, span), -at) for at, span in enumerate(spans)), reverse=True
    )
    (best, at), (second, _) = scored[:2]
    is_ahead = best - second >= lead and not _is_narrower(question, text, spans[-at])
    return -at if is_ahead else None


def nearness(question: Question, text: str, span: Span) -> float:
    """How much of the question stands in the clause of a span, and right beside the span."""
    asked = bigrams(question.content)
    shared = asked & bigrams(clause(text, span, _CLAUSE_END))
    beside = min(_MOST_ALIGNED, aligned(question, text, span))
    return len(shared) / max(1, len(asked)) + _WEIGHT * beside


def _is_narrower(question: Question, text: str, span: Span) -> bool:
    """小学入学率 is less than the 入学率 that is asked for: one of several, and not told which."""
    asking = _ASKS_HERE.search(question.folded)
    left = _SMALL.sub("", question.folded[: asking.start()]) if asking else ""
    before = _SMALL.sub("", text[: span[0]])
    return bool(left) and before.endswith(left) and before.removesuffix(left)[-1:].isalnum()


def aligned(question: Question, text: str, span: Span) -> int:
    """How many characters around the asking words stand around the span, too."""
    asking = _ASKS_HERE.search(question.folded)
    if asking is None:
        return 0
    left = _SMALL.sub("", question.folded[: asking.start()])[-_LONGEST_CONTEXT:]
    right = question.folded[asking.end() :].removeprefix(question.unit)[:_LONGEST_CONTEXT]
    before, after = _SMALL.sub("", text[: span[0]]), text[span[1] :]
    return _common_start(left[::-1], before[::-1]) + _common_start(right, after)


def clause(text: str, span: Span, ends: str) -> str:
    """The stretch of text around a span, up to the nearest of the signs `ends`."""
    before = max(text.rfind(mark, 0, span[0]) for mark in ends)
    behind = [at for mark in ends if (at := text.find(mark, span[1])) >= 0]
    return text[before + 1 : min(behind, default=len(text))]


def _common_start(one: str, other: str) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count
