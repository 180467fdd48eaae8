"""Intervals, pairs and the gate on hand-made runs, and the commands over them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from eval.__main__ import app
from eval.comparing.bootstrap import difference, interval, parts_of
from eval.comparing.expected import ExpectedUnusable, read_expected, write_expected
from eval.comparing.gate import NEVER_FALLS, WATCHED, Expected, check, expected_of
from eval.comparing.pairs import changed, pair
from eval.gold import Kind
from eval.runs.figures import BY_NAME
from eval.runs.files import RUN_FORMAT, Asked, End, Header, Run, RunUnusable
from eval.runs.verdict import Counted, Verdict

RIGHT, HIT, PRECISION = (BY_NAME[name] for name in ("right", "answer_hit", "citation_precision"))
QUOTES, WRONGLY = BY_NAME["quotes_exact"], BY_NAME["refused_wrongly"]


def verdict(id_: str, right: bool, quotes: int = 2, of: int = 2) -> Verdict:
    return Verdict(
        id_,
        Kind.FACT,
        f"{id_}？",
        right,
        answer_hit=right,
        document_cited=right,
        citations_good=Counted(float(right), 2),
        groups_proven=Counted(float(right), 1),
        sentences_supported=Counted(1, 1),
        quotes_exact=Counted(quotes, of),
        answer=("是。",) if right else ("不是。",),
        expected=(("是",),),
    )


def run_of(*verdicts: Verdict, name: str = "run.jsonl", digest: str = "d") -> Run:
    header = Header(
        format=RUN_FORMAT,
        started_at="2026-11-22T00:00:00+00:00",
        code={},
        gold={},
        settings={},
        measured={},
        questions=tuple(Asked(v.id, v.kind, v.question, digest) for v in verdicts),
    )
    return Run(name, header, verdicts, End("2026-11-22T00:01:00+00:00", 60.0, 1, None))


def rights(pattern: str, name: str = "run.jsonl") -> Run:
    """A run whose n-th question is right where the n-th sign is 1."""
    return run_of(*(verdict(f"q{at}", sign == "1") for at, sign in enumerate(pattern)), name=name)


def write(run: Run, path: Path) -> Path:
    lines = [{"type": "run", **asdict(run.header)}]
    lines += [{"type": "question", **asdict(each)} for each in run.verdicts]
    if run.end is not None:
        lines.append({"type": "end", **asdict(run.end)})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


# -- intervals ------------------------------------------------------------------------------------


def test_an_interval_is_that_of_the_binomial() -> None:
    """40 of 80: the normal approximation gives 0.5 ± 1.96 · sqrt(0.25 / 80) = 0.390 to 0.610."""
    found = interval(RIGHT, rights("10" * 40).verdicts)
    assert found is not None
    assert found[0] == pytest.approx(0.390, abs=0.02)
    assert found[1] == pytest.approx(0.610, abs=0.02)


def test_there_is_no_interval_without_questions_and_no_width_without_variance() -> None:
    assert interval(BY_NAME["refusal_recall"], rights("11").verdicts) is None
    assert interval(RIGHT, rights("1111").verdicts) == (1.0, 1.0)


def test_the_chance_of_a_fall_is_that_of_the_sign_test() -> None:
    """Five lost and none won: each of the five is as likely to go the other way, 1 / 2 ** 5."""
    before, after = rights("1" * 20).verdicts, rights("0" * 5 + "1" * 15).verdicts
    found = difference(parts_of(RIGHT, before), parts_of(RIGHT, after))
    assert found is not None
    assert found.by == -0.25
    assert found.p_lower == pytest.approx(1 / 32, abs=0.006)
    assert found.p_higher == 1.0
    assert found.low < -0.25 < found.high < 0


def test_one_lost_and_one_won_is_no_difference() -> None:
    found = difference(
        parts_of(RIGHT, rights("10111").verdicts), parts_of(RIGHT, rights("01111").verdicts)
    )
    assert found is not None
    assert found.by == 0
    assert found.p_lower == pytest.approx(0.75, abs=0.02)  # 3 of 4 swaps are no better
    assert found.low < 0 < found.high


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), min_size=1, max_size=30))
def test_a_run_against_itself_differs_in_nothing(rows: list[tuple[int, int]]) -> None:
    parts = np.array([(min(good, all_), all_) for good, all_ in rows], dtype=np.float64)
    found = difference(parts, parts)
    assert found is not None
    assert (found.by, found.low, found.high) == (0, 0, 0)
    assert (found.p_lower, found.p_higher) == (1, 1)


@given(st.text("01", min_size=2, max_size=30), st.text("01", min_size=2, max_size=30))
def test_before_and_after_exchanged_is_the_difference_turned_round(one: str, other: str) -> None:
    size = min(len(one), len(other))
    before, after = (parts_of(RIGHT, rights(p[:size]).verdicts) for p in (one, other))
    there, back = difference(before, after), difference(after, before)
    assert there is not None
    assert back is not None
    assert there.by == -back.by
    assert (there.p_lower, there.p_higher) == (back.p_higher, back.p_lower)
    assert there.low == pytest.approx(-back.high)


# -- pairs ----------------------------------------------------------------------------------------


def test_what_was_won_and_lost() -> None:
    paired = pair(rights("1100"), rights("1010"))
    assert changed(paired, RIGHT) == ([2], [1])
    assert changed(paired, QUOTES) == ([], [])


def test_for_refusals_of_the_answerable_less_is_more() -> None:
    refused = Verdict("q", Kind.FACT, "q？", False, abstained=True)
    paired = pair(run_of(refused), run_of(verdict("q", True)))
    assert changed(paired, WRONGLY) == ([0], [])


def test_runs_of_different_questions_are_not_compared_unawares() -> None:
    with pytest.raises(RunUnusable, match=r"1 left out \(q2\)"):
        pair(rights("111"), rights("11"))
    with pytest.raises(RunUnusable, match=r"2 changed \(q0, q1\)"):
        pair(run_of(verdict("q0", True), verdict("q1", True), digest="other"), rights("11"))
    assert len(pair(rights("111"), rights("11"), common=True).before) == 2
    with pytest.raises(RunUnusable, match="share no question"):
        pair(rights("1"), run_of(verdict("z", True)), common=True)


# -- gate -----------------------------------------------------------------------------------------


def fell(expected: Expected, run: Run) -> set[str]:
    return {each.figure for each in check(expected, run) if each.fell}


def test_the_gate_weighs_what_was_lost_against_luck() -> None:
    expected = expected_of("set", rights("1" * 20))
    assert fell(expected, rights("1" * 20)) == set()
    assert fell(expected, rights("0" * 4 + "1" * 16)) == set()  # 1 / 16 by luck
    assert "right" in fell(expected, rights("0" * 5 + "1" * 15))


def test_what_is_won_makes_up_for_what_is_lost() -> None:
    expected = expected_of("set", rights("1" * 10 + "0" * 10))
    assert "right" in fell(expected, rights("0" * 6 + "1" * 4 + "0" * 10))
    assert fell(expected, rights("0" * 6 + "1" * 10 + "0" * 4)) == set()


def test_one_false_quote_is_one_too_many() -> None:
    whole = [verdict(f"q{n}", True) for n in range(50)]
    expected = expected_of("set", run_of(*whole))
    spoilt = [*whole[:-1], verdict("q49", True, quotes=1)]
    assert fell(expected, run_of(*spoilt)) == {"quotes_exact"}
    assert set(NEVER_FALLS) <= set(WATCHED)


def test_a_rise_is_told_and_does_not_trip() -> None:
    checked = check(expected_of("set", rights("0" * 20)), rights("1" * 8 + "0" * 12))
    right = next(each for each in checked if each.figure == "right")
    assert right.rose
    assert not right.fell
    assert right.won == tuple(f"q{n}" for n in range(8))


def test_what_is_expected_is_read_back_as_it_was(tmp_path: Path) -> None:
    thirds = [verdict(f"q-{n} “x”", n % 2 == 0, quotes=n, of=7) for n in range(5)]
    expected = expected_of("set", run_of(*thirds))
    path = tmp_path / "expected.toml"
    write_expected(path, {"set": expected, "other": expected_of("other", rights("101"))})
    read = read_expected(path)
    assert read["set"] == expected
    assert read["other"].parts("right").tolist() == [[1, 1], [0, 1], [1, 1]]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0, 1, allow_nan=False)),
        min_size=1,
        max_size=8,
    )
)
def test_any_part_is_read_back_as_it_was(rows: list[tuple[int, int, float]]) -> None:
    """Also a third: cut short, it would be a change of every later run."""
    import tempfile

    verdicts = [
        Verdict(
            f"q{n}",
            Kind.FACT,
            "？",
            True,
            short_exact=share,
            quotes_exact=Counted(min(good, all_), all_),
        )
        for n, (good, all_, share) in enumerate(rows)
    ]
    expected = expected_of("set", run_of(*verdicts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "expected.toml"
        write_expected(path, {"set": expected})
        assert read_expected(path)["set"] == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[set", "expected.toml: "),
        ("[set]\nfigures = ['right']\n[set.questions]\n", "set.significance: is missing"),
        ("[set]\nsignificance = 0.05\nfigures = ['no']\n[set.questions]\n", "'no' is not a figure"),
        (
            "[set]\nsignificance = 0.05\nfigures = ['right']\n[set.questions]\nq1 = 'd'\n",
            "set.questions.q1: must be a digest and 1 parts",
        ),
        (
            "[set]\nsignificance = 0.05\nfigures = ['right']\n[set.questions]\nq1 = 'd x'\n",
            "'x' is not a part",
        ),
    ],
)
def test_a_broken_file_of_expectations_names_its_place(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "expected.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExpectedUnusable, match=r"expected\.toml") as raised:
        read_expected(path)
    assert said in raised.value.message


# -- the commands ---------------------------------------------------------------------------------


def call(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def test_compare_lists_what_was_won_and_lost(tmp_path: Path) -> None:
    before = write(rights("1" * 12 + "0"), tmp_path / "before.jsonl")
    after = write(rights("0" * 6 + "1" * 6 + "1"), tmp_path / "after.jsonl")
    status, said = call("compare", before, after)
    assert status == 0
    assert "before.jsonl → after.jsonl: 13 questions" in said
    line = next(line for line in said.splitlines() if line.split()[:1] == ["right"])
    assert line.split()[1:4] == ["92.3", "53.8", "-38.5"]  # 12 and 7 of 13
    assert "won by right: 1" in said
    assert "lost by right: 6" in said
    assert "q12 fact: q12？" in said
    assert "before    不是。" in said
    assert "…" not in said


def test_compare_of_other_questions_says_which(tmp_path: Path) -> None:
    before = write(rights("111"), tmp_path / "before.jsonl")
    after = write(rights("1111"), tmp_path / "after.jsonl")
    status, said = call("compare", before, after)
    assert status == 1
    assert "1 added (q3)" in said
    assert "--common" in said
    assert call("compare", before, after, "--common")[0] == 0
    assert call("compare", before, after, "--common", "--by", "luck")[0] == 1


def test_the_gate_from_accepting_to_falling(tmp_path: Path) -> None:
    expected = tmp_path / "expected.toml"
    good = write(rights("1" * 20), tmp_path / "good.jsonl")
    bad = write(rights("0" * 8 + "1" * 12), tmp_path / "bad.jsonl")
    other = write(rights("1" * 19), tmp_path / "other.jsonl")

    def gate(run: Path, *more: str) -> tuple[int, str]:
        return call("gate", run, "--set", "corpus", "--expected", expected, *more)

    status, said = gate(good)
    assert status == 1
    assert "nothing is expected of 'corpus'" in said
    assert gate(good, "--accept")[0] == 0
    assert gate(good) == (0, gate(good)[1])
    status, said = gate(bad)
    assert status == 1
    assert "fell: right" in said
    assert "right lost: q0, q1, q2, q3, q4, q5, q6, q7" in said
    status, said = gate(other)
    assert status == 1
    assert "1 left out (q19)" in said
    assert gate(bad, "--accept")[0] == 0
    status, said = gate(good)
    assert status == 0
    assert "rose: right" in said


def test_accepting_keeps_how_strict_the_gate_is(tmp_path: Path) -> None:
    expected = tmp_path / "expected.toml"
    good = write(rights("1" * 20), tmp_path / "good.jsonl")
    bad = write(rights("0" * 5 + "1" * 15), tmp_path / "bad.jsonl")
    options = ("--set", "corpus", "--expected", expected)
    assert call("gate", good, *options, "--accept")[0] == 0
    text = expected.read_text(encoding="utf-8").replace(
        "significance = 0.05", "significance = 0.01"
    )
    expected.write_text(text, encoding="utf-8")
    assert call("gate", good, *options, "--accept")[0] == 0
    assert read_expected(expected)["corpus"].significance == 0.01
    assert "right" not in call("gate", bad, *options)[1].partition("fell:")[2]  # 1 / 32 by luck


def test_expectations_that_can_not_be_written_are_an_error_of_one_line(tmp_path: Path) -> None:
    good = write(rights("11"), tmp_path / "good.jsonl")
    status, said = call("gate", good, "--set", "x", "--expected", "/proc/no/e.toml", "--accept")
    assert status == 1
    assert said.startswith("error: /proc/no/e.toml can't be written: ")


def test_a_stopped_run_passes_no_gate_and_no_comparison(tmp_path: Path) -> None:
    whole = write(rights("111"), tmp_path / "whole.jsonl")
    stopped = tmp_path / "stopped.jsonl"
    stopped.write_text("".join(whole.read_text().splitlines(keepends=True)[:-1]), encoding="utf-8")
    for arguments in (("compare", whole, stopped), ("gate", stopped, "--set", "x", "--accept")):
        status, said = call(*arguments)
        assert status == 1
        assert "was stopped after 3 of 3 questions" in said
        assert "--resume" in said
