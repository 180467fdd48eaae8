"""What a change that a sentence tells gives: what it was before, by how much, by what per cent.

Knows no index.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from indexer.text.figures.records import plain
from indexer.text.normalise import fold
from indexer.text.numbers import NumberKind
from service.answer.compute.prose.asked import MONTHLY, YEARLY, Asked, Want
from service.answer.compute.prose.binding import fit_of, is_before, is_of_times, narrows
from service.answer.compute.prose.told import RELATIVE, Role, Told, changes_in
from service.answer.compute.prose.when import when
from service.answer.compute.sums import CONFIDENCE, Computed, written
from service.answer.compute.times import Days, days_in
from service.answer.evidence import Evidence
from service.answer.read.statements import Statement
from service.answer.read.value import Value


def of_changes(
    asked: Asked, evidence: Evidence, told: Sequence[Told], own: Days | None, chinese: bool
) -> Iterator[tuple[int, Computed]]:
    for first, change in changes_in(told):
        fit = fit_of(asked, change)
        if not fit or not is_of_times(asked, change, own) or not _is_since(asked, change, own):
            continue
        if change.role is Role.AFTER and first is not None:
            told_now = _of_pair(asked, first, change, evidence, chinese)
        else:
            told_now = _of_change(asked, first, change, evidence, chinese)
        if told_now is None:
            continue
        text, value = told_now
        is_turned = asked.rises is not None and asked.rises is not change.rises
        if is_turned or narrows(asked, change, evidence):
            value = None
        yield fit, Computed(text, value, (evidence,), CONFIDENCE)


def _is_since(asked: Asked, change: Told, own: Days | None) -> bool:
    """Whether it changed from the time that the question names: 上月 is not 上年."""
    since = asked.since
    is_of_time = RELATIVE.search(since) or re.search(r"年|月|同期|year|month", since)
    if named := days_in(since):
        return is_before(named[0], change, when(change, own))
    if not since and asked.days and asked.want is Want.BEFORE:
        return True  # the time itself is compared
    if not since or not is_of_time:
        return asked.want is not Want.BEFORE or change.role is Role.AFTER
    if MONTHLY.search(since) and "年" not in since:
        return MONTHLY.search(change.base) is not None
    return YEARLY.search(change.base) is not None and not re.fullmatch("环比|上个?月", change.base)


def _of_pair(
    asked: Asked, before: Told, after: Told, evidence: Evidence, chinese: bool
) -> tuple[str, str | None] | None:
    """What A and B of 由A调整为B give."""
    if asked.want is Want.BEFORE:
        return before.written, before.written
    if asked.want is Want.NOW:
        return after.written, after.written
    a, b = before.number, after.number
    if a.approximate or b.approximate or a.value == b.value:
        return None
    both = [statement_of(before, evidence), statement_of(after, evidence)]
    high, low = (after, before) if b.value > a.value else (before, after)
    if asked.want is Want.APART:
        gap = written(high.number.value - low.number.value, both)
        if a.kind is NumberKind.PERCENT:
            gap = gap.removesuffix("%") + ("个百分点" if chinese else " percentage points")
        return f"{_way(after, chinese)}{gap} = {high.written} - {low.written}", gap
    if a.kind is NumberKind.PERCENT or not a.value:
        return None
    share = percent(abs(b.value - a.value), a.value, chinese)
    parts = f"({high.written} - {low.written}) / {before.written}"
    if chinese:
        parts = f"（{high.written} - {low.written}）÷ {before.written}"
    return f"{_way(after, chinese)}{share} = {parts}", share


def _of_change(
    asked: Asked, value: Told | None, change: Told, evidence: Evidence, chinese: bool
) -> tuple[str, str | None] | None:
    """What 12.4万人次，比上年增长8.5% gives: the change as it stands, or what it was before."""
    is_share = change.number.kind is NumberKind.PERCENT
    is_points = change.number.unit == "百分点"
    if asked.want is (Want.PERCENT if is_share else Want.APART):
        return change.written, change.written
    if value is None or value.number.approximate or change.number.approximate:
        return None
    if asked.want is Want.NOW:
        return value.written, value.written
    sign = 1 if change.rises else -1
    now = value.number.value
    both = [statement_of(value, evidence)]
    if is_share and value.number.kind is NumberKind.NUMBER:
        factor = 1 + sign * change.number.value / 100
        if factor <= 0:
            return None
        about = "约" if chinese else "about "
        before = _rounded_like(now / factor, value)
        shown = about + written(before, both)
        if asked.want is Want.BEFORE:
            mark = "+" if sign > 0 else "-"
            operator = "÷" if chinese else "/"
            return f"{shown} = {value.written} {operator} (1 {mark} {change.written})", shown
        gap = about + written(abs(now - before), both)
        return f"{_way(change, chinese)}{gap}（{value.written}，{change.written}）", gap
    if not is_points and value.number.unit != change.number.unit:
        return None
    before = now - sign * change.number.value
    if before <= 0:
        return None
    shown = written(before, both)
    if asked.want is Want.BEFORE:
        return f"{shown} = {value.written} {'-' if sign > 0 else '+'} {change.written}", shown
    if is_points:
        return None
    share = percent(change.number.value, before, chinese)
    operator = "÷" if chinese else "/"
    return f"{_way(change, chinese)}{share} = {change.written} {operator} {shown}", share


def _way(told: Told, chinese: bool) -> str:
    if chinese:
        return "增加" if told.rises else "减少"
    return "Up by " if told.rises else "Down by "


def _rounded_like(value: Decimal, like: Told) -> Decimal:
    """To as many places as the figure that it is made from has, and two more significant ones."""
    digits = max(3, len(like.number.value.normalize().as_tuple().digits) + 1)
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1)).normalize() + 0


def percent(part: Decimal, whole: Decimal, chinese: bool) -> str:
    share = (100 * part / whole).quantize(Decimal("0.01"))
    is_exact = share * whole == 100 * part
    return f"{'' if is_exact else '约' if chinese else 'about '}{plain(share)}%"


def statement_of(told: Told, evidence: Evidence) -> Statement:
    value = Value(told.start, told.end, told.written, told.number)
    return Statement(evidence, value, told.number, frozenset(), fold(evidence.quote))
