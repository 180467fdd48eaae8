"""A computed value tells each figure that it was reckoned from, with the citation that has it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answer.compose.citations import Citations
from service.answer.compose.parts import cited_parts
from service.answer.compute.sums import Computed
from service.answer.evidence import Evidence
from service.archive import Archive
from tests.archives import archive_of
from tests.service.api.fakes import HIT

FILES = {
    "渡口.md": (
        "# 渡口年报\n\n日期：2024年2月1日\n\n白鹭渡口2022年运送乘客8420人次。\n\n"
        "白鹭渡口2023年运送乘客9175人次。\n"
    ),
    "捐款.csv": "单位,金额（元）,用途\n石桥村,12500,修路\n柳湾村,8300,打井\n双塔村,4100,修路\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("parts"))


@pytest.mark.parametrize(
    ("question", "value", "parts"),
    [
        ("白鹭渡口2023年运送乘客比2022年多多少人次？", "755人次", {"9175人次", "8420人次"}),
        ("石桥村和柳湾村一共捐了多少元？", "20800元", {"12500", "8300"}),
        ("各村捐款一共多少元？", "24900元", {"12500", "8300", "4100"}),
        ("石橋村和柳灣村合計捐款多少元？", "20800元", {"12500", "8300"}),
    ],
)
def test_each_part_stands_in_the_quote_that_it_cites(
    archive: Archive, question: str, value: str, parts: set[str]
) -> None:
    answer = archive.ask(question)
    assert answer.short_answer == value
    assert {part.value for part in answer.parts} == parts
    quotes = {citation.n: citation.quote for citation in answer.citations}
    for part in answer.parts:
        assert part.value in quotes[part.citation]


@pytest.mark.parametrize("question", ["石桥村捐了多少元？", "双塔村的用途是什么？", "谁管渡口？"])
def test_what_stands_in_one_sentence_has_no_parts(archive: Archive, question: str) -> None:
    assert archive.ask(question).parts == ()


def told_in(*quotes: str) -> tuple[Evidence, ...]:
    """A sentence each, of one document."""
    return tuple(Evidence(HIT, 100 * n, 100 * n + 50, quote, 0.9) for n, quote in enumerate(quotes))


FIGURES = st.lists(st.integers(1, 10**6), min_size=2, max_size=5)


@given(figures=FIGURES, other=st.integers(1, 10**6))
def test_all_figures_of_the_formula_are_told_or_none(figures: list[int], other: int) -> None:
    formula = " + ".join(f"{each:,}元" for each in figures)
    quotes = [f"村里收到{each}元。" for each in figures]
    computed = Computed(f"合计{sum(figures)}元 = {formula}", None, told_in(*quotes))
    parts = cited_parts(computed, Citations(lambda *_: ""))
    assert [part.value for part in parts] == [f"{each}元" for each in figures]
    assert [part.citation for part in parts] == list(range(1, len(figures) + 1))
    # A source with a figure that is another's as well, or with none, makes it unsure.
    unsure = [f"村里收到{figures[0]}元，用去{figures[1]}元。", *quotes[1:]]
    assert cited_parts(replace(computed, evidence=told_in(*unsure)), Citations(lambda *_: "")) == ()
    untold = [*quotes[:-1], "村里收到一些钱。"]
    assert cited_parts(replace(computed, evidence=told_in(*untold)), Citations(lambda *_: "")) == ()


@pytest.mark.parametrize(
    ("text", "quotes", "values"),
    [
        ("甲：30吨。甲 30吨 > 乙 20吨", ["甲 | 30吨", "乙 | 20吨"], ["30吨", "20吨"]),
        ("甲多：甲 ３０吨 > 乙 20吨", ["乙有20吨。", "甲有３０吨。"], ["20吨", "３０吨"]),
        ("相差2个百分点 = 12% - 10%", ["今年12%。", "去年10%。"], ["12%", "10%"]),
        ("共3个：甲、乙、丙", ["甲来了3次。", "乙来了3次。"], []),
        ("合计5吨 = 2吨 + 3吨，与表中合计行一致", ["2吨", "3吨", "合计5吨"], ["2吨", "3吨"]),
    ],
)
def test_the_figures_are_as_the_source_writes_them(
    text: str, quotes: list[str], values: list[str]
) -> None:
    computed = Computed(text, None, told_in(*quotes))
    parts = cited_parts(computed, Citations(lambda *_: ""))
    assert [part.value for part in parts] == values
