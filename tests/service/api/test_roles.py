"""Who may change documents, and that a job of a collection that one may not see is not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.principal import Principal, Role
from service.api.app import create_app
from service.archive import Archive
from service.settings import Settings
from tests.service.api.test_problems import is_problem

FILES = [("file", ("a.txt", "甲\n\n甲1次。\n".encode()))]


class Pretend:
    """ASGI middleware: every request comes from whoever the header `X-Role` says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            role = Role(headers.get(b"x-role", b"reader").decode())
            seen = frozenset(headers.get(b"x-sees", b"default").decode().split(","))
            scope.setdefault("state", {})["principal"] = Principal("周岚", role, seen)
        await self._app(scope, receive, send)


@pytest.fixture
def client(archive: Archive, tmp_path: Path) -> Iterator[TestClient]:
    hr = {"hr": tmp_path / "hr"}
    settings = Settings(state=tmp_path / "state", index=tmp_path / "index", collections=hr)
    app = create_app({"default": lambda: archive, "hr": lambda: archive}, settings)
    app.add_middleware(Pretend)
    with TestClient(app) as client:
        yield client


def test_a_reader_changes_nothing(client: TestClient) -> None:
    document = client.get("/v1/documents").json()["documents"][0]["document_id"]
    is_problem(client.post("/v1/documents", files=FILES), 403, "forbidden")
    is_problem(client.delete(f"/v1/documents/{document}"), 403, "forbidden")
    is_problem(client.post("/v1/collections/default/reindex"), 403, "forbidden")
    is_problem(client.get("/v1/feedback"), 403, "forbidden")


def test_an_editor_changes_only_what_it_may_see(client: TestClient) -> None:
    editor = {"x-role": "editor"}
    sent = client.post("/v1/documents", files=FILES, data={"collection": "hr"}, headers=editor)
    is_problem(sent, 404, "collection_not_found")
    sent = client.post("/v1/documents?collection=hr", files=FILES, headers=editor)
    is_problem(sent, 404, "collection_not_found")
    again = client.post("/v1/collections/hr/reindex", headers=editor)
    is_problem(again, 404, "collection_not_found")
    document = client.get("/v1/documents").json()["documents"][0]["document_id"]
    gone = client.delete(f"/v1/documents/{document}?collection=hr", headers=editor)
    is_problem(gone, 404, "collection_not_found")


def test_a_job_of_a_foreign_collection_is_not_there(client: TestClient) -> None:
    chief = {"x-role": "editor", "x-sees": "hr"}
    job = client.post(
        "/v1/documents", files=FILES, data={"collection": "hr"}, headers=chief
    ).json()["job_id"]
    assert client.get(f"/v1/jobs/{job}", headers=chief).json()["collection"] == "hr"
    assert [each["job_id"] for each in client.get("/v1/jobs", headers=chief).json()["jobs"]] == [
        job
    ]
    foreign = client.get(f"/v1/jobs/{job}")
    is_problem(foreign, 404, "job_not_found")
    unknown = client.get("/v1/jobs/" + "0" * 32)
    assert foreign.json()["detail"].replace(job, "") == unknown.json()["detail"].replace(
        "0" * 32, ""
    )
    assert client.get("/v1/jobs").json() == {"jobs": []}
    is_problem(client.get("/v1/jobs?collection=hr"), 404, "collection_not_found")


def test_a_document_that_several_collections_hold_is_deleted_only_where_it_is_said(
    client: TestClient,
) -> None:
    document = client.get("/v1/documents").json()["documents"][0]["document_id"]
    both = {"x-role": "editor", "x-sees": "default,hr"}
    is_problem(client.delete(f"/v1/documents/{document}", headers=both), 422, "invalid_request")
