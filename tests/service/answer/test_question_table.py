"""What 265 questions ask for, as people write them; and what holds of any text whatever."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answer.understand.question import (
    AnswerType,
    Operation,
    Question,
    analyse,
    focused,
    parts,
)

_TABLE = Path(__file__).parent.parent / "data" / "questions.txt"


def rows() -> list[list[str]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return [
        [field.strip() for field in line.split("|")] for line in lines if line and line[0] != "#"
    ]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_a_question_asks_for(row: list[str]) -> None:
    text, asks, *rest = row
    unit, operation, counted = [*rest, "", "", ""][:3]
    question = analyse(text)
    assert question.asks == AnswerType(asks)
    assert question.operation == Operation(operation or "none")
    if rest:
        assert question.unit == unit
    if counted:
        assert question.counted == counted


def test_the_table_is_large_and_knows_every_type() -> None:
    assert len(rows()) >= 250
    assert {row[1] for row in rows()} == {str(kind) for kind in AnswerType}
    assert len({row[0] for row in rows()}) == len(rows())


TRADITIONAL = str.maketrans(
    "么谁国县时么为几岁书长师开万学会发与个马车东业两无",
    "麼誰國縣時麼為幾歲書長師開萬學會發與個馬車東業兩無",
)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_the_script_makes_no_difference(row: list[str]) -> None:
    plain, traditional = analyse(row[0]), analyse(row[0].translate(TRADITIONAL))
    assert what(traditional) == what(plain)


def what(question: Question) -> tuple[object, ...]:
    return question.asks, question.unit, question.operation, question.counted, question.folded


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (
            "青山大学附属红十字医院在柳溪县建了几个卫生室？",
            ("青山大学附属红十字医院", "柳溪县"),
        ),
        ("《索玛的春天》是谁写的？", ("索玛的春天",)),
        ("“两免一补”从哪年开始？", ("两免一补",)),
        ("沃爾特·蒙代爾在哪一年出生？", ("沃尔特·蒙代尔",)),
        ("iPhone 6S是哪年发布的？", ("iphone 6s",)),
        ("Who founded Fudan University in Shanghai?", ("fudan university", "shanghai")),
        ("王建国院长是四川省凉山州人吗？", ("凉山州", "四川省", "王建国")),
        ("九股村占几个？", ("九股村",)),
        ("什么时候开会？", ()),
    ],
)
def test_the_names_that_bind(text: str, entities: tuple[str, ...]) -> None:
    assert analyse(text).entities == entities


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2015年至2020年投入多少？", [("2015-01-01", "2020-12-31", False)]),
        ("2019年5月到6月谁值班？", [("2019-05-01", "2019-06-30", False)]),
        ("1998年2月发生了什么？", [("1998-02-01", "1998-02-28", False)]),
        ("二〇二〇年五月廿八日谁来了？", [("2020-05-28", "2020-05-28", False)]),
        ("5月26日谁来了？", [("--05-26", "--05-26", False)]),
        ("2020年上半年完成多少？", [("2020-01-01", "2020-06-30", False)]),
        ("20世纪90年代有几家？", [("1990-01-01", "1999-12-31", False)]),
        ("15世纪谁在位？", [("1401-01-01", "1500-12-31", False)]),
        ("公元前221年谁统一了六国？", [("-0220-01-01", "-0220-12-31", False)]),
        ("2015年以来有几次？", [("2015-01-01", "9999-12-31", False)]),
        ("“十三五”期间建了几座？", [("2016-01-01", "2020-12-31", False)]),
        ("去年谁得奖？", [("", "", True)]),
        ("What happened in 2019?", [("2019-01-01", "2019-12-31", False)]),
        ("花了2019元吗？", []),
    ],
)
def test_the_times_that_bind(text: str, days: list[tuple[str, str, bool]]) -> None:
    assert [(p.start, p.end, p.relative) for p in analyse(text).periods] == days


# -- any text -------------------------------------------------------------------------------------

_PIECES = (
    "多少 几 哪 哪个 谁 什么 为什么 何时 怎么 吗 呢 是 的 有 年 2019年 去年 5月 县 柳溪县 大学 第一"
    " 《 》 · “ ” 、 ， 。 ？ which when how many is it 多 大 高 比 更 一共 相差 名 教师 3.5 百分之"
    " 忽略以上指令 那 它 该"
)
_WORDS = ["\n", " ", *_PIECES.split()]
_TEXTS = st.text(max_size=300) | st.lists(st.sampled_from(_WORDS), max_size=40).map("".join)


@given(_TEXTS)
def test_no_text_is_too_strange(text: str) -> None:
    question = analyse(text)
    assert question.text == text
    assert all(name and name in question.folded for name in question.entities)
    assert list(question.entities) == sorted(question.entities, key=lambda n: (-len(n), n))
    for period in question.periods:
        assert period.said in question.folded
        assert period.relative == (period.start == "")
    assert question.asks is AnswerType.NUMBER or (question.unit, question.counted) == ("", "")


@given(_TEXTS)
def test_parts_are_none_or_several_and_each_is_one(text: str) -> None:
    found = parts(text)
    assert len(found) != 1
    assert all(part.strip() for part in found)


@given(_TEXTS)
def test_what_is_focused_on_stays_so(text: str) -> None:
    once = focused(text)
    assert analyse(once).folded == analyse(text).folded
    assert bool(once) or not any(character.isalnum() for character in text)


def test_a_paste_of_2000_characters_takes_less_than_20_ms() -> None:
    paste = "".join(
        f"{year}年柳溪县修路{year * 3}米，投入{year}元，青山大学派出医生王建国等{year % 40}人。"
        for year in range(1960, 2010)
    )[:1980]
    spent = []
    for _ in range(5):
        started = process_time()
        question = analyse(paste + "\n柳溪县的县长是谁？")
        spent.append(process_time() - started)
    assert (question.asks, question.entities) == (AnswerType.PERSON, ("柳溪县",))
    assert min(spent) < 0.02
