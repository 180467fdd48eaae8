"""Records as JSON: sections, rows, lines that are broken, spellings, bounds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.files.readers import json_records, read
from tests.indexer.files.broken import (
    broken_copies,
    heading_words,
    places,
    read_anyhow,
    refusal,
)

ARTICLE = (
    '{"title": "雷波分红", "date": "2020-05-28T08:00", "作者": "张三", "url": "http://a/b",'
    ' "content": "每户1500元。\\n\\n第二段。", "tags": ["扶贫", "分红"],'
    ' "附": {"县": "雷波", "人": [{"名": "甲", "岁": 30}, {"名": "乙", "身高": 1.50}]}}'
)


def test_one_object_is_one_document() -> None:
    content = read("a.json", ARTICLE.encode())
    assert content.text == (
        "雷波分红\ndate：2020-05-28T08:00 | 作者：张三 | tags：扶贫、分红\nurl：http://a/b\n"
        "每户1500元。\n\n第二段。\n附.县：雷波\n附.人\n名：甲 | 岁：30\n名：乙 | 身高：1.50"
    )
    assert (content.title, content.date, content.author) == ("雷波分红", "2020-05-28", "张三")
    assert content.url == "http://a/b"
    assert heading_words(content) == [(1, "雷波分红")]
    (out,) = content.left_out
    assert content.text[out.start : out.end] == "url：http://a/b"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "big5"])
def test_flat_records_are_rows(encoding: str) -> None:
    table = '[{"縣":"雷波","退出村":12},{"縣":"昭覺","退出村":54,"x":NaN,"y":null}]'
    assert places(read("表.json", table.encode(encoding))) == {
        "第1条": "縣：雷波 | 退出村：12",
        "第2条": "縣：昭覺 | 退出村：54",
    }


def test_records_with_texts_are_sections() -> None:
    lines = '{"标题":"一号","正文":"第一篇。"}\n\n{"正文":"第二篇\\ud800。"}\n{"标题":"断'
    content = read("集.jsonl", lines.encode())
    assert heading_words(content) == [(2, "一号"), (2, "第3条")]
    assert places(content) == {"第1行": "一号\n第一篇。", "第3行": "第3条\n第二篇\ufffd。"}
    assert [out.reason for out in content.left_out] == ["unreadable"]
    assert content.text.endswith('{"标题":"断')
    assert content.title == "集"


def test_a_wrapper_and_markup() -> None:
    wrapped = '{"code":0,"data":{"list":[{"title":"A","content":"<p>甲文。</p><p>乙文。</p>"}]}}'
    content = read("w.json", wrapped.encode())
    assert content.text == "code：0\nA\n甲文。\n乙文。"
    assert places(content) == {"第1条": "A\n甲文。\n乙文。"}


def test_odd_but_readable() -> None:
    assert read("a.json", b'{"a":"1","a":"2"}').text == "a：1\na：2"
    assert read("a.json", '["甲","乙"]'.encode()).text == "甲\n乙"
    assert places(read("a.json", '{"a":"甲"}\n{"a":"乙"}'.encode()))["第2条"] == "a：乙"
    assert read("a.jsonl", '[\n{"a":"甲"},\n{"a":"乙"}\n]'.encode()).text == "a：甲\na：乙"
    assert read("a.json", b'{"n": ' + b"7" * 9000 + b"}").text == "n：" + "7" * 9000
    long = {"text": "长短高低" * 7_500}
    assert len(places(read("a.json", json.dumps([long] * 3).encode()))) == 3


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal("a.json", b'{"a": ') == "damaged"
    assert refusal("a.json", b'[{"a":1}{"b":2}]') == "damaged"
    assert refusal("a.json", b'[{"a":1},') == "damaged"
    assert refusal("a.jsonl", b"no\njson\nat all\n") == "damaged"
    assert refusal("a.json", b"[]") == refusal("a.json", b"[{}, [], null]") == "no_text"
    for deep in (b"[" * 40 + b"]" * 40, b"[" * 100_000, b'{"a":' * 100_000):
        assert refusal("a.json", b"[" + deep) in {"too_large", "damaged"}
    monkeypatch.setattr(json_records, "MAX_RECORDS", 10)
    assert refusal("a.json", b"[" + b"1," * 20 + b"1]") == "too_large"
    assert refusal("a.jsonl", b'{"a":1}\n' * 11) == "too_large"


def test_a_value_beyond_the_bound_is_not_parsed() -> None:
    assert refusal("a.json", b'{"a":[' + b"[]," * 8_000_000 + b"1]}") == "too_large"


def test_broken_files() -> None:
    for data in broken_copies(ARTICLE.encode()):
        read_anyhow("a.json", data)
    for data in broken_copies("\n".join([ARTICLE] * 12).encode("gb18030")):
        read_anyhow("a.jsonl", data)


WORDS = st.text(st.sampled_from("甲乙textitle正文.：\n<p>\ud800\x00"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_any_value(value: object) -> None:
    text = json.dumps(value)
    read_anyhow("a.json", text.encode())
    read_anyhow("a.jsonl", f"{text}\n{text}".encode())


@given(st.text(st.sampled_from('[]{}",:1\\un甲\n'), max_size=40))
def test_any_text(text: str) -> None:
    read_anyhow("a.json", text.encode())
    read_anyhow("a.jsonl", text.encode())
