"""What a whole and its parts, told in one sentence, give: the rest, a share, the largest part.

全年受理1200件，其中线上900件、窗口300件. Knows no index.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from indexer.text.numbers import NumberKind
from service.answer.compute.prose.asked import UNDONE, Asked, Want
from service.answer.compute.prose.binding import fit_of, is_of_times, tells
from service.answer.compute.prose.changes import percent, statement_of
from service.answer.compute.prose.told import Role, Told
from service.answer.compute.sums import CONFIDENCE, Computed, written
from service.answer.compute.times import Days
from service.answer.evidence import Evidence

_OTHERS = re.compile(r"其[余他它]|另外|剩|\bothers?\b|\brest\b")
_NOT = re.compile(r"[未没不无]|\bnot\b")
_LEAST_PARTS = 2  # of which one is the largest


def of_parts(
    asked: Asked, evidence: Evidence, told: Sequence[Told], own: Days | None, chinese: bool
) -> Iterator[tuple[int, Computed]]:
    """What the sentence gives of what is asked, with how well its figures fit; often nothing."""
    for whole, parts in _wholes(told):
        if whole.number.approximate or any(part.number.approximate for part in parts):
            continue
        if not is_of_times(asked, whole, own):
            continue
        match asked.want:
            case Want.REST:
                result = _rest(asked, whole, parts, evidence)
            case Want.SHARE:
                result = _share(asked, whole, parts, told, chinese)
            case _:
                result = _extreme(asked, whole, parts)
        if result is not None:
            text, value = result
            fit = max(fit_of(asked, each) for each in (whole, *parts))
            yield fit, Computed(text, value, (evidence,), CONFIDENCE)


def _wholes(told: Sequence[Told]) -> Iterator[tuple[Told, list[Told]]]:
    """Each whole with the parts of its unit behind it, which are no more than it."""
    for n, whole in enumerate(told):
        if whole.role is not Role.VALUE or whole.is_part or whole.number.kind is NumberKind.PERCENT:
            continue
        parts: list[Told] = []
        for each in told[n + 1 :]:
            if each.role is Role.VALUE and not each.is_part and "已" not in each.words:
                break
            if each.role is Role.VALUE and each.number.unit == whole.number.unit:
                parts.append(each)
        if parts and sum((p.number.value for p in parts), Decimal(0)) <= whole.number.value:
            yield whole, parts


def _named(asked: Asked, parts: Sequence[Told], whole: Told) -> list[Told]:
    """The parts that the question names, by words that do not name the whole."""
    words = [word for word in asked.words if not tells(whole.words, word)]
    fits = [(sum(len(word) for word in words if tells(part.words, word)), part) for part in parts]
    most = max(fit for fit, _ in fits)
    return [part for fit, part in fits if fit == most > 0]


def _rest(
    asked: Asked, whole: Told, parts: Sequence[Told], evidence: Evidence
) -> tuple[str, str | None] | None:
    """The whole less the parts: all of them, or the one that 除…外 names."""
    taken = list(parts)
    if any(_OTHERS.search(part.subject) for part in parts):
        return None  # 其他收入 is told
    if asked.since:
        taken = _named(asked, parts, whole)
        is_undone = asked.since == UNDONE and any(_NOT.search(part.words) for part in parts)
        if len(taken) != 1 or is_undone:  # told itself: 其中350件未修好
            return None
    rest = whole.number.value - sum((part.number.value for part in taken), Decimal(0))
    if not taken or rest <= 0 or not fit_of(asked, whole):
        return None
    both = [statement_of(each, evidence) for each in (whole, *taken)]
    shown = written(rest, both)
    less = " - ".join(f"{part.subject}{part.written}" for part in taken)
    return f"{shown} = {whole.written} - {less}", shown


def _share(
    asked: Asked, whole: Told, parts: Sequence[Told], told: Sequence[Told], chinese: bool
) -> tuple[str, str | None] | None:
    named = _named(asked, parts, whole)
    if len(named) != 1 or not whole.number.value:
        return None
    part = named[0]
    stated = [t for t in told if t.role is Role.SHARE and t.subject == part.subject]
    if stated:
        return stated[0].written, stated[0].written
    share = percent(part.number.value, whole.number.value, chinese)
    return f"{share} = {part.written} {'÷' if chinese else '/'} {whole.written}", share


def _extreme(asked: Asked, whole: Told, parts: Sequence[Told]) -> tuple[str, str | None] | None:
    if len(parts) < _LEAST_PARTS or not fit_of(asked, whole):
        return None
    is_low = asked.want is Want.SMALLEST
    order = sorted(parts, key=lambda part: part.number.value, reverse=not is_low)
    best = [part for part in order if part.number.value == order[0].number.value]
    if len(best) > 1 or not all(part.subject for part in parts):
        return None
    joined = (" < " if is_low else " > ").join(f"{p.words} {p.written}" for p in order)
    return f"{best[0].words}：{best[0].written}。{joined}", best[0].words
