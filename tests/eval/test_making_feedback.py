"""The feedback log through the command line: drafts, folded questions, torn and broken lines."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.gold import Evidence, Kind
from eval.making.drafts import Draft, Status, load_drafts
from tests.eval.making_imports import call, refused


def verdict(question: str, verdict: str = "right", **more: Any) -> dict[str, Any]:
    return {
        "at": "2026-11-20T10:00:00Z",
        "answer_id": "a1",
        "question": question,
        "verdict": verdict,
    } | more


CITED = [
    {"source": "a.md", "quote": "共44户。", "n": 1},
    {"source": "a.md", "quote": "每户1,500元。", "document_id": "x"},
]


def log(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


def imported(folder: Path, *rows: dict[str, Any]) -> list[Draft]:
    out = folder / "drafts.jsonl"
    done = call("--from", "feedback", log(folder / "f.jsonl", *rows), "--out", out, "--overwrite")
    assert done.exit_code == 0, done.output
    return load_drafts(out)


def test_good_and_corrected_answers_become_drafts(tmp_path: Path) -> None:
    good, corrected, refused_rightly, no_value = imported(
        tmp_path,
        verdict("每户多少？", answer="每户1500元。[1]", short_answer="1500元", citations=CITED),
        verdict(
            "几户？", "wrong", short_answer="40户", correction="44户", comment="数错了", user="u"
        ),
        verdict("火星上有谁？", abstained=True),
        verdict("村里怎么样？", citations=CITED[:1]),
        verdict("没话说？", "wrong", answer="x"),
        verdict("很好？", answer="x"),
    )
    assert {draft.status for draft in (good, corrected)} == {Status.PROPOSED}
    assert good.proposed_by == "feedback"
    assert good.question.kind is Kind.FIGURE
    assert good.question.answers == (("1500元",),)
    assert good.question.evidence == (Evidence("a.md", "每户1,500元。"),)  # what holds the value
    assert corrected.question.answers == (("44户",),)
    assert corrected.question.evidence == ()
    assert corrected.note == (
        "a user's correction, without proof: find where it stands; the answer was: 40户; "
        "the user wrote: 数错了"
    )
    assert (refused_rightly.question.kind, refused_rightly.question.answers) == ("no_answer", ())
    assert no_value.question.answers == ()
    assert no_value.note == "say which words are the answer"


def test_a_question_asked_twice_is_one_draft(tmp_path: Path) -> None:
    [draft] = imported(
        tmp_path,
        verdict("每戶多少?", "wrong", correction="1600元"),
        verdict("每户多少？", short_answer="1500元", citations=CITED),
        verdict(
            "每户多少",
            short_answer="一千五百元",
            citations=[{"source": "b.md", "quote": "每家一千五百元"}],
        ),
    )
    assert draft.question.answers == (("1500元",),)
    assert draft.question.evidence == (
        Evidence("a.md", "每户1,500元。"),
        Evidence("b.md", "每家一千五百元"),
    )
    assert draft.note == "another user says: 1600元"


def test_a_last_line_that_was_broken_off_is_passed_over_and_told(tmp_path: Path) -> None:
    path, out = tmp_path / "f.jsonl", tmp_path / "drafts.jsonl"
    whole = json.dumps(verdict("几户？", "wrong", correction="44户"), ensure_ascii=False).encode()
    for torn in (whole[:-30], whole[: whole.index("户".encode()) + 1], b"["):
        path.write_bytes(whole + b"\n" + torn)
        done = call("--from", "feedback", path, "--out", out, "--overwrite")
        assert done.exit_code == 0
        first, second = done.stdout.splitlines()
        assert (
            first == f"1 verdicts: 1 drafts in {out}, 0 without an answer or a correction left out"
        )
        assert second.startswith(f"passed over, broken off while it was written: {path}:2: ")
    # The same in the middle is a broken log.
    path.write_bytes(whole + b"\n" + whole[:-30] + b"\n" + whole + b"\n")
    out.unlink()
    assert f"{path}:2: column" in refused(tmp_path, "--from", "feedback", path, "--out", out)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "几户？", "verdict": "right"}, "1: answer_id: is missing"),
        (verdict("几户？", "fine"), "1: verdict: must be right, wrong or unclear"),
        (verdict("几户？", ["right"]), "1: verdict: must be right, wrong or unclear"),  # type: ignore[arg-type]
        (verdict(" "), "1: question: must be a text that is not empty"),
        (verdict("几户？", short_answer=44), "1: short_answer: must be a text"),
        (verdict("几户？", citations={}), "1: citations: must be a list"),
        (verdict("几户？", citations=["a"]), "1: citations[0]: must be an object"),
        (verdict("几户？", citations=[{"quote": "a"}]), "1: citations[0].source: must be a text"),
    ],
)
def test_a_broken_verdict_is_named(tmp_path: Path, row: dict[str, Any], message: str) -> None:
    path = log(tmp_path / "f.jsonl", row)
    said = refused(tmp_path, "--from", "feedback", path, "--out", tmp_path / "drafts.jsonl")
    assert f"error: {path}:{message}" in said


def test_several_logs_and_an_empty_one(tmp_path: Path) -> None:
    one = log(tmp_path / "one.jsonl", verdict("几户？", "wrong", correction="44户"))
    two = log(tmp_path / "two.jsonl", verdict("几户?", "wrong", correction="四十四户"))
    out = tmp_path / "drafts.jsonl"
    assert call("--from", "feedback", one, two, "--out", out).exit_code == 0
    assert len(load_drafts(out)) == 1
    empty = log(tmp_path / "empty.jsonl")
    said = refused(tmp_path, "--from", "feedback", empty, "--out", tmp_path / "d.jsonl")
    assert "holds no verdict" in said
