"""Pictures of text (.png .jpg .tif .bmp .webp), page by page, through OCR.

A TIFF may hold many pages. The way a camera was held is minded. Knows how pictures are packed; what
stands on them is found by `indexer.files.ocr`, and read as a PDF's pages are.
"""

import io
import struct
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from indexer.errors import UnreadableFile
from indexer.files.ocr import Seen, is_installed, look, needs_ocr
from indexer.files.readers.pdf.building import build
from indexer.files.readers.pdf.layout import take_apart
from indexer.files.readers.pdf.seen import as_page, scale_of
from indexer.records import Content

MAX_PIXELS = 100_000_000
"""Of one page: A3 at 600 dpi has 70 million. Unpacked to RGB they take 300 MB."""

MAX_PAGES = 500
"""Of one file, at 4 s each half an hour. Faxes and archives keep a file of papers in one TIFF."""

MAX_SECONDS = 3_600.0
"""Of one file, looked at between pages."""

_LEAST_SIDES = (40, 12)  # pixels, the longer and the shorter: less is an icon or a line
_KINDS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, reason `needs_ocr`, `damaged`, `too_large`, `no_text`."""
    if not is_installed():
        raise needs_ocr("it is a picture, and text on pictures is read by OCR alone")
    seen = list(_seen(data))
    if not any(page.words for page in seen):
        raise UnreadableFile(
            "no text was found on it",
            reason="no_text",
            hint="nothing to index in it; if it does hold text, scan it at 300 dpi",
        )
    scale = scale_of(seen)
    pages = [take_apart(as_page(page, scale)) for page in seen]
    notes = [
        () if page.words else (f"〔第{number}页是图像，其中没有认出文字〕",)
        for number, page in enumerate(seen, 1)
    ]
    content = build(name, pages, notes)
    return content if len(pages) > 1 else replace(content, places=())


def _seen(data: bytes) -> Iterator[Seen]:
    """What stands on each page."""
    from PIL import Image, ImageOps, ImageSequence  # comes with the OCR extra

    Image.init()  # by itself Pillow knows the commonest kinds alone
    started = time.monotonic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd tags, and of large pictures: see below
            with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
                for number, frame in enumerate(_pages(picture, ImageSequence)):
                    _check(frame.size, number, time.monotonic() - started)
                    upright = ImageOps.exif_transpose(frame)
                    yield look(_pixels(upright)) if _may_hold_text(frame.size) else _NOTHING
    except Image.DecompressionBombError as error:
        raise _too_large("it has far too many pixels") from error
    except MemoryError as error:
        raise _too_large("it needs more memory than there is") from error
    # What Pillow's readers let out on broken files
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError) as error:
        raise _damaged() from error
    except (struct.error, OverflowError, ZeroDivisionError, AttributeError) as error:
        raise _damaged() from error


_NOTHING = Seen((), (), 0.0)


def _pages(picture: Any, sequence: Any) -> Iterator[Any]:
    """A TIFF's pages; of what moves, or holds a preview of itself, the first picture."""
    if picture.format == "TIFF":
        yield from sequence.Iterator(picture)
    else:
        yield picture


def _may_hold_text(size: tuple[int, int]) -> bool:
    return max(size) >= _LEAST_SIDES[0] and min(size) >= _LEAST_SIDES[1]


def _pixels(picture: Any) -> Any:
    """RGB; what is transparent is white, and sixteen bits of grey become eight."""
    import numpy
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        grey = numpy.asarray(picture, dtype=numpy.float64)
        low, high = float(grey.min()), float(grey.max())
        flat = ((grey - low) * (255 / max(high - low, 1.0))).astype(numpy.uint8)
        return numpy.repeat(flat[:, :, None], 3, axis=2)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return numpy.ascontiguousarray(numpy.asarray(picture.convert("RGB")))


def _check(size: tuple[int, int], number: int, seconds: float) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_large(f"{size[0]:,} times {size[1]:,} pixels are more than {MAX_PIXELS:,}")
    if number >= MAX_PAGES:
        raise _too_large(f"it has more than {MAX_PAGES:,} pages")
    if seconds > MAX_SECONDS:
        raise _too_large(f"reading it takes more than {MAX_SECONDS:.0f} s")


def _too_large(message: str) -> UnreadableFile:
    return UnreadableFile(message, reason="too_large", hint="split it, or save it smaller")


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        "it is no picture, or a broken or cut one",
        reason="damaged",
        hint="give the file the ending of its real format, or fetch it again",
    )
