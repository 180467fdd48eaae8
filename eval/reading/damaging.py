"""Texts spoilt on purpose, and how much of one came back. Knows no decoder.

A place is damaged where one byte is lost, has one of its bits turned over, or has a stray byte put
before it. What came back is right if it is the text but for the places: at each, at most three
characters in a row are lost or replaced, the damaged one or one of its neighbours among them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

EVERY = 300  # characters, one damaged place

_BESIDE = 2  # characters on either side that may be among the lost
_MOST_LOST = 3
_MOST_THERE = 9  # characters that may stand at a place: those beside it and U+FFFD


class State(StrEnum):
    WHOLE = "whole"
    CUT_FRONT = "first byte cut off"
    CUT_END = "last byte cut off"
    LOST = "a byte lost"
    FLIPPED = "a bit flipped"
    INSERTED = "a byte inserted"


class Outcome(StrEnum):
    RIGHT = "right"
    UNMARKED = "right but for a place that no U+FFFD marks"
    REFUSED = "refused"
    MARKED = "wrong, with a U+FFFD"
    GARBAGE = "wrong, with no sign of it"


@dataclass(frozen=True, slots=True)
class Spoilt:
    """The bytes of a text in one encoding and state. `places` are indexes of its characters."""

    text: str
    data: bytes
    places: tuple[int, ...]


def in_pieces(text: str, encoding: str) -> list[bytes]:
    """The bytes of each character. Raises: UnicodeEncodeError, if the encoding can't hold one."""
    if encoding != "hz":
        return [char.encode(encoding) for char in text]
    # Python's own takes A1AA and A1A4 for rarer signs than the dash and the point that they are.
    pieces: list[bytes] = []
    is_open = False
    for char in text:
        pair = b"" if char.isascii() else char.encode("gbk")
        if pair and (min(pair) < 0xA1 or pair[0] > 0xF7):
            raise UnicodeEncodeError("hz", text, len(pieces), len(pieces) + 1, "not in GB 2312")
        escape = b"" if bool(pair) == is_open else b"~{" if pair else b"~}"
        is_open = bool(pair)
        plain = char.encode("ascii").replace(b"~", b"~~") if not pair else b""
        pieces.append(escape + plain + bytes(byte & 0x7F for byte in pair))
    if is_open:
        pieces[-1] += b"~}"
    return pieces


def spoil(text: str, encoding: str, mark: bytes, state: State, chance: random.Random) -> Spoilt:
    """Raises: UnicodeEncodeError, for a text that the encoding can't hold."""
    pieces = in_pieces(text, encoding)
    data = bytearray(mark + b"".join(pieces))
    if state is State.WHOLE:
        return Spoilt(text, bytes(data), ())
    if state is State.CUT_FRONT:
        return Spoilt(text, bytes(data[1:]), (0,))
    if state is State.CUT_END:
        return Spoilt(text, bytes(data[:-1]), (len(text) - 1,))
    begins = list(accumulate(map(len, pieces), initial=len(mark)))
    count = max(1, len(text) // EVERY)
    block = len(text) // count
    places = [block * number + chance.randrange(block) for number in range(count)]
    for place in reversed(places):
        at = chance.randrange(begins[place], begins[place + 1])
        _spoil_byte(data, at, state, chance)
    return Spoilt(text, bytes(data), tuple(places))


def _spoil_byte(data: bytearray, at: int, state: State, chance: random.Random) -> None:
    if state is State.LOST:
        del data[at]
    elif state is State.FLIPPED:
        data[at] ^= 1 << chance.randrange(8)
    else:
        data.insert(at, chance.randrange(256))


def judge(spoilt: Spoilt, came_back: str | None) -> Outcome:
    """What became of it; None is a refusal."""
    if came_back is None:
        return Outcome.REFUSED
    if came_back == spoilt.text:
        return Outcome.RIGHT
    if spoilt.places and _is_right_but_for(spoilt.text, came_back, spoilt.places):
        return Outcome.RIGHT if "\ufffd" in came_back else Outcome.UNMARKED
    return Outcome.MARKED if "\ufffd" in came_back else Outcome.GARBAGE


def _is_right_but_for(text: str, came_back: str, places: Sequence[int]) -> bool:
    """Whether the stretches between the places came back and enough of what is beside them."""
    stretches: list[tuple[int, int]] = []  # of the text, that may differ
    for place in places:
        begin, end = max(0, place - _BESIDE), min(len(text), place + _BESIDE + 1)
        if stretches and begin <= stretches[-1][1]:
            begin = stretches.pop()[0]
        stretches.append((begin, end))
    pattern, at = "", 0
    for begin, end in stretches:
        pattern += re.escape(text[at:begin]) + f"(.{{0,{_MOST_THERE + end - begin}}}?)"
        at = end
    found = re.fullmatch(pattern + re.escape(text[at:]), came_back, re.DOTALL)
    return found is not None and all(
        end - begin - _common(text[begin:end], there) <= _MOST_LOST * _places_in(begin, end, places)
        for (begin, end), there in zip(stretches, found.groups(), strict=True)
    )


def _places_in(begin: int, end: int, places: Sequence[int]) -> int:
    return sum(begin <= place < end for place in places)


def _common(one: str, other: str) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for char in one:
        before = 0
        for at, there in enumerate(other):
            before, row[at + 1] = (
                row[at + 1],
                before + 1 if char == there else max(row[at], row[at + 1]),
            )
    return row[-1]
