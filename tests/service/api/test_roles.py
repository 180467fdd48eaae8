"""Who may change documents, and that a job of a collection that one may not see is not there."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.access.keys import KeyStore
from service.access.principal import Role
from service.api.app import create_app
from service.archive import Archive
from service.settings import Settings
from tests.service.api.keyed import bearer, new_key
from tests.service.api.test_problems import is_problem

FILES = [("file", ("a.txt", "甲\n\n甲1次。\n".encode()))]


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "state")


@pytest.fixture
def client(archive: Archive, keys: KeyStore, tmp_path: Path) -> Iterator[TestClient]:
    reader = bearer(new_key(keys, collections=frozenset({"default"})))
    hr = {"hr": tmp_path / "hr"}
    settings = Settings(state=tmp_path / "state", index=tmp_path / "index", collections=hr)
    loaded = threading.Event()
    loaders = {"default": lambda: archive, "hr": lambda: archive}
    app = create_app(loaders, settings, lambda _: loaded.set())
    with TestClient(app, headers=reader) as client:
        assert loaded.wait(30)
        yield client


def editor_of(keys: KeyStore, *collections: str) -> dict[str, str]:
    return bearer(new_key(keys, "编辑", Role.EDITOR, collections=frozenset(collections)))


def test_a_reader_changes_nothing(client: TestClient) -> None:
    document = client.get("/v1/documents").json()["documents"][0]["document_id"]
    is_problem(client.post("/v1/documents", files=FILES), 403, "forbidden")
    is_problem(client.delete(f"/v1/documents/{document}"), 403, "forbidden")
    is_problem(client.post("/v1/collections/default/reindex"), 403, "forbidden")
    is_problem(client.get("/v1/feedback"), 403, "forbidden")


def test_an_editor_changes_only_what_it_may_see(client: TestClient, keys: KeyStore) -> None:
    editor = editor_of(keys, "default")
    sent = client.post("/v1/documents", files=FILES, data={"collection": "hr"}, headers=editor)
    is_problem(sent, 404, "collection_not_found")
    sent = client.post("/v1/documents?collection=hr", files=FILES, headers=editor)
    is_problem(sent, 404, "collection_not_found")
    again = client.post("/v1/collections/hr/reindex", headers=editor)
    is_problem(again, 404, "collection_not_found")
    document = client.get("/v1/documents").json()["documents"][0]["document_id"]
    gone = client.delete(f"/v1/documents/{document}?collection=hr", headers=editor)
    is_problem(gone, 404, "collection_not_found")


def test_a_job_of_a_foreign_collection_is_not_there(client: TestClient, keys: KeyStore) -> None:
    chief = editor_of(keys, "hr")
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
    client: TestClient, keys: KeyStore
) -> None:
    document = client.get("/v1/documents").json()["documents"][0]["document_id"]
    both = editor_of(keys, "default", "hr")
    is_problem(client.delete(f"/v1/documents/{document}", headers=both), 422, "invalid_request")
