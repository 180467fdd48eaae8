"""The liar and its judge, by hand; the kept figures and their page."""

import random
from pathlib import Path

import pytest

from eval.cli import PROJECT
from eval.guard.judging import judge
from eval.guard.kept import PAGE, keep, read_entries, render
from eval.guard.liar import Liar, Told
from eval.guard.lies import Ground, lie_of
from eval.guard.measuring import Measured, tables
from eval.guard.paraphrases import paraphrase_of
from service.answer.guard.verify import support_of
from service.llm.base import NumberedEvidence
from service.records import Answer, AnswerSentence, Citation, Support

TEXT = "2019年5月6日，柳溪村投入1.2万元，帮助100户贫困户；桃源村投入约3万元，帮助200户，占30%。"
OTHERS = [(2, "白石村投入5万元，未完成验收。")]


@pytest.mark.parametrize(
    ("way", "false"),
    [
        ("figures swapped", "3万元…1.2万元"),
        ("figure of another clause", "3万元"),
        ("figure of another quote", "5万元"),
        ("percent sign lost", "30"),
        ("bound dropped", "3万元"),
        ("denied", "未投入"),
        ("foreign citation", "5万元"),
    ],
)
def test_what_is_false_in_a_lie_is_known(way: str, false: str) -> None:
    lie = lie_of(way, Ground(TEXT, 1, OTHERS, random.Random(1)))
    assert lie is not None
    assert (lie.cites, lie.false) == (1, false)
    assert lie.text != TEXT


def test_a_way_that_does_not_bear_on_a_sentence_gives_none() -> None:
    assert lie_of("denial dropped", Ground(TEXT, 1, [], random.Random(1))) is None
    assert paraphrase_of("ISO date", "没有日期。") is None


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("first clauses alone", TEXT.replace("，占30%", "")),
        ("ISO date", TEXT.replace("2019年5月6日", "2019-05-06")),
        ("month for day", TEXT.replace("5月6日", "5月")),
        ("万 and its digits", TEXT.replace("1.2万元", "12000元")),
        ("share in words", TEXT.replace("30%", "百分之三十")),
    ],
)  # fmt: skip
def test_a_paraphrase_keeps_what_is_said(way: str, said: str) -> None:
    assert paraphrase_of(way, TEXT) == said
    assert support_of(said, [TEXT]) is not Support.UNVERIFIED


def test_the_liar_says_the_same_again_until_the_next_question() -> None:
    liar = Liar()
    evidence = [
        NumberedEvidence(1, "题", None, TEXT),
        NumberedEvidence(2, "题", None, OTHERS[0][1]),
    ]
    first = "".join(liar.write("多少？", evidence, []))
    assert "".join(liar.write("改正", evidence, [])) == first
    assert {told.is_lie for told in liar.told} == {True, False}
    liar.begin(0)
    assert liar.told == []


def answer(text: str, quote: str, model: str = "liar") -> Answer:
    cited = Citation(1, "d", "题", "a.md", None, None, "d-0", 0, len(quote), quote, None, 0.5)
    return Answer(
        "1", "多少？", text, False, None, None, (AnswerSentence(text, Support.VERIFIED, (1,)),),
        (cited,), (), 0.5, model, "g",
    )  # fmt: skip


def test_judging_needs_no_guard() -> None:
    lie = Told("another digit", "投入6万元。", "投入5万元。", "6万元")
    true = Told("verbatim", "投入5万元。", "投入5万元。")
    shown = judge([lie, true], answer("投入6万元。", "投入5万元。"), "liar")
    assert [(j.shown, j.is_figure) for j in shown] == [(True, True), (False, False)]
    assert not judge([lie], answer("投入6万元。", "投入5万元。", "extractive"), "liar")[0].shown
    assert not judge([lie], answer("投入6万元。", "另一处投入6万元。"), "liar")[0].shown


def test_the_figures_are_kept_with_their_page(tmp_path: Path) -> None:
    lie = Told("another digit", "投入6万元。", "投入5万元。", "6万元")
    judged = judge([lie], answer("投入6万元。", "投入5万元。"), "liar")
    found = tables(Measured(answers=1, judged=judged))
    assert found[0].value("lies shown", "count") == 1
    assert found[0].value("of them wrong figures", "share") == 1.0
    keep(tmp_path, found, 1.0)
    page = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert page == render(read_entries(tmp_path))
    assert "| another digit | 1 | 1 | 100.00 |" in page


def test_the_page_in_docs_is_that_of_its_figures() -> None:
    docs = PROJECT / "docs"
    entries = read_entries(docs)
    assert (docs / PAGE).read_text(encoding="utf-8") == render(entries)
    (entry,) = entries.values()
    total = entry.tables[0]
    assert total.value("of them wrong figures", "count") == 0
    assert float(total.value("true sentences dropped", "share") or 0) <= 0.02
