"""`python -m eval read` and `squad` from the front door, over real small indexes."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from eval.__main__ import app
from eval.runs.files import Run, read_run
from eval.sets.rows import Measured, row_of
from tests.eval.small_sets import (
    GIVEN,
    SQUAD,
    VILLAGE,
    YELLOW,
    qa,
    write_lines,
    write_news,
    write_squad,
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def read(folder: Path, cache: Path, *arguments: object) -> Run:
    """The run of one dose."""
    out = folder / "run.jsonl"
    done = call("read", *arguments, "--cache", cache, "--out", out)
    assert done.exit_code == 0, done.output
    return read_run(out)


def test_the_paragraph_is_given(tmp_path: Path, cache: Path) -> None:
    found = read(tmp_path, cache, "--squad", write_squad(tmp_path / "s.json"))
    assert [verdict.id for verdict in found.verdicts] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    row = row_of("all", found.verdicts)
    assert (row.questions, row.crashed) == (6, 0)
    assert row.figures["first_hit"] == row.figures["right"] == Measured(1.0, 6)
    assert row.figures["refused_wrongly"] == Measured(0.0, 6)
    assert row.figures["risk_area"] == Measured(0.0, 6)
    assert row.figures["refusal_recall"] == Measured(None, 0)
    assert row.figures["found@1"] == Measured(None, 0)  # nothing was searched for
    # By hand: each answer's sentences are all in its paragraph, so nothing else can be cited.
    for verdict in found.verdicts:
        assert {citation.source for citation in verdict.cited} == {verdict.evidence[0].document}
    [school] = [verdict for verdict in found.verdicts if verdict.id == "q4"]
    assert school.answer == ("永平县第一中学建于1956年，现有学生2100人。",)
    # Shown only where the reader is sure; what is not shown counts as wrong.
    assert school.short_answer in ("1956年", None)
    assert school.short_exact == school.short_f1 == float(school.short_answer is not None)


def test_a_sweep_keeps_a_run_of_each_dose(tmp_path: Path, cache: Path) -> None:
    file, news = write_squad(tmp_path / "s.json"), write_news(tmp_path / "n.jsonl")
    out = tmp_path / "sweep.jsonl"
    asked = ("read", "--squad", file, "--news", news, "--passages", 3, "--cache", cache)
    done = call(*asked, "--noise", "0,0.34", "--none", "--out", out)
    assert done.exit_code == 0, done.output
    assert "questions got less noise" not in done.output
    names = sorted(path.name for path in tmp_path.glob("sweep*"))
    assert names == [
        "sweep-noise-0.34.jsonl",
        "sweep-noise-0.jsonl",
        "sweep-noise-alone.jsonl",
    ]
    runs = {name: read_run(tmp_path / name) for name in names}
    mixed, plain, alone = runs.values()
    assert mixed.header.settings["noise"] == [0.0, 0.34, 1.0]
    assert row_of("", plain.verdicts).figures["right"] == Measured(1.0, 6)
    assert row_of("", mixed.verdicts).figures["answer_hit"] == Measured(1.0, 6)
    # Noise alone: right is a refusal, and what is said all the same comes from no paragraph of it.
    row = row_of("", alone.verdicts)
    refused = [verdict for verdict in alone.verdicts if verdict.abstained]
    assert [verdict.right for verdict in alone.verdicts] == [
        verdict in refused for verdict in alone.verdicts
    ]
    assert row.figures["refusal_recall"] == Measured(len(refused) / 6, 6)
    own = {verdict.id: verdict.evidence[0].document for verdict in plain.verdicts}
    for verdict in alone.verdicts:
        assert own[verdict.id] not in {citation.source for citation in verdict.cited}
    again = call(*asked, "--noise", "0,0.34", "--none", "--jobs", 3, "--out", out)
    assert "indexing" not in again.output  # cached
    for name, before in runs.items():
        after = read_run(tmp_path / name)
        assert _lasting(after) == _lasting(before)


def _lasting(run: Run) -> list[dict[str, Any]]:
    from dataclasses import asdict

    return [asdict(verdict) | {"timings_ms": None} for verdict in run.verdicts]


def test_a_noise_set_brings_its_own_passages(tmp_path: Path, cache: Path) -> None:
    file = write_lines(tmp_path / "noise.jsonl", GIVEN)
    plain = read(tmp_path, cache, "--given", file)
    assert [verdict.answer_hit for verdict in plain.verdicts] == [True, True]
    # Two required groups have no single short answer.
    assert [verdict.short_exact is None for verdict in plain.verdicts] == [False, True]
    done = call("read", "--given", file, "--none", "--passages", 2, "--cache", cache)
    assert done.exit_code == 0, done.output
    assert "noise alone: 1 questions got less noise than that" in done.output


def test_random_noise_in_place_of_hard(tmp_path: Path, cache: Path) -> None:
    file = write_squad(tmp_path / "s.json")
    options = ("--squad", file, "--noise", 0.5, "--passages", 2, "--noise-from", "random")
    assert read(tmp_path, cache, *options).header.settings["noise_from"] == "random"


@pytest.fixture
def with_an_endless_question(tmp_path: Path) -> Path:
    """The service refuses a question that long: to the evaluation that is a crash."""
    data = deepcopy(SQUAD)
    data["data"][1]["paragraphs"][0]["qas"].append(qa("long", "学校" * 3000, "1956年"))
    return write_squad(tmp_path / "long.json", data)


def test_a_question_that_crashes_is_wrong_and_said(
    tmp_path: Path, cache: Path, with_an_endless_question: Path
) -> None:
    out = tmp_path / "out.jsonl"
    done = call(
        "read", "--squad", with_an_endless_question, "--noise", "0,1", "--passages", 2,
        "--cache", cache, "--out", out,
    )  # fmt: skip
    assert done.exit_code == 3
    assert "2 questions crashed and count as wrong" in done.output
    for name in ("out-noise-0.jsonl", "out-noise-alone.jsonl"):
        found = read_run(tmp_path / name)
        assert [verdict.id for verdict in found.crashed] == ["long"]
        row = row_of("", found.verdicts)
        assert (row.questions, row.crashed) == (7, 1)
        assert row.figures["right"].n == 7
        assert (row.figures["right"].value or 0.0) <= 6 / 7


def test_an_open_question_that_crashes_is_wrong_and_said(
    tmp_path: Path, cache: Path, with_an_endless_question: Path
) -> None:
    out = tmp_path / "out.json"
    options = ("--file", with_an_endless_question, "--cache", cache, "--out", out)
    done = call("squad", *options, "--jobs", 2)
    assert done.exit_code == 3, done.output
    assert "1 questions crashed and count as wrong" in done.output
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["figures"]["recall@1"] == pytest.approx(6 / 7)
    [crashed] = [line for line in kept["questions"] if line["crashed"]]
    assert (crashed["id"], crashed["rank"], crashed["answer_hit"]) == ("long", 0, False)
    assert crashed["crashed"].startswith("InvalidRequest: ")


def test_a_torn_cached_index_is_built_again(tmp_path: Path) -> None:
    paragraph = {"context": YELLOW + VILLAGE, "qas": [qa("q", "几户？", "44户")]}
    data = {"data": [{"paragraphs": [paragraph]}]}
    file, cache = write_squad(tmp_path / "s.json", data), tmp_path / "cache"
    options = ("read", "--squad", file, "--cache", cache)
    assert call(*options).exit_code == 0
    [vectors] = cache.rglob("dense.faiss")
    vectors.write_bytes(vectors.read_bytes()[:100])
    done = call(*options)
    assert done.exit_code == 0, done.output
    assert "the cached index no longer fits" in done.output
    assert "the cached index" not in call(*options).output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "which questions?"),
        (("--squad", "{squad}", "--given", "{given}"), "are two ways to say which"),
        (("--squad", "{given}"), "n.jsonl:2: column 1: is not in SQuAD form: not JSON"),
        (("--given", "{squad}"), "s.json:1: "),
        (("--squad", "{squad}", "--noise", "2"), "'2' is not a share from 0 to 1"),
        (("--squad", "{squad}", "--news", "none.jsonl"), "none.jsonl: No such file"),
        (("--squad", "{squad}", "--llm", "x:y"), "hint: "),
        (("--squad", "none.json"), "none.json: can't be read"),
    ],
)
def test_mistakes_are_told_in_a_line(
    tmp_path: Path, cache: Path, arguments: tuple[str, ...], says: str
) -> None:
    places = {
        "squad": write_squad(tmp_path / "s.json"),
        "given": write_lines(tmp_path / "n.jsonl", GIVEN),
    }
    named = [argument.format(**places) for argument in arguments]
    done = call("read", *named, "--cache", cache)
    assert done.exit_code == 1, done.output
    assert says in done.output
    assert "Traceback" not in done.output
