"""The document as PDF: by reportlab in one column and in two, and as Chromium prints it."""

import io
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from eval.reading.samples.document import Sample
from eval.reading.samples.markup import html

_FONT = "STSong-Light"  # known to PDF readers by name: none is installed or shipped
_CHROMIUM_S = 120.0


def pdf(sample: Sample, columns: int = 1) -> bytes:
    """Pages of A4 with a running head and a page number."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import cm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    margin, gap = 2 * cm, 0.8 * cm
    width = (A4[0] - 2 * margin - gap * (columns - 1)) / columns
    frames = [
        Frame(margin + at * (width + gap), margin, width, A4[1] - 2 * margin, 0, 0, 0, 0)
        for at in range(columns)
    ]

    def furnish(canvas: Any, template: Any) -> None:
        canvas.setFont(_FONT, 9)
        canvas.drawString(margin, A4[1] - 1.2 * cm, "县情资料汇编")
        canvas.drawCentredString(A4[0] / 2, 1.1 * cm, f"— {template.page} —")

    written = io.BytesIO()
    document = BaseDocTemplate(written, pagesize=A4, title=sample.title, invariant=1)
    document.addPageTemplates([PageTemplate(frames=frames, onPage=furnish)])
    document.build(_story(sample, width, columns))
    return written.getvalue()


def _story(sample: Sample, width: float, columns: int) -> list[Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

    base = {"fontName": _FONT, "wordWrap": "CJK"}
    body = ParagraphStyle("body", fontSize=11, leading=18, firstLineIndent=22, **base)
    heading = ParagraphStyle("heading", fontSize=13, leading=24, spaceBefore=6, **base)
    title = ParagraphStyle("title", fontSize=17, leading=28, **base)
    small = ParagraphStyle("small", fontSize=10, leading=18, **base)
    size = 10 if columns == 1 else 6
    whole = (0, 0), (-1, -1)
    grid = [
        ("GRID", *whole, 0.5, "black"),
        ("FONT", *whole, _FONT, size),
        ("LEFTPADDING", *whole, 2),
        ("RIGHTPADDING", *whole, 2),
    ]
    story: list[Any] = [Paragraph(sample.title, title), Paragraph(sample.byline, small)]
    for section in sample.sections:
        story.append(Paragraph(section.heading, heading))
        story += [Paragraph(text, body) for text in (*section.paragraphs, *section.items)]
        if section.table:
            wide = [width / len(section.table[0])] * len(section.table[0])
            story += [Spacer(1, 6), Table(section.table, wide, style=TableStyle(grid))]
    return story


def by_chromium(sample: Sample, program: str) -> bytes:
    """As a reader prints the page. Raises: subprocess errors; RuntimeError if nothing came."""
    with tempfile.TemporaryDirectory(prefix="wenju-print-") as folder:
        page, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_bytes(html(sample))
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
        own = f"--user-data-dir={folder}/profile"
        subprocess.run(
            [*command, own, f"--print-to-pdf={made}", page.as_uri()],
            check=True,
            capture_output=True,
            timeout=_CHROMIUM_S,
        )
        if not made.is_file():
            raise RuntimeError("Chromium printed nothing")
        return made.read_bytes()
