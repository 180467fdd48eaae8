"""Pages of PDFs as pictures, and the boxes of quotes on them."""

import struct

import pytest

from indexer.errors import PageNotFound
from service.pictures import page_picture, quote_boxes
from tests.indexer.files.pdf_samples import drawing, finished, put

SIZE = 12.0


def sheet() -> bytes:
    """Two pages of A4; on the first a sentence over two lines, from (72, 700) points on."""
    canvas = drawing()
    put(canvas, 72, 700, "北山水库今年蓄水", SIZE)
    put(canvas, 72, 680, "3200万立方米。", SIZE)
    canvas.showPage()
    put(canvas, 72, 700, "次页", SIZE)
    canvas.showPage()
    return finished(canvas)


def test_a_page_is_drawn_with_its_own_shape() -> None:
    png = page_picture(sheet(), 1)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, colours = struct.unpack(">IIBB", png[16:26])
    assert (height, depth, colours) == (1400, 8, 2)
    assert width == pytest.approx(1400 * 595 / 842, abs=2)
    assert page_picture(sheet(), 2) != png


def test_each_line_of_a_quote_has_its_box() -> None:
    first, second = quote_boxes(sheet(), 1, "水库今年蓄水3200万立方米")
    left, top, right, bottom = first
    assert left == pytest.approx((72 + 2 * SIZE) / 595, abs=0.01)
    assert right == pytest.approx((72 + 8 * SIZE) / 595, abs=0.01)
    assert top < (842 - 700) / 842 < bottom + 0.005
    assert 0.5 * SIZE < (bottom - top) * 842 < 1.6 * SIZE
    assert second[0] == pytest.approx(72 / 595, abs=0.01)
    assert second[1] - top == pytest.approx(20 / 842, abs=0.005)


def test_a_box_is_where_the_words_are_seen_on_a_turned_page() -> None:
    canvas = drawing()  # a sheet that is 842 wide and turned clockwise, so that it is seen upright
    canvas.setPageRotation(90)
    put(canvas, 500, 300, "北山水库今年蓄水", SIZE)
    canvas.showPage()
    ((left, top, right, bottom),) = quote_boxes(finished(canvas), 1, "北山水库今年蓄水")
    # What was its height runs from left to right, what ran to the right runs down.
    assert left < (300 + SIZE / 2) / 595 < right
    assert top == pytest.approx(500 / 842, abs=0.01)
    assert bottom == pytest.approx((500 + 8 * SIZE) / 842, abs=0.01)


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        ("３２００万立方米", 1),  # other width
        ("# 北山水库今年蓄水\n\n3200万立方米。", 2),
        ("| 北山水库今年蓄水 | 没有的格 |", 1),
        ("南山水库", 0),
        ("……", 0),
    ],
)
def test_signs_of_the_stored_text_are_no_words(quote: str, lines: int) -> None:
    assert len(quote_boxes(sheet(), 1, quote)) == lines


@pytest.mark.parametrize(
    ("data", "page"), [(sheet(), 3), (b"no PDF", 1), (sheet()[:200], 1)], ids=["3", "no", "cut"]
)
def test_what_is_no_page_is_refused(data: bytes, page: int) -> None:
    with pytest.raises(PageNotFound):
        page_picture(data, page)
    with pytest.raises(PageNotFound):
        quote_boxes(data, page, "水库")
