"""Our ranking metrics against ir-measures, by way of runs exported in TREC's form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ir_measures
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG
from typer.testing import CliRunner

from eval.__main__ import app
from eval.evidence import Placed, Places
from eval.gold import Evidence, GoldQuestion, Kind
from eval.runs.asking import header_of, run_end
from eval.runs.figures import summarise
from eval.runs.files import Run, asked, writing
from eval.runs.judge import crashed, judge, judge_ranking
from eval.runs.trec import write_trec
from eval.runs.verdict import CUTOFFS, DEPTH, Retrieval, Verdict
from eval.target import Ranked
from service.records import Turn
from tests.eval.fakes import FakeTarget, reply

MEASURES = {f"recall@{k}": R @ k for k in CUTOFFS} | {
    f"mrr@{DEPTH}": RR @ DEPTH,
    f"ndcg@{DEPTH}": nDCG @ DEPTH,
}
PASSAGES = [f"第{n}篇.md-{n}" for n in range(16)]
GOLD = GoldQuestion("q", Kind.FACT, "？", (("x",),), (Evidence("a.md", "x"),))


def a_run(verdicts: Sequence[Verdict], folder: Path, name: str = "run.jsonl") -> Run:
    gold = folder / "gold.jsonl"
    gold.write_text("any", encoding="utf-8")
    return Run(name, header_of([], gold, {}, {}), tuple(verdicts), run_end(0.0, 1, True))


def a_verdict(id_: str, ranking: Sequence[str], relevant: frozenset[str]) -> Verdict:
    """Judged by our own code, from a list of hits and one piece of evidence."""
    placed = Placed(GOLD.evidence[0], "a.md", ((0, 1),), relevant, None)
    hits = [Ranked(passage, "a.md", "a.md", 0, 1) for passage in ranking]
    retrieval = judge_ranking(GOLD, [placed], hits)
    return Verdict(id_, Kind.FACT, "？", right=False, retrieval=retrieval)


def theirs(run: Path, judgements: Path) -> Mapping[str, float]:
    """The means by ir-measures, over the files as they were written."""
    found = ir_measures.calc_aggregate(
        list(MEASURES.values()),
        list(ir_measures.read_trec_qrels(str(judgements))),
        list(ir_measures.read_trec_run(str(run))),
    )
    return {name: found[measure] for name, measure in MEASURES.items()}


def agree(run: Run, folder: Path) -> None:
    ours = summarise(run.verdicts)
    assert theirs(*write_trec(run, folder)) == pytest.approx(
        {name: ours[name] for name in MEASURES}, abs=1e-6
    )


@dataclass(frozen=True)
class Case:
    """A ranking and what is relevant, in one question."""

    ranking: list[str]
    relevant: frozenset[str]


cases = st.builds(
    Case,
    st.lists(st.sampled_from(PASSAGES), max_size=DEPTH, unique=True),
    st.frozensets(st.sampled_from(PASSAGES), max_size=13),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(cases, min_size=1, max_size=6))
def test_ir_measures_counts_the_same(tmp_path: Path, drawn: list[Case]) -> None:
    """Rankings of none to ten, nothing relevant to more than ten: by question and in the mean."""
    verdicts = [a_verdict(f"q{n}", case.ranking, case.relevant) for n, case in enumerate(drawn)]
    agree(a_run(verdicts, tmp_path), tmp_path / "trec")
    for verdict in verdicts:
        agree(a_run([verdict], tmp_path), tmp_path / "trec")


def test_the_rows(tmp_path: Path) -> None:
    nothing = Retrieval((), (), dict.fromkeys(CUTOFFS, 0.0), dict.fromkeys(CUTOFFS, False), 0, 0)
    verdicts = [
        a_verdict("q 1", ["b-0", "a-3", "a-1"], frozenset(("a-1", "a-7"))),
        a_verdict("q2", [], frozenset(("a-1",))),
        Verdict("q3", Kind.NO_ANSWER, "？", right=True),
        Verdict("q4", Kind.FACT, "？", right=False, retrieval=nothing),
    ]
    run, judgements = write_trec(a_run(verdicts, tmp_path, "my run.jsonl"), tmp_path / "a" / "b")
    assert (run.name, judgements.name) == ("my run.run", "my run.qrels")
    assert run.read_text(encoding="utf-8").splitlines() == [
        "q%201 Q0 b-0 1 1.000000 my%20run",
        "q%201 Q0 a-3 2 0.500000 my%20run",
        "q%201 Q0 a-1 3 0.333333 my%20run",
    ]
    assert judgements.read_text(encoding="utf-8").splitlines() == [
        "q%201 0 a-1 1",
        "q%201 0 a-7 1",
        "q2 0 a-1 1",
        "q4 0 nowhere 1",
    ]


def test_two_ids_stay_two(tmp_path: Path) -> None:
    ids = ["a b", "a_b", "a%20b", "a\u3000b", "a\tb"]
    verdicts = [a_verdict(id_, ["x-1"], frozenset(("x-1",))) for id_ in ids]
    _, judgements = write_trec(a_run(verdicts, tmp_path), tmp_path)
    rows = judgements.read_text(encoding="utf-8").splitlines()
    assert len({row.split()[0] for row in rows}) == len(ids)
    assert all(len(row.split()) == 4 for row in rows)


def test_a_crash_counts_as_wrong_for_other_tools_too(tmp_path: Path) -> None:
    found = a_verdict("q1", ["a-1"], frozenset(("a-1",)))
    run = a_run([found, crashed(GOLD, "KeyError: x")], tmp_path)
    assert theirs(*write_trec(run, tmp_path)) == dict.fromkeys(MEASURES, 0.5)
    agree(run, tmp_path)


def test_a_real_run_by_the_command_line(tmp_path: Path) -> None:
    """A whole judged run over prepared answers, through its file and `eval trec`."""
    visit, report = "a/visit.md", "b/report.md"
    evidence = (Evidence(visit, "每户分到1,500元"), Evidence(report, "每户分红一千五百元"))
    questions = [
        GoldQuestion("q1", Kind.FIGURE, "甲？", (("1500元",),), evidence),
        GoldQuestion("q2", Kind.FIGURE, "乙？", (("1500元",),), evidence[:1]),
        GoldQuestion("q3", Kind.FIGURE, "丙？", (("1500元",),), (Evidence("c/none.md", "每户"),)),
        GoldQuestion(
            "q4", Kind.FOLLOW_UP, "丁？", (("1500元",),), evidence, (Turn("user", "谁？"),)
        ),
        GoldQuestion("q5", Kind.NO_ANSWER, "戊？", (), ()),
    ]
    rankings = {"甲？": [(visit, 0), (report, 0)], "乙？": [(visit, 1)], "丙？": [(visit, 1)]}
    target = FakeTarget({q.question: reply() for q in questions}, rankings)
    verdicts = [judge(question, target, Places(target), 8) for question in questions]
    run = a_run(verdicts, tmp_path)
    header = replace(run.header, questions=tuple(asked(question) for question in questions))
    path = tmp_path / "some.jsonl"
    with writing(path, header, verdicts) as writer:
        writer.end(run_end(0.0, 1, in_process=True))
    out = tmp_path / "trec"
    done = CliRunner().invoke(app, ["trec", str(path), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert done.stdout == f"written to {out}/some.run\nwritten to {out}/some.qrels\n"
    # q1: second of two relevant; q2: first; q3: its evidence is nowhere. q4 and q5: not searched.
    ours = summarise(verdicts)
    assert ours["recall@1"] == 1 / 3
    assert ours["mrr@10"] == 1.5 / 3
    assert theirs(out / "some.run", out / "some.qrels") == pytest.approx(
        {name: ours[name] for name in MEASURES}, abs=1e-6
    )


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    path, blocked = tmp_path / "some.jsonl", tmp_path / "blocked"
    blocked.write_text("", encoding="utf-8")
    with writing(path, a_run([], tmp_path).header, ()) as writer:
        writer.end(run_end(0.0, 1, in_process=True))
    done = CliRunner().invoke(app, ["trec", str(path), "--out", str(blocked)])
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"error: {blocked}: File exists",
        "hint: name a folder with --out that can be written",
    ]
