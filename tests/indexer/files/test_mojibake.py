"""Text that was spoilt before it was saved is refused; good text, and text about it, is not."""

import json
from collections.abc import Callable

import pytest

from indexer.errors import UnreadableFile
from indexer.files.decode import decode
from indexer.files.encoding.mojibake import refuse_mojibake
from indexer.files.readers import read

SIMPLIFIED = (
    "市图书馆从下月起延长开放时间，周末开到晚上九点，读者可以凭身份证入馆看书，不再另办证件。\n"
    "馆长说，去年到馆的读者比前年多了两成，其中多半是学生和老人。新书每周上架一次。\n"
)
TRADITIONAL = (
    "市圖書館從下月起延長開放時間，週末開到晚上九點，讀者可以憑身分證入館看書，不再另辦證件。\n"
    "館長說，去年到館的讀者比前年多了兩成，其中多半是學生和老人。新書每週上架一次。\n"
)


def western(data: bytes) -> str:
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes((byte,)).decode("cp1252")
        for byte in data
    )


def read_as(encoding: str, really: str = "utf-8") -> Callable[[str], str]:
    return lambda text: text.encode(really).decode(encoding, "replace")


SPOILT: list[tuple[str, Callable[[str], str], str]] = [
    (SIMPLIFIED, read_as("gbk"), "UTF-8 that was read as GBK"),
    (SIMPLIFIED, lambda text: read_as("gbk")(text).replace("\ufffd", "?"), "read as GBK"),
    (TRADITIONAL, read_as("gb18030"), "UTF-8 that was read as GBK"),
    (SIMPLIFIED, lambda text: western(text.encode()), "UTF-8 that was read as Windows-1252"),
    (SIMPLIFIED, read_as("latin-1"), "UTF-8 that was read as Windows-1252"),
    (
        SIMPLIFIED,
        lambda text: western(western(text.encode()).encode()),
        "UTF-8 that was read as Windows-1252",
    ),
    (SIMPLIFIED, lambda text: western(text.encode("gbk")), "GBK that was read as Windows-1252"),
    (TRADITIONAL, lambda text: western(text.encode("big5")), "Big5 that was read as Windows-1252"),
    (TRADITIONAL, read_as("gb18030", "big5"), "Big5 that was read as GBK"),
    (SIMPLIFIED, read_as("big5", "gbk"), "GBK that was read as Big5"),
    (SIMPLIFIED, read_as("cp949", "gbk"), "GBK that was read as EUC-KR"),
    (SIMPLIFIED, read_as("utf-16-be", "utf-16-le"), "UTF-16-BE that was read as UTF-16-LE"),
    ("l’été\n" * 9, lambda text: western(text.encode()), "UTF-8 that was read as Windows-1252"),
    (SIMPLIFIED, lambda text: read_as("gbk")(read_as("utf-8", "gbk")(text)), "lost characters"),
    (SIMPLIFIED, read_as("utf-8", "gbk"), "U+FFFD"),
    (SIMPLIFIED, lambda text: text.encode("ascii", "replace").decode(), "question marks"),
    (
        SIMPLIFIED,
        lambda text: text.encode("big5", "replace").decode("big5"),
        "question marks",
    ),
    ("", lambda _: "烫" * 40 + "屯屯屯屯", "memory"),
]


@pytest.mark.parametrize(("text", "spoil", "told"), SPOILT)
def test_spoilt_text_is_refused_and_named(
    text: str, spoil: Callable[[str], str], told: str
) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(spoil(text).encode("utf-8", "replace"))
    assert caught.value.reason == "mojibake"
    assert told in caught.value.message
    assert caught.value.hint


def test_the_hint_says_whether_it_can_be_turned_back() -> None:
    with pytest.raises(UnreadableFile) as caught:
        refuse_mojibake(western(SIMPLIFIED.encode()))
    assert "turn it back: read it, write it as Windows-1252 and open that as UTF-8" in (
        caught.value.hint
    )
    with pytest.raises(UnreadableFile) as caught:
        refuse_mojibake(read_as("gbk")(SIMPLIFIED))
    assert "lost" in caught.value.hint


def test_a_part_that_is_spoilt_is_enough() -> None:
    with pytest.raises(UnreadableFile):
        refuse_mojibake(SIMPLIFIED + read_as("gb18030")(SIMPLIFIED))
    with pytest.raises(UnreadableFile):  # also in the later part of a long text
        refuse_mojibake(SIMPLIFIED * 400 + read_as("gb18030")(SIMPLIFIED) * 400)


@pytest.mark.parametrize(
    "text",
    [
        SIMPLIFIED,
        TRADITIONAL,
        "程序员都见过“锟斤拷”和“烫烫烫”：前者是两种编码转换时留下的，后者是没有初始化的内存。" * 2,
        SIMPLIFIED + "打开后变成“鍥句功棣�”这样的乱码时，请换一种编码再打开。\n",
        "潮汐表\n\n北港大潮高5.2米。",
        "砭术诀\n\n每日施术8次。",
        "学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？",
        "龘靐齉爩鱻麤龗灪吁龖厵滟爨癵籱饢驫鲡鹂鸾麣纞虋讟钃骊郁鸜麷鞻韽",
        "朱棣之子：高炽、高煦、高燧；其孙：瞻基、瞻埈、瞻墉、瞻垠、瞻墡、瞻堈。",
        "図書館は来月から開館時間を延長します。週末は夜九時までです。",
        "ひらがなだけのぶんしょうです。よみやすいですか。",
        "도서관은 다음 달부터 개관 시간을 연장합니다. 주말은 밤 아홉 시까지입니다.",
        "Le café est fermé dès l'été ; l'élève préfère « les pâtés » à Noël. Où ça ? Là-bas !",
        "Příliš žluťoučký kůň úpěl ďábelské ódy. Zażółć gęślą jaźń. Đường phố Hà Nội.",
        "Библиотека с будущего месяца продлевает часы работы. Η βιβλιοθήκη είναι ανοιχτή.",
        "年份,人数,比例\n2019,1200,35%\n2020,1350,41%\n2021,?,?\n",
        "什么???你再说一遍?真的吗?好吧!!\n" * 3,
        "if (x ?? y) { return a ? b : c; }  // ??? what\n" * 5,
        "┌──┬──┐\n│甲│乙│\n└──┴──┘\n" * 4,
        "①②③④⑤ ★★★☆☆ → ← ↑ ↓ ■□●○ ℃ № ㎡ ￥",
        "😀😂🤣😊 👍👍👍 好！",
    ],
)
def test_good_text_stays(text: str) -> None:
    assert decode(text.encode()).text == text


def test_what_markup_hides_is_found_in_what_is_read() -> None:
    """Of the page's bytes little is text, and escapes in JSON are plain ASCII."""
    spoilt = "全县新建卫生室十二所，配齐了医生和药品，群众看病方便多了。" * 4
    spoilt = spoilt.encode().decode("gbk", "replace")
    menu = "".join(f'<li class="item-{at}"><a href="/list/{at}.html">{at}</a>' for at in range(900))
    page = f"<html><head><title>x</title></head><body><ul>{menu}</ul><p>{spoilt}</p></body></html>"
    for name, data in (
        ("a.html", page.encode()),
        ("a.json", json.dumps([{"text": spoilt}]).encode("ascii")),
    ):
        with pytest.raises(UnreadableFile) as told:
            read(name, data)
        assert told.value.reason == "mojibake", name
