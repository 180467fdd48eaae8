"""Questions with one word changed by rule, so that their paragraph does not answer them."""

import pytest

from eval.sets.variants import kind_of, other_in_the_row, other_name, other_year, plain_title


def test_another_year() -> None:
    told = "1998年建校，2001年迁址，1999年扩建。"
    changed = other_year("该校1998年有多少学生？", told, "a")
    year = int(changed.removeprefix("该校").removesuffix("年有多少学生？"))
    assert 1986 <= year <= 2010
    assert year not in (1998, 1999, 2001)
    assert changed == other_year("该校1998年有多少学生？", told, "a")  # always the same
    others = {other_year("该校1998年有多少学生？", told, str(seed)) for seed in range(40)}
    assert len(others) > 5


@pytest.mark.parametrize(
    "question",
    [
        "该校有多少学生？",  # no year
        "1998年到2001年有多少学生？",  # two: another one might lie between them
        "该校1950年有多少学生？",  # the paragraph does not tell of it as it is
        "把频率调到1998可以听到什么？",  # no year, but a number
    ],
)
def test_no_other_year(question: str) -> None:
    assert other_year(question, "1998年建校，2001年迁址。", "a") == ""


def test_another_in_the_row() -> None:
    told = "第一届在北京，第二届在上海，第3届在广州。"
    changed = {other_in_the_row("第二届在哪里举行？", told, str(seed)) for seed in range(60)}
    numerals = "四五六七八九十"
    assert changed == {f"第{numeral}届在哪里举行？" for numeral in numerals}
    in_digits = {other_in_the_row("第3届在哪里举行？", told, str(seed)) for seed in range(60)}
    assert in_digits == {f"第{number}届在哪里举行？" for number in range(4, 12)}
    assert other_in_the_row("第五届在哪里举行？", told, "a") == ""  # not told as it is
    assert other_in_the_row("第一届比第二届多几人？", told, "a") == ""


def test_another_name() -> None:
    told = "永平县位于云南，县长是李明。"
    strangers = ["安乡县 (湖南省)", "长江", "王小平", "昭觉县", "永平县"]
    changed = {other_name("永平县在哪里？", "永平县", strangers, told, str(s)) for s in range(20)}
    assert changed == {"安乡县在哪里？", "昭觉县在哪里？"}
    assert other_name("县长是谁？", "永平县", strangers, told, "a") == ""
    assert other_name("永平县在哪里？", "永平县", ["长江", "王小平"], told, "a") == ""


def test_kinds_of_names() -> None:
    assert kind_of("王小平") == kind_of("李明") == "person"
    assert kind_of("尤金·史密斯") == kind_of("海梅·雷耶斯") == "·"
    assert kind_of("永平县") == "县"
    for unknown in ("长江", "SOUL EATER", "2008年奥运会", "", "县"):
        assert kind_of(unknown) == ""
    assert plain_title("江苏路街道 (上海市)") == plain_title("江苏路街道（上海市）") == "江苏路街道"
