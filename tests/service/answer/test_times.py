"""The parts of a time, and one part in place of another."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.normalise import fold
from service.answer.understand.times import is_time, time_parts, with_time


@pytest.mark.parametrize(
    ("text", "new", "made"),
    [
        ("2024年3月卖了多少？", "四月", "2024年四月卖了多少？"),
        ("2024年3月卖了多少？", "2023年", "2023年3月卖了多少？"),
        ("2024年3月5日卖了多少？", "四月", "2024年四月卖了多少？"),
        ("2024年3月5日卖了多少？", "2023年", "2023年卖了多少？"),
        ("2018年至2020年卖了多少？", "2021年", "2021年卖了多少？"),
        ("2024年第一季度卖了多少？", "第二季度", "2024年第二季度卖了多少？"),
        ("卖了多少？", "三月份", "三月份卖了多少？"),
        ("请问卖了多少？", "三月份", "请问三月份卖了多少？"),
        ("本周三的会在哪开？", "周五", "周五的会在哪开？"),
        ("2024年3月卖了多少？", "去年同期", "2023年3月卖了多少？"),
        ("How many in February 2022?", "March", "How many in March 2022?"),
        ("How many in 2022?", "March", "How many in March 2022?"),
        ("How many were sold?", "2021", "How many were sold in 2021?"),
    ],
)
def test_a_part_of_a_time_is_replaced_by_its_like(text: str, new: str, made: str) -> None:
    assert with_time(new, fold(new), text, fold(text)) == made


@pytest.mark.parametrize("name", ["KX-2031", "三号楼", "十一月路", "第一中学"])
def test_a_name_with_figures_is_no_time(name: str) -> None:
    assert not is_time(fold(name))


@given(st.text(max_size=60))
def test_parts_are_in_order_and_apart(text: str) -> None:
    parts = time_parts(fold(text))
    assert all(one.end <= other.start for one, other in pairwise(parts))
    assert len({part.level for part in parts}) == len(parts)
