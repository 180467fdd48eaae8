"""Who is let in: keys in the head, the page's session, and what is said to all others."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from service.access.attempts import MAX_FAILURES
from service.access.keys import KeyStore
from service.access.principal import Role
from service.api.app import create_app
from service.archive import Archive
from service.settings import Settings
from tests.service.api.conftest import client_of, serving
from tests.service.api.fakes import FakeArchive
from tests.service.api.test_problems import is_problem

ASKED = {"question": "每户多少钱？"}
OWN = {"origin": "http://testserver"}


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


@pytest.fixture
def locked(archive: Archive, keys: KeyStore) -> Iterator[TestClient]:
    with client_of(archive, Settings(state=keys.path.parent)) as client:
        yield client


def new_key(keys: KeyStore, name: str = "甲", role: Role = Role.READER, **more: Any) -> str:
    return keys.add(name, role, now=datetime.now(UTC), **more)[1]


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def test_without_keys_everybody_is_let_in_and_from_the_first_one_on_nobody_else(
    locked: TestClient, keys: KeyStore
) -> None:
    assert locked.post("/v1/ask", json=ASKED).status_code == 200
    assert locked.get("/v1/session").json() == {
        "name": "",
        "role": "admin",
        "collections": ["default"],
        "key_id": None,
    }
    is_problem(locked.post("/v1/session", json={"key": "wenju_a_b"}), 422, "invalid_request")
    text = new_key(keys)
    refused = locked.post("/v1/ask", json=ASKED)
    is_problem(refused, 401, "unauthorized")
    assert refused.headers["www-authenticate"] == 'Bearer realm="wenju"'
    assert locked.post("/v1/ask", json=ASKED, headers=bearer(text)).status_code == 200


def test_a_key_comes_in_either_head(locked: TestClient, keys: KeyStore) -> None:
    text = new_key(keys)
    heads: list[tuple[dict[str, str], int]] = [
        (bearer(text), 200),
        ({"authorization": f"bearer   {text} "}, 200),
        ({"x-api-key": text}, 200),
        ({"x-api-key": text, "authorization": "Basic YTpi"}, 200),  # a proxy's own
        ({"x-api-key": text, "authorization": "Bearer wrong"}, 401),
        ({"authorization": text}, 401),
        ({"authorization": "Bearer"}, 401),
        ({"x-api-key": text[:-1]}, 401),
    ]
    for head, status in heads:
        assert locked.get("/v1/collections", headers=head).status_code == status, head


def test_a_key_is_refused_from_the_request_after_its_revocation_on(
    archive: Archive, keys: KeyStore
) -> None:
    settings = Settings(state=keys.path.parent)
    text, other = new_key(keys), new_key(keys, "乙")
    with serving(archive, settings) as address, httpx.Client(base_url=address) as client:
        assert client.get("v1/collections", headers=bearer(text)).status_code == 200
        keys.revoke("甲", now=datetime.now(UTC))
        assert client.get("v1/collections", headers=bearer(text)).status_code == 401
        assert client.get("v1/collections", headers=bearer(other)).status_code == 200


def test_an_expired_key_is_refused(locked: TestClient, keys: KeyStore) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    _, text = keys.add("甲", Role.ADMIN, now=yesterday, expires_at=yesterday + timedelta(hours=1))
    is_problem(locked.get("/v1/collections", headers=bearer(text)), 401, "unauthorized")


def test_what_is_open_to_everybody_tells_nothing_of_the_archive(
    locked: TestClient, keys: KeyStore
) -> None:
    text = new_key(keys)
    for path in ("/", "/page/main.js", "/docs", "/docs/docs.js", "/openapi.json", "/healthz"):
        assert locked.get(path).status_code == 200, path
    assert locked.get("/readyz").json() == {"status": "ready"}
    assert locked.get("/readyz", headers=bearer(text)).json()["documents"] == 3
    # Else it would tell a guesser whether a key is good, and not count.
    is_problem(locked.get("/readyz", headers=bearer("wenju_a_b")), 401, "unauthorized")
    for path in ("/v1", "/pages", "/page", "/docsx", "/v2/ask", "/healthz/", "/mcp"):
        is_problem(locked.get(path), 401, "unauthorized")


def test_not_ready_has_no_reason_for_who_has_no_key(tmp_path: Path, keys: KeyStore) -> None:
    text = new_key(keys)
    settings = Settings(state=keys.path.parent)

    loaded = threading.Event()
    app = create_app(
        {"default": partial(Archive.open, tmp_path / "geheim", settings)},
        settings,
        lambda _: loaded.set(),
    )
    with TestClient(app) as client:
        assert loaded.wait(30)
        shut = client.get("/readyz")
        is_problem(shut, 503, "not_ready")
        assert "geheim" not in shut.text
        is_problem(client.get("/readyz", headers=bearer(text)), 503, "index_missing")


def test_a_damaged_store_shuts_the_service_and_says_so(
    locked: TestClient, keys: KeyStore, caplog: pytest.LogCaptureFixture
) -> None:
    text = new_key(keys)
    keys.path.write_text("{")
    with caplog.at_level(logging.ERROR, "service.api"):
        for head in ({}, bearer(text)):
            refused = locked.get("/v1/collections", headers=head)
            is_problem(refused, 503, "key_store_unusable")
            assert str(keys.path) not in refused.text
    (record,) = caplog.records
    assert str(keys.path) in record.getMessage()


def test_a_refusal_is_in_the_readers_language(locked: TestClient, keys: KeyStore) -> None:
    new_key(keys)
    refused = locked.get("/v1/collections", headers={"accept-language": "zh"}).json()
    assert refused["title"] == "需要密钥"
    assert refused["detail"] == "本服务须凭密钥使用"
    wrong = locked.get(
        "/v1/collections", headers={"accept-language": "zh"} | bearer("wenju_a_b")
    ).json()
    assert wrong["detail"] == "密钥无效、已过期或已撤销"


@pytest.mark.parametrize("way", ["head", "session"])
def test_a_guesser_has_to_wait_and_who_was_in_before_does_not(
    locked: TestClient, keys: KeyStore, way: str
) -> None:
    known, unused = new_key(keys), new_key(keys, "乙")

    def shown(text: str) -> Any:
        if way == "head":
            return locked.get("/v1/collections", headers=bearer(text))
        return locked.post("/v1/session", json={"key": text}, headers=OWN)

    assert shown(known).status_code == 200
    for number in range(MAX_FAILURES):
        is_problem(shown(f"wenju_{number}_guess"), 401, "unauthorized")
    for text in ("wenju_a_guess", unused):
        refused = shown(text)
        is_problem(refused, 429, "too_many_attempts")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert shown(known).status_code == 200
    locked.cookies.clear()
    is_problem(locked.get("/v1/collections"), 401, "unauthorized")  # no guess: nothing to count


def signed_in(client: TestClient, text: str) -> httpx.Response:
    answer = client.post("/v1/session", json={"key": text}, headers=OWN)
    assert answer.status_code == 200
    return answer


def test_the_page_signs_in_and_out(locked: TestClient, keys: KeyStore) -> None:
    key, text = keys.add(
        "甲", Role.EDITOR, now=datetime.now(UTC), collections=frozenset({"default", "nowhere"})
    )
    is_problem(locked.get("/v1/session"), 401, "unauthorized")
    is_problem(locked.post("/v1/session", json={"key": "wenju_a_b"}), 401, "unauthorized")
    who = {"name": "甲", "role": "editor", "collections": ["default"], "key_id": key.key_id}
    answer = signed_in(locked, text)
    assert answer.json() == who
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.split("; "))
    assert "secure" not in cookie  # over plain HTTP the browser would not send it back
    assert text.lower() not in cookie
    assert locked.get("/v1/session").json() == who
    assert locked.get("/v1/collections").status_code == 200
    token = locked.cookies["wenju_session"]
    assert locked.delete("/v1/session", headers=OWN).status_code == 204
    assert "wenju_session" not in locked.cookies
    is_problem(
        locked.get("/v1/session", headers={"cookie": f"wenju_session={token}"}),
        401,
        "unauthorized",
    )
    assert locked.delete("/v1/session").status_code == 204


def test_over_https_the_cookie_stays_there(locked: TestClient, keys: KeyStore) -> None:
    locked.base_url = "https://testserver"
    answer = locked.post("/v1/session", json={"key": new_key(keys)})
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_a_session_ends_with_its_key(locked: TestClient, keys: KeyStore) -> None:
    text = new_key(keys)
    new_key(keys, "乙")
    signed_in(locked, text)
    assert locked.get("/v1/collections").status_code == 200
    keys.revoke("甲", now=datetime.now(UTC))
    is_problem(locked.get("/v1/collections"), 401, "unauthorized")
    assert locked.get("/").status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver", 200),
        ("http://testserver:81", 403),
        ("http://evil.example", 403),
        ("http://testserver.evil.example", 403),
        ("null", 403),
        (None, 403),
    ],
)
def test_another_sites_page_cannot_use_the_session(
    locked: TestClient, keys: KeyStore, origin: str | None, status: int
) -> None:
    text = new_key(keys)
    signed_in(locked, text)
    head = {} if origin is None else {"origin": origin}
    answer = locked.post("/v1/ask", json=ASKED, headers=head)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"].startswith("forbidden")
        assert locked.delete("/v1/session", headers=head).status_code == 403
        if origin is not None:
            locked.cookies.clear()
            assert locked.post("/v1/session", json={"key": text}, headers=head).status_code == 403
            assert not locked.cookies


def test_a_key_in_the_head_goes_before_the_session(locked: TestClient, keys: KeyStore) -> None:
    signed_in(locked, new_key(keys))
    other = new_key(keys, "乙", Role.EDITOR)
    assert locked.get("/v1/session", headers=bearer(other)).json()["name"] == "乙"
    is_problem(locked.get("/v1/session", headers=bearer("wenju_a_b")), 401, "unauthorized")


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
    assert [entry["status"] for entry in found[2:]] == [500, 401, 404]
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
