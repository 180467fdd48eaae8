"""The figures of a run: each by hand over a handful of verdicts, and runs in memory."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.gold import GoldQuestion, Kind
from eval.runs.asking import Asking, header_of, run_all
from eval.runs.curves import CURVES
from eval.runs.figures import (
    FIGURES,
    by_kind,
    latencies,
    summarise,
)
from eval.runs.files import Run
from eval.runs.judge import crashed
from eval.runs.verdict import Counted, Retrieval, Verdict
from eval.target import Reply, ServiceFailed, ServiceUnreachable
from service.records import SearchMode, Turn
from tests.eval.fakes import FakeTarget, cite, reply, without_times

LEXICAL, DENSE = SearchMode.LEXICAL, SearchMode.DENSE


def ranked(recall: Sequence[float], found: Sequence[bool], rr: float, ndcg: float) -> Retrieval:
    """Recall and found at 1, 5 and 10."""
    cut = (1, 5, 10)
    return Retrieval(
        (), (), dict(zip(cut, recall, strict=True)), dict(zip(cut, found, strict=True)), rr, ndcg
    )


def gold(id_: str, kind: Kind, groups: int, history: tuple[Turn, ...] = ()) -> GoldQuestion:
    return GoldQuestion(id_, kind, f"{id_}？", tuple(("x",) for _ in range(groups)), (), history)


# Seven with an answer (A B C E F H J), three without (D G I); six are searched for (not J).
A = Verdict(
    id="A", kind=Kind.FACT, question="A？", right=True,
    answer_hit=True, first_hit=True, short_exact=1, short_f1=1, short_answer="x",
    ranked_first=True, ranked_three=True, document_cited=True,
    citations_good=Counted(1, 2), groups_proven=Counted(1, 1),
    sentences_supported=Counted(2, 2), figures_exact=Counted(2, 3), quotes_exact=Counted(2, 2),
    retrieval=ranked((1, 1, 1), (True, True, True), 1, 1),
    found_alone={LEXICAL: True, DENSE: True},
    confidence=0.9, timings_ms={"asked": 30.0, "total": 20.0},
)  # fmt: skip
B = Verdict(  # the value is right, the document is not, and it names a conflict where none is
    id="B", kind=Kind.FIGURE, question="B？", right=False,
    answer_hit=True, short_exact=0, short_f1=0.5, short_answer="xy",
    ranked_first=False, ranked_three=True,
    citations_good=Counted(0, 1), groups_proven=Counted(0, 1),
    sentences_supported=Counted(1, 2), figures_exact=Counted(1, 1), quotes_exact=Counted(1, 1),
    conflict_named=True,
    retrieval=ranked((0, 0.5, 1), (False, True, True), 0.25, 0.6),
    found_alone={LEXICAL: False, DENSE: True},
    confidence=0.8, timings_ms={"asked": 10.0, "total": 4.0},
)  # fmt: skip
C = Verdict(
    id="C", kind=Kind.CONFLICT, question="C？", right=True,
    answer_hit=True, document_cited=True,
    citations_good=Counted(2, 2), groups_proven=Counted(2, 2),
    sentences_supported=Counted(2, 2), figures_exact=Counted(2, 2), quotes_exact=Counted(2, 2),
    conflict_named=True, conflict_complete=True,
    retrieval=ranked((0.5, 1, 1), (False, True, True), 1, 0.8),
    found_alone={LEXICAL: True, DENSE: False},
    confidence=0.6,
)  # fmt: skip
D = Verdict(  # rightly refused
    id="D", kind=Kind.NO_ANSWER, question="D？", right=True, abstained=True,
    quotes_exact=Counted(1, 2), confidence=0.7,
)  # fmt: skip
E = Verdict(  # wrongly refused
    id="E", kind=Kind.DATE, question="E？", right=False, abstained=True,
    short_exact=0, short_f1=0, groups_proven=Counted(0, 1),
    retrieval=ranked((0, 0, 0), (False, False, False), 0, 0),
    found_alone={LEXICAL: False, DENSE: True},
    confidence=0.6,
)  # fmt: skip
F = crashed(gold("F", Kind.FACT, 1), "KeyError: 'F'")
G = Verdict(  # answered, though there is no answer
    id="G", kind=Kind.NO_ANSWER, question="G？", right=False,
    citations_good=Counted(0, 3), sentences_supported=Counted(0, 1), figures_exact=Counted(0, 1),
    quotes_exact=Counted(1, 1), confidence=0.5,
)  # fmt: skip
H = crashed(gold("H", Kind.CONFLICT, 2), "KeyError: 'H'")
I_ = crashed(gold("I", Kind.NO_ANSWER, 0), "KeyError: 'I'")
J = Verdict(
    id="J", kind=Kind.FOLLOW_UP, question="J？", right=True,
    answer_hit=True, first_hit=True, short_exact=1, short_f1=1, short_answer="x",
    document_cited=True, citations_good=Counted(1, 1), groups_proven=Counted(1, 1),
    sentences_supported=Counted(1, 1), quotes_exact=Counted(1, 1), confidence=0.95,
)  # fmt: skip
VERDICTS = [A, B, C, D, E, F, G, H, I_, J]

# name: (the value over all ten, with what it is made of beside it; over one crashed question of
# kind fact, conflict with two groups, no_answer: None where the figure does not bear on it)
WORKED: dict[str, tuple[float, tuple[float | None, float | None, float | None]]] = {
    "right": (4 / 10, (0, 0, 0)),  # A C D J
    "found@1": (1 / 6, (0, 0, None)),  # A
    "found@5": (3 / 6, (0, 0, None)),  # A B C
    "found@10": (3 / 6, (0, 0, None)),
    "recall@1": (1.5 / 6, (0, 0, None)),  # 1 + 0 + 0.5 + 0 + 0 + 0
    "recall@5": (2.5 / 6, (0, 0, None)),  # 1 + 0.5 + 1
    "recall@10": (3 / 6, (0, 0, None)),  # 1 + 1 + 1
    "mrr@10": (2.25 / 6, (0, 0, None)),  # 1 + 0.25 + 1
    "ndcg@10": (2.4 / 6, (0, 0, None)),  # 1 + 0.6 + 0.8
    "lexical_found@10": (2 / 6, (0, 0, None)),  # A C
    "dense_found@10": (3 / 6, (0, 0, None)),  # A B E
    "answer_hit": (4 / 7, (0, 0, None)),  # A B C J
    "first_hit": (2 / 7, (0, 0, None)),  # A J
    "answered_right": (3 / 7, (0, 0, None)),  # A C J
    "ranked_first": (1 / 2, (None, None, None)),  # A of A B: only these were handed a paragraph
    "ranked_three": (2 / 2, (None, None, None)),  # A B
    "short_exact": (2 / 5, (0, None, None)),  # A J of A B E F J: C and H have two groups
    "short_f1": (2.5 / 5, (0, None, None)),  # 1 + 0.5 + 0 + 0 + 1
    "short_given": (3 / 5, (0, None, None)),  # A B J of A B E F J
    "short_precision": (2 / 3, (None, None, None)),  # A J of A B J
    "figures_exact": (5 / 7, (None, None, None)),  # A 2/3, B 1/1, C 2/2, G 0/1
    "document_cited": (3 / 7, (0, 0, None)),  # A C J
    "citation_precision": (4 / 6, (None, None, None)),  # A 1/2, B 0/1, C 2/2, J 1/1; not G's three
    "citation_recall": (4 / 9, (0, 0, None)),  # A 1/1, B 0/1, C 2/2, E 0/1, F 0/1, H 0/2, J 1/1
    "sentences_supported": (6 / 8, (None, None, None)),  # A 2/2, B 1/2, C 2/2, G 0/1, J 1/1
    "quotes_exact": (8 / 9, (None, None, None)),  # A 2/2, B 1/1, C 2/2, D 1/2, G 1/1, J 1/1
    "refusal_recall": (1 / 3, (None, None, 0)),  # D of D G I
    "refusal_precision": (1 / 2, (None, None, None)),  # D of D E
    "refused_wrongly": (3 / 7, (1, 1, None)),  # E, and the crashed F H: they got no answer either
    "conflict_recall": (1 / 2, (None, 0, None)),  # C of C H
    "conflict_precision": (1 / 2, (None, None, None)),  # C of B C
    # Answered, by confidence: J .95, A .9, B .8 wrong, C .6, G .5 wrong, F H I at 0, wrong. D
    # and E are refused. Errors so far over answers so far, averaged over eight:
    "risk_area": (
        (0 + 0 + 1 / 3 + 1 / 4 + 2 / 5 + 3 / 6 + 4 / 7 + 5 / 8) / 8,
        (1, 1, 1),
    ),
    "coverage_at_5": (2 / 10, (0, 0, 0)),  # J A; with B one of three would be wrong
    # With an answer: F H 0, E 0.4, C 0.6, B 0.8, A 0.9, J 0.95. Of seven, 3 % or 5 % is none, so
    # the limit is 0; of those without, I 0, D 0.3 and G 0.5, none lies below.
    "refused_at_3": (0.0, (None, None, None)),
    "refused_at_5": (0.0, (None, None, None)),
}  # fmt: skip


def test_every_figure_is_worked_by_hand() -> None:
    """Whoever adds a figure adds its example above."""
    assert list(WORKED) == [each.name for each in (*FIGURES, *CURVES)]


@pytest.mark.parametrize("name", WORKED)
def test_a_figure(name: str) -> None:
    assert summarise(VERDICTS)[name] == pytest.approx(WORKED[name][0])


@pytest.mark.parametrize("name", WORKED)
def test_a_crashed_question_counts_as_wrong(name: str) -> None:
    alone = [summarise([verdict])[name] for verdict in (F, H, I_)]
    assert alone == list(WORKED[name][1])


def test_every_figure_says_what_it_is_in_both_languages() -> None:
    told = [(f.name, f.chinese, f.definition) for f in (*FIGURES, *CURVES)]
    for name, chinese, definition in told:
        assert len(definition) > 20, name
        assert definition.rstrip().endswith("."), name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese) or "@" in chinese, name
    for column in zip(*told, strict=True):
        assert len(set(column)) == len(told)  # no two of one name


def test_figures_that_no_question_bears_on_are_none() -> None:
    figures = summarise([D])
    bearing = {name for name, value in figures.items() if value is not None}
    assert bearing == {"right", "quotes_exact", "refusal_recall", "refusal_precision"} | {
        "coverage_at_5"
    }
    assert set(summarise([]).values()) == {None}


def test_by_kind() -> None:
    kinds = by_kind(VERDICTS)
    assert [(kind, [v.id for v in lines]) for kind, lines in kinds.items()] == [
        (Kind.FACT, ["A", "F"]),
        (Kind.FIGURE, ["B"]),
        (Kind.DATE, ["E"]),
        (Kind.CONFLICT, ["C", "H"]),
        (Kind.FOLLOW_UP, ["J"]),
        (Kind.NO_ANSWER, ["D", "G", "I"]),
    ]
    fact, conflict = summarise(kinds[Kind.FACT]), summarise(kinds[Kind.CONFLICT])
    assert (fact["right"], fact["recall@1"], fact["citation_recall"]) == (0.5, 0.5, 0.5)
    assert (conflict["right"], conflict["citation_recall"]) == (0.5, 2 / 4)


def test_times_by_stage() -> None:
    assert latencies(VERDICTS) == {
        "asked": {"p50": 20.0, "p95": pytest.approx(29)},  # 95 % of the way from 10 to 30
        "total": {"p50": 12.0, "p95": pytest.approx(19.2)},
    }
    assert latencies([F]) == {}


# -- runs in memory -------------------------------------------------------------------------------

QUESTIONS = [gold(f"q{n}", Kind.NO_ANSWER, 0) for n in range(12)]


def run_over(target: FakeTarget, folder: Path, jobs: int = 1) -> Run:
    path = folder / "gold.jsonl"
    path.write_text("any", encoding="utf-8")
    header = header_of(QUESTIONS, path, {"k": 8}, {"model": "fake"})
    return run_all(QUESTIONS, Asking(target, 8, jobs), header)


def test_a_question_that_crashes_is_a_line_like_any_other(tmp_path: Path) -> None:
    answers = {q.question: reply() for q in QUESTIONS if q.id != "q3"}
    done = run_over(FakeTarget(answers), tmp_path)
    assert [line.id for line in done.verdicts] == [q.id for q in QUESTIONS]
    [crash] = done.crashed
    assert (crash.id, crash.crashed) == ("q3", "KeyError: 'q3？'")
    assert summarise(done.verdicts)["right"] == 11 / 12
    assert done.end is not None
    assert (done.end.jobs, done.unasked) == (1, [])
    assert done.header.measured == {"model": "fake"}


class _Slow(FakeTarget):
    """The earlier a question, the longer it takes; watches how many are asked at a time."""

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.005 * (12 - int(question[1:-1])))
        with self.lock:
            self.now -= 1
        return super().ask(question, k, history)

    lock = threading.Lock()
    now = 0
    most = 0


def test_questions_at_a_time_give_the_lines_of_one_after_the_other(tmp_path: Path) -> None:
    cited = (cite("a/visit.md", "每户分到1,500元。"),)
    answers = {q.question: reply("每户。", citations=cited) for q in QUESTIONS if q.id != "q3"}
    one, four = _Slow(answers), _Slow(answers)
    alone, together = run_over(one, tmp_path), run_over(four, tmp_path, jobs=4)
    assert (one.most, four.most) == (1, 4)
    assert [without_times(v) for v in alone.verdicts] == [
        without_times(v) for v in together.verdicts
    ]
    assert [verdict.id for verdict in together.verdicts] == [q.id for q in QUESTIONS]


class _Raises(FakeTarget):
    error: BaseException

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        self.asked.append((question, k, ()))
        raise self.error


def test_a_service_that_is_gone_is_not_asked_any_more(tmp_path: Path) -> None:
    target = _Raises({})
    target.error = ServiceUnreachable("POST http://x/v1/ask: refused", hint="start it")
    done = run_over(target, tmp_path)
    assert len(target.asked) == 5
    said = [verdict.crashed for verdict in done.verdicts]
    assert said[:5] == ["ServiceUnreachable: POST http://x/v1/ask: refused"] * 5
    assert said[5:] == ["ServiceUnreachable: not asked, the service had stopped answering"] * 7
    assert summarise(done.verdicts)["right"] == 0


def test_a_service_that_fails_is_asked_every_question(tmp_path: Path) -> None:
    target = _Raises({})
    target.error = ServiceFailed("POST http://x/v1/ask: 500", hint="see its log")
    done = run_over(target, tmp_path)
    assert len(target.asked) == len(done.crashed) == 12


def test_a_stop_ends_the_run(tmp_path: Path) -> None:
    target = _Raises({})
    target.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run_over(target, tmp_path)


def test_the_verdicts_of_one_asking_differ_in_times_alone(tmp_path: Path) -> None:
    answers = {q.question: reply() for q in QUESTIONS}
    first, second = (run_over(FakeTarget(answers), tmp_path) for _ in range(2))
    assert [without_times(v) for v in first.verdicts] == [without_times(v) for v in second.verdicts]
    assert without_times(A) == replace(A, timings_ms=None)
