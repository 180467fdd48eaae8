"""What a sentence lists is counted only where the list is whole and of the kind asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.records import Passage
from indexer.text.numbers import find_numbers
from service.answer.compute.counts import counted
from service.answer.compute.gathered import items_in, spelled
from service.answer.evidence import Evidence, Reading
from service.answer.read.tables import cells_of
from service.answer.understand.question import analyse
from service.records import Hit

QUESTION = analyse("2018年松州有几个县脱贫摘帽？")
NAMES = st.lists(
    st.text("甘雷盐木桥柳", min_size=2, max_size=2), min_size=2, max_size=8, unique=True
)


def of_sentence(quote: str) -> str | None:
    """What is counted of one sentence under a title that tells the place."""
    passage = Passage("a", "a", 0, len(quote), quote, "松州脱贫攻坚")
    hit = Hit(1, 1.0, passage, "a", None, "2018-12-02", None, None)
    evidence = Evidence(hit, 0, len(quote), quote, 0.9)
    found = counted(QUESTION, Reading((evidence,), 0.9))
    return found.text if found else None


@given(NAMES, st.sampled_from(["、", "和", "以及"]))
def test_the_count_is_that_of_the_items_and_each_stands_in_the_sentence(
    names: list[str], last: str
) -> None:
    counties = [f"{name}县" for name in names]
    listed = "、".join(counties[:-1]) + last + counties[-1]
    quote = f"2018年，{listed}脱贫摘帽。"
    text = of_sentence(quote)
    if len(counties) == 2 and last != "、":
        assert text is None  # one 、 at least makes it a list
        return
    assert text is not None
    said, items = text.split("：")
    assert [number.value for number in find_numbers(said)] == [len(counties)]
    assert items.split("、") == counties


@pytest.mark.parametrize(
    "quote",
    [
        "2018年，甘县、雷县、盐县等脱贫摘帽。",
        "2018年，其中甘县、雷县、盐县脱贫摘帽。",
        "2018年，甘县、雷县、盐县没有脱贫摘帽。",
        "2018年，甘县、雷县、盐县等三县脱贫摘帽。",
        "2018年，甘镇、雷镇、盐镇脱贫摘帽。",
        "2018年，甘县、雷县、盐镇脱贫摘帽。",
        "2018年，甘县、雷县、甘县脱贫摘帽。",
        "2018年，甘县、雷县退出，盐县、木县脱贫摘帽。",
        "2017年，甘县、雷县、盐县脱贫摘帽。",
        "2018年，甘县、雷县、盐县通了路。",
        "2018年，甘雷、雷盐、盐木脱贫摘帽。",
    ],
)
def test_what_is_not_counted(quote: str) -> None:
    assert of_sentence(quote) is None


@given(NAMES)
def test_the_items_of_a_sentence_are_its_letters(names: list[str]) -> None:
    quote = "、".join(names)
    assert items_in(quote) == [spelled(name) for name in names]


@pytest.mark.parametrize(
    ("line", "is_row"),
    [
        ("县：雷波 | 退出村：12", True),
        ("县：雷波", False),
        ("雷波 | 12", False),
        ("县：雷波 | 12", False),
        ("县：雷波 | 县：甘洛", False),
    ],
)
def test_a_row_is_a_line_of_named_cells(line: str, is_row: bool) -> None:
    assert (cells_of(line) is not None) is is_row
