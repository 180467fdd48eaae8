"""Review of drafts: each decision at once on disk, no row lost or doubled by a kill, sound rows."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.gold import Evidence, Kind
from eval.making.answers import read_answers, show_answers
from eval.making.desk import Desk, Edit, fresh_id
from eval.making.drafts import load_drafts
from eval.making.terminal import marked, review
from indexer.errors import InvalidGold, InvalidRequest
from tests.eval.fakes import FakeTarget
from tests.eval.making_drafts import draft_of, gold_rows, row, statuses, write_drafts

ROOT = Path(__file__).parents[2]
GOLD_LINE = (
    '{"id": "a041", "kind": "no_answer", "question": "村里有几匹马？", "answers": [], '
    '"evidence": []}'
)


def edit_of(path: Path, id_: str) -> Edit:
    return Edit.of(draft_of(path, id_).question)


def test_what_is_accepted_stands_in_the_gold_file_as_it_was_edited(tmp_path: Path) -> None:
    drafts = write_drafts(tmp_path, row(1), row(2))
    gold = tmp_path / "new" / "gold.jsonl"
    desk = Desk(drafts, gold)
    assert desk.accept("d1", replace(edit_of(drafts, "d1"), question=" 每户多少元？ ")) == "q001"
    desk.reject("d2")
    assert json.loads(gold.read_text(encoding="utf-8")) == {
        "id": "q001",
        "kind": "figure",
        "question": "每户多少元？",
        "answers": [["1,500元", "一千五百元"]],
        "evidence": [{"document": "a/visit.md", "quote": "每户分到1,500元。"}],
    }
    assert statuses(drafts) == {"d1": "accepted", "d2": "rejected"}
    assert draft_of(drafts, "d1").gold_id == "q001"
    assert draft_of(drafts, "d1").question.question == "每户多少元？"


def test_the_lines_of_a_gold_file_stay_as_they_are(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    before = b"\xef\xbb\xbf" + GOLD_LINE.encode() + b"\r\n\r\n"
    gold.write_bytes(before)
    drafts = write_drafts(tmp_path, row(1), row(2))
    desk = Desk(drafts, gold)
    assert [desk.accept(id_, edit_of(drafts, id_)) for id_ in ("d1", "d2")] == ["a042", "a043"]
    assert gold.read_bytes().startswith(before)
    assert [question.id for question in gold_rows(gold)] == ["a041", "a042", "a043"]


def test_a_last_line_without_an_end_is_ended_first(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(GOLD_LINE, encoding="utf-8")
    drafts = write_drafts(tmp_path, row(1))
    Desk(drafts, gold).accept("d1", edit_of(drafts, "d1"))
    assert [question.id for question in gold_rows(gold)] == ["a041", "a042"]


@pytest.mark.parametrize(
    ("ids", "fresh"),
    [
        ([], "q001"),
        (["x", "y"], "q001"),
        (["a09", "a10"], "a11"),
        (["b7", "b9", "b8"], "b10"),
        (["a099"], "a100"),
    ],
)
def test_a_fresh_id_counts_on(ids: list[str], fresh: str, tmp_path: Path) -> None:
    [made] = load_drafts(write_drafts(tmp_path, row(1)))
    assert fresh_id([replace(made.question, id=id_) for id_ in ids]) == fresh


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": " "}, "question: must be a text"),
        ({"answers": ()}, "answers: is empty, but kind figure"),
        ({"answers": (("1,600元",),)}, r"answers\[0\]: no quote holds 1,600元"),
        ({"evidence": ()}, "evidence: is empty, but kind figure"),
        ({"kind": Kind.NO_ANSWER}, "answers: must be empty for kind no_answer"),
        ({"kind": Kind.FOLLOW_UP}, "kind: follow_up does not go with"),
        (
            {"evidence": (Evidence("a/visit.md", "每家分到1,500元"),)},
            r"evidence\[0\].quote: quote not in document",
        ),
        (
            {"evidence": (Evidence("a/none.md", "每户分到1,500元"),)},
            r"evidence\[0\].document: document not in index",
        ),
        ({"question": "村裡有幾匹馬?"}, r"question: is asked in .*gold.jsonl:1 \(a041\) already"),
    ],
)
def test_what_no_gold_file_would_hold_is_not_accepted(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(GOLD_LINE + "\n", encoding="utf-8")
    drafts = write_drafts(tmp_path, row(1))
    desk = Desk(drafts, gold, FakeTarget({}))
    with pytest.raises(InvalidGold, match=message):
        desk.accept("d1", replace(edit_of(drafts, "d1"), **change))
    assert statuses(drafts) == {"d1": "proposed"}
    assert gold.read_text(encoding="utf-8") == GOLD_LINE + "\n"


def test_a_decision_is_made_once(tmp_path: Path) -> None:
    drafts, gold = write_drafts(tmp_path, row(1)), tmp_path / "gold.jsonl"
    desk, other = Desk(drafts, gold), Desk(drafts, gold)
    edit = edit_of(drafts, "d1")
    desk.accept("d1", edit)
    with pytest.raises(InvalidRequest, match="d1 is accepted already"):
        other.accept("d1", edit)
    with pytest.raises(InvalidRequest, match="d1 is accepted already"):
        other.reject("d1")
    with pytest.raises(InvalidRequest, match="no draft 'd9'"):
        desk.reject("d9")
    with pytest.raises(InvalidRequest, match="is the file of drafts itself"):
        Desk(drafts, drafts)
    assert len(gold_rows(gold)) == 1


@pytest.mark.parametrize("row_is_there", [False, True])
def test_what_was_begun_is_finished(tmp_path: Path, row_is_there: bool) -> None:
    """Killed after the id was set aside, before or after the row was added."""
    drafts = write_drafts(tmp_path, row(1, gold_id="a042"), row(2))
    gold = tmp_path / "gold.jsonl"
    added = {key: row(1)[key] for key in ("kind", "question", "answers", "evidence")}
    line = json.dumps({"id": "a042", **added}, ensure_ascii=False)
    gold.write_text(f"{GOLD_LINE}\n" + (f"{line}\n" if row_is_there else ""), encoding="utf-8")
    Desk(drafts, gold)
    assert [question.id for question in gold_rows(gold)] == ["a041", "a042"]
    assert statuses(drafts) == {"d1": "accepted", "d2": "proposed"}


def test_what_was_begun_under_an_id_that_another_took(tmp_path: Path) -> None:
    drafts = write_drafts(tmp_path, row(1, gold_id="a041"))
    gold = tmp_path / "gold.jsonl"
    gold.write_text(GOLD_LINE + "\n", encoding="utf-8")
    Desk(drafts, gold)
    assert [question.id for question in gold_rows(gold)] == ["a041", "a042"]
    assert draft_of(drafts, "d1").gold_id == "a042"


ACCEPT_ALL = """
import sys
from pathlib import Path
from eval.making.desk import Desk, Edit
desk = Desk(Path(sys.argv[1]), Path(sys.argv[2]))
print("open", flush=True)
for draft in desk.drafts():
    if draft.status == "proposed":
        desk.accept(draft.id, Edit.of(draft.question))
