"""One page of a PDF as a picture, or where a quote stands on it, for another process:
`python -m indexer.files.readers.pdf.picture`.

The order is one JSON object, the first line of standard input; the file's bytes follow. Standard
output gets a PNG, or the boxes as JSON. Whatever a hostile file does to PDFium, it does it here,
where memory and time are bounded, and not to whoever asks. Exit status 1: there is no such page.
"""

import ctypes
import json
import resource
import struct
import sys
import unicodedata
import zlib
from collections.abc import Sequence
from typing import Any

_MEMORY_BYTES = 2 * 2**30
_CPU_S = 20
_MAX_CHARS = 100_000  # of a page, as in the reader
_FINE = 100_000  # a box is told in shares of the page, this fine
_LEAST_LINE = 4  # letters: a shorter part of a quote stands in too many places

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in shares of the page's width and height, from its top left."""


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    order = json.loads(sys.stdin.buffer.readline())
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        page = document[order["page"] - 1]
    except (pypdfium2.PdfiumError, IndexError):
        return 1
    if "quote" in order:
        sys.stdout.write(json.dumps(boxes(page, order["quote"])))
    else:
        sys.stdout.buffer.write(picture(page, order["longest_side"]))
    return 0


def picture(page: Any, longest_side: int) -> bytes:
    """The page as a PNG that is so many pixels long at its longer side."""
    bitmap = page.render(scale=longest_side / max(*page.get_size(), 1.0), rev_byteorder=True)
    pixels = bitmap.to_numpy()[:, :, :3]
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)  # 0: no filter
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(rows, 6)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def boxes(page: Any, quote: str) -> list[Box]:
    """A box for each line of the quote on the page; none where it is not found.

    Letters and figures alone are compared, without case and width: the stored text has signs of
    its own for headings and tables, and other line breaks than the page.
    """
    import pypdfium2.raw as raw

    text = page.get_textpage()
    count = min(text.count_chars(), _MAX_CHARS)
    characters = [chr(raw.FPDFText_GetUnicode(text.raw, at)) for at in range(count)]
    found: list[Box] = []
    for start, end in stretches(characters, quote):
        rectangles = raw.FPDFText_CountRects(text.raw, start, end - start)
        found += [_box(page, text.get_rect(at)) for at in range(rectangles)]
    return found


def stretches(characters: Sequence[str], quote: str) -> list[tuple[int, int]]:
    """Where the quote stands among the characters: whole, or else its lines each for itself."""
    folded, places = [], []
    for at, character in enumerate(characters):
        for letter in _letters(character):
            folded.append(letter)
            places.append(at)
    page = "".join(folded)

    def where(sought: str) -> list[tuple[int, int]]:
        at = page.find(sought) if sought else -1
        return [] if at < 0 else [(places[at], places[at + len(sought) - 1] + 1)]

    lines = [_letters(part) for line in quote.splitlines() for part in line.split("|")]
    return where(_letters(quote)) or [
        stretch for line in lines if len(line) >= _LEAST_LINE for stretch in where(line)
    ]


def _letters(text: str) -> str:
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text).casefold()
        if character.isalnum()
    )


def _box(page: Any, rectangle: tuple[float, float, float, float]) -> Box:
    """From the page's own space, which may be moved and turned, to what is seen."""
    import pypdfium2.raw as raw

    left, bottom, right, top = rectangle
    corners = []
    for x, y in ((left, top), (right, bottom)):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, x, y, across, down)
        corners.append((across.value / _FINE, down.value / _FINE))
    (x0, x1), (y0, y1) = (sorted(pair) for pair in zip(*corners, strict=True))
    return (x0, y0, x1, y1)


if __name__ == "__main__":
    sys.exit(main())
