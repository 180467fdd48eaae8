"""A language model's wording of proposals, over a real socket: taken, or the rule's stands."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eval.making.archive import load_writer
from eval.making.drafts import Draft, load_drafts
from eval.making.wording import is_usable, messages_for, tidy, word
from indexer.errors import InvalidRequest
from tests.eval.making_drafts import row, write_drafts
from tests.service.llm.chat_server import chat_server, delta, events, whole

ROOT = Path(__file__).parents[2]
RULE = "白石村每户分到多少元？"


@pytest.fixture
def drafts(tmp_path: Path) -> list[Draft]:
    rows = (row(number, question=f"白石村第{number}组每户分到多少元？") for number in range(4))
    return load_drafts(write_drafts(tmp_path, *rows))


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("白石村分红每户拿到多少钱？", "白石村分红每户拿到多少钱？"),
        ("<think>想一想</think>\n问题：“白石村分红每户拿到多少钱”", "白石村分红每户拿到多少钱？"),
        ("白石村每户拿到的是1500元吗？", None),  # gives it away, spelled otherwise
        ("白石村每户拿到一千五百元，对吗？", None),
        ("该村每户拿到多少钱？", None),  # stands not alone
        ("根据原文，每户拿到多少钱？", None),
        ("多少？", None),
        ("白石村每户拿到多少钱？一共多少户？", None),
        ("第一行\n白石村每户拿到多少钱？", None),
        ("How much does each household get?", None),
        ("白石村" * 30 + "多少钱？", None),
    ],
)
def test_a_wording_is_taken_or_the_rule_stands(
    drafts: list[Draft], said: str, question: str | None
) -> None:
    with chat_server(events(delta(said))) as server:
        writer = load_writer(f"remote:{server.url}#qwen", Path("index"))
        result = word(drafts[:1], writer)
    [draft] = result.drafts
    assert draft.question.question == (question or "白石村第0组每户分到多少元？")
    assert draft.proposed_by == ("remote:qwen" if question else "rules")
    assert (result.worded, result.trouble) == (bool(question), "")
    assert draft.question.answers == drafts[0].question.answers
    assert draft.id == "d0"


def test_what_the_model_is_told(drafts: list[Draft]) -> None:
    with chat_server(events(delta("白石村分红每户拿到多少钱？"))) as server:
        word(drafts[:1], load_writer(f"remote:{server.url}#qwen", Path("index")))
    [body] = server.requests
    system, user = body["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert "每户分到1,500元。" in user["content"]
    assert "答案：1,500元" in user["content"]
    assert "标题：走访记" in user["content"]
    fence = user["content"].split("\n")[1].split()[0]
    assert fence.startswith("#")
    assert f"“{fence} 原文”" in system["content"]
    assert messages_for(drafts[0]) == body["messages"]


def test_a_failing_model_leaves_the_rules(drafts: list[Draft]) -> None:
    replies = (
        events(delta("白石村分红每户拿到多少钱？")),
        whole(400, {"error": {"message": "too long"}}),
        events("not JSON"),
        events(delta("白石村的分红，每户能拿到多少？")),
    )
    with chat_server(*replies) as server:
        result = word(drafts, load_writer(f"remote:{server.url}#qwen", Path("index")))
    assert [draft.proposed_by for draft in result.drafts] == [
        "remote:qwen",
        "rules",
        "rules",
        "remote:qwen",
    ]
    assert (result.worded, result.trouble) == (2, "")


def test_a_server_that_is_down_is_asked_once(drafts: list[Draft]) -> None:
    with chat_server(whole(401, {"error": {"message": "no key"}})) as server:
        result = word(drafts, load_writer(f"remote:{server.url}#qwen", Path("index")))
        assert len(server.requests) == 1
    assert result.drafts == drafts
    assert "answers 401: no key" in result.trouble


def test_a_model_that_words_nothing() -> None:
    with pytest.raises(InvalidRequest, match="'extractive' words no questions"):
        load_writer("extractive", Path("index"))
    with pytest.raises(InvalidRequest, match="no language model 'qwen'"):
        load_writer("qwen", Path("index"))


def test_tidying(drafts: list[Draft]) -> None:
    assert tidy(" 问题: 「几户？」 ") == "几户？"
    assert tidy("几户") == "几户？"
    assert not is_usable(tidy(""), drafts[0])


# -- the command ----------------------------------------------------------------------------------

TEXT = (
    "# 白石村记事\n\n青龙县人民医院累计派出医疗队员85人。\n\n"
    "青龙县人民医院院长周大山介绍了新楼的情况。\n"
)


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("draft")
    for name, text in (("a/one.md", TEXT), ("b/two.md", "# Notes\n\nNothing to ask here.\n")):
        path = folder / "docs" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    built = call("indexer", "build", folder / "docs", "--index", folder / "index")
    assert built.returncode == 0, built.stderr
    return folder / "index"


def test_draft_on_the_command_line(index: Path, tmp_path: Path) -> None:
    out = tmp_path / "drafts.jsonl"
    done = call("eval", "draft", "--index", index, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"2 drafts in {out}; next: python -m eval review --drafts {out}")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    told: list[dict[str, Any]] = [
        {name: item[name] for name in ("kind", "question", "answers", "status")} for item in rows
    ]
    assert told == [
        {
            "kind": "person",
            "question": "青龙县人民医院院长是谁？",
            "answers": [["周大山"]],
            "status": "proposed",
        },
        {
            "kind": "figure",
            "question": "青龙县人民医院累计派出医疗队员多少人？",
            "answers": [["85人", "八十五人"]],
            "status": "proposed",
        },
    ]
    again = call("eval", "draft", "--index", index, "--out", out)
    assert again.returncode == 1
    assert f"error: {out} is there already" in again.stderr
    before = out.read_bytes()
    call("eval", "draft", "--index", index, "--out", out, "--overwrite")
    assert out.read_bytes() == before
    # Drafts never count: a gold file they are not.
    refused = call("eval", "check", "--gold", out)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"{out}:1: status: this is a file of drafts" in refused.stderr


def test_accepted_drafts_are_sound_gold(index: Path, tmp_path: Path) -> None:
    out, gold = tmp_path / "drafts.jsonl", tmp_path / "gold.jsonl"
    call("eval", "draft", "--index", index, "--out", out, "--limit", 1)
    command = ["eval", "review", "--drafts", out, "--gold", gold, "--index", index]
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=ROOT,
        input="a\n",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    checked = call("eval", "check", "--gold", gold, "--index", index)
    assert (checked.returncode, checked.stdout) == (0, "1 questions, 0 problems\n")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--documents", "b/*"), "no sentence of these documents"),
        (("--documents", "c/*"), "holds no document whose path fits 'c/*'"),
        (("--llm", "extractive"), "'extractive' words no questions"),
    ],
)
def test_nothing_to_draft(index: Path, tmp_path: Path, more: tuple[str, ...], message: str) -> None:
    out = tmp_path / "drafts.jsonl"
    done = call("eval", "draft", "--index", index, "--out", out, *more)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_a_model_words_them_on_the_command_line(index: Path, tmp_path: Path) -> None:
    out = tmp_path / "drafts.jsonl"
    with chat_server(events(delta("青龙县人民医院的院长叫什么名字？"))) as server:
        llm = f"remote:{server.url}#qwen"
        done = call("eval", "draft", "--index", index, "--out", out, "--limit", 1, "--llm", llm)
    assert done.returncode == 0, done.stderr
    assert "remote:qwen worded 1 of 1" in done.stdout
    [draft] = load_drafts(out)
    assert draft.question.question == "青龙县人民医院的院长叫什么名字？"
    assert draft.proposed_by == "remote:qwen"
