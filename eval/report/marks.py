"""Where a value stands in a text, as values are compared here. Knows `holds` and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from eval.matching import holds

_IN_NUMBER = frozenset("0123456789０１２３４５６７８９.,，．%％〇零一二三四五六七八九十百千万亿两")

Span = tuple[int, int]


def spans(text: str, groups: Sequence[Sequence[str]]) -> list[Span]:
    """The places of all accepted values, in order and without overlap."""
    found: list[Span] = []
    for value in (value for group in groups for value in group):
        end = len(text)
        while (place := _last(text[:end], value)) is not None:
            found.append(place)
            end = place[0]
    return _merged(found)


def _last(text: str, value: str) -> Span | None:
    """The last place of a value: the text is cut from the left, then from the right, for as long
    as what is left holds it. A number is never cut through, or 21500 would end in 1500.
    """
    if not holds(text, value):
        return None
    cuts = [0, *(at for at in range(1, len(text)) if not _within_number(text, at)), len(text)]
    start = cuts[_furthest(len(cuts) - 1, lambda n: holds(text[cuts[n] :], value))]
    tail = [at for at in reversed(cuts) if at > start]
    end = tail[_furthest(len(tail) - 1, lambda n: holds(text[start : tail[n]], value))]
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _within_number(text: str, at: int) -> bool:
    return text[at - 1] in _IN_NUMBER and text[at] in _IN_NUMBER


def _furthest(most: int, is_fine: Callable[[int], bool]) -> int:
    """How far one gets from 0 in steps that are all fine: large ones first, then halved."""
    at, step = 0, most
    while step:
        if at + step <= most and is_fine(at + step):
            at += step
        else:
            step //= 2
    return at


def _merged(found: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
