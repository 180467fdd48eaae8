"""Pages of our own words as pictures, drawn once from a font that is free, and what stands there.

`scans/*.png` are made by `eval.reading.samples.scan` at 150 dpi; drawing them anew needs the font.
"""

import difflib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.reading.samples.document import SIMPLIFIED, Sample, traditional
from eval.reading.samples.scan import picture
from indexer.files.ocr import is_installed

needs_ocr = pytest.mark.skipif(not is_installed(), reason="the extra `ocr` is not installed")

FOLDER = Path(__file__).parent / "scans"
RIGHT = 0.99
"""Of the characters of a clean scan."""


def scan(name: str) -> Any:
    from PIL import Image

    with Image.open(FOLDER / f"{name}.png") as opened:
        return opened.convert("L")


def packed(image: Any, kind: str = "PNG", **options: Any) -> bytes:
    return picture(image, kind, **options)


def pdf_of(images: Sequence[Any]) -> bytes:
    written = io.BytesIO()
    first, *others = images
    first.save(written, "PDF", save_all=True, append_images=others, resolution=150)
    return written.getvalue()


def words_of(sample: Sample, sections: Sequence[int], head: bool = False) -> str:
    """The words of some sections, tables row by row."""
    found = [sample.title, sample.byline] if head else []
    for section in (sample.sections[at] for at in sections):
        found += [section.heading, *section.paragraphs, *section.items]
        found += [cell for row in section.table for cell in row]
    return "".join(found)


FIRST_PAGE = words_of(SIMPLIFIED, (0, 1, 2), head=True)
TRADITIONAL = words_of(traditional(), (0,), head=True)


def share_right(text: str, wanted: str) -> float:
    """The share of the wanted characters that stand in the text, in their order."""
    squeezed = [re.sub(r"\s", "", each) for each in (wanted, text)]
    matched = difflib.SequenceMatcher(None, *squeezed, autojunk=False)
    return sum(block.size for block in matched.get_matching_blocks()) / len(squeezed[0])
