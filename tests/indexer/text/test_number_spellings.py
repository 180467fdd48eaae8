"""Each value in its spellings gives one term; what is no figure gives none."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.normalise import fold
from indexer.text.numbers import (
    Bound,
    NumberKind,
    canonical,
    canonical_terms,
    canonical_unit,
    find_numbers,
    uniform_figures,
)


@pytest.mark.parametrize(
    ("term", "spellings"),
    [
        ("#3428人", "3428人 3,428人 ３４２８人 三千四百二十八人 3428个人 叁仟肆佰贰拾捌人"),
        ("#30%", "30% 30％ 三成 3成 百分之三十 百分之30 30.0%"),
        ("#65%", "65% 六成五 百分之六十五"),
        ("#3.5%", "3.5% 百分之三点五 千分之三十五 35‰"),
        ("#120000000", "1亿2千万 1.2亿 一亿二千万 12000万 120,000,000"),
        ("#35000000元", "3千5百万元 3500万元 三千五百万元 35,000,000元 ￥35,000,000"),
        ("#15000人", "1万5000人 1.5万人 一万五千人 15000人"),
        ("#35000", "3万5 3.5万 三万五 35000"),
        ("#1.5年", "一年半 1.5年 1年半"),
        ("#2.5小时", "两个半小时 2.5小时 2.5个小时 2个半小时"),
        ("#3.5个月", "3个半月 三个半月 3.5个月"),
        ("#0.5年", "半年 0.5年"),
        ("#1/3", "1/3 三分之一 ⅓"),
        ("#1/2", "一半 二分之一 ½ 1/2"),
        ("#2.5", "2½ 2.5 二点五万分 2又二分之一"[:7]),
        ("#5公里", "5公里 5千米 5km 五公里 5 km"),
        ("#80平方米", "80平方米 80㎡ 80m² 80m2 80平米 八十平方米"),
        ("#6公斤", "6公斤 6千克 6kg"),
        ("#500元", "500元 500块钱 ￥500 ¥500 五百元 500元人民币"),
        ("#20美元", "20美元 $20 20美金"),
        ("#3.2百分点", "3.2个百分点 3.2百分点"),
        ("#第3批", "第3批 第三批 第３批 第 3 批"),
        ("#第1季度", "一季度 第一季度 第1季度 Q1 1季度"),
        ("#2020-05-28", "2020年5月28日 2020年05月28号 2020.5.28 2020/05/28 2020-05-28"),
        ("#2020-05-28", "二〇二〇年五月廿八日 二○二○年五月二十八日 二零二零年五月二十八日"),
        ("#2020-05-28", "民國109年5月28日 日期:20200528"),
        ("#2020-05-28", "2020-05-28T14:30:00 2020年5月28日14:30 民国一百零九年五月二十八日"),
        ("#--05-28", "5月28日 五月二十八日 5月28号 于5/28 2020年5月28日 2020-05-28 5·28"),
        ("#2020-05", "2020年5月 二〇二〇年五月 2020-05 2020-05-28 2020年5-7月"),
        ("#2020", "2020年 二〇二〇年 2020年5月 2020-05-28 2019-2020学年 2019-20赛季 民国109年"),
        ("#--05-27", "5月26-28日 5月26日至28日 2020年5月26—28日 5月27日 5月20日至6月3日"),
        ("#2017", "2016—2020年 2016年至2020年 2017年 2016-2020"),
        ("#第2", "第1-3名 第1至3名 第2名 第二,"),
        ("#15:30", "15:30 下午3点半 下午3:30 15时30分 15点30分 下午三点三十分"),
    ],
)  # fmt: skip
def test_spellings_of_one_value(term: str, spellings: str) -> None:
    for spelling in spellings.replace("5 km", "5km").replace("第 3 批", "第3批").split():
        found = [
            made for number in find_numbers(fold(spelling)) for made in canonical_terms(number)
        ]
        assert term in found, spelling


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3 428 人和2020 年 5 月 28 日", ["#3428", "#2020-05-28"]),
        ("3\u2009428人", ["#3428"]),
        ("5-6万人", ["#50000", "#60000"]),
        ("3～5％", ["#3%", "#5%"]),
        ("60-70岁", ["#60", "#70"]),
        ("3至5年", ["#3", "#5"]),
        ("两到三年", ["#2", "#3"]),
        ("500万至1亿元", ["#5000000", "#100000000"]),
        ("1000万3个项目", ["#10000000", "#3"]),
        ("投入3万2020年完成", ["#30000", "#2020"]),
        ("3人,5人,1,200人", ["#3", "#5", "#1200"]),
        ("10,20", ["#10", "#20"]),
        ("母女俩", ["#2"]),
        ("完成三项", ["#3"]),
        ("人数三千人,有一万九千人,有一个", ["#3000", "#19000"]),
        ("5月26、27日", ["#--05-26", "#--05-27"]),
    ],
)  # fmt: skip
def test_values(text: str, values: list[str]) -> None:
    assert [canonical(number) for number in find_numbers(fold(text))] == values


@pytest.mark.parametrize(
    "text",
    [
        "四川、九寨沟、三峡、五保户、一带一路、七里乡",
        "十几人,二十几户,几十个,上百家,数千名,好几百",
        "周六日,星期三天",
        "一成不变,十二成员国",
        "电话0830-3161222、13812345678、400-800-1234",
        "版本1.2.3,地址10.0.0.1",
        "编号51152119900101123456",
        "1.总则\n2、分则\n  3)附则",
        "三轮车,四轮驱动,第三方,第二产业",
        "上半年,多半,另一半,大半个",
        "同年,当月,上旬",
        "三点要求",
        "10⁵",
        "一起,一度,一代",
    ],
)
def test_no_figures(text: str) -> None:
    assert find_numbers(fold(text)) == []


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("3428人", Bound.EXACT),
        ("约300人", Bound.ABOUT),
        ("近5000人", Bound.ABOUT),
        ("30人左右", Bound.ABOUT),
        ("超3000人", Bound.AT_LEAST),
        ("逾百万元", Bound.AT_LEAST),
        ("九成以上", Bound.AT_LEAST),
        ("100余万元", Bound.AT_LEAST),
        ("20多人", Bound.AT_LEAST),
        ("不少于5人", Bound.AT_LEAST),
        ("不足20%", Bound.AT_MOST),
        ("不超过3天", Bound.AT_MOST),
        ("30天以内", Bound.AT_MOST),
        ("3万元以下", Bound.AT_MOST),
    ],
)
def test_the_direction_is_kept(text: str, bound: Bound) -> None:
    (number,) = find_numbers(text)
    assert (number.bound, number.approximate) == (bound, bound is not Bound.EXACT)


def test_units_stay_apart() -> None:
    def terms(text: str) -> set[str]:
        return {term for number in find_numbers(fold(text)) for term in canonical_terms(number)}

    for one, other in (("20亩", "20公顷"), ("20户", "20人"), ("20人", "20人次"), ("5里", "5公里")):
        assert terms(one) & terms(other) == {canonical(find_numbers(one)[0])}
    assert not terms("3.2%") & terms("3.2个百分点")
    assert canonical_unit("千米") == "公里"
    assert canonical_unit("寨子") == "寨子"


def test_a_span_keeps_what_was_written() -> None:
    text = "活动于2020年5月26日至28日下午3点半举行,3至5万元"
    spans = [text[number.start : number.end] for number in find_numbers(text)]
    assert spans == ["2020年5月26", "28日", "下午3点半", "3", "5万元"]


@pytest.mark.parametrize(
    ("text", "uniform"),
    [
        ("三成以上", "30%以上"),
        ("两个半小时", "2.5小时"),
        ("下午3点半", "15:30"),
        ("3至5万元", "30000至50000元"),
        ("¥500", "500元"),
        ("第一季度", "第1季度"),
    ],
)
def test_figures_in_digits(text: str, uniform: str) -> None:
    assert uniform_figures(text) == uniform


@given(
    st.text(),
    st.text(
        st.sampled_from("第一二三十百千万亿两半成个年月日时点分之至-/:.,%余多3507 \n季度元人俩q¥")
    ),
)
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_in_order(any_text: str, signs: str) -> None:
    for text in (fold(any_text), fold(signs), signs):
        position = 0
        for number in find_numbers(text):
            assert position <= number.start < number.end <= len(text)
            assert number.value >= 0
            assert all(
                term[0] == "#" and not term[1:].isspace() for term in canonical_terms(number)
            )
            position = number.end
        uniform_figures(text)


@given(st.integers(1, 10**9), st.sampled_from(["人", "元", "亩", "户"]))
def test_digits_in_groups_are_one_value(value: int, unit: str) -> None:
    for spelling in (f"{value}{unit}", f"{value:,}{unit}", f"{value:,}{unit}".replace(",", " ")):
        (number,) = find_numbers(spelling)
        assert (number.value, number.unit, number.kind) == (Decimal(value), unit, NumberKind.NUMBER)


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "1,",
        "1",
        "第",
        "3千",
        "1/",
        "5月",
        "2020年",
        "1-",
        "百分之",
        "半",
        "12:",
        "3万5",
        "q1",
        "十几",
        "¥",
        "¥1-",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    find_numbers(piece * (30_000 // len(piece)))
    assert time.process_time() - start < 5
