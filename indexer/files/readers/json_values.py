"""JSON to values one after the other, and values to lines of text. Knows no fields by name.

Numbers keep their spelling and keys their order, also those that come twice. A large array is taken
apart element by element, so that it is never in memory as a whole.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.errors import UnreadableFile
from indexer.files.readers.rows import too_large
from indexer.files.readers.tables import row_text, tidy

MAX_DEPTH = 32
"""Of objects in objects: people's records have 3 or 4; each level is a word more on every line."""

MAX_VALUE_CHARS = 16_000_000
"""Of one record: parsed it takes up to 20 times the space. Larger arrays are read in parts."""

MAX_VALUE_OBJECTS = 400_000
MAX_VALUE_PARTS = 2_000_000
"""Objects and arrays in one value, and commas: 16 MB of nothing but `[],` would take 20 seconds."""

_FIRST_CHARS = 500  # what is tried of an element, or twice the one before; more where it is longer
_GROWTH = 8
_SPACE = re.compile(r"[ \t\n\r]*")
_HALF = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Object:
    """An object as its pairs, in order."""

    pairs: list[tuple[str, "Value"]]


Value = str | None | Object | list["Value"]


class _TooBig(ValueError):
    """A value that holds or nests more than is read here."""


def _say_nothing(constant: str) -> None:
    del constant


_DECODER = json.JSONDecoder(
    object_pairs_hook=Object,
    parse_int=str,  # also: a number of 5,000 digits is no int
    parse_float=str,
    parse_constant=_say_nothing,  # NaN and Infinity are no JSON and say nothing
    strict=False,  # a bare line break in a string is forgiven
)


def parse_value(text: str) -> Value:
    """One value and nothing behind it. Raises: ValueError."""
    if len(text) > MAX_VALUE_CHARS:
        raise ValueError(f"longer than {MAX_VALUE_CHARS:,} characters")
    begin = _skip_space(text, 0)
    value, end = _decode(text, begin)
    if _skip_space(text, end) < len(text):
        raise ValueError(f"more follows at character {end + 1}")
    return value


def parse_values(text: str) -> Iterator[Value]:
    """The elements of the array that the text is, or the values that follow each other in it.

    Raises: UnreadableFile, reason `damaged` or `too_large`.
    """
    at = _skip_space(text, 0)
    in_array = text[at : at + 1] == "["
    at = _skip_space(text, at + in_array)
    if in_array and text[at : at + 1] == "]":
        return
    likely = _FIRST_CHARS
    while at < len(text):
        value, end = _element(text, at, likely)
        yield value
        likely = max(_FIRST_CHARS, 2 * (end - at))
        at = _skip_space(text, end)
        if in_array:
            mark = text[at : at + 1]
            if mark == "]":
                return
            if mark != ",":
                raise _damaged(text, at)
            at = _skip_space(text, at + 1)
    if in_array:
        raise _damaged(text, at)


def _element(text: str, at: int, size: int) -> tuple[Value, int]:
    """The value that begins at `at`, of which only as much is looked at as it needs."""
    size = min(size, MAX_VALUE_CHARS)
    while True:
        piece = text[at : at + size]
        is_last = at + size >= len(text)
        try:
            value, end = _decode(piece, 0)
        except _TooBig as error:
            raise too_large(str(error)) from error
        except ValueError as error:
            if is_last:
                raise _damaged(text, at) from error
        else:
            if is_last or end < len(piece):  # a number may go on behind the piece
                return value, at + end
        if size >= MAX_VALUE_CHARS:
            raise too_large(f"a value at {_where(text, at)} is over {MAX_VALUE_CHARS:,} characters")
        size = min(size * _GROWTH, MAX_VALUE_CHARS)


def _decode(text: str, at: int) -> tuple[Value, int]:
    if len(text) - at > MAX_VALUE_OBJECTS:
        objects, parts = text.count("[", at) + text.count("{", at), text.count(",", at)
        if objects > MAX_VALUE_OBJECTS or parts > MAX_VALUE_PARTS:
            raise _TooBig(f"one value holds over {MAX_VALUE_OBJECTS:,} objects")
    try:
        value, end = _DECODER.raw_decode(text, at)
    except RecursionError as error:
        raise _TooBig(f"it is nested deeper than {MAX_DEPTH} levels") from error
    return _checked(value, 1), end


def _checked(value: object, depth: int) -> Value:
    """Without what is no text: halves of characters and control characters."""
    if depth > MAX_DEPTH:
        raise _TooBig(f"it is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, Object):
        return Object([(_text(key), _checked(each, depth + 1)) for key, each in value.pairs])
    if isinstance(value, list):
        return [_checked(each, depth + 1) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else None


def _text(text: str) -> str:
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(" ", _HALF.sub("\ufffd", text))


def _skip_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _where(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"


def _damaged(text: str, at: int) -> UnreadableFile:
    return UnreadableFile(
        f"it is no JSON from {_where(text, at)} on",
        reason="damaged",
        hint="save it again; records that are one a line belong into a .jsonl",
    )


# -- to lines -------------------------------------------------------------------------------------


def is_flat(value: Value) -> bool:
    """Whether an object is a row: each of its values is one, or a list of such."""
    return isinstance(value, Object) and all(
        not isinstance(each, Object) and (not isinstance(each, list) or _are_scalars(each))
        for _, each in value.pairs
    )


def row(record: Object) -> str:
    """`县：雷波 | 退出村：12`"""
    names = [tidy(name) for name, _ in record.pairs]
    return row_text(names, [tidy(scalar(value)) for _, value in record.pairs])


def scalar(value: Value, between: str = "、") -> str:
    """A value as text, a list of such as one; nothing for what has structure."""
    if isinstance(value, list):
        return between.join(filter(None, map(scalar, value))) if _are_scalars(value) else ""
    return value if isinstance(value, str) else ""


def flatten(value: Value, path: str = "") -> Iterator[str]:
    """Lines `键.键：值`; a list of flat objects is a table, a row a line, below its name."""
    if isinstance(value, Object):
        for key, each in value.pairs:
            name = tidy(key)
            yield from flatten(each, f"{path}.{name}" if path and name else path or name)
    elif isinstance(value, list) and not _are_scalars(value):
        if all(map(is_flat, value)) and path:
            yield path
        for number, each in enumerate(value, start=1):
            if isinstance(each, Object) and is_flat(each):
                yield row(each)
            else:
                yield from flatten(each, f"{path} {number}".strip())
    else:
        text = scalar(value)
        if text.strip():
            yield f"{path}：{text}" if path else text


def _are_scalars(values: Sequence[Value]) -> bool:
    return all(value is None or isinstance(value, str) for value in values)
