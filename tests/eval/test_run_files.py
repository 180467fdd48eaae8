"""Runs on disk: what is written comes back, what can't be read is told by line and field."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.runs.asking import kept_lines
from eval.runs.files import (
    RUN_FORMAT,
    Header,
    Run,
    RunUnusable,
    read_run,
    require_whole,
    writing,
)
from indexer.errors import StorageFull
from tests.eval.small_run import QUESTIONS, small_run, written


@pytest.fixture
def whole(tmp_path: Path) -> Run:
    return small_run(tmp_path)


@pytest.fixture
def file(tmp_path: Path, whole: Run) -> Path:
    return written(whole, tmp_path / "runs" / "run.jsonl")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def put(path: Path, lines: Sequence[Mapping[str, Any] | str]) -> Path:
    """The lines as a file: objects as JSON, texts as they are; no line end behind the last."""
    said = (x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines)
    path.write_text("\n".join(said), encoding="utf-8")
    return path


# -- what is written comes back -------------------------------------------------------------------


def test_a_run_comes_back_as_it_was(file: Path, whole: Run) -> None:
    found = read_run(file)
    assert found.verdicts == whole.verdicts  # with quotes, rankings, times and the crash
    assert found.end == whole.end
    assert found.header.questions == whole.header.questions
    assert require_whole(found) is found
    assert list(file.parent.iterdir()) == [file]
    assert [row["type"] for row in rows(file)] == ["run", *["question"] * 4, "end"]


def test_the_first_line_says_what_was_measured(file: Path) -> None:
    first = rows(file)[0]
    assert first["format"] == RUN_FORMAT
    assert first["settings"] == {"k": 8, "llm": None}
    assert first["gold"]["path"] == "gold.jsonl"
    # sha256 of the three letters "any"
    assert first["gold"]["sha256"].startswith("d6a7cd2a7371b1a1")
    assert first["gold"]["questions"] == 4
    assert first["measured"]["manifest"] == {"roots": [{"path": "a"}]}
    assert set(first["code"]) == {"version", "commit", "changed"}
    assert first["questions"][2]["kind"] == "follow_up"
    assert first["questions"][2]["digest"] == QUESTIONS[2].digest


def test_lines_come_back_in_the_order_of_the_gold_file(file: Path, whole: Run) -> None:
    first, *lines, end = rows(file)
    put(file, [first, *reversed(lines), end])
    assert read_run(file).verdicts == whole.verdicts


def test_of_two_lines_of_a_question_the_later_one_counts(file: Path, whole: Run) -> None:
    *before, end = rows(file)
    put(file, [*before, before[2] | {"crashed": None, "right": True}, end])
    assert read_run(file).verdicts[1] == replace(whole.verdicts[1], crashed=None, right=True)


# -- stopped runs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_torn_last_line_is_dropped(file: Path, whole: Run, cut: int) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    put(file, [*lines[:3], lines[3][:cut]])
    found = read_run(file)
    assert found.verdicts == whole.verdicts[:2]
    assert (found.end, [asked.id for asked in found.unasked]) == (None, ["q3", "q4"])
    with pytest.raises(RunUnusable, match=r"run.jsonl: was stopped after 2 of 4 questions") as told:
        require_whole(found)
    assert "--resume" in told.value.hint


def test_a_line_torn_within_a_character_is_dropped(file: Path) -> None:
    whole = file.read_bytes()
    middle = whole.rindex("有几匹马".encode()) + 4
    file.write_bytes(whole[:middle])
    assert [verdict.id for verdict in read_run(file).verdicts] == ["q1", "q2", "q3"]


def test_an_end_before_later_lines_does_not_make_a_run_whole(file: Path) -> None:
    *before, end = rows(file)
    put(file, [*before, end, before[1]])
    assert read_run(file).end is None


def test_what_crashed_is_asked_again(file: Path, whole: Run) -> None:
    kept = kept_lines(read_run(file), whole.header)
    assert [verdict.id for verdict in kept] == ["q1", "q3", "q4"]


def test_a_service_may_come_back_at_another_address(whole: Run) -> None:
    for before, now in (("url", "http://b"), ("index", "/elsewhere")):
        moved = replace(whole.header, measured={**whole.header.measured, before: now})
        assert len(kept_lines(whole, moved)) == 3


CHANGES: dict[str, tuple[Callable[[Header], Header], str]] = {
    "k": (lambda h: replace(h, settings={"k": 5, "llm": None}), "settings.k (8 → 5)"),
    "model": (
        lambda h: replace(h, measured={**h.measured, "model": "m"}),
        'index.model ("fake" → "m")',
    ),
    "generation": (
        lambda h: replace(h, measured={**h.measured, "generation": "g000002"}),
        'index.generation ("g000001" → "g000002")',
    ),
    "another index of the same generation": (
        lambda h: replace(h, measured={**h.measured, "manifest": {"roots": [{"path": "b"}]}}),
        'index.manifest.roots ([{"path": "a"}] → [{"path": "b"}])',
    ),
    "an index where a service was": (
        lambda h: replace(h, measured={"generation": "g000001", "model": "fake"}),
        'index.manifest.roots ([{"path": "a"}] → None)',
    ),
    "code": (lambda h: replace(h, code={**h.code, "version": "9"}), "code.version ("),
    "question": (
        lambda h: replace(h, questions=(replace(h.questions[0], digest="0"), *h.questions[1:])),
        "begun: question q1",
    ),
    "questions": (lambda h: replace(h, questions=h.questions[2:]), "question q1, question q2"),
    "order": (lambda h: replace(h, questions=h.questions[::-1]), "the questions' order"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_run_of_something_else_does_not_go_on(file: Path, whole: Run, change: str) -> None:
    changed, said = CHANGES[change]
    with pytest.raises(RunUnusable) as told:
        kept_lines(read_run(file), changed(whole.header))
    assert told.value.message.startswith("run.jsonl: changed since the run was begun: ")
    assert said in told.value.message
    assert "--overwrite" in told.value.hint


# -- what can't be read ---------------------------------------------------------------------------


def without(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda row: {key: value for key, value in row.items() if key != name}


UNREADABLE: dict[str, tuple[int, Callable[[dict[str, Any]], Any], str]] = {
    "torn in the middle": (3, lambda row: json.dumps(row)[:99], "3: is not JSON ("),
    "a list": (2, lambda row: [row], "2: is not a JSON object"),
    "a number last": (6, lambda row: 7, "6: is not a JSON object"),
    "no type": (2, without("type"), "2: type: None is not a type of line"),
    "another type": (4, lambda row: row | {"type": "x"}, "4: type: 'x' is not a type of line"),
    "a field is missing": (2, without("right"), "2: right: Field required"),
    "a field within is missing": (
        3,
        lambda row: row | {"quotes_exact": {"good": 1}},
        "3: quotes_exact.all: Field required",
    ),
    "mistyped": (5, lambda row: row | {"right": "perhaps"}, "5: right: Input should be a valid bo"),
    "mistyped within": (
        2,
        lambda row: row | {"cited": [row["cited"][0] | {"start": "x"}]},
        "2: cited.0.start: Input should be a valid integer",
    ),
    "no kind": (2, lambda row: row | {"kind": "riddle"}, "2: kind: Input should be 'fact'"),
    "another cutoff": (
        2,
        lambda row: row | {"retrieval": row["retrieval"] | {"recall_at": {"3": 1}}},
        "2: retrieval: Value error, recall_at is not at 1, 5, 10",
    ),
    "end": (6, without("seconds"), "6: seconds: Field required"),
    "not a run": (1, without("type"), "1: type: is not run, so this is not the file of a run"),
    "an older format": (1, lambda row: row | {"format": 1}, "1: format: is 1, this code reads 2"),
    "header": (1, without("settings"), "1: settings: Field required"),
    "a stray": (
        1,
        lambda row: row | {"questions": row["questions"][1:]},
        "1: questions: lacks q1, which was asked",
    ),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_what_is_wrong_is_told_by_line_and_field(file: Path, fault: str) -> None:
    number, change, said = UNREADABLE[fault]
    lines: list[Any] = rows(file)
    changed = change(lines[number - 1])
    lines[number - 1] = changed if isinstance(changed, str | dict) else json.dumps(changed)
    put(file, lines)
    with pytest.raises(RunUnusable) as told:
        read_run(file)
    assert told.value.message.startswith(f"{file}:{said}")
    assert told.value.hint


def test_blank_lines_move_no_number(file: Path) -> None:
    lines: list[Any] = rows(file)
    put(file, [lines[0], "", lines[1], "  ", lines[2] | {"right": None}, *lines[3:], "", ""])
    with pytest.raises(RunUnusable, match=r"run\.jsonl:5: right: "):
        read_run(file)


@pytest.mark.parametrize("content", [b"", b"\n", b"\x00\x00", b"{", b"[1, 2]", b'{"figures": 1}'])
def test_another_file_is_no_run(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(RunUnusable, match=r"x\.jsonl:1: "):
        read_run(path)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(RunUnusable, match=said):
            read_run(path)


def test_a_place_that_can_not_be_written_is_told_before_any_question(
    tmp_path: Path, whole: Run
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with (
        pytest.raises(StorageFull, match=r"run\.jsonl: (File exists|Not a directory)$") as told,
        writing(tmp_path / "file" / "run.jsonl", whole.header, ()),
    ):
        pytest.fail("there is nowhere to write")
    assert told.value.hint == "name a file with --out that can be written"
