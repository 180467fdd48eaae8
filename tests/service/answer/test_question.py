"""What questions ask for, one example a rule."""

import pytest

from service.answer.understand.question import AnswerType, analyse


@pytest.mark.parametrize(
    ("text", "asks", "unit"),
    [
        ("金野以匹村的集体经济分红每户多少钱？", AnswerType.NUMBER, "钱"),
        ("帮助了多少户贫困户搬迁？", AnswerType.NUMBER, "户"),
        ("安排了多少资金修公厕？", AnswerType.NUMBER, "元"),
        ("一共捐了几台设备", AnswerType.NUMBER, "台"),
        ("县域内患者就诊率达到多少？", AnswerType.NUMBER, ""),
        ("培訓了多少萬人次？", AnswerType.NUMBER, "万人次"),
        ("永平县哪一年脱贫摘帽？", AnswerType.DATE, ""),
        ("会议是什么时候召开的？", AnswerType.DATE, ""),
        ("凉山州第一人民医院的院长是谁？", AnswerType.PERSON, ""),
        ("推进会在哪里召开？", AnswerType.PLACE, ""),
        ("为什么要扩大种植面积？", AnswerType.REASON, ""),
        ("产业帮扶包括哪些内容？", AnswerType.LIST, ""),
        ("怎么激发贫困户的内生动力？", AnswerType.MANNER, ""),
        ("介绍一下黄金茶坊", AnswerType.OTHER, ""),
        ("How many households were moved?", AnswerType.NUMBER, ""),
        ("When was the meeting held?", AnswerType.DATE, ""),
    ],
)
def test_the_answer_type(text: str, asks: AnswerType, unit: str) -> None:
    question = analyse(text)
    assert (question.asks, question.unit) == (asks, unit)


def test_content_is_the_question_without_the_words_that_ask() -> None:
    assert analyse("请问金野以匹村有多少户贫困户？").content == "金野以匹村 户贫困户"


def test_a_question_of_asking_words_alone_keeps_them() -> None:
    assert analyse("为什么？").content == "为什么?"


def test_traditional_and_full_width_fold() -> None:
    assert analyse("培訓了幾場？").folded == "培训了几场?"
