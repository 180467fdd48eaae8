"""A model's stream cut into sentences with their marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answer.compose.drafts import Draft, drafts, joined


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每户分到1500元。[1]", [Draft("每户分到1500元。", (1,))]),
        ("每户分到1500元[1]。", [Draft("每户分到1500元。", (1,))]),
        ("甲。[1][2] 乙！[3]", [Draft("甲。", (1, 2)), Draft("乙！", (3,))]),
        ("没有标记的一句。第二句。[2]", [Draft("没有标记的一句。", ()), Draft("第二句。", (2,))]),
        ("没有句号的一行[1]\n另一行[2]", [Draft("没有句号的一行", (1,)), Draft("另一行", (2,))]),
        ("他说“好。”[1]", [Draft("他说“好。”", (1,))]),
        ("增长21.1%。[1]", [Draft("增长21.1%。", (1,))]),
        ("[1]", []),
        ("", []),
    ],
)
def test_sentences_and_their_marks(text: str, expected: list[Draft]) -> None:
    assert list(drafts([text])) == expected


@given(
    st.lists(st.sampled_from(["甲乙丙。", "丁！", "[1]", "[12]", " ", "戊3.5", "\n"]), max_size=12)
)
def test_where_the_stream_is_cut_makes_no_difference(tokens: list[str]) -> None:
    text = "".join(tokens)
    assert list(drafts(list(text))) == list(drafts([text]))


def test_a_sentence_comes_out_before_the_next_is_complete() -> None:
    stream = drafts(iter(["甲。[1]", "乙", _fail_if_read()]))
    assert next(stream) == Draft("甲。", (1,))


def _fail_if_read() -> str:
    return "。"


def test_joined_puts_an_unfinished_sentence_on_its_own_line() -> None:
    assert joined([("表格一行", [1]), ("一句。", [2, 3])]) == "表格一行[1]\n一句。[2][3]"
