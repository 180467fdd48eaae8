"""PDFs that can't be read, or not whole: each is refused with its reason, and soon."""

import io
import random
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embed.builtin import BuiltinEmbedder
from indexer.errors import UnreadableFile
from indexer.files import ocr
from indexer.files.readers import read
from indexer.files.readers.pdf import bounds as pdf_bounds
from indexer.files.readers.pdf.engine import MAX_PAGE_CHARS
from indexer.pipeline import build
from indexer.records import Content
from tests.indexer.files.pdf_samples import (
    LONG,
    bare,
    drawing,
    finished,
    flowing,
    lines_of,
    paragraph,
    put,
    put_lines,
    scanned_page,
    table,
)

SLOWEST_S = 20.0  # a file of this size takes 0.1 s; the machine may be busy


def reason(data: bytes) -> str:
    """Why it is refused, or `read`; nothing else may happen, and soon."""
    started = time.monotonic()
    found = "read"
    try:
        check_offsets(read("x.pdf", data))
    except UnreadableFile as error:
        found = error.reason if error.hint else "no hint"
    assert time.monotonic() - started < SLOWEST_S
    return found


def check_offsets(content: Content) -> None:
    end = 0
    for place in content.places:
        assert end <= place.start < place.end <= len(content.text)
        assert place.page is not None
        end = place.end
    for each in (*content.headings, *content.left_out):
        assert 0 <= each.start < each.end <= len(content.text)


def sample(pages: int = 3) -> bytes:
    story = [paragraph(f"第{at}段。{LONG}") for at in range(12 * pages)]
    rows = [["县", "村"], ["雷波县", "12"], ["昭觉县", "30"]]
    return flowing([*story, table(rows)])


def encrypted(password: str) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    drawing()
    protection = StandardEncryption(password, ownerPassword="owner", canCopy=0)
    canvas = Canvas(io.BytesIO(), encrypt=protection)
    put(canvas, 72, 700, "这份名单只供内部核对使用。")
    return finished(canvas)


def test_a_password() -> None:
    assert reason(encrypted("geheim")) == "encrypted"


def test_an_owner_password_alone_does_not_lock_a_reader_out() -> None:
    assert read("x.pdf", encrypted("")).text == "这份名单只供内部核对使用。"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"\0\0\0\0", "empty"),
        (b"%PDF-1.4\n%%EOF", "damaged"),
        (b"%PDF-1.7\n" + b"x" * 1000, "damaged"),
        ("这是一份文本文件。".encode(), "damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (bare(b" "), "no_text"),
        (bare(b"10 10 m 200 10 l S"), "no_text"),
        (bare(b"BT /F1 12 Tf 50 700 Td (...) Tj ET"), "no_text"),
    ],
)
def test_empty_broken_and_blank(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_a_scan_without_the_ocr_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PACKAGES", ("no_such_package",))
    canvas = drawing()
    for _ in range(2):
        scanned_page(canvas)
        canvas.showPage()
    with pytest.raises(UnreadableFile) as caught:
        read("x.pdf", finished(canvas))
    assert caught.value.reason == "needs_ocr"
    assert "2 of its 2 pages" in caught.value.message
    assert "[ocr]" in caught.value.hint


def test_glyphs_without_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """A font that says nothing of which characters it shows: private ones come out."""
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def "
        b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7E> <E020> "
        b"endbfrange endcmap end end"
    )
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/Strange/ToUnicode 7 0 R>>"
    stream = b"<</Length %d>>stream\n" % len(to_unicode) + to_unicode + b"\nendstream"
    data = bare(b"BT /F2 12 Tf 50 700 Td (Hello strange world) Tj ET", b"", [font, stream])
    data = data.replace(b"/F1 5 0 R", b"/F2 6 0 R")
    monkeypatch.setattr(ocr, "PACKAGES", ("no_such_package",))
    assert reason(data) == "needs_ocr"


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_bounds, "MAX_PAGES", 2)
    assert reason(sample(3)) == "too_large"


def test_too_many_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_bounds, "MAX_CHARS", 1000)
    assert reason(sample(1)) == "too_large"


def test_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_bounds, "MAX_SECONDS", 0.0)
    assert reason(sample(1)) == "too_large"


def test_a_stream_that_unpacks_to_too_much() -> None:
    big = bare(b" " * (pdf_bounds.MAX_STREAM_BYTES + 1))
    assert len(big) < 400_000
    assert reason(big) == "too_large"


