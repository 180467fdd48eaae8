"""Which encoding bytes without a mark are in, by what reads likeliest. Knows no file.

A file may hold lines of UTF-8 and lines of another encoding, as logs do that were joined: they are
told apart line by line. A line is read in one encoding.
"""

import io
import re
from collections.abc import Iterator, Sequence

from indexer.files.encoding.costs import cost, is_text, mean_cost
from indexer.files.encoding.pairs import mend, read_pairs

MAX_MIXED_LINES = 500_000
"""In a file of more, lines are not told apart: each is an object in memory."""

_UTF16 = ("utf-16-le", "utf-16-be")
_SAMPLE = 2048
_LOOK_AT = 64 * 1024
_CERTAIN = 8.6  # a mean cost that no wrong encoding comes to, given so many characters
_CERTAIN_CHARS = 16
_HIGH = re.compile(rb"[\x80-\xff]")
_LONG_ASCII = re.compile(rb"([\x01-\x7f])[\x01-\x7f]{2,}")
# Of three and four bytes alone: those of two are common among pairs of GB18030.
_UTF8 = re.compile(rb"(?:[\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+")
_LEAST_UTF8_SHARE = 0.7  # of the high bytes of a line; pairs of GB18030 come to a tenth
_LEAST_UTF8_BYTES = 12  # that make it certain that there is UTF-8


def read_by_score(data: bytes) -> tuple[str, str] | None:
    """The text and its main encoding, or None if it reads well in none."""
    if b"\0" in data:
        name = _likeliest_utf16(data)
        return _read(data, name) if _is_good(data, name) else None
    ours, others = _count_utf8(data)
    if ours >= _LEAST_UTF8_BYTES and others == 0:
        return data.decode("utf-8", "replace"), "utf-8"
    if ours >= _LEAST_UTF8_BYTES and data.count(b"\n") < MAX_MIXED_LINES:
        return _mixed(data, is_mostly_utf8=ours >= others)
    return _in_one(data)


def _in_one(data: bytes) -> tuple[str, str] | None:
    name = _likeliest(data)
    return _read(data, name) if name else None


def _read(data: bytes, name: str) -> tuple[str, str]:
    if name in ("utf-8", "cp1252"):
        return data.decode(name, "replace"), name
    return read_pairs(data, name), name


# -- lines of UTF-8 among others ------------------------------------------------------------------


def _count_utf8(data: bytes) -> tuple[int, int]:
    """How many high bytes stand in lines of UTF-8, damaged or not, and how many in other lines."""
    ours = others = 0
    for line in io.BytesIO(data):
        high = _high(line)
        if _is_utf8(line, high):
            ours += high
        else:
            others += high
    return ours, others


def _high(line: bytes) -> int:
    return 0 if line.isascii() else len(_HIGH.findall(line))


def _is_utf8(line: bytes, high: int) -> bool:
    covered = sum(found.end() - found.start() for found in _UTF8.finditer(line))
    return covered >= high * _LEAST_UTF8_SHARE


def _mixed(data: bytes, is_mostly_utf8: bool) -> tuple[str, str]:
    """The lines of UTF-8 as such and the others in what they read best in."""
    lines = data.split(b"\n")
    kinds = [_is_utf8(line, _high(line)) for line in lines]
    rest = b"\n".join(line for line, ours in zip(lines, kinds, strict=True) if not ours)
    found = _in_one(rest)
    if found is None or found[0].count("\n") != rest.count(b"\n"):
        return data.decode("utf-8", "replace"), "utf-8"
    others: Iterator[str] = iter(found[0].split("\n"))
    text = "\n".join(
        line.decode("utf-8", "replace") if ours else next(others)
        for line, ours in zip(lines, kinds, strict=True)
    )
    return text, "utf-8" if is_mostly_utf8 else found[1]


# -- one encoding ---------------------------------------------------------------------------------


def _likeliest(data: bytes) -> str | None:
    """Of the encodings without zero bytes the one that the sample reads best in."""
    first = _HIGH.search(data)
    begin = first.start() if first else 0
    looked_at = data[begin : begin + _LOOK_AT]
    sample = _LONG_ASCII.sub(rb"\1\n", looked_at)[:_SAMPLE]
    certain = _certain(sample, ("gb18030", "big5hkscs"))
    if certain:
        return certain
    costs = {name: _cost(sample, name) for name in ("gb18030", "big5hkscs", "utf-8", "cp1252")}
    name = min(costs, key=lambda each: costs[each])
    raw = data[begin & ~1 :][:_SAMPLE]
    utf16 = _likeliest_utf16(raw)
    if _cost(raw, utf16) < _cost(raw, name):
        return utf16 if _is_good(raw, utf16) else None
    return name if _is_good(sample, name) else None


def _certain(sample: bytes, names: Sequence[str]) -> str | None:
    """Without a search, for what is not damaged."""
    for name in names:
        text = sample.decode(name, "ignore")
        special = sum(not char.isascii() for char in text)
        if special >= _CERTAIN_CHARS and mean_cost(text) <= _CERTAIN:
            return name
    return None


def _likeliest_utf16(data: bytes) -> str:
    sample = data[:_SAMPLE]
    certain = _certain(sample, _UTF16)
    return certain or min(_UTF16, key=lambda name: _cost(sample, name))


def _cost(sample: bytes, name: str) -> float:
    if name in ("utf-8", "cp1252"):
        return cost(sample.decode(name, "replace"))
    return mend(sample, name).cost


def _is_good(sample: bytes, name: str) -> bool:
    return is_text(_read(sample[:_SAMPLE], name)[0])
