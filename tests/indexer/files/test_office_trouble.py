"""Office files that are locked, broken, huge or hostile: a Content or a clear refusal, soon."""

import io
import random
import time
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.files.readers import read
from indexer.files.readers.office import ooxml
from indexer.records import Content
from tests.indexer.files.office_samples import body, edited, part_of, saved, with_parts

SECONDS = 10.0  # for one file on a machine that is busy; each takes milliseconds


def word() -> bytes:
    document = docx.Document()
    document.add_heading("帮扶小结", 0)
    document.add_paragraph("金野以匹村每户分红1500元。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), "村户甲9", strict=True):
        cell.text = text
    return saved(document)


def deck() -> bytes:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "帮扶小结"
    slide.placeholders[1].text = "每户分红1500元。"
    slide.notes_slide.notes_text_frame.text = "备注。"
    return saved(presentation)


def sheet() -> bytes:
    book = openpyxl.Workbook()
    for row in (("县", "户数"), ("雷波县", 340), ("昭觉县", 0.5)):
        book.active.append(row)
    book.active.merge_cells("A5:B5")
    return saved(book)


KINDS = {"a.docx": word, "a.pptx": deck, "a.xlsx": sheet}
MAIN = {
    "a.docx": "word/document.xml",
    "a.pptx": "ppt/slides/slide1.xml",
    "a.xlsx": "xl/worksheets/sheet1.xml",
}


def outcome(name: str, data: bytes) -> str:
    """The reason why it is refused, or nothing; never another error, never long."""
    started = time.monotonic()
    try:
        assert isinstance(read(name, data), Content)
        return ""
    except UnreadableFile as error:
        return error.reason if error.hint else "no hint"
    finally:
        assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("name", KINDS)
def test_truncated_files(name: str) -> None:
    data = KINDS[name]()
    assert outcome(name, data) == ""
    found = [outcome(name, data[: len(data) * tenth // 10]) for tenth in range(10)]
    assert found == ["empty", *["damaged"] * 9]


@pytest.mark.parametrize("name", KINDS)
def test_flipped_bytes(name: str) -> None:
    chance, data = random.Random(4), KINDS[name]()
    allowed = {"", "damaged", "too_large", "no_text", "encrypted", "unsupported_compression"}
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(chance.choice((1, 5, 40))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        assert outcome(name, bytes(broken)) in allowed


@pytest.mark.parametrize("name", KINDS)
def test_damaged_markup_in_a_whole_zip(name: str) -> None:
    """What a checksum would have caught: the XML itself cut, shuffled or with other values."""
    chance, data = random.Random(5), KINDS[name]()
    xml = part_of(data, MAIN[name])
    for _ in range(40):
        at = chance.randrange(len(xml))
        other = chance.choice(("", "x", "-1", "99999999999", "<", "\N{BULLET}", 'r="ZZZZ9"'))
        part = xml[:at] + other + xml[at + chance.choice((0, 1, 2, 30)) :]
        assert outcome(name, with_parts(data, {MAIN[name]: part})) in {"", "damaged", "no_text"}
    for part in zipfile.ZipFile(io.BytesIO(data)).namelist():
        assert outcome(name, with_parts(data, {part: None})) in {"", "damaged", "no_text"}
        assert outcome(name, with_parts(data, {part: "<a/>"})) in {"", "damaged", "no_text"}


TAGS = (
    *("p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "ins", "del", "hyperlink"),
    *("txbxContent", "drawing", "pPr", "numPr"),
)
TREES = st.recursive(
    st.text("甲1 ", max_size=5).map(lambda text: f"<w:r><w:t>{text}</w:t></w:r>"),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4)).map(
        lambda made: f"<w:{made[0]}>{''.join(made[1])}</w:{made[0]}>"
    ),
    max_leaves=12,
)


@settings(max_examples=30, deadline=None)
@given(TREES)
def test_any_nesting_of_word_elements(xml: str) -> None:
    assert outcome("a.docx", body(xml)) in {"", "no_text"}


def test_offsets_lead_back_to_the_text() -> None:
    for name, made in KINDS.items():
        content = read(name, made())
        spans = [*content.headings, *content.left_out, *content.places]
        assert all(content.text[each.start : each.end].strip() for each in spans)
        assert list(content.places) == sorted(content.places, key=lambda place: place.start)


def test_locked_and_misnamed() -> None:
    locked = ooxml.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    for name in (*KINDS, "a.doc", "a.xls"):
        assert outcome(name, locked) == "encrypted"
    assert outcome("a.docx", ooxml.OLE + b"\0" * 600) == "damaged"
    assert outcome("a.docx", "只是一段文字，不是文档。".encode()) == "damaged"
    assert outcome("a.docx", sheet()) in {"damaged", "no_text"}


ENTITIES = """<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "哈哈哈">
<!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(name: str, encoding: str) -> None:
    def hostile(xml: str) -> str:
        return ENTITIES + xml.partition("?>")[2]

    data = KINDS[name]()
    part = hostile(part_of(data, MAIN[name])).encode(encoding)
    assert outcome(name, with_parts(data, {MAIN[name]: part})) == "damaged"
    late = "<!--" + "x" * 100_000 + "-->" + ENTITIES.partition("?>")[2] + "<a/>"
    assert outcome(name, with_parts(data, {MAIN[name]: late})) == "damaged"


@pytest.mark.parametrize("name", KINDS)
def test_bombs(name: str) -> None:
    data = KINDS[name]()
    filled = edited(data, MAIN[name], lambda xml: xml + " " * 12_000_000)
    assert outcome(name, filled) == "too_large"  # 1,000 bytes out for each one in
    picture = with_parts(data, {"word/media/image1.png": b"\0" * 12_000_000})
    assert outcome(name, picture) == ""  # pictures are never unpacked
    many = with_parts(data, {f"word/media/{at}.png": b"x" for at in range(60_000)})
    assert outcome(name, many) == "too_large"


@pytest.mark.parametrize("name", KINDS)
def test_more_markup_than_is_parsed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = KINDS[name]()
    monkeypatch.setattr(ooxml, "MAX_TREE_BYTES", 2000)
    assert outcome(name, data) == "too_large"


def test_sheets_too_large_to_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheet()
    monkeypatch.setattr(ooxml, "MAX_STREAM_BYTES", 500)
    assert outcome("a.xlsx", data) == "too_large"


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def nested(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: body(nested(20) + "<w:p><w:r><w:t>字</w:t></w:r></w:p>"), ""),
        (lambda: body(nested(60)), "damaged"),
        (lambda: body("<w:ins>" * 5000 + "</w:ins>" * 5000), "damaged"),
        (lambda: body("<w:ins>" * 240 + "<w:p/>" + "</w:ins>" * 240), "no_text"),
        (lambda: body(paragraph("".join(map(str, range(2_000_000))))), "damaged"),
        (lambda: body("".join(paragraph(f"第{at}段") for at in range(30_000))), ""),
    ],
)
def test_deep_long_and_many(make: Callable[[], bytes], reason: str) -> None:
    assert outcome("a.docx", make()) == reason
