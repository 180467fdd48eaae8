"""Values by hand, and that normalising twice changes nothing on any Unicode text."""

import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.normalise import _MAY_BE_MARK, _is_mark, fold, han_spellings, normalise

ANY_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "，。（）１２％％〇二〇乾隆乾燥藉慰一目瞭然瞭望著於薴麼麽ﾊﾞ　\u200b\u0301e…½⻢⽇"
            "②⑽⁵\u2009\u202f0o○Ｏ年-\n ・峯発礮餧"
        ),
    )
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("１２３，４５６．７％", "123,456.7%"),
        ("ＡＢＣ（甲）", "abc(甲)"),
        ("㈱ ㎡ m² ① ⑴ ❿", "(株) m2 m2 (1) (1) (10)"),
        ("3428①人", "3428(1)人"),
        ("10⁵与3428²，x²", "10^5与3428^2,x2"),
        ("½ 2½ 3⅛", "1/2 2 1/2 3 1/8"),
        ("3\u2009428人，1\u202f234\u202f567元", "3428人,1234567元"),
        ("脱 贫攻坚　战", "脱贫攻坚战"),
        ("2020 年 5 月 28 日 3 428 人", "2020年5月28日3 428人"),
        ("姓名   职务\t电话", "姓名   职务\t电话"),
        ("脱\n贫", "脱\n贫"),
        ("windows 10 系统", "windows 10系统"),
        ("develop-\nment，COVID-\n19", "development,covid-\n19"),
        ("de\u00advelop", "develop"),
        ("约翰・史密斯、约翰‧史密斯", "约翰·史密斯、约翰·史密斯"),
        ("〜−‐", "~--"),
        (
            "二０二０年，二○二○年，二00二年，一九九O年",
            "二〇二〇年,二〇二〇年,二〇〇二年,一九九〇年",
        ),
        ("峯臺裏裡爲説啟牀羣綫", "峰台里里为说启床群线"),
        ("看著著名原著", "看着著名原著"),
        ("関係と沢、広島県", "关系と泽、广岛县"),
        ("旣敎靑卽", "既教青即"),
        ("皇后與以後，頭髮與發展，范仲淹與範圍", "皇后与以后,头发与发展,范仲淹与范围"),
        ("等等……", "等等......"),
        ("臺灣的頭髮與發展", "台湾的头发与发展"),
        ("乾隆年間乾燥", "乾隆年间干燥"),
        ("⻓城⻢⻋⼤学", "长城马车大学"),
        ("金野\u200b以\ufeff匹村", "金野以匹村"),
        ("第一行\r第二行\t完\x00", "第一行\n第二行\t完"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        (unicodedata.normalize("NFD", "한국"), "한국"),
        ("二〇二〇年。“引号”", "二〇二〇年。“引号”"),
        ("", ""),
    ],
)
def test_spelling(written: str, normal: str) -> None:
    assert normalise(written).text == normal
    assert fold(written) == normal


def test_offsets_lead_back() -> None:
    text = "共…½㎡\u200b，約１萬"
    result = normalise(text)
    assert result.text == "共...1/2m2,约1万"
    assert list(result.starts) == [0, 1, 1, 1, 2, 2, 2, 3, 3, 5, 6, 7, 8]
    assert list(result.ends) == [1, 2, 2, 2, 3, 3, 3, 4, 4, 6, 7, 8, 9]
    at = result.text.index("约1万")
    assert result.original_span(at, at + 3) == (6, 9)
    # a part of an expanded character is the whole character
    assert result.original_span(1, 2) == (1, 2)
    assert result.original_span(5, 6) == (2, 3)
    assert result.original_span(4, 4) == (2, 2)
    assert result.original_span(len(result.text), len(result.text)) == (9, 9)


def test_what_is_left_out_belongs_to_no_character() -> None:
    text = "决战脱 贫 攻坚\u200b战"
    result = normalise(text)
    assert result.text == "决战脱贫攻坚战"
    at = result.text.index("脱贫")
    assert text[slice(*result.original_span(at, at + 2))] == "脱 贫"
    assert text[slice(*result.original_span(at + 2, at + 4))] == "攻坚"


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once.text).text == once.text
    assert fold(text) == once.text
    assert len(once.starts) == len(once.ends) == len(once.text)
    assert all(a < b for a, b in zip(once.starts, once.ends, strict=True))
    assert all(a <= b for a, b in zip(once.starts, once.starts[1:], strict=False))
    assert all(a <= b for a, b in zip(once.ends, once.ends[1:], strict=False))
    assert max(once.ends, default=0) <= len(text)


