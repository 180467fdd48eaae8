"""Questions proposed from sentences by rules: what they ask, and which sentences make none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.check import check
from eval.gold import GoldQuestion, Kind
from eval.making.proposals import Source, gives_away, propose
from eval.making.sentence import Sentence, names_something
from eval.making.spelling import chinese_numeral, spellings
from eval.matching import holds
from indexer.records import Passage
from indexer.text.numbers import find_numbers
from indexer.text.numerals import parse_chinese


def source(text: str, title: str = "记事", headings: tuple[str, ...] = ()) -> Source:
    passage = Passage(
        passage_id="p",
        document_id="d",
        start=0,
        end=len(text),
        text=text,
        headings=headings,
        title=title,
    )
    return Source("a/b.md", title, text, (passage,))


def proposed(text: str, title: str = "记事", headings: tuple[str, ...] = ()) -> list[GoldQuestion]:
    drafts = propose([source(text, title, headings)], per_document=9, limit=None)
    return [draft.question for draft in drafts]


@pytest.mark.parametrize(
    ("text", "kind", "question", "answers"),
    [
        (
            "白石村合作社为社员发放化肥1,500袋，共计买下农机32台。",
            Kind.FIGURE,
            "白石村合作社共计买下农机多少台？",
            (("32台", "三十二台"),),
        ),
        (
            "青龙县人民医院累计派出医疗队员四百余人。",
            Kind.FIGURE,
            "青龙县人民医院累计派出医疗队员多少人？",
            (("四百余人", "400人", "四百人"),),
        ),
        (
            "青龙县的贫困发生率下降到21.1%。",
            Kind.FIGURE,
            "青龙县的贫困发生率下降到百分之多少？",
            (("21.1%",),),
        ),
        (
            "2019年5月3日，白石村合作社在青龙县挂牌。",
            Kind.DATE,
            "白石村合作社在青龙县挂牌是在哪一天？",
            (("2019年5月3日", "二〇一九年五月三日", "5月3日"),),
        ),
        (
            "青龙桥工程从2018年开始由青龙县交通局修建。",
            Kind.DATE,
            "青龙桥工程从哪一年开始由青龙县交通局修建？",
            (("2018年", "二〇一八年"),),
        ),
        (
            "青龙县人民医院院长周大山介绍了新楼的情况。",
            Kind.PERSON,
            "青龙县人民医院院长是谁？",
            (("周大山",),),
        ),
        (
            "红岩卫生院的揭牌仪式在青龙县人民政府举行。",
            Kind.PLACE,
            "红岩卫生院的揭牌仪式在哪里举行？",
            (("青龙县人民政府",),),
        ),
        (
            "青龙县开办的学习班有四类课程：养蜂、种茶、记账和普通话。",
            Kind.LIST,
            "青龙县开办的学习班有哪四类课程？",
            (("养蜂",), ("种茶",), ("记账",), ("普通话",)),
        ),
        (
            "青龙县人民医院选派儿科、妇产科、检验科等科室的医生到白石村。",
            Kind.LIST,
            "青龙县人民医院选派哪些科室的医生到白石村？",
            (("儿科",), ("妇产科",), ("检验科",)),
        ),
        (
            "青龙县财政局拨款42万元，用于修缮卫生院屋顶。",
            Kind.FACT,
            "青龙县财政局拨款42万元，用来做什么？",
            (("修缮卫生院屋顶",),),
        ),
        (
            "青龍縣人民醫院累計派出醫療隊員85人。",
            Kind.SPELLED_OTHERWISE,
            "青龙县人民医院累计派出医疗队员多少人？",
            (("85人", "八十五人"),),
        ),
    ],
)
def test_a_sentence_becomes_a_question(
    text: str, kind: Kind, question: str, answers: tuple[tuple[str, ...], ...]
) -> None:
    assert (kind, question, answers) in {(q.kind, q.question, q.answers) for q in proposed(text)}


def test_the_quote_is_the_sentence_itself() -> None:
    [question] = proposed("- 青龍縣人民醫院累計派出醫療隊員85人。\n次要。")
    [evidence] = question.evidence
    assert (evidence.document, evidence.quote) == ("a/b.md", "青龍縣人民醫院累計派出醫療隊員85人。")


def test_what_only_its_document_names_is_bound_to_it() -> None:
    text = "学校共派出挂职干部18名。"
    [question] = proposed(text, "青龙大学定点帮扶白石村简报")
    assert question.question == "据《青龙大学定点帮扶白石村简报》，学校共派出挂职干部多少名？"
    assert proposed(text, "简报") == []


def test_a_year_in_the_heading_goes_into_the_question() -> None:
    [question] = proposed("石渠县脱贫2279人。", "排期", ("2018年安排",))
    assert question.question == "2018年石渠县脱贫多少人？"


def test_a_question_that_the_document_answers_twice_is_none() -> None:
    lines = "石渠县脱贫2279人。\n丹巴县脱贫1310人。\n石渠县脱贫3050人。"
    assert [question.question for question in proposed(lines)] == ["丹巴县脱贫多少人？"]


def test_a_row_of_a_table() -> None:
    [question] = proposed("| 修建各类道路 | 160余公里 |", "青龙县建设数据表")
    assert question.question == "据《青龙县建设数据表》，修建各类道路有多少公里？"
    assert question.evidence[0].quote == "修建各类道路 | 160余公里"
    assert holds(question.evidence[0].quote, question.answers[0][0])


@pytest.mark.parametrize(
    "text",
    [
        "青龙县人民医院为该村修路三千米。",  # points back
        "今年以来青龙县人民医院派出医疗队员85人。",  # of its own day
        "青龙县有三个方面的打算。",  # no figure, but a heading
        "请看 https://example.org/青龙县，共85人。",
        "青龙县人民医院在第3期简报里说得好。",
        "The county hospital of Qinglong sent 85 people.",
        "问：青龙县人民医院派出多少人？",
        "85人。",
    ],
)
def test_what_would_make_a_poor_question_makes_none(text: str) -> None:
    assert proposed(text) == []


def test_few_of_a_document_over_many_kinds_and_always_the_same() -> None:
    text = "\n".join(
        [
            *(f"青龙县{n}镇人民医院累计派出医疗队员{n}{n}人。" for n in range(2, 9)),
            "青龙县人民医院院长周大山介绍了新楼的情况。",
            "2019年5月3日，白石村合作社在青龙县挂牌。",
        ]
    )
    drafts = propose([source(text)], per_document=3, limit=None)
    assert {draft.question.kind for draft in drafts} == {Kind.PERSON, Kind.DATE, Kind.FIGURE}
    assert drafts == propose([source(text)], per_document=3, limit=None)
    assert len({draft.id for draft in drafts}) == 3
    two = [source(text), source("红岩县人民医院院长赵小河介绍了新楼的情况。")]
    limited = propose(two, per_document=3, limit=2)  # documents take turns
    assert [d.question.answers[0][0] for d in limited] == ["周大山", "赵小河"]


# Sentences out of parts that the rules look for, in all orders: most make no question, none a bad
# one.
WORDS = """
青龙县 白石村 青龙县人民医院 院长 周大山 介绍了 2019年5月3日 从2018年开始 , ， 。 ； 、 ： 累计派出
医疗队员 85人 一千五百元 共 21.1% 在 举行 儿科、妇产科、检验科 等科室 三类课程 学校 （第3期）
“育蕾基金” 用于 修缮屋顶 该村 - | 42万元 捐赠 为 的 和 ½ 𠮷 Wenju 1.2万 至 年
"""
PARTS = st.sampled_from(WORDS.split())


@given(st.lists(PARTS, min_size=3, max_size=14), st.sampled_from(["记事", "青龙县人民医院简报"]))
def test_every_proposal_is_sound(parts: list[str], title: str) -> None:
    text = "".join(parts)
    for question in proposed(text, title):
        assert check([question], None) == []
        [evidence] = question.evidence
        assert evidence.quote in text
        assert not gives_away(question.question, question.answers)
        assert question.question.endswith("？")
        assert not re.search(r"[|\n]", question.question)


def test_names() -> None:
    assert names_something("白石村的路")
    assert names_something("据《工作简报》")
    for common in ("贫困村的路", "463个村", "要退出的村有多少", "全县的路", "学校的路"):
        assert not names_something(common), common


def test_clauses_and_figures_keep_their_places() -> None:
    sentence = Sentence("青龙县,修路1,500米；种树（杨，柳）３００棵。", "")
    clauses = [sentence.text[start:end] for start, end in sentence.clauses]
    assert clauses == ["青龙县", "修路1,500米", "种树（杨，柳）３００棵"]
    assert [sentence.text[f.start : f.end] for f in sentence.figures] == ["1,500米", "３００棵"]


@given(st.integers(0, 10**12 - 1))
def test_a_numeral_is_read_as_it_was_spelled(value: int) -> None:
    assert parse_chinese(chinese_numeral(value)) == value


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,500元", ("1,500元", "1500元", "一千五百元")),
        ("六十五万元", ("六十五万元", "650000元")),
        ("340亿元", ("340亿元", "三百四十亿元")),
        ("2020年5月27日", ("2020年5月27日", "二〇二〇年五月二十七日", "5月27日")),
        ("二〇二〇年七月", ("二〇二〇年七月", "2020年7月")),
        ("百分之二十一", ("百分之二十一", "21%")),
        ("2.5公里", ("2.5公里",)),
    ],
)
def test_spellings_of_one_value(written: str, expected: tuple[str, ...]) -> None:
    [number] = find_numbers(written)
    assert spellings(number, written) == expected
