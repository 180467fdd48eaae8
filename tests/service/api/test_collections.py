"""Several collections in one service, each with an index of its own."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.access.keys import KeyStore
from service.access.principal import Role
from service.api.app import create_app
from service.archive import Archive
from service.settings import Settings
from tests.service.api.test_problems import is_problem


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second")
    (folder / "泵站.md").write_text("# 东渠泵站\n\n东渠泵站装机四台，功率共320千瓦。\n")
    build([folder], folder / ".index", load_embedder("builtin"))
    return folder / ".index"


@pytest.fixture(scope="module")
def two(
    archive: Archive, second: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    loaded = threading.Event()
    none = tmp_path_factory.mktemp("none") / "index"
    loaders = {
        "default": lambda: archive,
        "water": partial(Archive.open, second, Settings()),
        "gone": partial(Archive.open, none, Settings()),
    }
    with TestClient(create_app(loaders, Settings(), lambda _: loaded.set())) as client:
        assert loaded.wait(30)
        yield client


def test_each_answers_from_its_own_index(two: TestClient) -> None:
    asked = {"question": "东渠泵站功率共多少？"}
    assert "320千瓦" in two.post("/v1/ask", json=asked | {"collection": "water"}).json()["answer"]
    assert two.post("/v1/ask", json=asked).json()["abstained"] is True
    hits = two.post("/v1/search", json={"query": "泵站", "collection": "water"}).json()["hits"]
    assert {hit["source"] for hit in hits} == {"泵站.md"}
    (listed,) = two.get("/v1/documents", params={"collection": "water"}).json()["documents"]
    assert listed["source"] == "泵站.md"


def test_a_document_is_found_in_whichever_holds_it(two: TestClient) -> None:
    (listed,) = two.get("/v1/documents", params={"collection": "water"}).json()["documents"]
    path = f"/v1/documents/{listed['document_id']}"
    assert two.get(path).json()["title"] == "东渠泵站"
    assert two.get(path, params={"collection": "water"}).status_code == 200
    is_problem(two.get(path, params={"collection": "default"}), 404, "document_not_found")


def test_the_longest_question_is_told_with_the_collections(two: TestClient) -> None:
    limit = two.get("/v1/collections").json()["max_question_chars"]
    assert two.post("/v1/ask", json={"question": "渠" * limit}).status_code == 200
    is_problem(two.post("/v1/ask", json={"question": "渠" * (limit + 1)}), 422, "invalid_request")


def test_one_that_cannot_be_opened_says_so_and_leaves_the_others_be(two: TestClient) -> None:
    listed = {
        each["name"]: each["problem"] for each in two.get("/v1/collections").json()["collections"]
    }
    assert listed == {"default": None, "water": None, "gone": "index_missing"}
    gone = two.post("/v1/ask", json={"question": "东渠？", "collection": "gone"})
    is_problem(gone, 503, "index_missing")
    unknown = two.post("/v1/ask", json={"question": "东渠？", "collection": "nowhere"})
    is_problem(unknown, 404, "collection_not_found")


@pytest.mark.parametrize("path", ["", "/d1", "/d1/original"])
def test_where_no_collection_has_an_index_documents_are_not_said_to_be_gone(
    archive: Archive, tmp_path: Path, path: str
) -> None:
    loaded = threading.Event()
    missing = partial(Archive.open, tmp_path / "none", Settings())
    settings = Settings(state=tmp_path)
    _, text = KeyStore(tmp_path).add(
        "甲", Role.READER, now=datetime.now(UTC), collections=frozenset({"new"})
    )
    head = {"authorization": f"Bearer {text}"}
    loaders = {"default": lambda: archive, "new": missing}
    with TestClient(create_app(loaders, settings, lambda _: loaded.set())) as client:
        assert loaded.wait(30)
        parameters = {} if path else {"collection": "new"}
        answer = client.get(f"/v1/documents{path}", params=parameters, headers=head)
        is_problem(answer, 503, "index_missing")
        assert "/d1" not in answer.json()["detail"]


def test_where_one_has_an_index_an_unknown_document_is_not_found(two: TestClient) -> None:
    is_problem(two.get("/v1/documents/d1"), 404, "document_not_found")


def test_ready_is_said_with_what_is_missing_of_each(two: TestClient) -> None:
    ready = two.get("/readyz")
    assert ready.status_code == 200
    states = ready.json()["collections"]
    assert {name: state["status"] for name, state in states.items()} == {
        "default": "ready",
        "water": "ready",
        "gone": "unusable",
    }
    assert states["water"]["documents"] == 1
    assert states["gone"]["code"] == "index_missing"
    assert "python -m indexer build" in states["gone"]["hint"]
    shown = set(two.get("/metrics").text.splitlines())
    assert shown >= {
        'wenju_index_up{collection="gone"} 0.0',
        'wenju_index_documents{collection="water"} 1.0',
    }
