"""The asked value inside a sentence, as the sentence writes it."""

import pytest

from service.answer.question import analyse
from service.answer.short import may_answer, short_answer


@pytest.mark.parametrize(
    ("question", "quote", "value"),
    [
        ("每户分到多少钱？", "44户贫困户每户分到1500元。", "1500元"),
        ("搬迁了多少户？", "44户贫困户每户分到1500元。", "44户"),
        ("投入多少亿元？", "未來三年將投入１２０億元。", "１２０億元"),
        ("哪一年脱贫？", "二〇一九年永平县脱贫摘帽。", "二〇一九年"),
        ("仪式是什么时候举行的？", "5月27日下午举行了仪式。", "5月27日"),
        ("2019年减贫多少人？", "2019年减贫15人，2020年减贫7人。", "15人"),
        ("就诊率是多少？", "2020年县域内就诊率升至90.4％。", "90.4％"),
        ("入学率达到多少？", "小学入学率百分之百，初中百分之九十九。", "百分之百"),
        ("院长是谁？", "院长曹力生介绍了情况。", None),
        ("花了多少钱？", "村里修了路。", None),
    ],
)
def test_the_value(question: str, quote: str, value: str | None) -> None:
    assert short_answer(analyse(question), quote) == value


@pytest.mark.parametrize(
    ("question", "quote", "may"),
    [
        ("花了多少钱？", "村里有44户人家。", False),
        ("花了多少钱？", "修路花了两万元。", True),
        ("几个老师获奖？", "7名教师获得奖励。", True),
        ("2019年有多少人脱贫？", "2019年永平县脱贫摘帽。", False),
        ("哪一年脱贫？", "县里有44户。", False),
        ("院长是谁？", "村里有44户人家。", True),
    ],
)
def test_what_can_not_answer(question: str, quote: str, may: bool) -> None:
    assert may_answer(analyse(question), quote) is may
