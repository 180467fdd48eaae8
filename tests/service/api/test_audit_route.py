"""What is recorded of a request, and who may read it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.access.keys import KeyStore
from service.access.principal import Role
from service.api.audit import MAX_STRANGERS
from service.archive import Archive
from service.settings import Settings
from tests.service.api.conftest import client_of
from tests.service.api.fakes import FakeArchive
from tests.service.api.keyed import ASKED, bearer, new_key
from tests.service.api.test_problems import is_problem


def entries(keys: KeyStore) -> list[dict[str, Any]]:
    lines = (keys.path.parent / "audit.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("questions", [False, True])
def test_what_a_caller_does_is_recorded(keys: KeyStore, stream: bool, questions: bool) -> None:
    key, text = keys.add("甲", Role.READER, now=datetime.now(UTC))
    settings = Settings(state=keys.path.parent, audit_questions=questions)
    with client_of(FakeArchive(), settings) as client:
        client.get("/")
        client.get("/healthz")
        client.post("/v1/ask", json=ASKED | {"stream": stream}, headers=bearer(text))
        client.post("/v1/ask", json=ASKED | {"collection": "人事"}, headers=bearer(text))
        client.get("/v1/documents/d1%0A%22x", headers=bearer(text) | {"x-api-key": "a"})
        client.get("/v1/collections?collection=a%0Ab", headers=bearer("wenju_a_b"))
        client.get("/v9/%0A%1b[2J", headers=bearer(text))
    found = entries(keys)
    for entry in found:
        assert datetime.fromisoformat(entry.pop("at")) <= datetime.now(UTC)
        assert entry.pop("peer") == "testclient"
    who = {"key": key.key_id, "name": "甲"}
    asked = who | {"method": "POST", "route": "/v1/ask"}
    question = {"question": "每户多少钱？"} if questions else {}
    assert found[:2] == [
        asked | {"collection": "default", "documents": ["d1"], "status": 200} | question,
        asked | {"collection": "人事", "documents": [], "status": 404} | question,
    ]
    assert [entry["status"] for entry in found[2:]] == [503, 401, 404]
    assert found[2]["route"] == "/v1/documents/{document_id}"
    assert found[2]["documents"] == ['d1\n"x']
    assert (found[3]["key"], found[3]["route"]) == (None, "/v1/collections")
    assert found[4]["route"] == "/v9/\n\x1b[2J"
    assert text.split("_")[2] not in str(found)


def test_a_disk_that_takes_no_record_stops_no_answer(tmp_path: Path, archive: Archive) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "audit.jsonl").symlink_to("/dev/full")
    with client_of(archive, Settings(state=tmp_path / "state")) as client:
        for _ in range(2):
            assert client.post("/v1/ask", json=ASKED).status_code == 200


def test_an_administrator_reads_the_log_and_one_of_a_collection_its_part(
    locked: TestClient, keys: KeyStore
) -> None:
    whole = bearer(new_key(keys, "主任", Role.ADMIN))
    part = bearer(new_key(keys, "馆员", Role.ADMIN, collections=frozenset({"default"})))
    for collection in ("default", "人事"):
        locked.post("/v1/search", json={"query": "路", "collection": collection}, headers=whole)

    def listed(head: dict[str, str], **parameters: Any) -> list[tuple[str, str]]:
        answer = locked.get("/v1/audit", params=parameters, headers=head)
        assert answer.status_code == 200, answer.text
        return [(each["name"], each["collection"]) for each in answer.json()["entries"]]

    assert listed(part) == [("主任", "default")]
    assert listed(whole, key="主任")[:2] == [("主任", "default"), ("主任", "人事")]
    assert listed(whole, key="馆员") == [("馆员", None)]
    assert len(listed(whole, limit=1)) == 1
    assert listed(whole, since="2199-01-01") == []
    refused = locked.get("/v1/audit", params={"since": "gestern"}, headers=whole)
    is_problem(refused, 422, "invalid_request")
    for role in (Role.READER, Role.EDITOR):
        head = bearer(new_key(keys, str(role), role))
        is_problem(locked.get("/v1/audit", headers=head), 403, "forbidden")


def test_who_has_no_key_pushes_nothing_out_of_the_log(keys: KeyStore) -> None:
    text = new_key(keys, role=Role.ADMIN)
    settings = Settings(state=keys.path.parent, audit_max_bytes=10_000)
    with client_of(FakeArchive(), settings) as client:
        client.post("/v1/ask", json=ASKED, headers=bearer(text))
        for number in range(1500):  # some ten files full
            assert client.get(f"/v1/{'x' * 400}{number}").status_code == 401
        seen = client.get("/v1/audit", params={"limit": 10_000}, headers=bearer(text)).json()
    statuses = [entry["status"] for entry in seen["entries"]]
    assert (statuses[0], seen["entries"][0]["route"]) == (200, "/v1/ask")
    assert statuses.count(401) == MAX_STRANGERS
