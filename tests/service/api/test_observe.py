"""Every request has an id and a line; nothing of what was asked is logged or counted."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from indexer.errors import LLMFailed
from service.access.keys import KeyStore
from service.access.principal import Role
from service.logs import REQUESTS
from service.settings import Settings
from tests.service.api.conftest import client_of
from tests.service.api.fakes import FakeArchive
from tests.service.api.test_problems import is_problem
from tests.service.api.test_rates import made_key

SECRET = "金野以匹村每户分到多少钱"
ASKED = {"question": SECRET}


def fields(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [record.fields for record in caplog.records if record.name == REQUESTS]  # type: ignore[attr-defined]


@pytest.mark.parametrize("given", ["a1", "X-9_b.c", "a" * 64])
def test_a_sane_id_is_kept_and_named_in_problems(given: str) -> None:
    with client_of(FakeArchive()) as client:
        missing = client.get("/none", headers={"x-request-id": given})
        assert missing.headers["x-request-id"] == given
        assert missing.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "a b", "a" * 65, "a\tb", 'x"}', "é", "a/../b"])
def test_any_other_is_replaced(given: str) -> None:
    with client_of(FakeArchive()) as client:
        ids = {
            client.get("/healthz", headers={"x-request-id": given.encode()}).headers["x-request-id"]
            for _ in range(2)
        }
    assert len(ids) == 2
    assert all(len(found) == 16 and found.isalnum() for found in ids)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/ask", ASKED, 200),
        ("POST", "/v1/ask", {"question": ""}, 422),
        ("POST", "/v1/ask", ASKED | {"collection": SECRET}, 404),
        ("GET", f"/v1/{SECRET}?q={SECRET}", None, 404),
        ("PUT", "/v1/ask", None, 405),
        ("GET", "/page/index.js", None, 404),
    ],
)
def test_each_response_has_an_id_and_each_request_one_line(
    method: str, path: str, body: Any, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with client_of(FakeArchive()) as client, caplog.at_level(logging.INFO, REQUESTS):
        answer = client.request(method, path, json=body)
        assert answer.status_code == status
        assert answer.headers["x-request-id"]
        (line,) = fields(caplog)
        assert (line["method"], line["status"], line["key_id"]) == (method, status, None)
        assert line["ms"] >= 0
        shown = client.get("/metrics").text
    for text in (json.dumps(line, ensure_ascii=False), shown):
        assert SECRET not in text
        assert "金野" not in text
    assert f'method="{method}",route="{line["route"]}",status="{status}"}} 1.0' in shown


def test_the_route_is_its_pattern_and_the_key_its_id(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    key_id, shown = made_key(tmp_path)
    keyed = Settings(state=tmp_path)
    with client_of(FakeArchive(), keyed) as client, caplog.at_level(logging.INFO, REQUESTS):
        client.get("/v1/documents/abc/original", headers=shown)
        client.get("/v1/documents/abc/original")
        known, unknown = fields(caplog)
    route = "/v1/documents/{document_id}/original"
    assert (known["route"], known["key_id"]) == (route, key_id)
    assert (unknown["status"], unknown["key_id"]) == (401, None)


def test_what_breaks_is_logged_under_the_id_of_its_request(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with client_of(FakeArchive(late_failure=ValueError("broken"))) as client:
        answer = client.post("/v1/ask", json=ASKED, headers={"x-request-id": "q1"})
    assert answer.status_code == 500
    assert answer.json()["request_id"] == "q1"
    assert answer.headers["x-request-id"] == "q1"
    assert "ValueError: broken" in caplog.text


def test_a_stream_names_its_request_in_its_error() -> None:
    failing = FakeArchive(late_failure=LLMFailed("broke off", hint="again"))
    with client_of(failing) as client:
        body = ASKED | {"stream": True}
        answer = client.post("/v1/ask", json=body, headers={"x-request-id": "s1"})
    event = answer.text.partition("event: error\ndata: ")[2].partition("\n")[0]
    assert json.loads(event)["request_id"] == "s1"


def test_metrics_count_answers_refusals_and_stages_and_tell_of_the_index(
    client: TestClient,
) -> None:
    def lines() -> set[str]:
        return set(client.get("/metrics").text.splitlines())

    asked = {"question": "金野以匹村的贫困户每户分到多少钱？"}
    assert "1500元" in client.post("/v1/ask", json=asked).json()["answer"]
    assert client.post("/v1/ask", json=asked | {"stream": True}).status_code == 200
    refused = client.post("/v1/ask", json={"question": "土星有几颗卫星？"}).json()
    reason = refused["abstention"]["reason"]
    client.post("/v1/search", json={"query": "分红"})
    found = lines()
    assert found >= {
        "wenju_answers_total 3.0",
        f'wenju_refusals_total{{reason="{reason}"}} 1.0',
        'wenju_stage_seconds_count{kind="ask",stage="retrieve"} 3.0',
        'wenju_stage_seconds_count{kind="search",stage="total"} 1.0',
        'wenju_index_up{collection="default"} 1.0',
        'wenju_index_documents{collection="default"} 3.0',
        "wenju_answers_running 0.0",
        "wenju_answers_waiting 0.0",
    }
    for name in ("bytes", "age_seconds", "passages"):
        (line,) = [each for each in found if each.startswith(f"wenju_index_{name}{{")]
        assert float(line.split()[-1]) > 0
    assert any(line.startswith("process_resident_memory_bytes ") for line in found)


def test_metrics_are_for_admins_and_show_each_only_what_it_may_see(
    archive: Any, tmp_path: Path
) -> None:
    _, reader = made_key(tmp_path)
    _, editor = made_key(tmp_path, Role.EDITOR, "乙")
    _, admin = made_key(tmp_path, Role.ADMIN, "丙")
    _, text = KeyStore(tmp_path).add(
        "丁", Role.ADMIN, now=datetime.now(UTC), collections=frozenset({"other"})
    )
    with client_of(archive, Settings(state=tmp_path)) as client:
        assert client.get("/metrics").status_code == 401
        for shown in (reader, editor):
            is_problem(client.get("/metrics", headers=shown), 403, "forbidden")
        partly = client.get("/metrics", headers={"authorization": f"Bearer {text}"}).text
        assert "wenju_index_up" in partly
        assert "wenju_requests_total" not in partly, "others' requests are counted there"
        assert "default" not in partly
        whole = client.get("/metrics", headers=admin).text
        assert 'collection="default"' in whole
        assert "wenju_requests_total" in whole


def test_settings_say_what_is_logged() -> None:
    assert Settings().log_format is None
    assert Settings(log_format="json").log_format == "json"
