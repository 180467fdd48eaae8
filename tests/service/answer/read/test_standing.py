"""Codes, numbers and names: which spellings are one, and which are another thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.records import Passage
from indexer.text.normalise import fold
from service.answer.evidence import Evidence
from service.answer.read.naming import is_named, is_told
from service.answer.read.standing import Bound, Standing, standing
from service.answer.understand.identifiers import identifiers
from service.answer.understand.question import analyse
from service.records import Hit


def of(question: str, quote: str, *, title: str = "", before: str = "") -> Standing:
    passage = Passage("a-0", "a", 0, len(before + quote), before + quote, title)
    hit = Hit(1, 1.0, passage, "a.txt", None, None, None, None)
    evidence = Evidence(hit, len(before), len(before + quote), quote, 0.5)
    (mark,) = identifiers(analyse(question))
    return standing(mark, Bound(evidence, lambda _: before + quote))


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("QF-20-B多重？", "QF-20-B重三吨。", Standing.TOLD),
        ("QF20B多重？", "QF-20-B重三吨。", Standing.TOLD),
        ("QF-20-B多重？", "QF-20-C重三吨。", Standing.OTHER),
        ("QF-20多重？", "QF-20-C重三吨。", Standing.ABSENT),
        ("QF-20-B多重？", "本机重三吨。", Standing.ABSENT),
        ("执行GB/T 19001的单位有哪些？", "本单位执行GB/T 19001-2016。", Standing.TOLD),
        ("Java课在哪？", "JavaScript课在东楼。", Standing.OTHER),
        ("Win11有几套？", "Windows 11有三套。", Standing.TOLD),
        ("三号楼多高？", "3号楼高六层。", Standing.TOLD),
        ("三号楼多高？", "13号楼高六层。", Standing.OTHER),
        ("3栋多高？", "三号楼高六层。", Standing.TOLD),
        ("第三条说什么？", "第一条至第五条适用于本馆。", Standing.TOLD),
        ("第三条说什么？", "第十三条 适用于本馆。", Standing.OTHER),
        ("2019年有多少人？", "2018年至2020年共有三人。", Standing.TOLD),
        ("2019年有多少人？", "2020年共有三人。", Standing.OTHER),
    ],
)
def test_a_sentence_is_of_the_asked_thing_or_of_another(
    question: str, quote: str, expected: Standing
) -> None:
    assert of(question, quote) is expected


@pytest.mark.parametrize(
    ("name", "above", "text", "expected"),
    [
        ("南浦理工外国语学院", "南浦理工学院招生表", "学院:外国语学院|人数:60", True),
        ("南浦理工外国语学院", "南浦理工学院招生表", "学院:化工学院|人数:60", False),
        ("南浦理工外国语学院", "北川理工学院招生表", "学院:外国语学院|人数:60", False),
        ("南浦邮政西门支局", "南浦邮政分公司公告", "东门支局:周一至周日", False),
        ("南浦卫健委", "南浦市信息公开", "市卫生健康委员会捐了三台车", True),
        ("比南浦", "", "南浦有三座桥", True),
    ],
)
def test_a_thing_is_told_below_its_owner(name: str, above: str, text: str, expected: bool) -> None:
    assert is_told(name, [above], text) is expected


def test_what_stands_above_binds_until_another_follows() -> None:
    assert of("QF-20-B多重？", "它重三吨。", before="QF-20-B是新机型。") is Standing.AROUND
    both = "QF-20-B是新机型。QF-20-C是老机型。"
    assert of("QF-20-B多重？", "它重三吨。", before=both) is Standing.OTHER
    assert of("三号楼多高？", "共六层。", title="三号楼简介") is Standing.AROUND
    assert of("三号楼多高？", "共六层。", title="五号楼简介") is Standing.OTHER


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("西南医大", "西南医科大学捐款", True),
        ("复旦大学", "复旦派出医疗队", True),
        ("县医院", "青川县人民医院扩建", True),
        ("第二附属医院", "云洲大学附属第二医院", True),
        ("第三附属医院", "云洲大学附属第二医院", False),
        ("永平县", "昭觉县的学校", False),
        ("永平县", "永平的学校", True),
        ("洪都大学桥梁团队", "洪都大学土木工程学院桥梁安全监测团队获奖", True),
        ("洪都大学桥梁团队", "洪都大学获奖,桥梁团队到场", False),
        ("洪都大学桥梁团队", "洪都大学土木工程学院隧道安全监测团队获奖", False),
    ],
)
def test_a_name_is_told_in_short_and_in_full(name: str, text: str, told: bool) -> None:
    assert is_named(name, text) is told


CODES = st.from_regex(r"[A-Z]{2,3}-[0-9]{2,4}-[A-F]", fullmatch=True)


@given(CODES, st.sampled_from(["", " ", "-", "_"]))
def test_a_code_is_itself_however_it_is_joined(code: str, joint: str) -> None:
    assert of(f"{code}的重量是多少？", f"型号{code.replace('-', joint)}重三吨。") is Standing.TOLD


@given(CODES, CODES)
def test_two_codes_are_never_one(one: str, other: str) -> None:
    if fold(one) != fold(other):
        assert of(f"{one}的重量是多少？", f"型号{other}重三吨。") in (
            Standing.OTHER,
            Standing.ABSENT,
        )
