"""Bytes to break a reader with, and what it may do with them: Content, or UnreadableFile, soon."""

import random
import time
from collections.abc import Iterator

from indexer.errors import UnreadableFile
from indexer.files.readers import read
from indexer.records import Content

LONGEST_S = 10.0  # of the processor, whatever else the machine does; a reader takes a hundredth


def broken_copies(data: bytes, flips: int = 30) -> Iterator[bytes]:
    """Cut at every tenth, and with bytes changed, lost and doubled at random (seeded)."""
    for tenth in range(10):
        yield data[: len(data) * tenth // 10]
    chance = random.Random(4)
    for _ in range(flips):
        copy = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            copy[chance.randrange(len(copy))] = chance.randrange(256)
        yield bytes(copy)
        at = chance.randrange(len(data))
        yield data[:at] + data[at + chance.randint(1, 40) :]
        yield data[:at] + data[at : at + 40] * 2 + data[at + 40 :]


def read_anyhow(name: str, data: bytes) -> Content | None:
    """What comes of it: None is a refusal with reason and hint. Checks every offset."""
    content: Content | None
    refused: UnreadableFile | None
    started = time.process_time()
    try:
        content = read(name, data)
    except UnreadableFile as error:
        content, refused = None, error
    else:
        refused = None
    assert time.process_time() - started < LONGEST_S
    if content is None:
        assert refused is not None
        assert refused.reason
        assert refused.hint
        return None
    content.text.encode()
    spans = (*content.headings, *content.left_out, *content.places)
    assert all(0 <= span.start < span.end <= len(content.text) for span in spans)
    ends = [0, *(place.end for place in content.places)]
    assert all(place.start >= end for place, end in zip(content.places, ends, strict=False))
    return content


def refusal(name: str, data: bytes) -> str:
    """The reason for which a file is refused; empty if it is read."""
    try:
        read(name, data)
    except UnreadableFile as error:
        return error.reason
    return ""


def places(content: Content) -> dict[str | None, str]:
    """The text at each place."""
    return {place.name: content.text[place.start : place.end] for place in content.places}


def heading_words(content: Content) -> list[tuple[int, str]]:
    return [(each.level, content.text[each.start : each.end]) for each in content.headings]
