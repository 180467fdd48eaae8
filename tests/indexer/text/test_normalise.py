"""Values by hand, and that normalising twice changes nothing on any Unicode text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.normalise import fold, normalise

ANY_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "，。（）１２％％〇二〇乾隆乾燥藉慰一目瞭然瞭望著於薴麼麽ﾊﾞ　\u200b\u0301e…½⻢⽇"
        ),
    )
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("１２３，４５６．７％", "123,456.7%"),
        ("ＡＢＣ（甲）", "abc(甲)"),
        ("㈱ ㎡ m² ①", "(株) m2 m2 1"),
        ("等等……", "等等......"),
        ("臺灣的頭髮與發展", "台湾的头发与发展"),
        ("乾隆年間乾燥", "乾隆年间干燥"),
        ("⻓城⻢⻋⼤学", "长城马车大学"),
        ("金野\u200b以\ufeff匹村", "金野以匹村"),
        ("第一行\r第二行\t完\x00", "第一行\n第二行 完"),
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
    assert result.text == "共...1⁄2m2,约1万"
    assert list(result.starts) == [0, 1, 1, 1, 2, 2, 2, 3, 3, 5, 6, 7, 8, 9]
    at = result.text.index("约1万")
    assert result.original_span(at, at + 3) == (6, 9)
    # a part of an expanded character is the whole character
    assert result.original_span(1, 2) == (1, 2)
    assert result.original_span(5, 6) == (2, 3)
    assert result.original_span(4, 4) == (2, 2)


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once.text).text == once.text
    assert fold(text) == once.text
    assert len(once.starts) == len(once.text) + 1
    assert once.starts[-1] == len(text)
    assert all(a <= b for a, b in zip(once.starts, once.starts[1:], strict=False))


@given(st.lists(ANY_TEXT, max_size=4))
@settings(max_examples=100, deadline=None)
def test_lines_do_not_touch_each_other(lines: list[str]) -> None:
    # A mark at a line's start has no letter to join; a digit keeps it away from the line end.
    whole = "\n".join("0" + line for line in lines)
    assert fold(whole) == "\n".join(fold("0" + line) for line in lines)


def test_every_character_alone_is_stable() -> None:
    for codepoint in (*range(0x3100), *range(0xF900, 0x11000), *range(0x1F100, 0x1F300)):
        once = fold(chr(codepoint))
        assert fold(once) == once, hex(codepoint)


def test_many_marks_are_bounded() -> None:
    assert len(fold("a" + "\u0316" * 100_000)) == 31
