"""The benchmarks' parts on real processes and sockets."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from eval.bench.processes import BenchFailed, folder_bytes, run_measured, serving
from eval.bench.scale import sample_questions, time_requests


def test_a_process_is_timed_and_its_memory_watched() -> None:
    code = "import time; kept = bytearray(60_000_000); time.sleep(0.3)"
    finished = run_measured(["timeit", "-n1", "-r1", code])
    assert 0.3 < finished.seconds < 60
    assert 60_000_000 < finished.peak_bytes < 200_000_000
    assert "1 loop" in finished.output


def test_a_process_that_fails_is_named_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(BenchFailed, match=r"(?s)json\.tool.* ended with 2.*No such file"):
        run_measured(["json.tool", str(tmp_path / "none.json")])


def test_a_service_that_cannot_start_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("no pointer")
    with (
        pytest.raises(BenchFailed, match="before it was ready"),
        serving(tmp_path, deadline_s=60),
    ):
        pytest.fail("there is nothing to serve")


def test_questions_are_sentences_of_different_articles() -> None:
    articles = [f"第{n}篇的第一句话说了这些。短。" + "长" * 60 + "。" for n in "甲乙丙丁"]
    drawn = sample_questions(articles, 3, seed=1)
    assert drawn == sample_questions(articles, 3, seed=1)
    assert len(drawn) == 3
    for question in drawn:
        assert 8 <= len(question) <= 40
        assert any(question in article for article in articles)
    assert sample_questions(["短。"], 3, seed=1) == []


class _Echo(BaseHTTPRequestHandler):
    bodies: list[object]

    def do_POST(self) -> None:
        self.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200 if self.path == "/v1/search" else 503)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[str]:
    _Echo.bodies = []
    server = HTTPServer(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_request_is_sent_and_an_error_is_no_time(echo: str) -> None:
    bodies = [{"query": str(n)} for n in range(25)]
    with httpx.Client(base_url=echo, trust_env=False) as client:
        times = time_requests(client, "/v1/search", bodies)
        assert _Echo.bodies == bodies
        assert 0 < times.p50 <= times.p95
        assert times.first > 0
        with pytest.raises(BenchFailed, match="503"):
            time_requests(client, "/v1/ask", bodies)


def test_the_size_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x").write_bytes(b"12345")
    (tmp_path / "y").write_bytes(b"123")
    assert folder_bytes(tmp_path) == 8
