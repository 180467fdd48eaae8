"""Whatever is sent, what comes back is a known status and a whole answer or a whole problem."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.archive import Archive
from tests.service.api.conftest import client_of
from tests.service.api.test_problems import MEMBERS

ALLOWED = {200, 400, 404, 405, 413, 422}
ANY_TEXT = st.text(st.characters(), max_size=30)  # halves of surrogate pairs too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
DATES = st.dates().map(str) | ANY_JSON
FILTERS = st.fixed_dictionaries(
    {}, optional={"source": ANY_TEXT | ANY_JSON, "date_from": DATES, "date_to": DATES}
)
TURNS = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": ANY_TEXT}),
    max_size=3,
)
QUESTIONS = st.sampled_from(["每户分到多少钱？", "县医院 3428", "Ⅻ㎡½"]) | ANY_TEXT
COMMON = {
    "k": st.integers(-1, 60) | ANY_JSON,
    "collection": st.just("default") | ANY_JSON,
    "filters": FILTERS | ANY_JSON,
}
ASKED = st.fixed_dictionaries(
    {"question": QUESTIONS},
    optional=COMMON | {"history": TURNS | ANY_JSON, "stream": st.booleans() | ANY_JSON},
)
SEARCHED = st.fixed_dictionaries(
    {"query": QUESTIONS},
    optional=COMMON | {"mode": st.sampled_from(["hybrid", "dense", "lexical"]) | ANY_JSON},
)
REQUESTS = st.one_of(
    st.tuples(st.just("/v1/ask"), ASKED),
    st.tuples(st.just("/v1/search"), SEARCHED),
    st.tuples(st.sampled_from(["/v1/ask", "/v1/search"]), ASKED | SEARCHED | ANY_JSON),
)
FUZZ = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def shared(archive: Archive) -> Iterator[TestClient]:
    with client_of(archive) as client:
        yield client


def finite(found: Any) -> bool:
    if isinstance(found, float):
        return math.isfinite(found)
    if isinstance(found, list | dict):
        return all(map(finite, found.values() if isinstance(found, dict) else found))
    return True


def check(status: int, content_type: str, text: str) -> None:
    assert status in ALLOWED, text
    if content_type.startswith("text/event-stream"):
        assert status == 200
        assert text.endswith("\n\n")
        assert "event: done\n" in text
        return
    body = json.loads(text)
    assert finite(body)
    if status != 200:
        assert content_type == "application/problem+json"
        assert set(body) >= MEMBERS
        assert body["status"] == status


@FUZZ
@given(sent=REQUESTS)
def test_any_json(shared: TestClient, sent: tuple[str, Any]) -> None:
    path, body = sent
    answer = shared.post(
        path, content=json.dumps(body), headers={"content-type": "application/json"}
    )
    check(answer.status_code, answer.headers["content-type"], answer.text)


@FUZZ
@given(
    body=st.binary(max_size=60),
    content_type=st.sampled_from(["application/json", "text/plain", "application/x+json"]),
    language=st.sampled_from(["", "zh", "q=;;,"]),
)
def test_any_bytes(shared: TestClient, body: bytes, content_type: str, language: str) -> None:
    headers = {"content-type": content_type, "accept-language": language}
    answer = shared.post("/v1/ask", content=body, headers=headers)
    check(answer.status_code, answer.headers["content-type"], answer.text)


@FUZZ
@given(
    parameters=st.dictionaries(
        st.sampled_from(["limit", "cursor", "collection", "source", "date_from", "date_to"]),
        st.text(max_size=12) | st.sampled_from(["default", "2020-05-28", "[", "*", "50"]),
    ),
)
def test_any_parameters(shared: TestClient, parameters: dict[str, str]) -> None:
    answer = shared.get("/v1/documents", params=parameters)
    check(answer.status_code, answer.headers["content-type"], answer.text)


@FUZZ
@given(
    parts=st.lists(
        st.sampled_from(["v1", "documents", "original", "..", "page", "docs", ""])
        | st.text(max_size=8),
        max_size=5,
    ),
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT"]),
)
def test_any_address(shared: TestClient, parts: list[str], method: str) -> None:
    from urllib.parse import quote

    address = "http://testserver/" + "/".join(quote(part, safe="") for part in parts)
    answer = shared.request(method, address)
    assert answer.status_code in ALLOWED
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.status_code != 200:
        check(answer.status_code, answer.headers["content-type"], answer.text)
