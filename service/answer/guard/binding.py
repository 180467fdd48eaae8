"""Whether a figure stands with what its source counts: 甲100人、乙200人 does not say 甲200人.

A figure's surroundings are the words from the figure before it, of its own family, to the end of
its own clause. They are compared with those of the same figure in the source and with those of
every rival, another figure of the family: whatever tells the rival apart must not stand in the
sentence alone. Knows no names and no directions.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.text.numbers import Number, NumberKind, canonical, canonical_terms
from service.answer.guard.directions import first_way
from service.answer.guard.figures import family
from service.answer.guard.reading import ReadText

_BOUNDARY = re.compile(r"[,;、。!?|\n()]|\.(?=\s|$)")
_HAN = re.compile(r"[㐀-鿿]+")
_WORD = re.compile(r"[a-z][a-z0-9\-]*")
_IDLE = frozenset(
    "的了和与及为是有在共达到至约等其中各也都已将又还则即就并而且或以于之这那个名人位户元万亿年月日时从由"
    "一二三四五六七八九十百千余多近超第"
)
_RESPECTIVELY = re.compile(r"分别|依次|各(?=为|有|是|达)")
_JOINED = re.compile(r"[、和与及]|以及")
_LONGEST_SUBJECT = 12
_DATE_WEIGHT = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around one figure: its words for comparing, and the text they are from."""

    words: frozenset[str]
    dates: frozenset[str]
    text: str


def surroundings(read: ReadText, number: Number) -> Surroundings:
    """From the end of the clause of the figure before it, of the same family, to its own end."""
    sentence = read.sentence_at(number.start)
    own = family(number)
    start = sentence.start
    for other in read.numbers_in(sentence):
        if other.start >= number.start:
            break
        if family(other) == own and not _is_other_end(read, other, number):
            start = max(start, _right_end(read, other))
    end = max(number.end, _right_end(read, number))
    named = _named_in_turn(read, number)
    text = named if named else f"{read.text[start : number.start]} {read.text[number.end : end]}"
    inside = [
        n
        for n in read.numbers
        if n.kind is NumberKind.DATE
        and (start <= n.start < number.start or number.end <= n.start < end)
    ]
    dates = frozenset(canonical(n) for n in inside)
    words = {*_words(_bare(text, read, start, number, end)), *_figures_beside(read, number, start)}
    return Surroundings(frozenset(words), dates, text)


def _figures_beside(read: ReadText, number: Number, start: int) -> Iterator[str]:
    """Figures of other families before it, and the one right behind it: 2个300米跑道."""
    for other in read.numbers:
        if other.kind is NumberKind.DATE or family(other) == family(number):
            continue
        is_next = number.end <= other.start <= number.end + 1
        if start <= other.start < number.start or is_next:
            yield canonical(other) + other.unit


def plain_surroundings(read: ReadText, start: int, end: int) -> Surroundings:
    """The words of a stretch, without the figures and dates in it."""
    text = read.text[start:end]
    for number in reversed(read.numbers):
        if start <= number.start and number.end <= end:
            text = f"{text[: number.start - start]} {text[number.end - start :]}"
    return Surroundings(frozenset(_words(text)), frozenset(), text)


def mistaken_for(
    own: Surroundings, other: Surroundings, rivals: Iterable[Surroundings]
) -> Surroundings | None:
    """The rival that the sentence's figure stands with, rather than with `other`, its own one."""
    for rival in rivals:
        if _dates_of(own, rival, other) or _subject_of(own, rival, other):
            return rival
        mine = _weight(own, other) - _weight(own, other, rival)
        its = _weight(own, rival) - _weight(own, rival, other)
        if its > 0 and mine == 0:
            return rival
    return None


def likeness(own: Surroundings, other: Surroundings) -> float:
    """How much of the sentence's surroundings the source's hold, 0 to 1."""
    whole = len(own.words) + _DATE_WEIGHT * len(own.dates)
    return _weight(own, other) / whole if whole else 0.0


def _weight(own: Surroundings, *others: Surroundings) -> int:
    words, dates = own.words, own.dates
    for other in others:
        words, dates = words & other.words, dates & _larger(other.dates)
    return len(words) + _DATE_WEIGHT * len(dates)


def _larger(dates: frozenset[str]) -> frozenset[str]:
    """The dates and those that hold them: 2020-05-28 is in 2020-05 and in 2020."""
    found = set(dates)
    for date in dates:
        parts = date.split("-")
        if date[1:2] != "-":
            found |= {"-".join(parts[:count]) for count in range(1, len(parts))}
    return frozenset(found)


