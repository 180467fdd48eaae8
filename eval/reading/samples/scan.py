"""A document as a scanner gives it: pages as pictures, straight or askew, clean or dirty.

Drawn with Pillow and a font of the machine that has Chinese. Knows no reader.
"""

import io
import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eval.reading.samples.document import Rows, Sample

_A4 = (8.27, 11.69)  # inches
_MARGIN = 1.0
_TITLE, _HEADING, _BODY = 18.0, 13.0, 11.0  # points
_LEADING = 1.65
_NO_LINE_BEGINS_WITH = "，。、；：？！”’）》〉」』】％%"


class _NoFont(RuntimeError):
    """No font that has Chinese."""


def font_file() -> str:
    """A font that has Chinese, as fontconfig finds it. Raises: RuntimeError."""
    command = ["fc-match", "-f", "%{file}|%{lang}", "Noto Sans CJK SC:lang=zh-cn"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        raise _NoFont("install fontconfig and a Chinese font, e.g. fonts-noto-cjk") from error
    path, _, languages = done.stdout.partition("|")
    if "zh-cn" not in languages.split("|"):
        raise _NoFont("install a font that has Chinese, e.g. fonts-noto-cjk")
    return path


@dataclass(slots=True)
class _Sheet:
    """A page that is being drawn, and how far down it is filled."""

    image: Any
    draw: Any
    y: float


class _Press:
    def __init__(self, dpi: int, columns: int) -> None:
        self._dpi = dpi
        self._file = font_file()
        self._fonts: dict[float, Any] = {}
        self._size = (round(_A4[0] * dpi), round(_A4[1] * dpi))
        self._margin = _MARGIN * dpi
        self._columns = columns
        self._column = 0
        self._gap = 0.35 * dpi if columns > 1 else 0.0
        self.sheets: list[_Sheet] = []
        self._turn_page()

    @property
    def _width(self) -> float:
        whole = self._size[0] - 2 * self._margin
        return (whole - self._gap * (self._columns - 1)) / self._columns

    @property
    def _left(self) -> float:
        return self._margin + self._column * (self._width + self._gap)

    def _font(self, points: float) -> Any:
        from PIL import ImageFont

        if points not in self._fonts:
            pixels = round(points * self._dpi / 72)
            self._fonts[points] = ImageFont.truetype(self._file, pixels, index=2)  # Simplified
        return self._fonts[points]

    def _turn_page(self) -> None:
        from PIL import Image, ImageDraw

        image = Image.new("L", self._size, 255)
        self.sheets.append(_Sheet(image, ImageDraw.Draw(image), self._margin))
        self._column = 0
        self._top = self._margin

    def _advance(self, height: float) -> None:
        if self.sheets[-1].y + height > self._size[1] - self._margin:
            if self._column + 1 < self._columns:
                self._column += 1
                self.sheets[-1].y = self._top
            else:
                self._turn_page()

    def centred(self, text: str, points: float) -> None:
        """Over all columns, at the head of a page."""
        font, sheet = self._font(points), self.sheets[-1]
        sheet.draw.text(((self._size[0] - font.getlength(text)) / 2, sheet.y), text, 0, font)
        sheet.y += points * _LEADING * self._dpi / 72
        self._top = sheet.y

    def text(self, text: str, points: float, indent: int = 0, above: float = 0.0) -> None:
        font = self._font(points)
        height = points * _LEADING * self._dpi / 72
        self.sheets[-1].y += above * height
        for number, line in enumerate(self._lines(text, font, indent * font.getlength("一"))):
            self._advance(height)
            x = self._left + (indent * font.getlength("一") if number == 0 else 0)
            self.sheets[-1].draw.text((x, self.sheets[-1].y), line, 0, font)
            self.sheets[-1].y += height

    def _lines(self, text: str, font: Any, indent: float) -> list[str]:
        lines, line = [], ""
        room = self._width - indent
        for char in text:
            if font.getlength(line + char) > room and char not in _NO_LINE_BEGINS_WITH:
                lines.append(line)
                line, room = "", self._width
            line += char
        return [*lines, line]

    def table(self, rows: Rows) -> None:
        points = _BODY - 1 if self._columns == 1 else _BODY / self._columns + 0.5
        font = self._font(points)
        height = 2.0 * points * self._dpi / 72
        self._advance(height * (len(rows) + 1))
        sheet = self.sheets[-1]
        sheet.y += height / 2
        wide = self._width / len(rows[0])
        stroke = max(1, round(self._dpi / 100))
        for row in rows:
            for column, cell in enumerate(row):
                left = self._left + column * wide
                box = (left, sheet.y, left + wide, sheet.y + height)
                sheet.draw.rectangle(box, outline=0, width=stroke)
                x = left + (wide - font.getlength(cell)) / 2
                sheet.draw.text((x, sheet.y + height * 0.2), cell, 0, font)
            sheet.y += height
        sheet.y += height / 2


def pages(sample: Sample, dpi: int = 300, columns: int = 1) -> list[Any]:
    """The document as grey pictures of A4 pages."""
    press = _Press(dpi, columns)
    press.centred(sample.title, _TITLE)
    press.centred(sample.byline, _BODY - 1)
    for section in sample.sections:
        press.text(section.heading, _HEADING, above=0.5)
        for paragraph in (*section.paragraphs, *section.items):
            press.text(paragraph, _BODY, indent=2)
        if section.table:
            press.table(section.table)
    return [sheet.image for sheet in press.sheets]


def askew(image: Any, degrees: float) -> Any:
    """Laid on the glass not quite straight."""
    from PIL import Image

    return image.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=False, fillcolor=255)


def dirty(image: Any, seed: int = 0) -> Any:
    """Grey paper, blurred a little, with grain and specks, and saved as a JPEG of low quality."""
    from PIL import Image, ImageDraw, ImageFilter

    luck = random.Random(seed)
    grain = Image.effect_noise(image.size, 28)
    grey = image.filter(ImageFilter.GaussianBlur(image.size[0] / 2500))
    grey = Image.blend(grey.point(lambda value: 60 + value * 0.7), grain, 0.18)
    draw = ImageDraw.Draw(grey)
    for _ in range(400):
        x, y = luck.randrange(image.size[0]), luck.randrange(image.size[1])
        size = luck.randint(1, max(2, image.size[0] // 900))
        draw.ellipse((x, y, x + size, y + size), fill=luck.randint(40, 140))
    return Image.open(io.BytesIO(picture(grey, "JPEG", quality=45)))


def picture(image: Any, kind: str = "PNG", **options: Any) -> bytes:
    """The bytes of one picture."""
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def tiff(images: Sequence[Any]) -> bytes:
    """Several pages in one file, in black and white, as fax machines and archives keep them."""
    written = io.BytesIO()
    first, *others = (image.convert("1") for image in images)
    first.save(written, "TIFF", save_all=True, append_images=others, compression="group4")
    return written.getvalue()


def scanned_pdf(images: Sequence[Any], dpi: int = 300) -> bytes:
    """A PDF whose pages are pictures and hold no text."""
    written = io.BytesIO()
    first, *others = images
    first.save(written, "PDF", save_all=True, append_images=others, resolution=dpi)
    return written.getvalue()
