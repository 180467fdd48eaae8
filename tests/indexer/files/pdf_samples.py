"""PDFs to read in tests, made by reportlab or byte by byte, and how to look at what was read."""

import io
import zlib
from collections.abc import Sequence
from typing import Any

from indexer.records import Content

FONT = "STSong-Light"

LONG = (
    "5月26日至28日，学校45人到昭觉县推进帮扶。26日在西昌同凉山州第一人民医院座谈，27日上午同昭觉县委、"
    "县政府座谈，随后去龙沟乡，下午到易地扶贫聚居点，看望搬迁的贫困群众，了解他们的生活和就业情况。"
)
ENGLISH = (
    "The hospital sent twelve doctors to the mountain villages in the spring of 2019, and they "
    "examined more than four hundred patients within nine days before the rains set in."
)
ROWS = [
    ["受赠方", "金额", "用途"],
    ["金野以匹村", "65万元", "村级帮扶"],
    ["龙沟乡中心学校", "15万元", "改善办学条件"],
    ["龙沟乡卫生院", "5万元", "改善医疗条件"],
]
READ_ROWS = [
    "受赠方：金野以匹村 | 金额：65万元 | 用途：村级帮扶",
    "受赠方：龙沟乡中心学校 | 金额：15万元 | 用途：改善办学条件",
    "受赠方：龙沟乡卫生院 | 金额：5万元 | 用途：改善医疗条件",
]


def register_font() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def drawing(page_size: tuple[float, float] = (595, 842), **properties: str) -> Any:
    """A canvas of reportlab; `finished` gives its bytes. Always the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    register_font()
    canvas = Canvas(io.BytesIO(), pagesize=page_size, invariant=1)
    canvas.setTitle(properties.get("title", ""))
    canvas.setAuthor(properties.get("author", ""))
    return canvas


def finished(canvas: Any) -> bytes:
    data: bytes = canvas.getpdfdata()
    return data


def put(canvas: Any, x: float, y: float, text: str, size: float = 12, font: str = FONT) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def lines_of(text: str, width: int) -> list[str]:
    """Cut after so many characters, as Chinese is set."""
    return [text[at : at + width] for at in range(0, len(text), width)]


def put_lines(
    canvas: Any, x: float, y: float, lines: Sequence[str], size: float = 12, leading: float = 18
) -> float:
    """Lines below each other; gives the height of the next one."""
    for line in lines:
        put(canvas, x, y, line, size)
        y -= leading
    return y


def flowing(story: Sequence[Any], **settings: Any) -> bytes:
    """Flowables on pages of A4."""
    from reportlab.platypus import SimpleDocTemplate

    register_font()
    out = io.BytesIO()
    on_page = settings.pop("on_page", None)
    document = SimpleDocTemplate(out, invariant=1, **settings)
    if on_page:
        document.build(list(story), onFirstPage=on_page, onLaterPages=on_page)
    else:
        document.build(list(story))
    return out.getvalue()


def paragraph(text: str, size: float = 12, indent: bool = True, **style: Any) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    register_font()
    return Paragraph(
        text,
        ParagraphStyle(
            "x",
            fontName=FONT,
            fontSize=size,
            leading=size * 1.5,
            wordWrap="CJK",
            firstLineIndent=2 * size if indent else 0,
            **style,
        ),
    )


def table(rows: Sequence[Sequence[Any]], style: Sequence[Any] = (), **settings: Any) -> Any:
    """With lines around each cell unless a style is given."""
    from reportlab.platypus import Table, TableStyle

    register_font()
    base = [("FONTNAME", (0, 0), (-1, -1), FONT), ("FONTSIZE", (0, 0), (-1, -1), 11)]
    lines = style or [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    return Table(rows, style=TableStyle([*base, *lines]), **settings)


def bare(content: bytes, page: bytes = b"", extra: Sequence[bytes] = ()) -> bytes:
    """One page with this content stream; `extra` objects count from 6."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>" + page + b">>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *extra,
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, table_at)


def picture() -> bytes:
    """A small grey picture as PNG."""

    def part(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    size = (8).to_bytes(4, "big")
    rows = b"".join(b"\0" + bytes([40 * (at % 6)] * 8) for at in range(8))
    head = part(b"IHDR", size + size + b"\x08\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def scanned_page(canvas: Any) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(io.BytesIO(picture())), 0, 0, 595, 842)


def said(content: Content) -> list[str]:
    """The lines that are not left out."""
    kept, position = [], 0
    for line in content.text.split("\n"):
        if not any(out.start <= position < out.end for out in content.left_out):
            kept.append(line)
        position += len(line) + 1
    return kept


def left_out(content: Content) -> list[tuple[str, str]]:
    return [(out.reason.value, content.text[out.start : out.end]) for out in content.left_out]


def headings(content: Content) -> list[tuple[int, str]]:
    return [(each.level, content.text[each.start : each.end]) for each in content.headings]


def pages_of(content: Content, words: str) -> list[int | None]:
    start = content.text.index(words)
    end = start + len(words)
    return [place.page for place in content.places if place.start < end and place.end > start]
