"""Who is let in: keys in the head, the page's session, and what is said to all others."""

import logging
import threading
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
from tests.service.api.conftest import serving
from tests.service.api.keyed import ASKED, bearer, new_key
from tests.service.api.test_problems import is_problem

OWN = {"origin": "http://testserver"}


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


def test_what_only_key_holders_see_is_kept_in_no_browser(
    locked: TestClient, keys: KeyStore
) -> None:
    head = bearer(new_key(keys))
    (document,) = locked.get("/v1/documents", params={"limit": 1}, headers=head).json()["documents"]
    path = f"/v1/documents/{document['document_id']}"
    for read in ("/v1/documents", "/v1/collections", path, f"{path}/original", "/v1/none"):
        assert locked.get(read, headers=head).headers["cache-control"] == "no-store", read
    assert locked.get("/page/main.js").headers["cache-control"] == "no-cache"


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
    # The same for everybody, and so no way to try keys.
    assert locked.get("/healthz", headers=bearer("wenju_a_b")).status_code == 200
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
    assert locked.get("/healthz").status_code == 200  # else it would be restarted again and again
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
        assert answer.json()["code"] in {"forbidden", "cross_origin"}
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
