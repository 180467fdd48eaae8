"""Encodings with and without a mark, damaged ones, and what is no text at all."""

import codecs
import contextlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.files.decode import decode

SIMPLIFIED = (
    "学校组织医疗队到山区开展义诊活动,免费为群众检查身体，发放药品价值3万元。\n第二天返回。\n"
)
TRADITIONAL = (
    "學校組織醫療隊到山區開展義診活動，免費為群眾檢查身體，發放藥品價值3萬元。\n第二天返回。\n"
)
HONG_KONG = TRADITIONAL + "佢哋喺度食嘢，啲人好多。\n"


@pytest.mark.parametrize(
    ("text", "written_as", "read_as"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (HONG_KONG, "big5hkscs", "big5hkscs"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        ("plain ASCII\n", "ascii", "utf-8"),
    ],
)
def test_encodings(text: str, written_as: str, read_as: str) -> None:
    decoded = decode(text.encode(written_as))
    assert (decoded.text, decoded.encoding) == (text, read_as)


def test_big_endian_mark() -> None:
    assert decode(codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be")).text == SIMPLIFIED


def test_line_ends() -> None:
    assert decode("一\r\n二\r三\n".encode()).text == "一\n二\n三\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
def test_a_tail_that_is_cut_off(encoding: str) -> None:
    text = (TRADITIONAL if encoding.startswith("big5") else SIMPLIFIED).rstrip("。\n")
    decoded = decode(text.encode(encoding)[:-1])
    assert decoded.text.rstrip("\ufffd") == text[:-1]
    assert decoded.encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("damage", [0xFF, 0x80])
def test_a_spoilt_byte_costs_a_few_characters_only(encoding: str, damage: int) -> None:
    text = (TRADITIONAL if encoding.startswith("big5") else SIMPLIFIED) * 3
    data = bytearray(text.encode(encoding))
    data[len(data) // 2] = damage
    decoded = decode(bytes(data))
    assert decoded.encoding == encoding
    assert decoded.text != text
    assert decoded.text[:50] == text[:50]
    assert decoded.text[-40:] == text[-40:]


def test_the_declared_encoding() -> None:
    short = "会".encode("gb18030")
    assert decode(short, "gb2312").text == "会"
    assert decode(SIMPLIFIED.encode(), "gb2312").text == SIMPLIFIED  # declared wrongly
    assert decode(SIMPLIFIED.encode("gb18030"), "no-such-thing").text == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("gb18030"), "iso-8859-1").text == SIMPLIFIED
    assert decode("日本語のテキスト".encode("shift_jis"), "shift_jis").text == "日本語のテキスト"


def _noise(size: int) -> bytes:
    return random.Random(3).randbytes(size)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04" + b"word/document.xml" * 3,
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\x7fELF\x02\x01\x01" + bytes(60),
        bytes(1000),
        _noise(5000),
        b"\xff\xfe" + _noise(4000),
        b"text\0\x01\x02\x03\x04\x05\x06\x07\x0e" * 50,
    ],
    ids=["pdf", "zip", "png", "elf", "zeros", "noise", "noise with mark", "records"],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(data)
    assert caught.value.reason == "not_text"
    assert caught.value.hint


def test_bytes_of_no_known_encoding() -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(bytes(range(0x80, 0x100)) * 8)
    assert caught.value.reason in ("unknown_encoding", "not_text")


def test_a_stray_zero_byte_does_not_cost_the_text() -> None:
    data = (SIMPLIFIED * 40).encode() + b"\0" + "末尾。".encode()
    decoded = decode(data)
    assert decoded.text.endswith("返回。\n\ufffd末尾。")


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_text_or_a_refusal(data: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        assert "\r" not in decode(data).text


@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=80)
)
@settings(max_examples=200, deadline=None)
def test_utf8_always_comes_back(text: str) -> None:
    assert decode(text.encode()).text == text.removeprefix("\ufeff")
