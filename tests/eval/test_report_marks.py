"""Where values stand in a text: the characters that are marked, by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import holds
from eval.report.marks import spans


def marked(text: str, *groups: tuple[str, ...]) -> list[str]:
    return [text[start:end] for start, end in spans(text, groups)]


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("每户分到1,500元，共44户。", "1500元", ["1,500元"]),
        ("每户分到一千五百元。", "1500元", ["一千五百元"]),
        ("每户1500元，共21500元。", "1500元", ["1500元"]),  # not the end of 21500
        ("共21500元，每户1500元。", "1500元", ["1500元"]),
        ("每户1500元，去年也是1500元。", "1500元", ["1500元", "1500元"]),
        ("共21500元。", "1500元", []),
        ("龙沟乡的金野以匹村", "龙沟乡", ["龙沟乡"]),
        ("龍溝鄉的金野以匹村", "龙沟乡", ["龍溝鄉"]),
        ("", "龙沟乡", []),
        ("龙沟乡", "", []),
    ],
)
def test_a_value_is_marked_where_it_stands(text: str, value: str, expected: list[str]) -> None:
    assert marked(text, (value,)) == expected


def test_the_place_is_the_right_one() -> None:
    text = "每户1500元，共21500元。"
    assert spans(text, [("1500元",)]) == [(2, 7)]


def test_values_of_all_groups_in_order() -> None:
    assert marked("队员3人，走访44户。", ("44户",), ("3人", "三人")) == ["3人", "44户"]


def test_values_within_each_other_are_marked_once() -> None:
    assert marked("昭觉县龙沟乡", ("龙沟乡",), ("昭觉县龙沟乡",)) == ["昭觉县龙沟乡"]


@given(
    st.lists(
        st.sampled_from(["1500元", "一千五百元", "21500元", "，", "共", "。", " "]), max_size=8
    )
)
def test_what_is_marked_holds_the_value(parts: list[str]) -> None:
    text = "".join(parts)
    found = spans(text, [("1500元",)])
    assert bool(found) == holds(text, "1500元")
    assert all(holds(text[start:end], "1500元") for start, end in found)
    assert found == sorted(found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))
