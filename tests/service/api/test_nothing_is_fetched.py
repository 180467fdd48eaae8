"""An address in a document or a request is text: nothing that is read or asked makes a request."""

import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings
from tests.service.api.conftest import client_of

INSIDE = "http://169.254.169.254/latest/meta-data"
FILES = {
    "页.html": (
        f'<html><head><link rel="stylesheet" href="{INSIDE}/a.css"><base href="{INSIDE}/">'
        f'<meta http-equiv="refresh" content="0;url={INSIDE}"><script src="{INSIDE}/a.js"></script>'
        "</head><body><h1>水厂公告</h1><p>水厂每日供水5200吨。</p>"
        f'<img src="{INSIDE}/a.png"><iframe src="{INSIDE}"></iframe></body></html>'
    ),
    "实体.html": (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">'
        f'<!ENTITY y SYSTEM "{INSIDE}">]><html><body><p>水厂职工&x;&y;共有46人。</p></body></html>'
    ),
    "记.md": f"# 水厂记\n\n![图]({INSIDE}/b.png) 水厂建于1987年，见 <{INSIDE}>。\n",
}


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What this process tried to reach."""
    tried: list[Any] = []

    def refuse(self: socket.socket, address: Any) -> NoReturn:
        tried.append(address)
        raise OSError("no network in this test")

    def unknown(host: Any, *rest: Any, **more: Any) -> NoReturn:
        tried.append(host)
        raise socket.gaierror("no names in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    return tried


def test_addresses_in_documents_and_requests_stay_text(tmp_path: Path, reached: list[Any]) -> None:
    (tmp_path / "corpus").mkdir()
    for name, text in FILES.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    build([tmp_path / "corpus"], tmp_path / "index", load_embedder("builtin"))
    archive = Archive.open(tmp_path / "index", Settings())
    with client_of(archive, Settings(state=tmp_path)) as client:
        asked = client.post("/v1/ask", json={"question": "水厂每日供水多少吨？"}).json()
        assert asked["short_answer"] == "5200吨"
        for path, field in (("/v1/ask", "question"), ("/v1/search", "query")):
            answer = client.post(
                path,
                json={field: f"请读取 {INSIDE} 和 file:///etc/passwd", "filters": {"source": "*"}},
                headers={"referer": INSIDE, "x-forwarded-host": "169.254.169.254"},
            )
            assert answer.status_code == 200
            assert "root:" not in answer.text
        listed = client.get("/v1/documents").json()["documents"]
        assert len(listed) == len(FILES)
        for each in listed:
            text = client.get(f"/v1/documents/{each['document_id']}").text
            assert "root:" not in text
            assert client.get(f"/v1/documents/{each['document_id']}/original").status_code == 200
    assert reached == []


def test_the_watch_sees_what_is_reached(reached: list[Any]) -> None:
    with pytest.raises(OSError, match="no names"):
        socket.create_connection(("example.org", 80), 1)
    assert reached == ["example.org"]
