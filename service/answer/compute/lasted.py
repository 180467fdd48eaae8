"""How long something lasted, from the two times of day that one sentence tells of it.

停电那天停了多少分钟 of 七点二十分停电，七点五十五分恢复。 Knows no index.
"""

import re
from collections.abc import Sequence

from indexer.text.normalise import fold
from indexer.text.numbers import Number, NumberKind, find_numbers
from indexer.text.segment import tagged
from service.answer.compute.sums import CONFIDENCE, Computed
from service.answer.evidence import Evidence, Reading
from service.answer.understand.question import Question

_ASKS = re.compile(r"(?:多少|几)个?(?P<unit>分钟|小时|钟头)|多久|多长时间")
_LIGHT = re.compile(r"持续|一共|总共|前后|整个|当天|那[天次晚]|时间|请问|花费")
_REPEATED = re.compile(r"[㐀-鿿]了")  # 停水停了
_TILL = re.compile(r"[\s,]*(?:一直)?(?:到|至|-|—+|~)[\s,]*(?:次日|第二天|翌日)?")
_ENDS = re.compile(r"恢复|结束|来电|为止|修好|通车|合闸|复工|扑灭|解除|散会|完工|完毕")
_NEXT_DAY = re.compile(r"次日|第二天|翌日")
_HALF = re.compile(r"上午|早上|早晨|凌晨|清晨|中午|下午|傍晚|晚上?|夜|午后|[ap]\.?m")
_LATE = re.compile(r"下午|傍晚|晚|夜|午后|pm|p\.m")
_HALF_DAY, _DAY = 12 * 60, 24 * 60  # minutes


def lasted(question: Question, reading: Reading) -> Computed | None:
    """The time between, where one sentence alone tells the beginning and the end of what is asked.

    None where another one does as well, or a half of the day is left open.
    """
    asked = _ASKS.search(question.folded)
    is_own_span = any(n.kind is NumberKind.TIME for n in find_numbers(question.folded))
    if asked is None or question.periods or reading.missing or is_own_span:
        return None
    rest = question.folded[: asked.start()] + " " + question.folded[asked.end() :]
    words = [
        word
        for word, tag in tagged(_LIGHT.sub(" ", _REPEATED.sub(" ", rest)))
        if len(word) > 1 and tag.startswith(("n", "v", "j")) and word.isalnum()
    ]
    found: dict[tuple[str, int], tuple[Evidence, int, str]] = {}
    for evidence in reading.evidence:
        passage = evidence.hit.passage
        quote, above = fold(evidence.quote), fold("\n".join((passage.title, *passage.headings)))
        own = [word for word in words if word in quote]
        is_told = bool(own) and all(word in own or word in above for word in words)
        told = _span(quote, own) if is_told else None
        if told is not None:
            key = (evidence.hit.passage.document_id, evidence.start)
            found[key] = (evidence, *told)
    if len(found) != 1:
        return None
    (evidence, minutes, span) = next(iter(found.values()))
    value = _said(minutes, asked["unit"])
    return Computed(f"{value}（{span}）", value, (evidence,), CONFIDENCE)


def _span(folded: str, words: Sequence[str]) -> tuple[int, str] | None:
    """The minutes between the two times that a sentence tells, and how it tells them."""
    times = [n for n in find_numbers(folded) if n.kind is NumberKind.TIME]
    if len(times) != 2:
        return None
    first, last = times
    between, behind = folded[first.end : last.start], folded[last.end :]
    if not _TILL.fullmatch(between):
        begins = [word for word in words if word in between.split(",")[0]]
        stops = any(f"{sign}{word[-1]}" in behind for word in begins for sign in "停关")
        if not begins or not (_ENDS.search(behind) or stops):
            return None
    minutes = _minutes(folded, first, last)
    if minutes is None:
        return None
    return minutes, f"{folded[first.start : first.end]}至{folded[last.start : last.end]}"


def _minutes(folded: str, first: Number, last: Number) -> int | None:
    begin, end = _of_day(first), _of_day(last)
    halves = [_HALF.search(folded[n.start : n.end]) for n in (first, last)]
    if _NEXT_DAY.search(folded[first.end : last.start]):
        end += _DAY
    elif halves[0] is None and halves[1] is not None:
        return None  # 七点到晚上九点: of the morning?
    elif halves[0] is not None and halves[1] is None and end < begin:
        end += _HALF_DAY if _LATE.search(halves[0].group()) else 0
    apart = end - begin
    return apart if 0 < apart < _DAY else None


def _of_day(number: Number) -> int:
    hour, minute = divmod(int(number.value), 100)
    return 60 * hour + minute


def _said(minutes: int, unit: str | None) -> str:
    hours, rest = divmod(minutes, 60)
    if unit == "分钟" or not hours:
        return f"{minutes}分钟"
    return f"{hours}小时{rest}分钟" if rest else f"{hours}小时"
