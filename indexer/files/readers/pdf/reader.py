"""PDF: its pages, each by its own text or, where that is missing or useless, by OCR.

A page that is only a picture and can't be read gets a line that says so. Knows the order of the
steps; what it may cost, glyphs, columns, tables, paragraphs and the stored text are in the files
beside this one.
"""

import time
from dataclasses import dataclass, field

from indexer.errors import UnreadableFile
from indexer.files.ocr import is_installed, needs_ocr
from indexer.files.readers.pdf.bounds import check_size, check_streams
from indexer.files.readers.pdf.building import build
from indexer.files.readers.pdf.engine import PageContent, Pdf
from indexer.files.readers.pdf.layout import PageParts, take_apart
from indexer.files.readers.pdf.scans import Scans, is_garbled, is_picture
from indexer.records import Content


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, reason `encrypted`, `damaged`, `too_large`, `needs_ocr`, `no_text`.

    Without the OCR extra, a file of which some pages hold text is read as far as that goes.
    """
    _refuse_other(data)
    check_streams(data)
    with Pdf(data) as pdf:
        check_size(pdf.page_count, 0, 0.0)
        properties = pdf.properties()
        reading = _Reading(pdf, data)
        reading.run()
    return build(name, reading.pages, reading.notes, properties)


def _refuse_other(data: bytes) -> None:
    if b"%PDF-" not in data[:1024]:
        raise UnreadableFile(
            "it does not begin as a PDF does",
            reason="damaged",
            hint="give the file the ending of its real format, or fetch it again",
        )


@dataclass(slots=True)
class _Reading:
    """Each page's fragments, and what is to be said of pages that can't be read whole."""

    pdf: Pdf
    data: bytes
    pages: list[PageParts] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    failed: int = 0
    pictures: int = 0
    garbled: int = 0

    def run(self) -> None:
        scans = Scans()
        chars = 0
        started = time.monotonic()
        for index in range(self.pdf.page_count):
            content = self.pdf.page(index)
            note = self._look_at(content, index + 1)
            if content.needs_ocr and scans.may_go_on():
                content = scans.read(self.pdf, index, content)
                note = [] if content.glyphs else [f"〔第{index + 1}页是图像，其中没有认出文字〕"]
            chars += len(content.glyphs)
            check_size(0, chars, time.monotonic() - started - scans.seconds)
            self.pages.append(take_apart(content))
            self.notes.append(note)
        self._refuse_blank(scans)

    def _look_at(self, content: PageContent, page: int) -> list[str]:
        """Counts the page and says what is to be said if it can't be read better."""
        unread = "没有识别：超出上限" if is_installed() else "识别它需要安装 OCR 扩展"
        if content.failed:
            self.failed += 1
            return [f"〔第{page}页已损坏，读不出文字〕"]
        if is_garbled(content):
            self.garbled += 1
            content.needs_ocr = True
            content.glyphs = []
            return [f"〔第{page}页的字体没有文字对照表，读不出文字；{unread}〕"]
        if is_picture(content):
            self.pictures += 1
            content.needs_ocr = True
            return [f"〔第{page}页是扫描图像；{unread}〕"]
        if content.cut:
            return [f"〔第{page}页的字数超出上限，后面的没有读〕"]
        return []

    def _refuse_blank(self, scans: Scans) -> None:
        count = len(self.pages)
        texts = {"".join(part.text for part in page.parts) for page in self.pages}
        blank = texts == {""} and not any(page.tables for page in self.pages)
        if self.pictures == count and not scans.pages and len(texts) == 1:
            blank = True  # what a scanning app signs each page with is no text
        if self.failed and (blank or self.failed * 2 > count or not _is_whole(self.data)):
            raise UnreadableFile(
                f"{self.failed} of its {count} pages can't be read: the file is damaged or cut",
                reason="damaged",
                hint="fetch it again, or print it to a new PDF from a viewer that shows it",
            )
        if not blank:
            return
        if scans.pages:
            raise UnreadableFile(
                f"its {count} pages are pictures on which no text was found",
                reason="no_text",
                hint="nothing to index in it; if it does hold text, scan it at 300 dpi",
            )
        if self.garbled:
            raise needs_ocr("its fonts do not say which characters they show")
        if self.pictures:
            raise needs_ocr(
                f"it is a scan: {self.pictures} of its {count} pages are pictures, none holds text"
            )
        raise UnreadableFile(
            f"its {count} pages are blank", reason="no_text", hint="nothing to index in it"
        )


def _is_whole(data: bytes) -> bool:
    """Whether the file ends as a PDF does; a download that broke off doesn't."""
    return b"%%EOF" in data[-2048:]
