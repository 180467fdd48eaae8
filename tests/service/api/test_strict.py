"""What a request may not say: a field or parameter that nobody reads is named, with the nearest."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.api.wire import AskRequest
from tests.service.api.conftest import client_of
from tests.service.api.fakes import FakeArchive

TURN = {"role": "user", "content": "每户多少钱？"}


def complaints(client: TestClient, path: str, body: Any, language: str = "en") -> dict[str, str]:
    answer = client.post(
        path,
        content=json.dumps(body),
        headers={"accept-language": language, "content-type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"
    return {each["field"]: each["message"] for each in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("body", "field", "near"),
    [
        ({"question": "a", "fliters": {}}, "fliters", "filters"),
        ({"question": "a", "stram": True}, "stram", "stream"),
        ({"question": "a", "filters": {"date_form": ""}}, "filters.date_form", "date_from"),
        ({"question": "a", "filters": {"sourse": ""}}, "filters.sourse", "source"),
        ({"question": "a", "history": [TURN | {"contents": ""}]}, "history.0.contents", "content"),
        ({"question": "a", "日期": 1}, "日期", None),
        ({"question": "a", "": 1}, "", None),
    ],
)  # fmt: skip
def test_an_unknown_field_is_named_with_the_nearest(
    body: Any, field: str, near: str | None
) -> None:
    with client_of(archive := FakeArchive()) as client:
        english = complaints(client, "/v1/ask", body)
        chinese = complaints(client, "/v1/ask", body, "zh")
    assert english == {field: f"no such field; did you mean {near}?" if near else "no such field"}
    assert chinese == {field: f"没有这个字段，是否应为 {near}？" if near else "没有这个字段"}
    assert archive.asked == []


@limits(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(name=st.text(max_size=12).filter(lambda name: name not in AskRequest.model_fields))
def test_any_other_name_is_refused(shared: TestClient, name: str) -> None:
    assert len(complaints(shared, "/v1/ask", {"question": "a", name: None})) == 1


@pytest.fixture(scope="module")
def shared() -> Any:
    with client_of(FakeArchive()) as client:
        yield client


def test_all_that_is_wrong_is_told_at_once(shared: TestClient) -> None:
    found = complaints(shared, "/v1/search", {"qeury": "a", "k": 0, "filters": {"x": 1}})
    assert set(found) == {"query", "qeury", "k", "filters.x"}
    assert found["qeury"] == "no such field; did you mean query?"


@pytest.mark.parametrize("query", ["", " ", "?!", 7])
def test_a_wrong_query_is_told_as_such(shared: TestClient, query: Any) -> None:
    assert set(complaints(shared, "/v1/search", {"query": query})) == {"query"}


@pytest.mark.parametrize(
    ("address", "field", "message"),
    [
        ("/v1/documents?sorce=2020/*", "sorce", "no such field; did you mean source?"),
        ("/v1/documents?limit=1&zz=2", "zz", "no such field"),
        ("/v1/collections?collection=a", "collection", "no such field"),
        ("/healthz?t=1", "t", "no such field"),
    ],
)
def test_an_unknown_parameter_is_named(
    shared: TestClient, address: str, field: str, message: str
) -> None:
    answer = shared.get(address)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "message": message}]


def test_the_page_may_be_opened_with_anything_behind_it(shared: TestClient) -> None:
    assert shared.get("/?q=谁&utm_source=mail").status_code == 200
    assert shared.get("/docs?x=1").status_code == 200


def test_known_names_are_taken(shared: TestClient) -> None:
    body = {"question": "每户多少钱？", "k": 8, "filters": {"source": None}, "history": [TURN]}
    assert shared.post("/v1/ask", json=body).status_code == 200
