"""Sums and differences by hand and by property, roundings that agree, questions asked of each."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.records import Passage
from indexer.text.numbers import find_numbers
from service.answer.compose.brackets import bracketed, without_brackets
from service.answer.compute.sums import Part, compute
from service.answer.evidence import Evidence, Reading
from service.answer.read.statements import agree, statement
from service.answer.understand.question import analyse
from service.answer.understand.several import each_of
from service.records import Hit

WHOLE = Reading((), 0.9)


def evidence(quote: str, document: str = "a", title: str = "") -> Evidence:
    passage = Passage(document, document, 0, len(quote), quote, title)
    hit = Hit(1, 1.0, passage, document, None, "2020-01-02", None, None)
    return Evidence(hit, 0, len(quote), quote, 0.9)


def part(question: str, quote: str, document: str) -> Part:
    return Part(analyse(question), Reading((evidence(quote, document),), 0.9))


def of_two(question: str, one: str, other: str) -> str | None:
    """What is computed of two shops, each of which has its own sentence."""
    parts = [
        part("东店卖出多少公斤苹果？", f"东店卖出{one}苹果。", "a"),
        part("西店卖出多少公斤苹果？", f"西店卖出{other}苹果。", "b"),
    ]
    computed = compute(analyse(question), parts, WHOLE)
    return computed.text if computed else None


SUM = "东店和西店一共卖出多少公斤苹果？"
DIFFERENCE = "东店和西店卖出的苹果相差多少公斤？"


@pytest.mark.parametrize(
    ("question", "one", "other", "text"),
    [
        (SUM, "500公斤", "700公斤", "合计1200公斤 = 500公斤 + 700公斤"),
        (SUM, "1,500公斤", "700公斤", "合计2,200公斤 = 1,500公斤 + 700公斤"),
        (SUM, "1.5万公斤", "3万公斤", "合计4.5万公斤 = 1.5万公斤 + 3万公斤"),
        (SUM, "三百公斤", "20公斤", "合计320公斤 = 三百公斤 + 20公斤"),
        (SUM, "300余公斤", "20公斤", None),
        (SUM, "300亩", "20公斤", None),
        (DIFFERENCE, "500公斤", "700公斤", "相差200公斤 = 700公斤 - 500公斤"),
        (DIFFERENCE, "700公斤", "700公斤", "700公斤 = 700公斤"),
    ],
)
def test_what_is_computed(question: str, one: str, other: str, text: str | None) -> None:
    assert of_two(question, one, other) == text


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_sum_is_that_of_its_parts(one: int, other: int) -> None:
    text = of_two(SUM, f"{one}公斤", f"{other}公斤")
    assert text is not None
    total, *parts = (number.value for number in find_numbers(text))
    assert parts == [Decimal(one), Decimal(other)]
    assert total == sum(parts)


@given(st.text("学校 甲乙丙12年", min_size=1), st.lists(st.integers(0, 5), max_size=3))
def test_a_text_without_its_brackets_is_the_quote(quote: str, places: list[int]) -> None:
    additions = sorted((min(at, len(quote)), "洪都大学") for at in places)
    text, resolved = bracketed(quote, additions)
    assert without_brackets(text, resolved) == quote
    assert all(text[each.start : each.end] == "【洪都大学】" for each in resolved)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("12034人", "约1.2万人", True),
        ("12034人", "1.2万人", True),
        ("12034人", "1.3万人", False),
        ("44户", "41户", False),
        ("760公斤", "超过700公斤", True),
        ("1500公斤", "超过700公斤", False),
        ("100余人次", "150余人次", False),
        ("一百余人次", "100多人次", True),
        ("90.4%", "90%", False),
        ("百分之九十", "90%", True),
    ],
)
def test_a_figure_and_its_rounding_agree(one: str, other: str, is_one: bool) -> None:
    unit = next((unit for unit in ("人次", "人", "户", "公斤") if unit in one), "")
    question = analyse(f"有多少{unit}？" if unit else "比例是多少？")
    stated = [statement(question, evidence(f"比例是{v}。" if "%" in other else f"有{v}。"))
              for v in (one, other)]  # fmt: skip
    assert stated[0] is not None
    assert stated[1] is not None
    assert agree(stated[0], stated[1]) is is_one
    assert agree(stated[1], stated[0]) is is_one


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "洪都大学和章江大学各派了多少名教师？",
            ["洪都大学派了多少名教师?", "章江大学派了多少名教师?"],
        ),
        ("2018年和2019年分别退出了多少个村？", ["2018年退出了多少个村?", "2019年退出了多少个村?"]),
        ("甲厂的厂长和乙院的院长是谁？", ["甲厂的厂长是谁?", "乙院的院长是谁?"]),
        ("2019年比2018年多捐了多少钱？", ["2019年捐了多少钱?", "2018年捐了多少钱?"]),
        ("方案讲的三个统筹分别指什么？", []),
        ("学校和县里从哪一年开始结对？", []),
    ],
)
def test_a_question_asked_of_each(question: str, asked: list[str]) -> None:
    assert each_of(analyse(question)) == asked
