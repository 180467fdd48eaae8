"""Alive from the first moment, ready when the index is, and clear about what is wrong."""

import threading
from pathlib import Path

from starlette.testclient import TestClient

from indexer.errors import IndexMissing
from service.api.app import create_app
from service.archive import Archive
from service.settings import Settings
from tests.service.api.test_problems import is_problem


def test_ready_names_what_is_loaded(client: TestClient) -> None:
    body = client.get("/readyz").json()
    held = {
        "status": "ready",
        "generation": "g000001",
        "documents": 3,
        "passages": body["passages"],
        "model": "extractive",
    }
    held["uploads"] = {"status": "ready"}
    assert body == held | {"collections": {"default": held}}


def test_alive_but_not_ready_while_the_index_loads(archive: Archive) -> None:
    gate, loaded = threading.Event(), threading.Event()

    def slow() -> Archive:
        assert gate.wait(10)
        return archive

    with TestClient(create_app({"default": slow}, Settings(), lambda _: loaded.set())) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        is_problem(client.get("/readyz"), 503, "not_ready")
        answer = client.post("/v1/ask", json={"question": "每户？"})
        is_problem(answer, 503, "not_ready")
        assert answer.headers["retry-after"] == "2"
        chinese = client.get("/readyz", headers={"accept-language": "zh"}).json()
        assert (chinese["title"], chinese["hint"]) == ("尚未就绪", "索引正在加载，请稍后重试")
        gate.set()
        assert loaded.wait(10)
        assert client.get("/readyz").status_code == 200


def test_a_missing_index_is_said_by_every_route(tmp_path: Path) -> None:
    told: list[object] = []
    loaded = threading.Event()

    def settled(error: object) -> None:
        told.append(error)
        loaded.set()

    app = create_app(
        {"default": lambda: Archive.open(tmp_path / "none", Settings())}, Settings(), settled
    )
    with TestClient(app) as client:
        assert loaded.wait(10)
        assert client.get("/healthz").status_code == 200
        for _ in range(2):
            is_problem(client.get("/readyz"), 503, "index_missing")
        is_problem(client.get("/v1/documents"), 503, "index_missing")
        assert "python -m indexer build" in client.get("/readyz").json()["hint"]
    assert isinstance(told[0], IndexMissing)


def test_a_loader_that_breaks_is_logged_and_not_told() -> None:
    loaded = threading.Event()

    def broken() -> Archive:
        raise KeyError("secret")

    with TestClient(create_app({"default": broken}, Settings(), lambda _: loaded.set())) as client:
        assert loaded.wait(10)
        answer = client.get("/readyz")
        is_problem(answer, 503, "internal_error")
        assert "secret" not in answer.text
