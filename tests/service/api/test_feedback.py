"""POST and GET /v1/feedback: kept line by line, whatever is in it, and shown to administrators."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from eval.making.feedback import read_feedback
from indexer.errors import StorageFull
from service.archive import Archive
from service.feedback import FeedbackLog
from service.settings import Settings
from tests.service.api.conftest import client_of
from tests.service.api.test_problems import is_problem

VERDICT = {"answer_id": "8ab4babe237748aeb505eb6d37761d3a", "verdict": "wrong"}


@pytest.fixture
def asked(archive: Archive, tmp_path: Path) -> Iterator[TestClient]:
    with client_of(archive, Settings(state=tmp_path, max_feedback_bytes=2000)) as client:
        yield client


def test_a_verdict_is_kept_and_shown(asked: TestClient, tmp_path: Path) -> None:
    answer_id = asked.post("/v1/ask", json={"question": "每户分到多少钱？"}).json()["answer_id"]
    given = {"answer_id": answer_id, "verdict": "right", "comment": "对的\n\u2028\u0000\x1b[31m"}
    assert asked.post("/v1/feedback", json=given).status_code == 201
    assert asked.post("/v1/feedback", json=VERDICT).status_code == 201
    found = asked.get("/v1/feedback").json()
    assert [(each["answer_id"], each["verdict"]) for each in found["feedback"]] == [
        (answer_id, "right"),
        (VERDICT["answer_id"], "wrong"),
    ]
    first = found["feedback"][0]
    assert (first["comment"], first["question"]) == (given["comment"], None)
    assert len((tmp_path / "feedback.jsonl").read_bytes().splitlines()) == 2
    page = asked.get("/v1/feedback", params={"limit": 1}).json()
    rest = asked.get("/v1/feedback", params={"limit": 5, "cursor": page["next_cursor"]}).json()
    assert page["feedback"] + rest["feedback"] == found["feedback"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "good"},
        {"answer_id": "a\nb"},
        {"answer_id": ""},
        {"comment": "长" * 4001},
        {"comment": "\ud800"},
        {"rating": 5},
    ],
)
def test_what_is_no_verdict_is_refused(asked: TestClient, wrong: dict[str, object]) -> None:
    body = json.dumps(VERDICT | wrong)
    answer = asked.post("/v1/feedback", content=body, headers={"content-type": "application/json"})
    is_problem(answer, 422, "invalid_request")
    assert asked.get("/v1/feedback").json() == {"feedback": [], "next_cursor": None}


def test_what_was_sent_becomes_drafts_of_gold_questions(asked: TestClient, tmp_path: Path) -> None:
    question = "金野以匹村的贫困户每户分到多少钱？"
    answer = asked.post("/v1/ask", json={"question": question}).json()
    fields = ("answer_id", "question", "abstained", "citations")
    given = {name: answer[name] for name in fields} | {"verdict": "right", "short_answer": "1500元"}
    assert asked.post("/v1/feedback", json=given).status_code == 201
    assert asked.post("/v1/feedback", json=VERDICT).status_code == 201
    drafts = read_feedback([tmp_path / "feedback.jsonl"])
    assert (drafts.verdicts, drafts.idle, drafts.torn) == (2, 1, [])
    assert [each.question.answers for each in drafts.drafts] == [(("1500元",),)]


def test_it_grows_no_larger_than_it_may(asked: TestClient, tmp_path: Path) -> None:
    for _ in range(20):
        answer = asked.post("/v1/feedback", json=VERDICT | {"comment": "啊" * 50})
    is_problem(answer, 507, "storage_full")
    assert (tmp_path / "feedback.jsonl").stat().st_size <= 2000


def test_a_foreign_collection_is_not_there(asked: TestClient) -> None:
    answer = asked.post("/v1/feedback", json=VERDICT | {"collection": "hr"})
    is_problem(answer, 404, "collection_not_found")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=50), max_size=5), torn=st.integers(1, 40))
def test_what_was_appended_is_read_whatever_was_torn(
    tmp_path: Path, texts: list[str], torn: int
) -> None:
    path = tmp_path / "log.jsonl"
    path.unlink(missing_ok=True)
    log = FeedbackLog(path, 10_000)
    log.append({"comment": "cut short"})
    path.write_bytes(path.read_bytes()[:-torn] if torn < 25 else b"")
    for text in texts:
        log.append({"comment": text})
    found = log.read(0, 100)[0]
    assert [each["comment"] for each in found if each["comment"] != "cut short"] == texts


def test_a_folder_that_may_not_be_written_is_told(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFull):
        FeedbackLog(tmp_path / "file" / "feedback.jsonl", 1000).append({"a": 1})
    for unwritable in ("feedback.jsonl", "lock"):
        (tmp_path / "state" / unwritable).mkdir(parents=True)
    with client_of(archive, Settings(state=tmp_path / "state")) as client:
        is_problem(client.post("/v1/feedback", json=VERDICT), 507, "storage_full")
        sent = client.post("/v1/documents", files=[("file", ("a.txt", b"a"))])
        is_problem(sent, 507, "storage_full")
        assert client.get("/v1/jobs").json() == {"jobs": []}
        assert client.post("/v1/ask", json={"question": "每户分到多少钱？"}).status_code == 200
