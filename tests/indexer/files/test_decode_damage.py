"""Cut, damaged, mixed and HZ files: as much of the text as there is, and never a shifted rest."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.files.decode import decode
from indexer.files.encoding import pairs
from indexer.files.encoding.costs import count_broken, is_broken
from indexer.files.encoding.pairs import read_pairs

SIMPLIFIED = (
    "市图书馆从下月起延长开放时间，周末开到晚上九点，读者可以凭身份证入馆看书，不再另办证件。"
    "馆长说，去年到馆的读者比前年多了两成，其中多半是学生和老人。新书每周上架一次，"
    "借书的期限仍是三十天，到期可以在网上续借一次。儿童阅览室搬到一层，门口设了饮水处。\n"
)
TRADITIONAL = (
    "市圖書館從下月起延長開放時間，週末開到晚上九點，讀者可以憑身分證入館看書，不再另辦證件。"
    "館長說，去年到館的讀者比前年多了兩成，其中多半是學生和老人。新書每週上架一次，"
    "借書的期限仍是三十天，到期可以在網上續借一次。兒童閱覽室搬到一層，門口設了飲水處。\n"
)
ENCODINGS = [
    (SIMPLIFIED, "gb18030"),
    (TRADITIONAL, "gb18030"),
    (TRADITIONAL, "big5hkscs"),
    (SIMPLIFIED, "utf-8"),
    (SIMPLIFIED, "utf-16-le"),
    (TRADITIONAL, "utf-16-be"),
]


def hz(text: str) -> bytes:
    pieces, is_open = [], False
    for char in text:
        pair = b"" if char.isascii() else char.encode("gb2312")
        if bool(pair) != is_open:
            pieces.append(b"~{" if pair else b"~}")
            is_open = bool(pair)
        pieces.append(bytes(byte & 0x7F for byte in pair) or char.encode().replace(b"~", b"~~"))
    return b"".join(pieces) + b"~}" * is_open


def _common(one: str, other: str) -> int:
    """How many characters are the same at both ends together."""
    ahead = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    back = next(
        (at for at, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b), 0
    )
    return ahead + back


@pytest.mark.parametrize(("text", "encoding"), ENCODINGS)
def test_a_lost_or_a_stray_byte_shifts_nothing(text: str, encoding: str) -> None:
    chance = random.Random(7)
    text = text * 2
    whole = text.encode(encoding)
    for _ in range(40):
        at = chance.randrange(len(whole))
        for data in (
            whole[:at] + whole[at + 1 :],
            whole[:at] + bytes((chance.randrange(0x80, 0x100),)) + whole[at:],
        ):
            found = decode(data)
            assert found.encoding == encoding
            assert _common(found.text, text) >= len(text) - 4


@pytest.mark.parametrize(("text", "encoding"), ENCODINGS)
def test_a_first_byte_cut_off(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding)[1:])
    assert found.encoding == encoding
    assert found.text.endswith(text[3:])
    assert "\ufffd" in found.text[:3]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_an_odd_byte_in_a_file_with_a_mark(encoding: str) -> None:
    whole = ("\ufeff" + SIMPLIFIED * 3).encode(encoding)
    found = decode(whole[:99] + whole[100:])
    assert found.encoding == "utf-16"
    assert found.text.endswith(SIMPLIFIED * 2)
    assert "\ufffd" in found.text


def test_rare_characters_are_no_damage() -> None:
    """A run of them costs as much as some by chance, and must not be taken apart."""
    chance = random.Random(2)
    rare = [chr(code) for code in range(0x4E00, 0x9FA0, 7)]
    for _ in range(60):
        name = "".join(chance.sample(rare, chance.randrange(1, 6)))
        text = f"出席的有{name}等人，会议由{name[0]}主持。" + SIMPLIFIED
        assert decode(text.encode("gb18030")).text == text
        assert decode(("\ufeff" + text).encode("utf-16-le")).text == text


@pytest.mark.parametrize(
    "script",
    [
        "สวัสดีครับ ยินดีต้อนรับ",
        "안녕하세요 여러분",
        "Привет всем",
        "───├──",
        "これはひらがなだけのぶんです",
        "図書館は来月から夜九時まで開きます。",
        "καλημέρα σε όλους",
    ],
)
def test_other_scripts_are_no_damage(script: str) -> None:
    text = (script + "\n") * 200
    assert decode(("\ufeff" + text).encode("utf-16-le")).text == text
    assert decode(("\ufeff" + text).encode("utf-16-be")).text == text


# -- HZ -------------------------------------------------------------------------------------------


def test_hz() -> None:
    text = "致 all：" + SIMPLIFIED + "~ and C++ ~ {x}\n第2行。\n"
    found = decode(hz(text))
    assert (found.text, found.encoding) == (text, "hz")
    assert decode(hz("第二行").replace(b"\n", b"\r\n")).text == "第二行"
    assert decode(hz("市图书馆")[:-2] + b"\nplain\n").text == "市图书馆\nplain\n"
    assert decode(b"a~\n" + hz("市图书馆")).text == "a市图书馆"


@pytest.mark.parametrize("at", [0, 1, -1, -2])
def test_hz_with_an_escape_spoilt(at: int) -> None:
    data = bytearray(hz("市图书馆从下月起延长开放时间"))
    del data[at]
    found = decode(bytes(data))
    assert found.encoding == "hz"
    assert found.text.strip("\ufffd~{}") == "市图书馆从下月起延长开放时间"


@pytest.mark.parametrize(
    "text",
    [
        "class A { public: A(); ~A(); };\n~{ int x; ~}\n",
        "sed 's/~{a}/~}/' | awk '~{print}'\n",
        "see \\cite{smith~} and ~{foo_bar~} there\n",
        "the escapes of HZ are ~{ and ~} and ~~\n",
    ],
)
def test_programs_are_no_hz(text: str) -> None:
    assert decode(text.encode()).text == text


# -- files in two encodings -----------------------------------------------------------------------


def test_lines_of_two_encodings() -> None:
    data = SIMPLIFIED.encode() * 3 + SIMPLIFIED.encode("gb18030") + b"plain\n" + SIMPLIFIED.encode()
    found = decode(data)
    assert found.text == SIMPLIFIED * 4 + "plain\n" + SIMPLIFIED
    assert found.encoding == "utf-8"
    data = TRADITIONAL.encode("big5") * 3 + TRADITIONAL.encode()
    assert decode(data).text == TRADITIONAL * 4
    assert decode(data).encoding == "big5hkscs"


def test_two_lines_that_are_alike_to_utf8_do_not_make_a_mixed_file() -> None:
    """Two bytes of a name can be a letter of UTF-8."""
    for text in ("陆\n" * 3 + SIMPLIFIED, "旧文\n\n医院派出医疗队。\n"):
        assert decode(text.encode("gb18030")).text == text


def test_a_western_file() -> None:
    text = "Le café est fermé dès l'été; l'élève préfère les pâtés.\n"
    found = decode(text.encode("cp1252"))
    assert (found.text, found.encoding) == (text, "cp1252")


# -- bounds ---------------------------------------------------------------------------------------


def test_searching_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = 0
    search = pairs._search

    def counting(data: bytes, *rest: object) -> object:
        nonlocal searched
        searched += len(data)
        return search(data, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(pairs, "MAX_MENDED_BYTES", 50_000)
    monkeypatch.setattr(pairs, "_search", counting)
    hostile = random.Random(1).randbytes(2_000_000)
    read_pairs(hostile, "gb18030")
    assert searched < 100_000


@given(st.binary(max_size=600), st.sampled_from(pairs.PAIRS))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read(data: bytes, encoding: str) -> None:
    read_pairs(data, encoding)


_SENTENCES = SIMPLIFIED.replace("\n", "").split("，")


@given(
    st.lists(st.sampled_from([*_SENTENCES, "2020年3月", "GDP", "A股", "（一）"]), min_size=4),
    st.sampled_from(["gb18030", "utf-16-le", "utf-16-be", "utf-8-sig"]),
)
@settings(max_examples=150, deadline=None)
def test_what_was_written_comes_back(pieces: list[str], encoding: str) -> None:
    text = "市图书馆，" + "，".join(pieces) + "。"
    assert decode(text.encode(encoding)).text == text


def test_no_character_is_broken_by_the_company_it_keeps() -> None:
    every = [chr(code) for code in range(0x110000)]
    broken = [char for char in every if is_broken(char)]
    assert count_broken("".join(every)) == len(broken)
    assert {"\ufffd", "\x00", "\ue000"} <= set(broken)
    assert not {"\t", "中", "é", "“", "\x1a"} & set(broken)
