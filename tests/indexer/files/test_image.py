"""Pictures: every kind, askew, on the side, many pages; what holds no text; what is no picture."""

import struct
import zlib
from typing import Any

import pytest

from indexer.errors import UnreadableFile
from indexer.files import ocr
from indexer.files.readers import image, read
from indexer.files.readers.pdf.seen import in_chinese
from tests.indexer.files.broken import read_anyhow, refusal
from tests.indexer.files.pdf_samples import pages_of
from tests.indexer.files.scan_samples import (
    FIRST_PAGE,
    RIGHT,
    TRADITIONAL,
    needs_ocr,
    packed,
    scan,
    share_right,
)

LINE = "管理员流动也比较大"
HEADING = "五、下一步打算"


def strip() -> Any:
    """A few lines of a page: enough to see whether a kind of file is read, and quick."""
    return scan("report-2").crop((100, 125, 1240, 320))


@needs_ocr
def test_a_clean_page() -> None:
    seen = ocr.look(image._pixels(scan("report")))
    text = in_chinese("".join(each.text for each in seen.words))
    assert share_right(text, FIRST_PAGE) >= RIGHT
    content = read("扫描.png", packed(scan("report")))
    assert (content.title, content.places) == ("青禾县乡镇图书馆三年建设情况报告", ())
    assert (
        "人口超过1500人的村建一间书屋，总投资4820万元，其中省级补助" in content.text
    )  # over a line
    assert "乡镇：河口镇 | 开放日期：2023年6月 | 面积（平方米）：655" in content.text


@needs_ocr
def test_traditional_characters_stay_what_they_are() -> None:
    content = read("x.png", packed(scan("traditional")))
    assert share_right(content.text, TRADITIONAL) >= RIGHT


@needs_ocr
def test_askew() -> None:
    turned = scan("report").rotate(-1.7, fillcolor=255, resample=3)
    content = read("扫描.png", packed(turned))
    assert (content.title, content.places) == ("青禾县乡镇图书馆三年建设情况报告", ())
    assert "乡镇：云岭镇 | 开放日期：2022年12月 | 面积（平方米）：910" in content.text
    assert "人口超过1500人的村建一间书屋，总投资4820万元，其中省级补助" in content.text


@needs_ocr
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_on_its_side_and_upside_down(degrees: int) -> None:
    content = read("x.png", packed(strip().rotate(degrees, expand=True)))
    assert LINE in content.text
    assert content.text.index(LINE) < content.text.index(HEADING)
    assert HEADING in content.text.split("\n")


@needs_ocr
def test_as_the_camera_was_held() -> None:
    from PIL import Image

    turned = strip().rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    assert LINE in read("x.jpg", packed(turned.convert("RGB"), "JPEG", exif=exif)).text


@needs_ocr
@pytest.mark.parametrize(
    ("ending", "kind", "mode", "options"),
    [
        ("jpg", "JPEG", "RGB", {"quality": 70}),
        ("jpeg", "JPEG", "CMYK", {}),
        ("bmp", "BMP", "L", {}),
        ("webp", "WEBP", "RGB", {"quality": 80}),
        ("png", "PNG", "P", {}),
        ("png", "PNG", "I;16", {}),
        ("tiff", "TIFF", "1", {"compression": "group4"}),
        ("tif", "TIFF", "F", {}),
    ],
)
def test_every_kind(ending: str, kind: str, mode: str, options: dict[str, Any]) -> None:
    grey = strip()
    drawn = grey.convert("I").point(lambda value: value * 257) if mode == "I;16" else grey
    assert LINE in read(f"x.{ending}", packed(drawn.convert(mode), kind, **options)).text


@needs_ocr
def test_what_is_transparent_is_white() -> None:
    from PIL import Image, ImageOps

    ink = Image.new("RGBA", strip().size, (0, 0, 0, 0))
    ink.putalpha(ImageOps.invert(strip()))
    assert LINE in read("x.png", packed(ink)).text


@needs_ocr
def test_the_pages_of_a_tiff() -> None:
    blank = strip().point(lambda _: 255)
    first = scan("report").crop((100, 280, 1240, 400))
    data = packed(first, "TIFF", save_all=True, append_images=[blank, strip()])
    content = read("档案.tif", data)
    assert pages_of(content, "126个行政村") == [1]
    assert pages_of(content, LINE) == [3]
    assert [content.text[out.start : out.end] for out in content.left_out] == [
        "〔第2页是图像，其中没有认出文字〕"
    ]


# -- what can't be read ---------------------------------------------------------------------------


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PACKAGES", ("no_such_package",))
    with pytest.raises(UnreadableFile) as caught:
        read("x.png", b"\x89PNG\r\n\x1a\n")
    assert (caught.value.reason, "[ocr]" in caught.value.hint) == ("needs_ocr", True)


@needs_ocr
def test_a_picture_without_text() -> None:
    from PIL import Image

    assert refusal("x.png", packed(Image.new("L", (600, 400), 200))) == "no_text"
    assert refusal("x.png", packed(Image.linear_gradient("L"))) == "no_text"
    assert refusal("icon.png", packed(Image.new("L", (16, 16), 0))) == "no_text"


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that unpacks to very many pixels."""

    def part(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


@needs_ocr
@pytest.mark.parametrize("sides", [(11_000, 11_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_too_many_pixels(sides: tuple[int, int]) -> None:
    assert refusal("x.png", bomb(*sides)) in {"too_large", "damaged"}


@needs_ocr
def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "MAX_PAGES", 1)
    small = strip()
    data = packed(small, "TIFF", save_all=True, append_images=[small])
    assert refusal("x.tif", data) == "too_large"


@needs_ocr
@pytest.mark.parametrize("data", [b"no picture", b"%PDF-1.4 ...", b"GIF89a" + bytes(40), b"BM123"])
def test_no_picture_at_all(data: bytes) -> None:
    for ending in ("png", "jpg", "tif", "bmp", "webp"):
        assert refusal(f"x.{ending}", data) == "damaged"


@needs_ocr
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_cut_off(kind: str) -> None:
    data = packed(strip().convert("RGB"), kind)
    for tenth in (1, 5, 9):
        read_anyhow(f"x.{kind.lower()}", data[: len(data) * tenth // 10])
