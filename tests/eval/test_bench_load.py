"""Many clients at once, on real sockets and on the real service."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from eval.bench.load import at_once, measure, record, rows
from eval.bench.processes import BenchFailed, Serving, cpu_seconds_of
from indexer.errors import InvalidRequest
from tests.archives import archive_of


@contextmanager
def answering(work: Callable[[], int]) -> Iterator[Serving]:
    """A server in this process that does `work` for each request, and answers with its status."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(work())
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Serving(os.getpid(), f"http://127.0.0.1:{server.server_address[1]}", 0.0)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_all_clients_wait_at_once_and_every_request_is_made_once() -> None:
    together = threading.Barrier(4)  # breaks, and so fails, where fewer come at once
    asked: list[int] = []

    def meet() -> int:
        asked.append(together.wait(30))
        return 204

    with answering(meet) as service:
        level = at_once(service, [lambda client: client.get("/")] * 12, 4)
    assert len(asked) == level.requests == 12
    assert level.clients == 4


def test_times_are_those_of_the_answers() -> None:
    def slow() -> int:
        time.sleep(0.05)
        return 204

    with answering(slow) as service:
        level = at_once(service, [lambda client: client.get("/")] * 6, 2)
    assert 50 <= level.p50_ms <= level.p95_ms
    assert 0 < level.per_second <= 2 / 0.05


def test_an_error_is_no_answer() -> None:
    with answering(lambda: 503) as service, pytest.raises(BenchFailed, match="503"):
        at_once(service, [lambda client: client.get("/")], 1)


def test_the_processor_is_counted_and_waiting_is_not() -> None:
    before = cpu_seconds_of(os.getpid())
    ended = time.process_time() + 0.3
    while time.process_time() < ended:
        pass
    worked = cpu_seconds_of(os.getpid()) - before
    assert worked >= 0.25
    assert cpu_seconds_of(2**22 + 1) == 0.0  # no process has such a number


def test_the_service_is_asked_by_few_and_by_many(tmp_path: Path) -> None:
    files = {"食堂.txt": "食堂早餐七点开始，午餐十一点半开始。\n", "门.txt": "东门晚上十点关。\n"}
    archive_of(files, tmp_path).reader.close()
    told: list[str] = []
    figures = measure(
        tmp_path / "index", ["早餐几点开始", "东门几点关", "谁管西门"], told.append, (1, 3)
    )
    assert [(level.clients, level.requests) for level in figures.answers] == [(1, 3), (3, 3)]
    assert all(level.cpu_ms > 0 for level in figures.answers)
    assert figures.over_empty > 1
    assert set(rows(figures)) >= {"answers, 3 at once", "empty route, 1 at once", "peak memory"}
    assert record(figures, {})["figures"]["gain"] == figures.gain


def test_without_a_question_there_is_nothing_to_measure(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest):
        measure(tmp_path, [], print)
