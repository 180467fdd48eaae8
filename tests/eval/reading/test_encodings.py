"""The measurement of encodings: what counts as right, and that a bad reader shows in it."""

import random

import pytest

from eval.reading.damaging import Outcome, Spoilt, State, in_pieces, judge, spoil
from eval.reading.encodings import came_back, crops, good_texts, is_mojibake, ours
from eval.reading.spoiling import MISTAKES

TEXT = (
    "市图书馆从下月起延长开放时间，周末开到晚上九点，读者可以凭身份证入馆看书，不再另办证件。"
    "馆长说，去年到馆的读者比前年多了两成，其中多半是学生和老人，新书每周上架一次。"
) * 5


def test_what_is_right() -> None:
    spoilt = Spoilt("甲乙丙丁戊己庚辛壬癸", b"", (4,))
    assert judge(spoilt, None) is Outcome.REFUSED
    assert judge(spoilt, spoilt.text) is Outcome.RIGHT
    assert judge(spoilt, "甲乙丙丁\ufffd己庚辛壬癸") is Outcome.RIGHT
    assert judge(spoilt, "甲乙丙\ufffd庚辛壬癸") is Outcome.RIGHT  # three in a row
    assert judge(spoilt, "甲乙丙丁错己庚辛壬癸") is Outcome.UNMARKED
    assert judge(spoilt, "甲乙\ufffd辛壬癸") is Outcome.MARKED  # five
    assert judge(spoilt, "甲乙丙丁\ufffd错错错错错") is Outcome.MARKED
    assert judge(spoilt, "甲乙丙丁错错错错错错") is Outcome.GARBAGE
    assert judge(Spoilt("甲乙", b"", ()), "甲丙") is Outcome.GARBAGE


def test_how_texts_are_spoilt() -> None:
    chance = random.Random(1)
    whole = spoil(TEXT, "gb18030", b"", State.WHOLE, chance)
    assert whole.data.decode("gb18030") == TEXT
    lost = spoil(TEXT, "gb18030", b"", State.LOST, chance)
    assert len(lost.data) == len(whole.data) - len(lost.places)
    assert len(lost.places) == len(TEXT) // 300
    flipped = spoil(TEXT, "gb18030", b"", State.FLIPPED, chance)
    assert sum(a != b for a, b in zip(flipped.data, whole.data, strict=True)) == 1
    with pytest.raises(UnicodeEncodeError):
        spoil("馆", "big5", b"", State.WHOLE, chance)


def test_hz_is_written_as_others_write_it() -> None:
    data = b"".join(in_pieces("a~b 市图书馆 c", "hz"))
    assert data == b"a~~b ~{JPM<Ji9]~} c"
    assert data.decode("hz") == "a~b 市图书馆 c"


def test_a_good_reader_and_a_bad_one() -> None:
    texts = [TEXT[at:] + TEXT[:at] for at in (0, 30, 60)]
    table = came_back(texts, ours)
    assert table.value("GB18030, 300 characters", "whole") == 1.0
    assert table.value("HZ, all characters", "whole") == 1.0
    assert table.value("UTF-16 LE, 20 characters", "texts") == 3
    careless = came_back(texts, lambda data: data.decode("gbk", "ignore"))
    assert careless.value("UTF-8, 300 characters", "whole") == 0.0
    assert careless.value("UTF-8, 300 characters", "garbage, share") == 1.0
    refusing = came_back(texts, lambda data: None)
    assert refusing.value("UTF-8, 300 characters", "refused") == 1.0


def test_crops() -> None:
    assert [len(text) for text in crops([TEXT, "短"], 20)] == [20, 1]
    assert list(crops(["甲", "乙", "丙", "丁", "戊"], None)) == ["甲\n乙\n丙\n丁", "戊"]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.label)
def test_each_way_to_spoil_a_text_is_recognised(mistake: object) -> None:
    (found,) = [each for each in MISTAKES if each is mistake]
    traditional = "市圖書館從下月起延長開放時間，週末開到晚上九點，讀者可以憑證入館。" * 4
    spoilt = found.make(TEXT) or found.make(traditional)
    assert spoilt is not None
    assert is_mojibake(spoilt)


def test_good_texts() -> None:
    table = good_texts([TEXT, "短文。"])
    assert table.value("whole texts", "texts") == 2
    assert table.value("whole texts", "refused") == 0
