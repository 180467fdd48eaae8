"""Gold files: what is read, and that every error names file, line and field."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.gold import Evidence, GoldQuestion, Kind, as_row, load_gold
from indexer.errors import InvalidGold
from service.records import Turn

ROW: dict[str, Any] = {
    "id": "q1",
    "kind": "figure",
    "question": "每户分到多少钱？",
    "answers": [["1500元", "一千五百元"]],
    "evidence": [{"document": "a/b.md", "quote": "每户分到1500元"}],
}


def written(folder: Path, *rows: dict[str, Any] | str) -> Path:
    path = folder / "gold.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_reads_a_question_with_its_line(tmp_path: Path) -> None:
    [question] = load_gold(written(tmp_path, "", ROW))
    assert question == GoldQuestion(
        id="q1",
        kind=Kind.FIGURE,
        question="每户分到多少钱？",
        answers=(("1500元", "一千五百元"),),
        evidence=(Evidence("a/b.md", "每户分到1500元"),),
    )
    assert question.line == 2
    assert question.answerable


def test_a_question_without_an_answer(tmp_path: Path) -> None:
    row = ROW | {"kind": "no_answer", "answers": [], "evidence": []}
    [question] = load_gold(written(tmp_path, row))
    assert not question.answerable


FOLLOW_UP: dict[str, Any] = ROW | {
    "kind": "follow_up",
    "question": "那邻村呢？",
    "history": [
        {"role": "user", "content": "金野以匹村每户分到多少钱？"},
        {"role": "assistant", "content": "每户分到1500元。"},
    ],
}


def test_a_follow_up_question(tmp_path: Path) -> None:
    [question] = load_gold(written(tmp_path, FOLLOW_UP))
    assert question.kind is Kind.FOLLOW_UP
    assert question.history == (
        Turn("user", "金野以匹村每户分到多少钱？"),
        Turn("assistant", "每户分到1500元。"),
    )
    assert as_row(question) == FOLLOW_UP
    [unanswered] = load_gold(written(tmp_path, FOLLOW_UP | {"history": FOLLOW_UP["history"][:1]}))
    assert unanswered.history == question.history[:1]


def test_a_digest_names_what_is_asked_and_accepted(tmp_path: Path) -> None:
    def digest(row: dict[str, Any]) -> str:
        return load_gold(written(tmp_path, row))[0].digest

    # sha256 of {"answers":[["1500元","一千五百元"]],"evidence":[{"document":"a/b.md","quote":
    # "每户分到1500元"}],"history":[],"kind":"figure","question":"每户分到多少钱？"}
    assert digest(ROW) == "57e68e553d396592"
    assert digest(ROW | {"id": "other", "history": []}) == digest(ROW)
    changed = [
        ROW | {"kind": "fact"},
        ROW | {"question": "每户分到多少元？"},
        ROW | {"answers": [["1500元"]]},
        ROW | {"evidence": [{"document": "a/c.md", "quote": "每户分到1500元"}]},
        FOLLOW_UP,
        FOLLOW_UP | {"history": FOLLOW_UP["history"][:1]},
    ]
    assert len({digest(row) for row in (ROW, *changed)}) == 7


@pytest.mark.parametrize(
    ("row", "names"),
    [
        (ROW | {"comment": "x"}, "comment: is not a known field"),
        ({key: ROW[key] for key in ROW if key != "kind"}, "kind: is missing"),
        (ROW | {"kind": "Figure"}, "kind: 'Figure' is not a kind"),
        (ROW | {"kind": ["fact"]}, "kind: ['fact'] is not a kind"),
        (ROW | {"id": ""}, "id: must be a text"),
        (ROW | {"question": 3}, "question: must be a text"),
        (ROW | {"answers": []}, "answers: is empty, but kind figure has an answer"),
        (ROW | {"answers": ["1500元"]}, "answers[0]: must be a list"),
        (ROW | {"answers": [["1500元"], []]}, "answers[1]: must be a list"),
        (ROW | {"answers": [["1500元", 2]]}, "answers[0][1]: must be a text"),
        (ROW | {"evidence": []}, "evidence: is empty"),
        (ROW | {"evidence": [{"document": "a.md"}]}, "evidence[0]: must be an object"),
        (
            ROW | {"evidence": [{"document": "a.md", "quote": " "}]},
            "evidence[0].quote: must be a text",
        ),
        (ROW | {"kind": "no_answer"}, "answers: must be empty for kind no_answer"),
        (ROW | {"history": FOLLOW_UP["history"]}, "history: does not go with kind figure"),
        (FOLLOW_UP | {"history": []}, "history: is empty, but kind follow_up follows"),
        (ROW | {"kind": "follow_up"}, "history: is empty, but kind follow_up follows"),
        (FOLLOW_UP | {"history": "x"}, "history: must be a list of turns"),
        (FOLLOW_UP | {"history": ["x"]}, "history[0]: must be an object with the fields role"),
        (
            FOLLOW_UP | {"history": [{"role": "system", "content": "x"}]},
            "history[0].role: must be one of: user, assistant",
        ),
        (
            FOLLOW_UP | {"history": [{"role": "assistant", "content": "x"}]},
            "history[0].role: must be user",
        ),
        (
            FOLLOW_UP | {"history": [{"role": "user", "content": ""}]},
            "history[0].content: must be a text",
        ),
        (ROW | {"status": "proposed"}, "status: is not a known field"),
        (ROW | {"question": "多少\ud800？"}, "question: holds half a character"),
        ('{"id": "q1", "id": "q2"}', "id: stands twice"),
        ("[" * 100_000, "line: is nested too deeply"),
        ("[1]", "line: is not a JSON object"),
        ('{"id": "q1",', "column 13: is not JSON"),
    ],
)
def test_an_error_names_file_line_and_field(
    tmp_path: Path, row: dict[str, Any] | str, names: str
) -> None:
    path = written(tmp_path, ROW | {"id": "q0"}, row)
    with pytest.raises(InvalidGold) as raised:
        load_gold(path)
    assert raised.value.message.startswith(f"{path}:2: {names}")


def test_two_questions_with_one_id(tmp_path: Path) -> None:
    path = written(tmp_path, ROW, ROW | {"question": "另一个？"})
    with pytest.raises(InvalidGold, match=r":2: id: 'q1' is already the id of line 1"):
        load_gold(path)


def test_a_file_without_questions_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidGold, match="holds no question"):
        load_gold(written(tmp_path, ""))
    with pytest.raises(InvalidGold, match="no such file"):
        load_gold(tmp_path / "none.jsonl")


def test_drafts_never_count(tmp_path: Path) -> None:
    path = written(tmp_path, ROW | {"status": "accepted", "proposed_by": "rules"})
    with pytest.raises(InvalidGold, match=":1: status: this is a file of drafts") as raised:
        load_gold(path)
    assert "python -m eval review" in raised.value.hint


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    line = json.dumps(ROW, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + f"{line}\r\n\r\n".encode())
    assert [question.id for question in load_gold(path)] == ["q1"]


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(json.dumps(ROW, ensure_ascii=False).encode("gb18030"))
    with pytest.raises(InvalidGold, match="is not UTF-8"):
        load_gold(path)
