"""Which pages of a PDF are to be read as pictures, and the reading of them within bounds.

Knows pages, not files. The engine behind it is that of all pictures.
"""

import time
from dataclasses import dataclass

from indexer.files.ocr import is_installed, look
from indexer.files.readers.pdf.engine import PageContent, Pdf
from indexer.files.readers.pdf.seen import as_page

MAX_PAGES = 1_000
"""Of one file. At 4 s a page that is more than an hour; pages beyond are said to be unread."""

MAX_SECONDS = 3_600.0
"""Of one file, looked at between pages; one page takes 3 to 10 s, a full newspaper's page 30."""

LONGEST_SIDE = 3_200
"""Pixels to which a page is drawn: A4 at 274 dpi. 30 MB."""

_UNMAPPED_SHARE = 0.3  # glyphs without characters from which on a page's text is not to be used
_COVERING = 0.6  # of the page: a picture so large is a scan, not an illustration
_FEW_CHARS = 40  # beside a scan: a stamp, a page number, what a scanning app signs with
_JUNK_SHARE = 0.25  # rare characters from which on the text behind a scan is not to be used
_LEAST_JUDGED = 20
_MORE = 2  # times as many characters as the page's own text: else a slide on a painted ground


def is_garbled(content: PageContent) -> bool:
    """Whether its text is no text: private characters, or what bad OCR left behind a scan."""
    if content.unmapped > _UNMAPPED_SHARE * (len(content.glyphs) + content.unmapped):
        return True
    if content.covered < _COVERING or len(content.glyphs) < _LEAST_JUDGED:
        return False
    rare = sum(not _is_usual(glyph.char) for glyph in content.glyphs)
    return rare > _JUNK_SHARE * len(content.glyphs)


def is_picture(content: PageContent) -> bool:
    if not content.glyphs:
        return content.has_image
    return content.covered >= _COVERING and len(content.glyphs) < _FEW_CHARS


def _is_usual(char: str) -> bool:
    """Latin letters, figures and signs, and the Chinese characters that most text is made of."""
    if char < "\u0080":
        return True
    for encoding in ("gb2312", "big5"):
        try:
            char.encode(encoding)
        except UnicodeEncodeError:
            continue
        return True
    return False


@dataclass(slots=True)
class Scans:
    """The pages of one file that were read as pictures, and what they took."""

    pages: int = 0
    seconds: float = 0.0

    def may_go_on(self) -> bool:
        return is_installed() and self.pages < MAX_PAGES and self.seconds < MAX_SECONDS

    def read(self, pdf: Pdf, index: int, content: PageContent) -> PageContent:
        """The page as it is seen, or `content` where its own text says about as much."""
        started = time.monotonic()
        pixels, scale = pdf.drawn(index, LONGEST_SIDE)
        seen = as_page(look(pixels), scale)
        self.pages += 1
        self.seconds += time.monotonic() - started
        return seen if len(seen.glyphs) >= _MORE * len(content.glyphs) else content
