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
        ("入学率达到多少？", "小学入学率百分之百，初中百分之九十九。", None),
        ("要让多少户脱贫？", "让一万一千五百八十五户脱贫。", "一万一千五百八十五户"),
        ("奖励了多少名同学？", "7名教师，80名同学获得奖励。", "80名"),
        ("发生率降到多少？", "发生率从29.3%降至21.1%。", "21.1%"),
        ("2018年几个县摘帽？", "2017年4个县、2018年6个县、2019年3个县摘帽。", "6个"),
        ("销售额是多少万元？", "销售额超过700万元。", "超过700万元"),
        ("一共给了多少户？", "一组有12户，二组有30户。", None),
        ("有几个系列、几个产品？", "有3个系列9个产品。", None),
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
