"""The marks of a question: which codes, years and names have to stand in what answers."""

import pytest

from service.answer.understand.identifiers import identifiers
from service.answer.understand.question import analyse


@pytest.mark.parametrize(
    ("question", "marks"),
    [
        ("李蒙是哪里人？", []),
        ("除陈黄惠外还有谁当选？", []),
        ("伊藤由美子所属公司叫什么？", ["伊藤由美子"]),
        ("林怀远任什么职务？", ["林怀远"]),
        ("包文清哪年出生？", ["包文清"]),
        ("端午龙舟赛来了几支队？", []),
        ("路口为什么不装红绿灯？", []),
        ("孩子怎么才能报松岭实验小学？", ["松岭实验小学"]),
        ("松阳县有多少人到县医院看病？", ["松阳县"]),
        ("Why was the ferry late in 2023?", ["2023年"]),
        ("What happened to Pump 4 in March 2024?", ["pump 4", "2024年"]),
        ("Who was among the first 3?", []),
        ("How much did unit 7 give in June 2024?", ["unit 7", "2024年"]),
    ],
)
def test_what_has_to_stand_in_an_answer(question: str, marks: list[str]) -> None:
    assert [mark.written for mark in identifiers(analyse(question))] == marks


def test_people_are_counted_whatever_follows() -> None:
    """The segmenter takes 人到 for one word."""
    asked = analyse("松阳县有多少人到县医院看病？")
    assert (asked.unit, asked.counted) == ("人", "人")


@pytest.mark.parametrize("asked", ["多少时间", "多少時間", "多少年"])
def test_time_is_measured_and_counts_nothing(asked: str) -> None:
    assert analyse(f"对名次不服要在{asked}以内提出？").counted == ""
