"""Figures by hand, as they stand in prose, and that a spelled numeral comes back as its value."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.normalise import fold
from indexer.text.numbers import (
    NumberKind,
    canonical,
    canonical_terms,
    find_numbers,
    uniform_figures,
)
from indexer.text.numerals import parse_chinese


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("三千四百二十八", "3428"),
        ("一亿零三百", "100000300"),
        ("三亿五千万", "350000000"),
        ("一万亿", "1000000000000"),
        ("十", "10"),
        ("一百零五", "105"),
        ("一百一", "110"),
        ("三千二", "3200"),
        ("两万三", "23000"),
        ("壹佰贰拾叁", "123"),
        ("廿一", "21"),
        ("二十一点一", "21.1"),
        ("二〇二〇", "2020"),
        ("十三五", None),
        ("万一", None),
        ("三三两两", None),
        ("二三十", None),
        ("千万", None),
        ("点", None),
        ("二点", None),
        ("", None),
    ],
)
def test_numerals(numeral: str, value: str | None) -> None:
    assert parse_chinese(numeral) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("帮助就业３，４２８人", [("3,428人", "#3428", "人")]),
        ("三千四百二十八人", [("三千四百二十八人", "#3428", "人")]),
        ("1.2萬人", [("1.2万人", "#12000", "人")]),
        ("共计650,000.50元", [("650,000.50元", "#650000.5", "元")]),
        ("百分之二十一点一", [("百分之二十一点一", "#21.1%", "%")]),
        ("从29.3％降至21.1%", [("29.3%", "#29.3%", "%"), ("21.1%", "#21.1%", "%")]),
        ("三分之一", [("三分之一", "#1/3", "1/3")]),
        ("4200万千瓦,500千伏", [("4200万千瓦", "#42000000", "千瓦"), ("500千伏", "#500", "千伏")]),
        ("3千元,3千米", [("3千元", "#3000", "元"), ("3千米", "#3", "公里")]),
        ("3至5万元", [("3", "#30000", "元"), ("5万元", "#50000", "元")]),
        ("第三批,第12届", [("第三批", "#第3", "批"), ("第12届", "#第12", "届")]),
        ("百万元", [("百万元", "#1000000", "元")]),
        ("㎡计：80㎡", [("80m2", "#80", "平方米")]),
        ("七百七十三次", [("七百七十三次", "#773", "次")]),
    ],
)
def test_figures(text: str, figures: list[tuple[str, str, str]]) -> None:
    text = fold(text)
    found = find_numbers(text)
    assert [(text[n.start : n.end], canonical(n), n.unit) for n in found] == figures


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2020年5月28日", ["2020-05-28"]),
        ("二〇二〇年五月二十八日", ["2020-05-28"]),
        ("2020-05-28、2020/5/8、2020.5.28", ["2020-05-28", "2020-05-08", "2020-05-28"]),
        ("5月26-28日", ["--05-26", "--05-28"]),
        ("2020年5月26日至28日", ["2020-05-26", "2020-05-28"]),
        ("二零一九年底", ["2019"]),
        ("2018至2020年", ["2018", "2020"]),
        ("(2018-2020)", ["2018", "2020"]),
        ("6月上旬", ["--06"]),
        ("2020年6月", ["2020-06"]),
        ("13月32日", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    found = [n for n in find_numbers(fold(text)) if n.kind is NumberKind.DATE]
    assert [n.date for n in found] == dates


@pytest.mark.parametrize(
    "text",
    [
        "统一安排,一起,一些,一样,万一",
        "第一书记和第一人民医院",
        "一是重视,二是落实",
        "三农与七一",
        "十三五规划",
        "数十人,几百名,上千户",
        "两不愁三保障",
        "千万别",
        "一村一幼",
        "h7n9和covid-19",
        "192.168.1.1",
        "024-",
        "专一次性",
        "唯一一",
    ],
)
def test_words_are_no_figures(text: str) -> None:
    assert find_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1000余万元", 10_000_000),
        ("2.6万余册", 26_000),
        ("近5000人次", 5000),
        ("两千多", 2000),
        ("十多万元", 100_000),
        ("3万元以上", 30_000),
        ("约300人", 300),
    ],
)
def test_approximate(text: str, value: int) -> None:
    (number,) = find_numbers(text)
    assert (number.value, number.approximate) == (value, True)


def test_a_whole_date_is_met_by_its_month_and_its_day() -> None:
    (date,) = find_numbers("2020年5月28日")
    assert canonical_terms(date) == ["#2020-05-28", "#2020-05", "#2020", "#--05-28", "#--05"]
    (day,) = find_numbers("5月28日")
    assert canonical_terms(day) == ["#--05-28", "#--05"]


def _spell(value: int) -> str:
    """The numeral of 1 to 9999, the textbook way."""
    digits, spelled, gap = str(value), "", False
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit == "0":
            gap = True
        else:
            spelled += ("零" if gap and spelled else "") + "零一二三四五六七八九"[int(digit)]
            spelled += ["", "十", "百", "千"][place]
            gap = False
    return spelled


@given(st.integers(1, 9999), st.integers(0, 9999))
@settings(max_examples=300, deadline=None)
def test_every_numeral_comes_back(group: int, rest: int) -> None:
    assert parse_chinese(_spell(group)) == group
    low = ("零" if 0 < rest < 1000 else "") + _spell(rest) if rest else ""
    assert parse_chinese(f"{_spell(group)}万{low}") == group * 10_000 + rest


@given(
    st.text(st.sampled_from("第一二三十百千万亿两零〇点余多年月日-至到分之%,.0123456789人元个约 a"))
)
@settings(max_examples=600, deadline=None)
def test_any_row_of_signs_is_read_in_order(text: str) -> None:
    position = 0
    for number in find_numbers(text):
        assert position <= number.start < number.end <= len(text)
        assert " " not in canonical(number)
        position = number.end


@pytest.mark.parametrize(
    ("text", "uniform"),
    [
        ("三千四百二十八人就业", "3428人就业"),
        ("投入1.2万余元", "投入12000元"),
        ("二〇二〇年五月二十八日和5月26-28日", "2020年5月28日和5月26日-5月28日"),
        ("六月底前达到百分之九十点四", "6月底前达到90.4%"),
        ("第三批，统一安排", "第3批，统一安排"),
        ("没有数字", "没有数字"),
    ],
)
def test_figures_in_digits(text: str, uniform: str) -> None:
    assert uniform_figures(text) == uniform