@given(ANY_TEXT, st.data())
@settings(max_examples=400, deadline=None)
def test_a_span_of_the_original_normalises_to_what_it_came_from(
    text: str, data: st.DataObject
) -> None:
    once = normalise(text)
    start = data.draw(st.integers(0, len(once.text)))
    end = data.draw(st.integers(start, len(once.text)))
    first, last = once.original_span(start, end)
    assert 0 <= first <= last <= len(text)
    assert (first == last) == (start == end)
    # Each character of the stretch lies within the span, and none before or behind it does.
    inside = range(first, last)
    for at in range(start, end):
        assert once.starts[at] in inside
        assert once.ends[at] - 1 in inside
    for at in (*range(start), *range(end, len(once.text))):
        if (once.starts[at], once.ends[at]) not in zip(
            once.starts[start:end], once.ends[start:end], strict=True
        ):
            assert once.ends[at] <= first or once.starts[at] >= last or first == last


@given(st.text(st.sampled_from("脱贫攻坚战略目标张李王"), min_size=2, max_size=30), st.data())
def test_spaces_between_han_characters_change_nothing(text: str, data: st.DataObject) -> None:
    spaces = data.draw(st.lists(st.sampled_from(["", " ", "　", "  "]), min_size=len(text)))
    spaced = "".join(char + space for char, space in zip(text, spaces, strict=False)).rstrip()
    result = normalise(spaced)
    assert result.text == text
    for at, char in enumerate(text):
        assert spaced[slice(*result.original_span(at, at + 1))] == char


@given(st.lists(ANY_TEXT, max_size=4))
@settings(max_examples=100, deadline=None)
def test_lines_do_not_touch_each_other(lines: list[str]) -> None:
    # A mark at a line's start has no letter to join; a digit keeps it away from the line end.
    # A \r at a line's end is the first half of its line end, and no part of the line.
    lines = [line.rstrip("\r") for line in lines]
    whole = "\n".join("0" + line for line in lines)
    assert fold(whole) == "\n".join(fold("0" + line) for line in lines)


def test_every_character_alone_is_stable() -> None:
    for codepoint in (*range(0x3100), *range(0xF900, 0x11000), *range(0x1F100, 0x1F300)):
        once = fold(chr(codepoint))
        assert fold(once) == once, hex(codepoint)


def test_every_han_character_alone_is_stable() -> None:
    folded = fold("\n".join(map(chr, (*range(0x2E80, 0xA000), *range(0xF900, 0xFB00)))))
    assert fold(folded) == folded


@pytest.mark.parametrize("piece", ["脱 ", "1 ", "a-\n", "二0", "1²", "½", "ﾊﾞ", "乾", "\u0301"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    normalise(piece * 50_000)
    assert time.process_time() - start < 5


def test_many_marks_are_bounded() -> None:
    assert len(fold("a" + "\u0316" * 100_000)) == 31


def test_no_mark_is_in_a_block_that_is_passed_over() -> None:
    whole = (chr(codepoint) for codepoint in range(sys.maxunicode + 1))
    marks = [char for char in whole if _is_mark(char)]
    assert len(marks) > 2000
    assert [char for char in marks if not _MAY_BE_MARK.search(char)] == []


def test_the_spellings_of_han_characters_are_those_of_fold() -> None:
    written, folded = han_spellings()
    assert len(written) == len(folded) == len(set(written)) > 3_000
    table = dict(zip(written, folded, strict=True))
    assert {char: table[char] for char in "體灣峯沢⻄"} == dict(
        zip("體灣峯沢⻄", "体湾峰泽西", strict=True)
    )
    assert all(fold(char) == plain != char for char, plain in table.items())
    assert "体" not in table
    assert all(len(each.encode("utf-16-le")) == 2 * len(written) for each in (written, folded))
