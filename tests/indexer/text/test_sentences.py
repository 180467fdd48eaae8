"""Where a sentence ends, by hand, and that spans are always in order and stripped."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("他来了。她走了！谁？", ["他来了。", "她走了！", "谁？"]),
        ("“他来了吗？！”她问。", ["“他来了吗？！”", "她问。"]),
        ("一是抓落实;二是抓长效;", ["一是抓落实;", "二是抓长效;"]),
        ("(见附件。)后文", ["(见附件。)", "后文"]),
        ("标题\n  正文第一句。\n\n• 条目一\n", ["标题", "正文第一句。", "• 条目一"]),
        ("约3.5万元。1,200.5元", ["约3.5万元。", "1,200.5元"]),
        ("等等……然后", ["等等……", "然后"]),
        (
            "It cost 3.5 yuan. Dr. J. Smith paid. End.",
            ["It cost 3.5 yuan.", "Dr. J. Smith paid.", "End."],
        ),
        ("1. 总则\n2. 范围", ["1. 总则", "2. 范围"]),
        ("in 2020. Next", ["in 2020.", "Next"]),
        ('他说:"好。"我说:"行。"', ['他说:"好。"', '我说:"行。"']),
        ('他走了。"我来。"她说', ["他走了。", '"我来。"', "她说"]),
        ("见http://a.cn/b?id=1&c;d 网址", ["见http://a.cn/b?id=1&c;d 网址"]),
        ("网址a.com。", ["网址a.com。"]),
        ("", []),
        (" \n\u3000\n", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@given(st.text(st.sampled_from("他来a1. 。！？；!?;…\n\t　“”\"')）")))
@settings(max_examples=500, deadline=None)
def test_spans_are_in_order_and_lose_nothing(text: str) -> None:
    spans = split_sentences(text)
    position = 0
    for start, end in spans:
        assert position <= start < end
        assert text[position:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        position = end
    assert text[position:].strip() == ""


def test_one_long_line_is_linear() -> None:
    began = time.process_time()
    assert len(split_sentences("a." * 500_000)) == 1
    assert len(split_sentences("好。" * 200_000)) == 200_000
    assert time.process_time() - began < 10


def test_a_wide_point_behind_a_character_ends_a_sentence() -> None:
    text = "闸门今天打开．下游注意．雨量3．5毫米。一．总则"
    assert [text[start:end] for start, end in split_sentences(text)] == [
        "闸门今天打开．",
        "下游注意．",
        "雨量3．5毫米。",
        "一．总则",
    ]
