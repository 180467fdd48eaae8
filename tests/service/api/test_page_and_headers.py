"""The page, the documentation, and the headers that keep them safe."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.api.page import DOCS_DIR
from service.api.problems import KINDS
from tests.service.api.conftest import client_of
from tests.service.api.fakes import FakeArchive

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def fake_client() -> Iterator[TestClient]:
    with client_of(FakeArchive()) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/docs/docs.js", "/healthz", "/none", "/openapi.json"]
)
def test_every_response_carries_the_headers(fake_client: TestClient, path: str) -> None:
    answer = fake_client.get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_are_html_that_runs_under_the_policy(fake_client: TestClient, path: str) -> None:
    answer = fake_client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert fake_client.head(path).status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
    assert not re.search(r"\bstyle=|\bon[a-z]+=|https?://(?!www\.w3\.org/)", answer.text)
    for file in re.findall(r'(?:src|href)="((?:page|docs)/[^"]+)"', answer.text):
        part = fake_client.get(f"/{file}")
        assert part.status_code == 200, file
        assert part.headers["cache-control"] == "no-cache"
        assert part.headers["content-type"].split(";")[0] in {"text/javascript", "text/css"}


def test_the_documentation_puts_text_in_as_text() -> None:
    script = (DOCS_DIR / "docs.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)


def test_the_documentation_lists_every_problem(fake_client: TestClient) -> None:
    rows = fake_client.get("/docs/problems.json").json()["problems"]
    assert {row["code"] for row in rows} == {error.code for error in KINDS}


def test_the_description_holds_the_contract(fake_client: TestClient) -> None:
    spec = fake_client.get("/openapi.json").json()
    assert {(path, method) for path, methods in spec["paths"].items() for method in methods} == {
        ("/v1/ask", "post"),
        ("/v1/search", "post"),
        ("/v1/documents", "get"),
        ("/v1/documents/{document_id}", "get"),
        ("/v1/documents", "post"),
        ("/v1/documents/{document_id}", "delete"),
        ("/v1/documents/{document_id}/original", "get"),
        ("/v1/documents/{document_id}/pages/{page}.png", "get"),
        ("/v1/documents/{document_id}/pages/{page}/boxes", "get"),
        ("/v1/documents/{document_id}/questions", "get"),
        ("/v1/reports", "get"),
        ("/v1/reports/{report}", "get"),
        ("/v1/collections", "get"),
        ("/v1/collections/{name}/reindex", "post"),
        ("/v1/collections/{name}/compact", "post"),
        ("/v1/jobs", "get"),
        ("/v1/jobs/{job_id}", "get"),
        ("/v1/feedback", "get"),
        ("/v1/feedback", "post"),
        ("/v1/suggestions", "get"),
        ("/v1/session", "get"),
        ("/v1/session", "post"),
        ("/v1/session", "delete"),
        ("/v1/audit", "get"),
        ("/v1/models", "get"),
        ("/v1/models/{model}", "get"),
        ("/v1/chat/completions", "post"),
        ("/healthz", "get"),
        ("/readyz", "get"),
        ("/metrics", "get"),
    }
    schemas = spec["components"]["schemas"]
    assert "HTTPValidationError" not in schemas
    assert set(schemas["Problem"]["properties"]) == {
        "type", "title", "status", "detail", "code", "hint", "errors", "request_id",
    }  # fmt: skip
    assert set(schemas["Answer"]["properties"]) >= {"answer_id", "abstention", "timings_ms"}
    for methods in spec["paths"].values():
        for operation in methods.values():
            assert "default" not in operation["responses"]
