"""Sentences on the subject that tell another fact of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.records import Passage
from service.answer.evidence import Evidence, Value
from service.answer.read.lacking import is_of_another_year
from service.answer.understand.question import analyse
from service.records import Hit


def of_another_year(question: str, quote: str, value: str) -> bool:
    passage = Passage("a-0", "a", 0, len(quote), quote, "")
    hit = Hit(1, 1.0, passage, "a.txt", None, None, None, None)
    start = quote.index(value)
    told = Value(start, start + len(value), 0.9)
    return is_of_another_year(analyse(question), Evidence(hit, 0, len(quote), quote, 0.9, told))


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("2021年会费收入多少元？", "因为会费2022年只有30元，不够用。", True),
        ("２０２１年會費收入多少元？", "因為會費２０２２年只有30元，不夠用。", True),
        ("2021年会费收入多少元？", "2022年不办了，会费只有30元。", False),
        ("2021年会费收入多少元？", "会费比2020年多了30元。", False),
        ("2021年会费收入多少元？", "2022年3月付清会费30元。", False),
        ("2021年至2023年会费收入多少元？", "会费2022年只有30元。", False),
        ("会费收入多少元？", "会费2022年只有30元。", False),
        ("2021年的会费是哪年付的？", "会费2022年付30元。", False),
    ],
)
def test_a_figure_of_another_year_in_its_own_clause(
    question: str, quote: str, expected: bool
) -> None:
    assert of_another_year(question, quote, "30" if "30" in quote else "2022年") is expected


@given(st.integers(1990, 2030), st.integers(1990, 2030))
def test_a_year_is_another_unless_it_is_the_asked_one(asked: int, told: int) -> None:
    question, quote = f"{asked}年的会费是多少元？", f"会费{told}年为30元。"
    assert of_another_year(question, quote, "30元") is (asked != told)
