"""When a value stands above an answer in large print, and when none does."""

import pytest

from indexer.records import Passage
from service.answer.compose.extract import Extract
from service.answer.compose.large_print import SHOW_AT, large_print, whole
from service.answer.evidence import Evidence, Reading, Value
from service.answer.understand.question import analyse
from service.records import Citation, Hit

QUOTE = "育蕾基金今年奖励学习用心的学生80名，每名500元。"


AUTUMN = "年级：高一 | 校服费（元）：310"


def test_a_value_of_the_opposite_is_none() -> None:
    assert shown("秋季高一校服费多少？", "310", 1.0, quote=AUTUMN, title="秋季收费公示") == "310"
    assert shown("春季高一校服费多少？", "310", 1.0, quote=AUTUMN, title="秋季收费公示") is None
    assert shown("春季高一校服费多少？", "310", 1.0, quote=AUTUMN, title="收费公示") == "310"


OFFICES = "原社长古立新调往省社，新任社长为佘敏，副社长仍是蔡春。"


@pytest.mark.parametrize(
    ("question", "value", "is_shown"),
    [
        ("社长是谁？", "佘敏", True),
        ("社长是谁？", "蔡春", False),
        ("社长是谁？", "古立新", False),
        ("副社长是谁？", "蔡春", True),
        ("副社長是誰？", "佘敏", False),
    ],
)
def test_a_value_of_another_office_is_none(question: str, value: str, is_shown: bool) -> None:
    assert shown(question, value, 1.0, quote=OFFICES) == (value if is_shown else None)


@pytest.mark.parametrize(
    ("question", "value", "quote", "is_shown"),
    [
        ("预算调高了多少元？", "1300元", "预算由1100元调整为1300元。", False),
        ("預算調高了多少元？", "1100元", "預算由1100元調整為1300元。", False),
        ("预算调高了多少元？", "200元", "预算调高了200元，为1300元。", True),
        ("预算调高到多少元？", "1300元", "预算由1100元调整为1300元。", True),
        ("有多少户没投票？", "542户", "全区714户，投票542户。", False),
        ("有多少户没投票？", "172户", "投票542户，未投票172户。", True),
        ("有多少户投票？", "542户", "全区714户，投票542户。", True),
    ],
)
def test_neither_an_end_of_a_change_nor_the_whole_stands_for_what_is_asked(
    question: str, value: str, quote: str, is_shown: bool
) -> None:
    assert shown(question, value, 1.0, quote=quote) == (value if is_shown else None)


@pytest.mark.parametrize(("value", "is_shown"), [("4160", True), ("3", False)])
def test_a_bare_figure_has_the_unit_of_its_cell(value: str, is_shown: bool) -> None:
    quote = "设备:轴流风机 | 台数:3 | 购置价(元):4160"
    found = shown("轴流风机买来多少钱？", value, 1.0, quote=quote)
    assert found == (value if is_shown else None)


def citation() -> Citation:
    return Citation(1, "a", "小结", "a.txt", None, None, "a-0", 0, len(QUOTE), QUOTE, None, 1.0)


def shown(
    question: str,
    value: str,
    confidence: float,
    *,
    is_cited: bool = True,
    quote: str = QUOTE,
    title: str = "小结",
) -> str | None:
    passage = Passage("a-0", "a", 0, len(quote), quote, title)
    start = quote.index(value)
    evidence = Evidence(
        Hit(1, 1.0, passage, "a.txt", None, None, None, None),
        0,
        len(quote),
        quote,
        0.9,
        Value(start, start + len(value), 0.9),
    )
    reading = Reading((evidence,), 0.9, value_confidence=confidence)
    cited = [citation()] if is_cited else []
    return large_print(analyse(question), reading, Extract(()), cited)


def test_a_sure_value_is_shown_without_the_signs_around_it() -> None:
    assert shown("每名学生奖励多少元？", "每名500元。", SHOW_AT) == "每名500元"


def test_a_figure_is_never_cut() -> None:
    assert whole("有2279人脱贫", Value(2, 6, 0.9)) == "2279人"
    assert whole("有2279人脱贫", Value(1, 4, 0.9)) == "2279人"
    assert whole("投入三千四百元", Value(3, 6, 0.9)) == "三千四百元"


@pytest.mark.parametrize(
    ("question", "value", "confidence", "is_cited"),
    [
        ("每名学生奖励多少元？", "500元", SHOW_AT - 0.01, True),  # not sure
        ("每名学生奖励多少元？", "500元", 1.0, False),  # its sentence was not given
        ("有没有育蕾基金？", "80名", 1.0, True),  # yes or no is asked for
        ("奖励了几名学生，每名多少元？", "80名", 1.0, True),  # half of what is asked for
        ("育蕾基金奖励谁？", "育蕾基金", 1.0, True),  # the question's own words
        ("怎么奖励？", QUOTE, 1.0, True),  # a sentence
        ("每名学生奖励多少元？", "80名", 1.0, True),  # of another kind
        ("奖励了多少天？", "500元", 1.0, True),  # in another unit
        ("奖励哪两位？", "学生", 1.0, True),  # one of two
    ],
)
def test_else_there_is_none(question: str, value: str, confidence: float, is_cited: bool) -> None:
    assert shown(question, value, confidence, is_cited=is_cited) is None
