"""Does a text hold a value? Width, case, script, spaces, punctuation and number spelling aside.

Both sides become rows of signs: a number is one sign for its value, any other letter a sign of its
own. A value is held when its signs stand in the text's without a gap: 三千四百二十八 is 3428 is
3,428, and 15万 is not in 115万. Knows the text rules of the indexer, no question and no metric.
"""

from collections.abc import Iterator
from functools import lru_cache

from indexer.text.normalise import fold
from indexer.text.numbers import Number, NumberKind, canonical, find_numbers

_KEPT_MARKS = frozenset("%‰°")
_NUMERALS = frozenset("0123456789〇零一二三四五六七八九十百千万亿两")
_BETWEEN_SIGNS = "\x1f"


def holds(text: str, value: str) -> bool:
    """Whether `value` stands in `text` as a whole. False for a value without letter or digit."""
    wanted, given = _signs(value), _signs(text)
    if wanted == _BETWEEN_SIGNS:
        return False
    return wanted in given or _stands_literally(_compact(text), _compact(value))


def same(one: str, other: str) -> bool:
    """Whether two texts are the same value: the same signs, none before, between or behind."""
    return _signs(one) == _signs(other) != _BETWEEN_SIGNS


@lru_cache(maxsize=4096)
def _signs(text: str) -> str:
    """All signs, each between separators, so that a part of a sign is never found."""
    return _BETWEEN_SIGNS.join(("", *_read_signs(fold(text)), ""))


def _read_signs(text: str) -> Iterator[str]:
    position = 0
    for number in find_numbers(text):
        yield from _letters(text[position : number.start])
        yield from _number_signs(number)
        position = number.end
    yield from _letters(text[position:])


def _letters(text: str) -> Iterator[str]:
    return (letter for letter in text if letter.isalnum() or letter in _KEPT_MARKS)


def _number_signs(number: Number) -> Iterator[str]:
    """The value and its unit. A date is year, month and day, so that 5月28日 is in 2020-05-28."""
    if number.kind is NumberKind.DATE:
        year, _, rest = number.date.removeprefix("-").partition("-")
        parts = [year, *rest.split("-")]
        for part, name in zip(parts, "年月日", strict=False):
            if part:
                yield from (f"#{int(part)}", name)
    elif number.kind is NumberKind.TIME:
        hour, minute = divmod(int(number.value), 100)
        yield from (f"#{hour}", "时", f"#{minute}", "分")
    elif number.kind is NumberKind.FRACTION:
        yield canonical(number)
    else:
        if number.kind is NumberKind.ORDINAL:
            yield "第"
        value = format(number.value, "f")
        yield "#" + (value.rstrip("0").rstrip(".") if "." in value else value)
        yield from _letters(number.unit)


@lru_cache(maxsize=4096)
def _compact(text: str) -> str:
    return "".join(fold(text).split())


def _stands_literally(text: str, value: str) -> bool:
    """For what is a number in one context and none in the other: the same letters, not within a
    longer numeral.
    """
    start = text.find(value)
    while start >= 0:
        end = start + len(value)
        if not (_goes_on(text[start], text[:start][-2:][::-1])) and not (
            _goes_on(text[end - 1], text[end : end + 2])
        ):
            return True
        start = text.find(value, start + 1)
    return False


def _goes_on(edge: str, beyond: str) -> bool:
    """Whether a numeral at the edge of a value goes on beyond it; `beyond` leads away from it."""
    if edge not in _NUMERALS or not beyond:
        return False
    if beyond[0] in ".,点":
        return beyond[1:] != "" and beyond[1] in _NUMERALS
    return beyond[0] in _NUMERALS
