"""Every figure and date of a sentence against those of its sources, one after the other.

A figure is proven by one place of a source that has its value, its unit, its bound, its direction
and its surroundings. Knows no names and no negations.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.text.numbers import Number, NumberKind, canonical, canonical_terms
from service.answer.guard.binding import (
    Surroundings,
    likeness,
    mistaken_for,
    plain_surroundings,
    rivals_of,
    surroundings,
)
from service.answer.guard.dates import qualifier, qualifier_agrees, resolved
from service.answer.guard.directions import way_agrees, way_at
from service.answer.guard.figures import (
    are_ends_of_one,
    bound_agrees,
    is_idle_one,
    is_same,
    range_end,
)
from service.answer.guard.reading import ReadText
from service.answer.guard.records import Check, CheckName
from service.answer.guard.sums import worked_out

_RATE = re.compile(
    r"每[㐀-鿿]{1,2}|[人户月年日村校亩场次]均|平均|各(?=[\d一二三四五六七八九十奖捐给补投得有获为])|\bper\b|\beach\b"
)
_RATE_BEHIND = re.compile(r"\s?(?:/|每)\s?[户人年月日亩次天]")
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure in a source that has the value."""

    source: ReadText
    number: Number


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a place must agree in, besides its value; `check` is told when no place does."""

    check: CheckName
    agrees: Callable[[Number, _Place], bool]


def check_figures(
    read: ReadText, sources: Sequence[ReadText], dates: Sequence[str | None]
) -> Iterator[Check]:
    """A failed check for each figure that is not proven; a passed one for each sum."""
    pointed = [tuple(resolved(source, date)) for source, date in zip(sources, dates, strict=True)]
    stages = _stages(read)
    for number in read.numbers:
        written = read.text[number.start : number.end]
        if is_idle_one(number, read, sources):
            continue
        places = [
            _Place(source, other)
            for source, others in zip(sources, pointed, strict=True)
            for other in (*source.numbers, *others)
            if is_same(number, other, read.text, source.text)
        ]
        if not places:
            total = worked_out(number, read, sources)
            name = CheckName.DATES if number.kind is NumberKind.DATE else CheckName.FIGURES
            yield Check(CheckName.SUMS, True, total) if total else Check(name, False, written)
            continue
        for stage in stages:
            places = [place for place in places if stage.agrees(number, place)]
            if not places:
                yield Check(stage.check, False, written)
                break
        else:
            yield from _bound_to_its_own(number, read, places, sources)


def _stages(read: ReadText) -> tuple[_Stage, ...]:
    def whole(number: Number, place: _Place) -> bool:
        own, its = range_end(number, read), range_end(place.number, place.source)
        if number.kind is NumberKind.DATE:
            ends = canonical_terms(replace(place.number, inside=()))
            return not own or (own == its and canonical(number) in ends)
        return own == its

    def dated(number: Number, place: _Place) -> bool:
        if number.kind is not NumberKind.DATE or _level(number) != _level(place.number):
            return True
        return qualifier_agrees(qualifier(read, number), qualifier(place.source, place.number))

    def bounded(number: Number, place: _Place) -> bool:
        return bound_agrees(number.bound, place.number.bound)

    def goes(number: Number, place: _Place) -> bool:
        if number.kind is NumberKind.DATE:
            return True
        return way_agrees(way_at(read, number), way_at(place.source, place.number))

    def rated(number: Number, place: _Place) -> bool:
        if number.kind in (NumberKind.DATE, NumberKind.ORDINAL, NumberKind.TIME):
            return True
        return _is_rate(read, number) == _is_rate(place.source, place.number)

    return (
        _Stage(CheckName.BOUNDS, whole),
        _Stage(CheckName.DATES, dated),
        _Stage(CheckName.BOUNDS, bounded),
        _Stage(CheckName.DIRECTIONS, goes),
        _Stage(CheckName.BINDING, rated),
    )


def _level(date: Number) -> int:
    """1 for a year, 2 for a month, 3 for a day, with or without the larger ones."""
    parts = date.date.removeprefix("--").count("-") + 1
    return parts + 1 if date.date.startswith("--") else parts


def _is_rate(read: ReadText, number: Number) -> bool:
    """Whether the figure is one for each: 每户1500元, 人均1500元, 1500元/户."""
    if _RATE_BEHIND.match(read.text, number.end):
        return True
    clause = read.clause_at(number.start)
    return _RATE.search(read.text, clause.start, number.start) is not None


def _bound_to_its_own(
    number: Number, read: ReadText, places: Sequence[_Place], sources: Sequence[ReadText]
) -> Iterator[Check]:
    """Nothing where the figure stands with what one of its places stands with, else a failure."""
    own, around = _around(read, number), []
    for place in places:
        there = _around(place.source, place.number)
        around.append((likeness(own, there), there))
    best = max(score for score, _ in around)
    rivals = [
        _around(source, rival)
        for source, rival in _rivals(number, sources)
        if not any(
            place.source is source and are_ends_of_one(source, place.number, rival)
            for place in places
        )
    ]
    mistaken = [
        mistaken_for(own, there, rivals) for score, there in around if score >= best - _CLOSE
    ]
    if all(rival is not None for rival in mistaken):
        written = read.text[number.start : number.end]
        beside = mistaken[0].text.strip() if mistaken[0] else ""
        yield Check(CheckName.BINDING, False, f"{written} stands with {beside}")


def _rivals(number: Number, sources: Sequence[ReadText]) -> Iterator[tuple[ReadText, Number]]:
    if number.kind is not NumberKind.DATE:
        yield from rivals_of(number, sources)
        return
    for source in sources:
        for other in source.numbers:
            terms, its = set(canonical_terms(number)), set(canonical_terms(other))
            apart = canonical(number) not in its and canonical(other) not in terms
            if other.kind is NumberKind.DATE and apart:
                yield source, other


def _around(read: ReadText, number: Number) -> Surroundings:
    """A date governs what follows it, up to the next one; a figure belongs to what precedes it."""
    if number.kind is NumberKind.DATE:
        return _governed(read, number)
    return surroundings(read, number)


def _governed(read: ReadText, date: Number) -> Surroundings:
    sentence = read.sentence_at(date.start)
    dates = [n for n in read.numbers_in(sentence) if n.kind is NumberKind.DATE]
    at = dates.index(date) if date in dates else -1
    if at < 0:  # 去年: what stands in its clause
        clause = read.clause_at(date.start)
        return plain_surroundings(read, date.end, clause.end)
    # What stands before the first date is said of all of them.
    start = _prefix(read, date) if at else date.end
    end = _prefix(read, dates[at + 1]) if at + 1 < len(dates) else sentence.end
    return plain_surroundings(read, start, max(end, date.end))


def _prefix(read: ReadText, date: Number) -> int:
    """Where the words before a date begin that belong to it: 提高到 of 提高到2020年的47.2%."""
    before = [n.end for n in read.numbers if n.end <= date.start]
    return max([read.clause_at(date.start).start, *before])
