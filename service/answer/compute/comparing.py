"""Which of two has more, or came first: 青禾县多：442户 > 239户.

Only where each of the two is told with one value, in one unit and of one time. Knows no index.
"""

import re
from collections.abc import Sequence

from indexer.text.normalise import fold, normalise
from indexer.text.numbers import Number, NumberKind, find_numbers
from service.answer.compute.sums import Computed, Part, likely_of
from service.answer.evidence import Evidence
from service.answer.read.position import clause
from service.answer.read.statements import (
    Statement,
    is_about,
    is_of_asked_year,
    same_unit,
    statements,
    years_of,
)
from service.answer.read.value import Value
from service.answer.understand.several import Compared

_CLAUSE_END = ",;。|"
_LESS = "少低小早短轻"
_HAS = re.compile(r"(?:现|共|总共|一共|总数|数量?|人数|户数)*(?:有|为|是|达|达到|:|:)?")


def winner(compared: Compared, parts: Sequence[Part]) -> Computed | None:
    """The one of two that has more, with both values; that they are alike; or None."""
    if len(parts) != len(compared.names):
        return None
    found = [
        _stated(compared, name, part) for name, part in zip(compared.names, parts, strict=True)
    ]
    one, other = found
    if one is None or other is None:
        return None
    order = _order(one.number, other.number)
    if order is None or not (compared.is_date or _years(one) & _years(other)):
        return None
    evidence = (one.evidence, other.evidence)
    more = compared.more
    if order == 0:
        text = f"一样{more}：{one.value.text} = {other.value.text}"
        return Computed(text, f"一样{more}", evidence)
    wants_less = more in _LESS
    is_first = (order < 0) == wants_less
    won, lost = (one, other) if is_first else (other, one)
    name = compared.names[0 if is_first else 1]
    sign = "<" if wants_less else ">"
    return Computed(f"{name}{more}：{won.value.text} {sign} {lost.value.text}", name, evidence)


def _stated(compared: Compared, name: str, part: Part) -> Statement | None:
    """The likeliest statement about one of the two; None where its sentences contradict."""
    likely = likely_of(part)
    others = [other for other in compared.names if other != name]
    if compared.is_date:
        found = [s for s in statements(part.question, likely) if is_about(part.question, s)]
    else:
        figures = (_counted(compared.thing, evidence) for evidence in likely)
        found = [s for s in figures if s is not None and is_of_asked_year(part.question, s)]
    found = [stated for stated in found if _is_of(name, others, stated)]
    if not found or found[0].number.approximate:
        return None
    first = found[0]
    for each in found[1:]:
        is_one_time = compared.is_date or bool(_years(each) & _years(first))
        if is_one_time and _order(first.number, each.number) != 0:
            return None
    return first


def _counted(thing: str, evidence: Evidence) -> Statement | None:
    """The one figure that stands right before or right behind the thing: 贫困户239户."""
    normalised = normalise(evidence.quote)
    text = normalised.text
    noun = thing.rsplit("的", 1)[-1]
    found = [
        number
        for number in find_numbers(text)
        if number.kind in (NumberKind.NUMBER, NumberKind.PERCENT) and _is_beside(text, noun, number)
    ]
    if len(found) != 1 or not noun:
        return None
    number = found[0]
    start, end = normalised.original_span(number.start, number.end)
    value = Value(start, end, evidence.quote[start:end], number)
    return Statement(evidence, value, number, years_of(evidence, text, number), text)


def _is_beside(text: str, noun: str, number: Number) -> bool:
    behind = text[number.end :].removeprefix("的").startswith(noun)
    at = text.rfind(noun, 0, number.start)
    return behind or (at >= 0 and _HAS.fullmatch(text, at + len(noun), number.start) is not None)


def _is_of(name: str, others: Sequence[str], stated: Statement) -> bool:
    """Whether a figure is of the name: its sentence or what stands above it tells so, and where the
    sentence names another one, the figure's own clause does.
    """
    if any(other in stated.folded for other in others):
        own = clause(stated.folded, (stated.number.start, stated.number.end), _CLAUSE_END)
        return name in own and not any(other in own for other in others)
    above = fold(stated.evidence.hit.passage.context)
    is_above = name in above and not any(other in above for other in others)
    return name in stated.folded or is_above


def _years(stated: Statement) -> frozenset[str]:
    return stated.years or frozenset({(stated.evidence.hit.date or "")[:4]})


def _order(one: Number, other: Number) -> int | None:
    """-1, 0, 1 as one is less, the same or more; None where they can't be compared."""
    if not same_unit(one, other) or one.approximate or other.approximate:
        return None
    if one.kind is not NumberKind.DATE:
        return (one.value > other.value) - (one.value < other.value)
    a, b = one.date, other.date
    if a.startswith("-") or b.startswith("-"):
        return None
    if a != b and (a.startswith(b) or b.startswith(a)):
        return None  # 2018年 is before 2018年5月, or after
    return (a > b) - (a < b)
