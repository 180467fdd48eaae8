"""Whether a sentence is its source's own words: no figure cut, no 没有 or 超过 left before it.

Knows nothing but the two texts.
"""

from functools import lru_cache

from indexer.text.numbers import Number, canonical
from service.answer.guard.dates import qualifier
from service.answer.guard.directions import way_at
from service.answer.guard.negations import denies
from service.answer.guard.reading import ReadText

_KEPT = "%.‰"  # 21.1% is not 211


def is_quoted(read: ReadText, source: ReadText) -> bool:
    """Whether the letters of `read` stand in a row in the source, and say there what they say."""
    own, _ = _letters(read.text)
    words, places = _letters(source.text)
    if not own:
        return False
    at = words.find(own)
    while at >= 0:
        if _says_the_same(read, source, places[at], places[at + len(own) - 1] + 1):
            return True
        at = words.find(own, at + 1)
    return False


@lru_cache(maxsize=256)
def _letters(text: str) -> tuple[str, tuple[int, ...]]:
    """The letters and digits, and where each of them stands."""
    places = tuple(
        at for at, character in enumerate(text) if character.isalnum() or character in _KEPT
    )
    ended = len(places)
    while ended and text[places[ended - 1]] == ".":  # a full stop
        ended -= 1
    return "".join(text[at] for at in places[:ended]), places[:ended]


def _says_the_same(read: ReadText, source: ReadText, start: int, end: int) -> bool:
    if _cuts_a_word(source.text, start) or _cuts_a_word(source.text, end):
        return False
    there = [n for n in source.numbers if n.start < end and start < n.end]
    if any(n.start < start or n.end > end for n in there):
        return False
    if len(there) != len(read.numbers):
        return False
    if not all(
        _is_told_alike(own, other, read, source)
        for own, other in zip(read.numbers, there, strict=True)
    ):
        return False
    first, last = source.clause_at(start), source.clause_at(end - 1)
    return not denies(source.text[first.start : start]) and not denies(source.text[end : last.end])


def _is_told_alike(own: Number, other: Number, read: ReadText, source: ReadText) -> bool:
    return (
        canonical(own) == canonical(other)
        and own.unit == other.unit
        and own.bound is other.bound
        and way_at(read, own) == way_at(source, other)
        and (not own.date or qualifier(read, own) == qualifier(source, other))
    )


def _cuts_a_word(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