"""


def test_killed_at_any_instant_no_row_is_lost_or_doubled(tmp_path: Path) -> None:
    count = 40
    drafts = write_drafts(tmp_path, *(row(number) for number in range(count)))
    gold = tmp_path / "gold.jsonl"
    chance = random.Random(3)
    kills = 0
    while "proposed" in statuses(drafts).values():
        process = subprocess.Popen(
            [sys.executable, "-c", ACCEPT_ALL, str(drafts), str(gold)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        if kills < 8:  # then one round runs to its end
            time.sleep(chance.uniform(0, 0.06))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
        process.communicate(timeout=60)
        accepted = {d.gold_id for d in load_drafts(drafts) if d.status == "accepted"}
        written = [question.id for question in gold_rows(gold)]
        assert len(written) == len(set(written))
        assert accepted <= set(written)  # at most one row is ahead of its draft
        assert len(written) - len(accepted) <= 1
    Desk(drafts, gold)
    assert set(statuses(drafts).values()) == {"accepted"}
    assert [q.question for q in gold_rows(gold)] == [row(n)["question"] for n in range(count)]
    assert kills > 0


def test_two_reviewers_at_once(tmp_path: Path) -> None:
    count = 12
    drafts = write_drafts(tmp_path, *(row(number) for number in range(count)))
    gold = tmp_path / "gold.jsonl"
    refused: list[str] = []

    def accept_all() -> None:
        desk = Desk(drafts, gold)
        for number in range(count):
            try:
                desk.accept(f"d{number}", edit_of(drafts, f"d{number}"))
            except InvalidRequest as error:
                refused.append(error.message)

    reviewers = [threading.Thread(target=accept_all) for _ in range(2)]
    for reviewer in reviewers:
        reviewer.start()
    for reviewer in reviewers:
        reviewer.join()
    assert len(refused) == count  # each draft was taken by one of them
    assert len({question.question for question in gold_rows(gold)}) == count
    assert len(gold_rows(gold)) == count


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": "done"}, "status: 'done' is none"),
        ({"status": None}, "status: None is none"),
        ({"proposed_by": ""}, "proposed_by: must be a text"),
        ({"note": 3}, "note: must be a text"),
        ({"why": "x"}, "why: is not a known field"),
        ({"id": "d1"}, "id: 'd1' is already the id of line 1"),
        ({"status": "accepted", "evidence": []}, "evidence: is empty"),
    ],
)
def test_a_broken_draft_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    drafts = write_drafts(tmp_path, row(1), row(2, **changes))
    with pytest.raises(InvalidGold) as raised:
        load_drafts(drafts)
    assert raised.value.message.startswith(f"{drafts}:2: {message}")


def test_a_gold_file_is_no_file_of_drafts(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(GOLD_LINE + "\n", encoding="utf-8")
    with pytest.raises(InvalidGold, match=":1: status: is missing: this is no file of drafts"):
        load_drafts(gold)


# -- the command line -----------------------------------------------------------------------------


def typed(*answers: str) -> Any:
    """A person at the keyboard: one answer a question, Enter keeps what is proposed."""
    left = list(answers)
    return lambda label, default: left.pop(0) or default


def test_a_review_on_the_command_line(tmp_path: Path) -> None:
    drafts = write_drafts(tmp_path, row(1), row(2), row(3), row(4), row(5))
    gold = tmp_path / "gold.jsonl"
    said: list[str] = []
    keys = ["x", "a", "r", "s", "e", "第四组每户分到多少钱？", "a", "q"]
    review(Desk(drafts, gold), typed(*keys), said.append)
    assert statuses(drafts) == {
        "d1": "accepted",
        "d2": "rejected",
        "d3": "proposed",
        "d4": "accepted",
        "d5": "proposed",
    }
    assert [q.question for q in gold_rows(gold)] == [row(1)["question"], "第四组每户分到多少钱？"]
    assert "quote     每户分到【1,500元】。" in said[1]
    assert "document  a/visit.md" in said[1]
    assert said[0] == "\n[1/5]"


def test_details_are_edited_and_faults_are_told(tmp_path: Path) -> None:
    draft = row(1, evidence=[], note="find where it stands")
    drafts, gold = write_drafts(tmp_path, draft), tmp_path / "gold.jsonl"
    said: list[str] = []
    details = ("d", "fact", "1500元|一千五百元||44户", "a/visit.md", "每户分到1,500元，共44户")
    review(Desk(drafts, gold), typed("a", "d", "nonsense", *details, "a"), said.append)
    assert "evidence  none yet: name document and quote with d" in said[1]
    assert "note      find where it stands" in said[1]
    assert "not possible: evidence: is empty" in said[2]
    assert "not possible: 'nonsense' is not a kind" in said[3]
    [question] = gold_rows(gold)
    assert question.kind is Kind.FACT
    assert question.answers == (("1500元", "一千五百元"), ("44户",))
    assert question.evidence == (Evidence("a/visit.md", "每户分到1,500元，共44户"),)


def test_the_command_itself(tmp_path: Path) -> None:
    drafts, gold = write_drafts(tmp_path, row(1), row(2)), tmp_path / "gold.jsonl"
    command = ["eval", "review", "--drafts", str(drafts), "--gold", str(gold)]
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, input="a\n", capture_output=True, text=True
    )
    assert "accepted as q001" in done.stdout
    assert done.stdout.endswith(
        f"1 proposed, 1 accepted, 0 rejected; what was accepted is in {gold}\n"
    )
    assert done.returncode == 1  # the input ended before the last draft
    assert "Traceback" not in done.stderr
    assert len(gold_rows(gold)) == 1


@pytest.mark.parametrize(
    ("quote", "answers", "expected"),
    [
        ("每户分到1,500元。", (("一千五百元",),), "每户分到【1,500元】。"),
        ("教师7人、学生80人", (("80人",), ("7人",)), "教师【7人】、学生【80人】"),
        ("共115万元", (("15万元",),), "共115万元"),
        ("在龍溝鄉舉行", (("龙沟乡",),), "在【龍溝鄉】舉行"),
        ("没有", (), "没有"),
        ("龙沟乡中心学校", (("龙沟乡中心学校",), ("中心学校",)), "【龙沟乡中心学校】"),
    ],
)
def test_values_are_marked_in_their_quote(
    quote: str, answers: tuple[tuple[str, ...], ...], expected: str
) -> None:
    assert marked(quote, answers) == expected


def test_answers_in_one_line() -> None:
    assert read_answers(" 15万元 | 150,000元||7人｜七人||") == (
        ("15万元", "150,000元"),
        ("7人", "七人"),
    )
    assert show_answers((("15万元", "150,000元"), ("7人",))) == "15万元|150,000元||7人"
    assert read_answers("") == ()
