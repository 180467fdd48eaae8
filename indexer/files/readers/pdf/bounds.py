"""What reading a PDF may cost, and the refusal of what costs more. Knows bytes and counts alone.

PDFium unpacks a whole stream at once and can't be interrupted, so streams that unpack to too much
are found before it sees them.
"""

import re
import zlib
from collections import Counter

from indexer.errors import UnreadableFile

MAX_PAGES = 5_000
"""A yearbook has 1,500. 5,000 pages take one to two minutes and 0.4 GB."""

MAX_CHARS = 10_000_000
"""Twice what 5,000 full pages of Chinese text hold."""

MAX_SECONDS = 300.0
"""Between two pages the clock is looked at; pages take 3 to 10 ms, those of maps a second."""

MAX_STREAM_BYTES = 256 * 2**20
"""Unpacked. A colour scan of A4 at 600 dpi has 105 MB; PDFium takes twice as much memory."""

_DENSEST = 1032  # deflate packs 1032 bytes into one at best: smaller streams need no look
_STEP = 2**20
_STREAM = re.compile(rb"stream\r?\n")
_CONTENTS = re.compile(rb"/Contents\s*\[([^\]]{0,200000})\]")
_REFERENCE = re.compile(rb"\d+\s+\d+\s+R")


def check_size(pages: int, chars: int, seconds: float) -> None:
    """Raises: UnreadableFile, reason `too_large`."""
    if pages > MAX_PAGES:
        raise _too_large(f"it has {pages:,} pages, more than {MAX_PAGES:,}")
    if chars > MAX_CHARS:
        raise _too_large(f"it holds more than {MAX_CHARS:,} characters")
    if seconds > MAX_SECONDS:
        raise _too_large(f"reading it takes more than {MAX_SECONDS:.0f} s")


def check_streams(data: bytes) -> None:
    """A page may name one stream many times: then each counts so often.

    Raises: UnreadableFile, reason `too_large`.
    """
    repeated = 1
    for found in _CONTENTS.finditer(data):
        references = Counter(_REFERENCE.findall(found[1]))
        repeated = max((repeated, *references.values()))
    limit = MAX_STREAM_BYTES // repeated
    for found in _STREAM.finditer(data):
        start = found.end()
        # 8: deflate with the usual window, which is what a PDF holds
        if data[start : start + 1] not in (b"\x78", b"\x68", b"\x58", b"\x48"):
            continue
        end = data.find(b"endstream", start)
        end = len(data) if end < 0 else end
        if (end - start) * _DENSEST > limit and _unpacks_beyond(data[start:end], limit):
            raise _too_large(f"a part of it unpacks to more than {limit // 2**20} MB")


def _unpacks_beyond(packed: bytes, limit: int) -> bool:
    unpacker = zlib.decompressobj()
    total = 0
    try:
        while packed and not unpacker.eof:
            total += len(unpacker.decompress(packed, _STEP))
            if total > limit:
                return True
            packed = unpacker.unconsumed_tail
    except zlib.error:
        return False  # not deflate after all, or damaged: PDFium stops at the same place
    return False


def _too_large(message: str) -> UnreadableFile:
    return UnreadableFile(message, reason="too_large", hint="split it into several files")
