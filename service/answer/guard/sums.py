"""A figure that stands in no source but follows from figures that do: a total, a difference.

Only where the sentence says that it is one, and only from figures that belong together: those that
the sentence states itself, or all of one unit in one sentence of one source. Knows no words but
those for adding up and comparing.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from indexer.text.figures.records import plain
from indexer.text.numbers import Bound, Number, NumberKind
from service.answer.guard.binding import surroundings
from service.answer.guard.figures import family, is_same
from service.answer.guard.reading import ReadText

_TOTAL = re.compile(r"共|合计|总计|总共|累计|相加|加起来|总和|总数|总额|\b(?:total|together|sum)\b")
_DIFFERENCE = re.compile(
    r"相差|差额|差距|[多少高低增减](?!数)|增加|增长|上升|提高|提升|减少|下降|降低|[升降]了|\b(?:more|less|fewer|rose|fell)\b"
)
_CHANGE = re.compile(
    r"从|由|比|较|升至|升到|降至|降到|增至|增加到|增加至|减少到|减至|提高到|提高至|下降到|下降至|上升到"
)
_COMPARES = re.compile(r"比|较")
_MORE = re.compile(r"增|多|升|提高|提升|高出|\b(?:more|rose)\b")
_LESS = re.compile(r"减|少|降|低|\b(?:less|fewer|fell)\b")
_MOST_PARTS = 8


def worked_out(number: Number, read: ReadText, sources: Sequence[ReadText]) -> str:
    """The sum or difference that gives the figure, written out; empty where there is none."""
    if number.kind not in (NumberKind.NUMBER, NumberKind.PERCENT) or not number.unit:
        return ""
    if number.bound is not Bound.EXACT:
        return ""
    clause = read.clause_at(number.start)
    words = read.of(clause)
    if _TOTAL.search(words):
        for parts in _together(number, read, sources):
            if sum(part.value for part in parts) == number.value:
                return _written(parts, "+", number)
    if _DIFFERENCE.search(words):
        for first, second in _compared(number, read, sources):
            change = second.value - first.value
            if abs(change) == number.value and _is_that_way(words, change):
                high, low = (second, first) if change > 0 else (first, second)
                return _written((high, low), "-", number)
    return ""


def _together(
    number: Number, read: ReadText, sources: Sequence[ReadText]
) -> Iterator[tuple[Number, ...]]:
    own = family(number)
    stated = tuple(
        n
        for n in read.numbers
        if n is not number and family(n) == own and _is_stated(n, read, sources)
    )
    if 2 <= len(stated) <= _MOST_PARTS:
        yield stated
    for source in sources:
        for sentence in source.sentences:
            parts = tuple(n for n in source.numbers_in(sentence) if family(n) == own)
            if 2 <= len(parts) <= _MOST_PARTS and all(p.bound is Bound.EXACT for p in parts):
                yield parts


def _compared(
    number: Number, read: ReadText, sources: Sequence[ReadText]
) -> Iterator[tuple[Number, Number]]:
    """Two figures of one sentence between which something changed, the earlier one first."""
    points = number.unit == "百分点"
    own = "percent" if points else family(number)
    if not points and number.kind is NumberKind.PERCENT:
        return  # 8% less is no difference of two shares
    compares = _COMPARES.search(read.text) is not None
    for source in sources:
        for sentence in source.sentences:
            parts = [n for n in source.numbers_in(sentence) if _family(n) == own]
            if len(parts) != 2 or any(part.bound is not Bound.EXACT for part in parts):
                continue
            first, second = parts
            dates = [surroundings(source, part).dates for part in parts]
            if all(dates) and min(dates[0]) != min(dates[1]):
                yield (first, second) if min(dates[0]) < min(dates[1]) else (second, first)
            elif _CHANGE.search(source.of(sentence)) and not compares:
                yield first, second


def _is_that_way(words: str, change: Decimal) -> bool:
    """Whether the sentence says that it rose where it rose; 相差 says neither."""
    up, down = _MORE.search(words) is not None, _LESS.search(words) is not None
    return up == down or up == (change > 0)


def _family(number: Number) -> str:
    return "percent" if number.kind is NumberKind.PERCENT else family(number)


def _is_stated(number: Number, read: ReadText, sources: Sequence[ReadText]) -> bool:
    return any(
        is_same(number, other, read.text, source.text)
        for source in sources
        for other in source.numbers
    )


def _written(parts: Sequence[Number], sign: str, total: Number) -> str:
    unit = total.unit if total.kind is NumberKind.NUMBER else "%"
    return sign.join(plain(Decimal(part.value)) for part in parts) + f"={plain(total.value)}{unit}"
