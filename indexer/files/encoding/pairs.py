"""Encodings of two bytes a character, read so that a damaged byte costs a character or two.

A byte too few or too many in GB18030, Big5 or UTF-16 shifts all pairs behind it, and what comes out
is mostly valid: a paragraph of wrong characters. Where the text does not read well, the bytes to
leave out are therefore searched for, such that what remains is likeliest. Knows no file.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from indexer.files.encoding.costs import ALONE, COSTS, DAMAGE, DAMAGED_ASCII, cost

PAIRS = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")

MAX_MENDED_BYTES = 4 * 2**20
"""Searching takes a microsecond a byte; after so many doubtful bytes the rest is read as it is."""

_CHUNK = 256
_AHEAD = 128  # bytes behind a chunk, so that the search knows how it goes on
_WINDOW = 4
_MOST_IN_WINDOW = 9.8 * _WINDOW
_NEVER = 1e6
_BEFORE = re.compile(r"[A-~][^\0-\x7f]")
_REPEATED = re.compile(r"([^\0-\x7f])(?=\1)")
_BETWEEN = re.compile(r"[^\0-\x7f][A-~][^\0-\x7f]")
_DAMAGE_OF_ALL = 20.0  # in UTF-16, where nothing ends a shift: it must pay for the whole rest
_AGAIN = 4.0  # a character that is repeated, as in a rule
_CUT_FRONT = 5.0  # where a file begins in the middle of a character
_HALF = 4.0  # the first byte of a character whose second is not there to be seen
_LEAST_GAIN = 8.0  # a run of rare characters may as well be one of others, one byte further


@dataclass(frozen=True, slots=True)
class Reading:
    """Text with a U+FFFD at each damaged place, how many bytes it is, and how unlikely it is."""

    text: str
    used: int
    cost: float


def read_pairs(data: bytes, encoding: str) -> str:
    """All of `data`; never raises."""
    pieces: list[str] = []
    at, left = 0, MAX_MENDED_BYTES
    while at < len(data):
        found, is_doubtful = _as_it_stands(data, at, encoding)
        if is_doubtful and left > 0:
            mended = _mended(data, at, encoding)
            left -= _CHUNK
            if found is None or mended.cost < found.cost - _LEAST_GAIN:
                found = mended
        if found is None:
            pieces.append(data[at:].decode(encoding, "replace"))
            break
        pieces.append(found.text)
        at += found.used
    return "".join(pieces)


def _as_it_stands(data: bytes, at: int, encoding: str) -> tuple[Reading | None, bool]:
    """The next chunk if every byte of it fits, and whether it or what follows reads badly."""
    chunk = data[at : at + _CHUNK]
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(chunk, at + _CHUNK >= len(data))
        used = len(chunk) - len(decoder.getstate()[0])
        ahead = decoder.decode(data[at + _CHUNK : at + _CHUNK + _AHEAD])
    except UnicodeDecodeError:
        return None, True
    if used == 0:
        return None, True
    seen = text + ahead
    half = _HALF if decoder.getstate()[0] else 0.0
    return Reading(text, used, _cost(seen) + half), _is_doubtful(seen)


def _cost(text: str) -> float:
    """As the search counts it."""
    again = sum(max(0.0, COSTS[char] - _AGAIN) for char in _REPEATED.findall(text))
    return cost(text) + ALONE * len(_BEFORE.findall(text)) - again


def _is_doubtful(text: str) -> bool:
    """Whether somewhere in it a few characters in a row are unlikely ones."""
    if _BETWEEN.search(text):
        return True
    costs = list(map(COSTS.__getitem__, text))
    if sum(costs) > _MOST_IN_WINDOW / _WINDOW * max(len(costs), _WINDOW):
        return True
    window = sum(costs[:_WINDOW])
    for old, new in zip(costs, costs[_WINDOW:], strict=False):
        if window > _MOST_IN_WINDOW:
            return True
        window += new - old
    return window > _MOST_IN_WINDOW


def mend(data: bytes, encoding: str) -> Reading:
    """The likeliest reading of the whole of `data`."""
    return _read_on(data, encoding, len(data), DAMAGE, DAMAGE)


def _mended(data: bytes, at: int, encoding: str) -> Reading:
    """The likeliest reading of a chunk. Its cost is that of the chunk and of what follows."""
    end = at + _CHUNK + _AHEAD
    first = _CUT_FRONT if at == 0 else DAMAGE
    last = _HALF if end < len(data) else DAMAGE
    return _read_on(data[at:end], encoding, min(_CHUNK, len(data) - at), first, last)


def _read_on(data: bytes, encoding: str, least: int, first: float, last: float) -> Reading:
    """Up to the first character that begins at `least` or later."""
    best, steps = _search(data, encoding, first, last)
    pieces: list[str] = []
    at = begin = 0
    while at < least:
        step = steps[at]
        if step == 0:
            pieces.append(data[begin:at].decode(encoding, "replace"))
            if not pieces[-1] or pieces[-1] != "\ufffd" or begin != at:
                pieces.append("\ufffd")
            begin = at + 1
        at += step or 1
    pieces.append(data[begin:at].decode(encoding, "replace"))
    return Reading("".join(pieces), at, best)


def _search(data: bytes, encoding: str, first: float, last: float) -> tuple[float, Sequence[int]]:
    """The lowest cost of the bytes, and for each place how long its character is; 0 for none.

    `first` and `last` are what it costs to leave out the byte at either end.
    """
    size = len(data)
    costs = [0.0] * (size + 5)
    steps = bytearray(size)
    pairs = _pairs(encoding)
    is_mixed = not encoding.startswith("utf-16")
    damage = DAMAGE if is_mixed else _DAMAGE_OF_ALL
    for at in range(size - 1, -1, -1):
        best, step = (
            (damage if 0 < at < size - 1 else first if at == 0 else last) + costs[at + 1],
            0,
        )
        byte = data[at]
        if is_mixed and byte < 0x80:
            alone = COSTS[chr(byte)] + costs[at + 1]
            if byte > 0x40 and at + 1 < size and data[at + 1] >= 0x80:
                alone += ALONE
            best, step = alone, 1
            if alone - costs[at + 1] > DAMAGED_ASCII:
                best, step = DAMAGED_ASCII + costs[at + 1], 0
        elif at + 1 < size:
            pair = pairs[byte << 8 | data[at + 1]]
            if pair == _NEVER and at + 3 < size:
                four = _four(data[at : at + 4], encoding) + costs[at + 4]
                if four < best:
                    best, step = four, 4
            else:
                if data[at : at + 2] == data[at + 2 : at + 4]:
                    pair = min(pair, _AGAIN)
                if pair + costs[at + 2] < best:
                    best, step = pair + costs[at + 2], 2
        costs[at] = best
        steps[at] = step
    return costs[0], steps


class _Pairs(dict[int, float]):
    """The cost of the character that two bytes stand for; worked out at its first use."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    def __missing__(self, code: int) -> float:
        try:
            found = cost(code.to_bytes(2, "big").decode(self._encoding))
        except UnicodeDecodeError:
            found = _NEVER
        self[code] = found
        return found


@cache
def _pairs(encoding: str) -> _Pairs:
    return _Pairs(encoding)


def _four(data: bytes, encoding: str) -> float:
    """The cost of a character of four bytes."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return _NEVER
    return COSTS[text] if len(text) == 1 else _NEVER