def _dates_of(own: Surroundings, rival: Surroundings, other: Surroundings) -> bool:
    """Whether the sentence dates the figure as the rival is dated, and its own date is another."""
    if not other.dates or not own.dates:
        return False
    its = own.dates & (_larger(rival.dates) - _larger(other.dates))
    return bool(its) and not own.dates & _larger(other.dates)


def _subject_of(own: Surroundings, rival: Surroundings, other: Surroundings) -> bool:
    """Whether the rival's subject stands in the sentence, where the two clauses run alike."""
    mine, its = _subjects(other.text, rival.text)
    return bool(mine and its) and _stands_in(its, own.text) and not _stands_in(mine, own.text)


def _subjects(text: str, other: str) -> tuple[str, str]:
    """What stands before the first two characters that both texts have, if it is short."""
    mine, its = _han_only(text), _han_only(other)
    for at in range(len(mine) - 1):
        place = its.find(mine[at : at + 2])
        if place >= 0:
            if at > _LONGEST_SUBJECT or place > _LONGEST_SUBJECT:
                return "", ""
            return _meaning(mine[:at], its[:place]), _meaning(its[:place], mine[:at])
    return "", ""


def _meaning(subject: str, other: str) -> str:
    """The characters of a subject that say which one it is."""
    return "".join(c for c in subject if c not in _IDLE and c not in other)


def _stands_in(subject: str, text: str) -> bool:
    return all(character in text for character in subject)


def _han_only(text: str) -> str:
    return "".join(_HAN.findall(text))


def _right_end(read: ReadText, number: Number) -> int:
    """Where the words behind a figure end that belong to it: at a mark or at the next figure."""
    mark = _BOUNDARY.search(read.text, number.end)
    end = mark.start() if mark else len(read.text)
    following = next((n for n in read.numbers if n.start >= number.end), None)
    if following is None or following.start >= end:
        return end
    # 100人和200人: what joins two figures of one family belongs to the second
    if family(following) == family(number):
        return number.end
    goes_on = first_way(read.text, number.end, following.start)
    return following.start if goes_on < 0 else goes_on


def _is_other_end(read: ReadText, low: Number, high: Number) -> bool:
    between = read.text[low.end : high.start]
    return re.fullmatch(r"\s?(?:-|–|—|~|～|至|到)\s?", between) is not None


def _named_in_turn(read: ReadText, number: Number) -> str:
    """Of 甲、乙两村分别有100人和200人 the words that go with this figure; else empty."""
    sentence = read.sentence_at(number.start)
    told = list(_RESPECTIVELY.finditer(read.text, sentence.start, number.start))
    if not told:
        return ""
    mark = told[-1]
    own = family(number)
    figures: list[Number] = [
        n for n in read.numbers_in(sentence) if n.start >= mark.end() and family(n) == own
    ]
    start = max(
        (m.end() for m in re.finditer(r"[,;。!?|\n]", read.text[: mark.start()])),
        default=sentence.start,
    )
    head = read.text[max(start, sentence.start) : mark.start()]
    items = [item.strip() for item in _JOINED.split(head) if item.strip()]
    if number not in figures or len(items) != len(figures) or len(items) < 2:
        return ""
    return items[figures.index(number)] + read.text[mark.end() : figures[0].start]


def _bare(text: str, read: ReadText, start: int, number: Number, end: int) -> str:
    """The words without the figures among them, which are compared by value elsewhere."""
    for other in read.numbers:
        if start <= other.start < end and other is not number:
            text = text.replace(read.text[other.start : other.end], " ", 1)
    return text


def _words(text: str) -> Iterator[str]:
    for run in _HAN.findall(text):
        yield from (character for character in run if character not in _IDLE)
        for at in range(len(run) - 1):
            pair = run[at : at + 2]
            if not all(character in _IDLE for character in pair) or pair in ("从的", "到的"):
                yield pair
    yield from _WORD.findall(text)


def rivals_of(number: Number, sources: Sequence[ReadText]) -> Iterator[tuple[ReadText, Number]]:
    """The figures of the sources that it can be mistaken for: of its family, another value."""
    own = family(number)
    for source in sources:
        for other in source.numbers:
            if (
                family(other) == own
                and other.kind is not NumberKind.DATE
                and not set(canonical_terms(other)) & set(canonical_terms(number))
            ):
                yield source, other
