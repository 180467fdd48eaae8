"""Judging one question over prepared answers: each field of a verdict by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from eval.evidence import Places
from eval.gold import Evidence, GoldQuestion, Kind
from eval.runs.judge import crashed, judge
from eval.runs.verdict import Counted, Verdict
from eval.target import Reply, Sentence
from service.records import SearchMode, Turn
from tests.eval.fakes import FakeTarget, Ranking, cite, reply

VISIT, REPORT = "a/visit.md", "b/report.md"
MONEY = GoldQuestion(
    "q1",
    Kind.FIGURE,
    "每户多少钱？",
    (("1500元",),),
    (Evidence(VISIT, "每户分到1,500元"), Evidence(REPORT, "每户分红一千五百元")),
)
BOTH = GoldQuestion(
    "q2",
    Kind.SEVERAL_DOCUMENTS,
    "户数和队员人数？",
    (("44户",), ("3人",)),
    (Evidence(VISIT, "有44户贫困户"), Evidence(REPORT, "驻村队员3人")),
)
NOWHERE = GoldQuestion("q3", Kind.NO_ANSWER, "村里有几匹马？", (), ())
DISAGREE = replace(BOTH, id="q4", kind=Kind.CONFLICT)
AND_THEN = replace(
    MONEY,
    id="q5",
    kind=Kind.FOLLOW_UP,
    question="那么每户呢？",
    history=(Turn("user", "村里有多少户？"), Turn("assistant", "44户。")),
)
MONEY_QUOTE = cite(VISIT, "每户分到1,500元。")
HOUSES_QUOTE = cite(VISIT, "金野以匹村有44户贫困户。", 2)


def verdict(
    question: GoldQuestion, answer: Reply, ranking: Sequence[tuple[str, int]] = ()
) -> Verdict:
    target = FakeTarget({question.question: answer}, {question.question: list(ranking)})
    return judge(question, target, Places(target), k=8)


# -- right or wrong -------------------------------------------------------------------------------


def test_a_right_answer() -> None:
    ranking = [(REPORT, 1), (VISIT, 1), (VISIT, 0)]
    answer = reply("每户分到1,500元。", citations=(MONEY_QUOTE, HOUSES_QUOTE), short="1500元")
    found = verdict(MONEY, answer, ranking)
    assert (found.right, found.answer_hit, found.first_hit) == (True, True, True)
    assert (found.hit_later, found.abstained, found.crashed) == (False, False, None)
    assert (found.short_exact, found.short_f1) == (1, 1)
    assert found.document_cited
    assert found.citations_good == Counted(1, 2)  # the second holds no gold value
    assert found.groups_proven == Counted(1, 1)
    assert found.quotes_exact == Counted(2, 2)
    assert found.sentences_supported == Counted(1, 1)
    assert found.figures_exact == Counted(1, 1)
    assert found.timings_ms is not None
    assert found.timings_ms["retrieve"] == 1.0
    assert found.timings_ms["asked"] > 0


def test_a_right_value_from_a_wrong_document_is_not_right() -> None:
    gold = replace(MONEY, evidence=MONEY.evidence[:1])
    found = verdict(gold, reply("每户1500元。", citations=(cite(REPORT, "每户分红一千五百元。"),)))
    assert (found.answer_hit, found.document_cited, found.right) == (True, False, False)
    # The value is there, but the document is no evidence.
    assert found.citations_good == Counted(0, 1)
    assert found.groups_proven == Counted(0, 1)


def test_a_value_in_the_second_sentence_is_no_first_hit() -> None:
    found = verdict(MONEY, reply("有44户。", "每户1500元。", citations=(MONEY_QUOTE,)))
    assert (found.answer_hit, found.first_hit, found.hit_later) == (True, False, False)


def test_a_value_behind_the_third_sentence_comes_too_late() -> None:
    late = reply("一是。", "二是。", "三是。", "每户1500元。", citations=(MONEY_QUOTE,))
    found = verdict(MONEY, late)
    assert (found.answer_hit, found.hit_later, found.right) == (False, True, False)


def test_a_question_over_two_documents_needs_both() -> None:
    report = cite(REPORT, "驻村队员3人。", 3)
    one = verdict(BOTH, reply("有44户。", "队员3人。", citations=(HOUSES_QUOTE,)), [(VISIT, 0)])
    assert (one.answer_hit, one.document_cited, one.right) == (True, False, False)
    assert one.groups_proven == Counted(1, 2)
    assert (one.short_exact, one.short_f1) == (None, None)  # no one short answer says both
    assert one.retrieval is not None
    assert one.retrieval.recall_at[10] == 0.5
    assert not one.retrieval.found_at[10]
    both = verdict(
        BOTH,
        reply("有44户。", "队员3人。", citations=(HOUSES_QUOTE, report)),
        [(VISIT, 0), (VISIT, 1), (REPORT, 1)],
    )
    assert both.right
    assert both.groups_proven == Counted(2, 2)
    assert both.retrieval is not None
    assert both.retrieval.found_at == {1: False, 5: True, 10: True}


def test_refusals() -> None:
    refused = verdict(NOWHERE, reply(citations=(MONEY_QUOTE, cite(VISIT, "每户", shift=2))))
    assert (refused.right, refused.reason, refused.retrieval) == (True, "fact_not_found", None)
    # What is shown with a refusal is a quote like any other.
    assert refused.quotes_exact == Counted(1, 2)
    assert refused.citations_good == Counted(0, 0)
    answered = verdict(NOWHERE, reply("有44户。", citations=(HOUSES_QUOTE,)))
    assert (answered.right, answered.abstained) == (False, False)
    wrongly = verdict(MONEY, reply(short=None))
    assert (wrongly.right, wrongly.abstained, wrongly.reason) == (False, True, "fact_not_found")
    assert (wrongly.short_exact, wrongly.short_f1) == (0, 0)
    assert wrongly.groups_proven == Counted(0, 1)


@pytest.mark.parametrize(
    ("short", "exact", "f1"),
    [("一千五百元", 1, 1), ("1500", 0, 2 * 4 / (4 + 5)), ("44户", 0, 0), (None, 0, 0)],
)
def test_short_answers(short: str | None, exact: float, f1: float) -> None:
    found = verdict(MONEY, reply("每户分到1,500元。", citations=(MONEY_QUOTE,), short=short))
    assert (found.short_exact, found.short_f1, found.short_answer) == (exact, f1, short)


def test_confidence_is_that_of_answering() -> None:
    assert verdict(MONEY, reply("每户。", confidence=0.8)).answer_confidence == 0.8
    # Surely refused is hardly answered.
    assert verdict(MONEY, reply(confidence=0.8)).answer_confidence == pytest.approx(0.2)


# -- search ---------------------------------------------------------------------------------------


def test_a_ranking() -> None:
    found = verdict(MONEY, reply(), [(REPORT, 1), (VISIT, 1), (VISIT, 0), (VISIT, 1)]).retrieval
    assert found is not None
    # Relevant are visit-1 and report-0. The passage that came twice is counted once.
    assert found.relevant == ("a/visit.md-1", "b/report.md-0")
    assert found.ranking == ("b/report.md-1", "a/visit.md-1", "a/visit.md-0")
    assert found.recall_at == {1: 0, 5: 0.5, 10: 0.5}
    assert found.found_at == {1: False, 5: True, 10: True}  # either proves it
    assert found.reciprocal_rank == 1 / 2
    # At rank 2 of 2 relevant: 1/log2(3) over 1/log2(2) + 1/log2(3) = 0.6309 / 1.6309.
    assert found.ndcg == pytest.approx(0.38685, abs=1e-5)


def test_each_leg_is_judged_alone() -> None:
    by: dict[SearchMode, Ranking] = {
        SearchMode.HYBRID: [(VISIT, 1)],
        SearchMode.LEXICAL: [(VISIT, 0)],
        SearchMode.DENSE: [(VISIT, 0), (REPORT, 0)],
    }
    legs = {mode: {MONEY.question: ranking} for mode, ranking in by.items()}
    target = FakeTarget({MONEY.question: reply()}, legs=legs)
    found = judge(MONEY, target, Places(target), k=3)
    assert found.retrieval is not None
    assert found.retrieval.ranking == ("a/visit.md-1",)
    assert found.found_alone == {SearchMode.LEXICAL: False, SearchMode.DENSE: True}
    # Ten are searched for by every way, whatever k the answer is given.
    assert target.asked == [(MONEY.question, 3, ())]
    assert target.searched == [(MONEY.question, 10, mode) for mode in SearchMode]


def test_evidence_that_the_index_lacks_is_not_found_and_is_said() -> None:
    gold = replace(MONEY, evidence=(Evidence("c/none.md", "每户"), Evidence(VISIT, "每户2000元")))
    found = verdict(gold, reply("每户1500元。", citations=(MONEY_QUOTE,)), [(VISIT, 1)])
    assert found.evidence_missing == (
        "c/none.md: document_not_in_index",
        "a/visit.md: quote_not_in_document",
    )
    assert found.retrieval is not None
    assert found.retrieval.relevant == ()
    assert found.retrieval.recall_at[10] == 0
    assert not found.retrieval.found_at[10]


def test_a_follow_up_is_asked_with_what_came_before_and_not_searched_for() -> None:
    answer = reply("每户分到1,500元。", citations=(MONEY_QUOTE,))
    target = FakeTarget({AND_THEN.question: answer})
    found = judge(AND_THEN, target, Places(target), k=8)
    assert target.asked == [(AND_THEN.question, 8, AND_THEN.history)]
    assert target.searched == []
    assert (found.right, found.retrieval, found.found_alone) == (True, None, None)


# -- proof ----------------------------------------------------------------------------------------


def test_a_quote_that_stands_elsewhere_is_not_exact() -> None:
    for shift in (-1, 1):
        beside = cite(VISIT, "每户分到1,500元。", 2, shift=shift)
        found = verdict(MONEY, reply("每户分到1,500元。", citations=(MONEY_QUOTE, beside)))
        assert found.quotes_exact == Counted(1, 2)


def test_proof_is_read_from_the_store_and_not_from_the_answer() -> None:
    # The quote says 2000, and so does the sentence; at that place stands 1,500.
    forged = replace(MONEY_QUOTE, quote="每户分到2,000元。")
    found = verdict(MONEY, reply("每户分到2,000元。", citations=(forged,)))
    assert found.figures_exact == Counted(0, 1)
    assert found.sentences_supported == Counted(0, 1)
    assert found.quotes_exact == Counted(0, 1)


def test_a_sentence_rests_on_its_own_citations() -> None:
    # 1,500元 stands in citation 1, 44户 in citation 2; the first sentence names the wrong one.
    crossed = reply(
        Sentence("每户分到1,500元。", (2,)),
        Sentence("金野以匹村有44户贫困户。", (2,)),
        Sentence("别的话没有出处。", ()),
        citations=(MONEY_QUOTE, HOUSES_QUOTE),
    )
    found = verdict(MONEY, crossed)
    assert found.sentences_supported == Counted(1, 3)
    assert found.figures_exact == Counted(1, 2)


def test_a_number_that_no_citation_has_proves_nothing() -> None:
    found = verdict(MONEY, reply(Sentence("每户分到1,500元。", (7,)), citations=(MONEY_QUOTE,)))
    assert found.sentences_supported == Counted(0, 1)
    assert found.figures_exact == Counted(0, 1)


def test_a_citation_of_an_unknown_document_proves_nothing() -> None:
    unknown = replace(MONEY_QUOTE, document_id="gone", source="gone.md")
    found = verdict(MONEY, reply("每户分到1,500元。", citations=(unknown,)))
    assert (found.answer_hit, found.document_cited, found.right) == (True, False, False)
    assert found.quotes_exact == Counted(0, 1)
    assert found.citations_good == Counted(0, 1)
    assert found.sentences_supported == Counted(0, 1)


# -- conflicts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conflicts", "named", "complete"),
    [
        ((), False, False),
        ((("44户", "3人"),), True, True),
        ((("四十四户", "5户", "3人"),), True, True),  # by value, and more than is wanted
        ((("44户", "5户"),), True, False),  # one side alone
        ((("44户",), ("3人",)), True, False),  # two conflicts with one side each are none of both
    ],
)
def test_conflicts(conflicts: tuple[tuple[str, ...], ...], named: bool, complete: bool) -> None:
    answer = reply("有44户。", citations=(HOUSES_QUOTE,), conflicts=conflicts)
    found = verdict(DISAGREE, answer)
    assert (found.conflict_named, found.conflict_complete) == (named, complete)


def test_a_conflict_where_there_is_no_answer_is_not_complete() -> None:
    found = verdict(NOWHERE, reply("有44户。", conflicts=(("44户", "5户"),)))
    assert (found.conflict_named, found.conflict_complete) == (True, False)


# -- crashed --------------------------------------------------------------------------------------


def test_a_crash_is_wrong_in_everything_that_is_asked_of_the_question() -> None:
    found = crashed(MONEY, "ValueError: no")
    assert (found.right, found.answer_hit, found.document_cited) == (False, False, False)
    assert (found.short_exact, found.short_f1) == (0, 0)
    assert found.groups_proven == Counted(0, 1)
    assert found.retrieval is not None
    assert set(found.retrieval.recall_at.values()) == {0}
    assert set(found.retrieval.found_at.values()) == {False}
    assert found.found_alone == {SearchMode.LEXICAL: False, SearchMode.DENSE: False}
    assert crashed(BOTH, "").short_exact is None
    assert crashed(BOTH, "").groups_proven == Counted(0, 2)
    assert crashed(AND_THEN, "").retrieval is None
    assert crashed(NOWHERE, "").retrieval is None
    assert not crashed(NOWHERE, "").abstained
