"""The document as Office files: .docx .pptx .xlsx by their libraries, the old ones by LibreOffice.

Raises ImportError where the libraries of the extra `dev` are not installed.
"""

import io
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from eval.reading.samples.document import Rows, Sample
from eval.reading.samples.markup import bare

_OLD = {"doc": "MS Word 97", "xls": "MS Excel 97", "ppt": "MS PowerPoint 97"}


def docx(sample: Sample) -> bytes:
    import docx as library

    document = library.Document()
    document.core_properties.title = sample.title
    document.core_properties.author = sample.author
    document.core_properties.created = datetime.fromisoformat(sample.date)
    document.add_heading(sample.title, level=0)
    document.add_paragraph(sample.byline)
    for section in sample.sections:
        document.add_heading(section.heading, level=1)
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph)
        for item in section.items:
            document.add_paragraph(bare(item), style="List Number")
        if section.table:
            table = document.add_table(len(section.table), len(section.table[0]))
            _fill(table, section.table)
    return _saved(document)


def pptx(sample: Sample) -> bytes:
    """A slide a section; its table on the same slide."""
    import pptx as library
    from pptx.util import Cm

    show = library.Presentation()
    show.core_properties.title = sample.title
    first = show.slides.add_slide(show.slide_layouts[0])
    first.shapes.title.text = sample.title
    first.placeholders[1].text = sample.byline
    for section in sample.sections:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = section.heading
        slide.placeholders[1].text = "\n".join((*section.paragraphs, *section.items))
        if section.table:
            wide, high = len(section.table[0]), len(section.table)
            frame = slide.shapes.add_table(high, wide, Cm(1), Cm(12), Cm(22), Cm(5))
            _fill(frame.table, section.table)
    return _saved(show)


def xlsx(sample: Sample) -> bytes:
    """The table alone; what are figures are kept as numbers."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "图书馆"
    for row in sample.table:
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    return _saved(book)


def old(data: bytes, modern: str, kind: str, program: str) -> bytes:
    """A file in the format of before 2007. Raises: RuntimeError, if LibreOffice makes none."""
    with tempfile.TemporaryDirectory(prefix="wenju-old-") as folder:
        source = Path(folder, f"file.{modern}")
        source.write_bytes(data)
        profile = Path(folder, "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        target = f"{kind}:{_OLD[kind]}"
        subprocess.run(
            [*command, "--convert-to", target, "--outdir", folder, str(source)],
            check=True,
            capture_output=True,
            timeout=180,
        )
        made = Path(folder, f"file.{kind}")
        if not made.is_file():
            raise RuntimeError(f"LibreOffice wrote no .{kind}")
        return made.read_bytes()


def _fill(table: Any, rows: Rows) -> None:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            table.cell(at, column).text = cell


def _saved(document: Any) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
