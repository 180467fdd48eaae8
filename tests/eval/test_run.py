"""Judging and runs, over prepared answers: every figure by hand."""

import json
from pathlib import Path

import pytest

from eval.evidence import Places
from eval.gold import Evidence, GoldQuestion, Kind
from eval.run import Run, record, run, write_json
from eval.score import Verdict, judge, latencies, summarise
from eval.target import Reply
from tests.eval.fakes import FakeTarget, cite, reply

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


def verdict(
    question: GoldQuestion, answer: Reply, ranking: list[tuple[str, int]] | None = None
) -> Verdict:
    target = FakeTarget({question.question: answer}, {question.question: ranking or []})
    return judge(question, target, Places(target), k=8)


def test_a_right_answer() -> None:
    cited = (cite(VISIT, "每户分到1,500元。"), cite(VISIT, "金野以匹村有44户贫困户。"))
    ranking = [(REPORT, 1), (VISIT, 1), (VISIT, 0)]
    found = verdict(MONEY, reply("每户分到1,500元。", citations=cited), ranking)
    assert found.right
    assert found.answer_hit
    assert found.document_cited
    assert (found.citations, found.citations_good) == (2, 1)  # the second holds no gold value
    assert (found.quotes, found.quotes_exact) == (2, 2)
    assert found.retrieval is not None
    assert found.retrieval.recall_at == {1: 0, 5: 0.5, 10: 0.5}  # report-0 is not in the ranking
    assert found.retrieval.found_at == {1: False, 5: True, 10: True}
    assert found.retrieval.reciprocal_rank == 1 / 2
    assert found.timings_ms["retrieve"] == 1.0
    assert found.timings_ms["asked"] > 0


def test_a_right_value_from_a_wrong_document_is_not_right() -> None:
    gold = GoldQuestion("q", Kind.FIGURE, "？", MONEY.answers, MONEY.evidence[:1])
    found = verdict(gold, reply("每户1500元。", citations=(cite(REPORT, "每户分红一千五百元。"),)))
    assert found.answer_hit
    assert not found.document_cited
    assert not found.right
    assert found.citations_good == 0  # the value is there, but the document is not evidence


def test_a_quote_that_stands_elsewhere_is_not_exact() -> None:
    cited = (cite(VISIT, "每户分到1,500元。", shift=1), cite(VISIT, "每户分到1,500元。"))
    found = verdict(MONEY, reply("每户分到1,500元。", citations=cited))
    assert (found.quotes, found.quotes_exact) == (2, 1)


def test_a_question_over_two_documents_needs_both() -> None:
    visit, report = cite(VISIT, "金野以匹村有44户贫困户。"), cite(REPORT, "驻村队员3人。")
    one = verdict(BOTH, reply("有44户。", "队员3人。", citations=(visit,)), [(VISIT, 0)])
    assert one.answer_hit
    assert not one.document_cited
    assert one.retrieval is not None
    assert one.retrieval.recall_at[10] == 0.5
    assert not one.retrieval.found_at[10]
    both = verdict(
        BOTH,
        reply("有44户。", "队员3人。", citations=(visit, report)),
        [(VISIT, 0), (VISIT, 1), (REPORT, 1)],
    )
    assert both.right
    assert both.retrieval is not None
    assert both.retrieval.found_at == {1: False, 5: True, 10: True}


def test_refusals() -> None:
    nearest = (cite(VISIT, "金野以匹村有44户贫困户。", shift=2),)
    assert verdict(NOWHERE, reply(citations=nearest)).right
    assert verdict(NOWHERE, reply(citations=nearest)).quotes_exact == 0
    assert not verdict(NOWHERE, reply("有44户。")).right
    refused = verdict(MONEY, reply())
    assert refused.abstained
    assert refused.reason == "fact_not_found"
    assert not refused.right


def whole_run(folder: Path) -> Run:
    gold = folder / "gold.jsonl"
    gold.write_text("any", encoding="utf-8")
    cited = (cite(VISIT, "每户分到1,500元。"),)
    target = FakeTarget(
        {
            MONEY.question: reply("每户分到1,500元。", citations=cited, ms=3.0),
            NOWHERE.question: reply(ms=1.0),
        },
        {MONEY.question: [(VISIT, 1), (REPORT, 0)]},
    )
    return run([MONEY, BOTH, NOWHERE], target, k=8, gold=gold, subject={}, settings={"llm": "fake"})


def test_a_crash_counts_as_wrong_and_is_listed(tmp_path: Path) -> None:
    done = whole_run(tmp_path)
    assert [line.id for line in done.verdicts] == ["q1", "q2", "q3"]
    [crash] = done.crashed
    assert crash.id == "q2"
    assert crash.crashed == "KeyError: '户数和队员人数？'"
    figures = summarise(done.verdicts)
    assert figures["right"] == pytest.approx(2 / 3)
    assert figures["answer_hit"] == 0.5
    assert figures["recall@1"] == 0.25  # half of the evidence passages for q1, none for q2
    assert figures["recall@5"] == 0.5
    assert figures["found@1"] == 0.5
    assert figures["mrr@10"] == 0.5
    assert figures["ndcg@10"] == 0.5
    assert figures["document_cited"] == 0.5
    assert figures["citation_precision"] == 1
    assert figures["quote_exactness"] == 1
    assert figures["refused_rightly"] == 1
    assert figures["refused_wrongly"] == 0


def test_figures_that_no_question_bears_on_are_none(tmp_path: Path) -> None:
    done = whole_run(tmp_path)
    figures = summarise(done.by_kind()["no_answer"])
    assert (figures["right"], figures["refused_rightly"]) == (1, 1)
    assert figures["recall@1"] is None
    assert figures["citation_precision"] is None
    assert figures["refused_wrongly"] is None


def test_times_by_stage(tmp_path: Path) -> None:
    times = latencies(whole_run(tmp_path).verdicts)
    assert set(times) == {"retrieve", "total", "asked"}
    assert times["retrieve"] == {"p50": 2.0, "p95": pytest.approx(2.9)}


def test_the_record_is_json_and_holds_what_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "one.json"
    write_json(path, record(whole_run(tmp_path)))
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["settings"] == {"k": 8, "llm": "fake"}
    assert kept["gold"]["questions"] == 3
    assert kept["code"]["version"]
    assert kept["crashed"] == ["q2"]
    assert kept["figures"]["by_kind"]["figure"]["right"] == 1
    assert kept["questions"][0]["answer"] == ["每户分到1,500元。"]
    assert kept["questions"][0]["cited"][0]["quote"] == "每户分到1,500元。"
    assert list(path.parent.iterdir()) == [path]


class _Stopped(FakeTarget):
    def ask(self, question: str, k: int) -> Reply:
        raise KeyboardInterrupt


def test_a_stop_ends_the_run(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("any", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        run([NOWHERE], _Stopped({}), k=8, gold=gold, subject={}, settings={})