def test_a_stream_that_a_page_names_many_times() -> None:
    data = bare(b" " * (20 * 2**20)).replace(
        b"/Contents 4 0 R", b"/Contents[" + b"4 0 R " * 60 + b"]"
    )
    assert reason(data) == "too_large"


def test_a_page_of_more_characters_than_are_read() -> None:
    shown = b"".join(b"(%s) Tj 0 -1 Td " % (b"abcdefgh" * 2_500) for _ in range(7))
    content = read("x.pdf", bare(b"BT /F1 1 Tf 50 700 Td " + shown + b"ET"))
    assert MAX_PAGE_CHARS * 0.99 < len(content.text) <= MAX_PAGE_CHARS + 100
    (note,) = content.left_out
    assert "超出上限" in content.text[note.start : note.end]


def test_a_hundred_thousand_lines_and_boxes() -> None:
    strokes = b"".join(b"%d 0 m %d 800 l S " % (at, at) for at in range(0, 3000))
    strokes += b"".join(b"0 %d m 600 %d l S " % (at, at) for at in range(0, 3000))
    assert reason(bare(strokes + b"10 10 5 5 re f " * 100_000)) == "no_text"
    text = b"BT /F1 12 Tf 50 700 Td (Hello world) Tj ET "
    assert reason(bare(text + strokes)) == "read"


def test_pages_that_name_themselves() -> None:
    looped = bare(b" ").replace(b"/Kids[3 0 R]/Count 1", b"/Kids[2 0 R]/Count 9")
    assert reason(looped) in ("damaged", "no_text", "too_large")
    many = bare(b" ").replace(b"/Count 1", b"/Count 999999999")
    assert reason(many) in ("damaged", "no_text", "too_large")


# -- cut and damaged ------------------------------------------------------------------------------


def test_cut_at_every_tenth() -> None:
    data = sample()
    assert reason(data) == "read"
    found = {tenth: reason(data[: len(data) * tenth // 10]) for tenth in range(1, 10)}
    assert set(found.values()) == {"damaged"}


@pytest.mark.parametrize("seed", range(4))
def test_bytes_flipped_at_random(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(sample(1))
    for _ in range(12):
        for _ in range(chance.choice((1, 8, 64))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        reason(bytes(data))


_NUMBER = st.one_of(
    st.integers(-(2**31), 2**31),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(0, 800),
)
_TEXT = st.binary(max_size=30).map(lambda text: b"(" + text.translate(None, b"()\\") + b") Tj")
_STEP = st.one_of(
    _TEXT,
    st.tuples(_NUMBER, _NUMBER).map(lambda at: b"%f %f Td" % at),
    st.tuples(*[_NUMBER] * 6).map(lambda matrix: b"%f %f %f %f %f %f Tm" % matrix),
    _NUMBER.map(lambda size: b"/F1 %f Tf" % size),
    st.tuples(*[_NUMBER] * 4).map(lambda box: b"ET %f %f %f %f re S BT" % box),
    st.tuples(*[_NUMBER] * 4).map(lambda line: b"ET %f %f m %f %f l S BT" % line),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_STEP, max_size=30))
def test_pages_of_any_content(steps: list[bytes]) -> None:
    assert reason(bare(b"BT /F1 12 Tf 50 700 Td " + b"\n".join(steps) + b" ET")) in (
        "read",
        "no_text",
    )


# -- several at once ------------------------------------------------------------------------------


def test_threads_take_turns() -> None:
    """PDFium may be called by one thread at a time."""
    data = sample()
    expected = read("x.pdf", data)
    found: list[Content] = []

    def work() -> None:
        found.extend(read("x.pdf", data) for _ in range(3))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 12


def test_a_build_reports_each_and_goes_on(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    canvas = drawing()
    put_lines(canvas, 72, 760, lines_of(LONG, 36))
    files = {
        "a.pdf": encrypted("geheim"),
        "b.pdf": sample()[:3000],
        "c.pdf": bare(b" "),
        "d.pdf": finished(canvas),
        "e.pdf": b"",
    }
    for name, data in files.items():
        (docs / name).write_bytes(data)
    report = build([docs], tmp_path / "index", BuiltinEmbedder())
    assert report.documents == 1
    assert {each.source: each.reason for each in report.unreadable} == {
        "a.pdf": "encrypted",
        "b.pdf": "damaged",
        "c.pdf": "no_text",
        "e.pdf": "empty",
    }
