"""Answers over real sockets: so many at once, no longer than they may, for those who wait."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx

from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeArchive
from tests.service.api.test_problems import is_problem

ASKED = {"question": "每户多少钱？"}


def figure(address: str, name: str) -> float:
    """A metric without labels, as the service tells it now."""
    lines = httpx.get(f"{address}metrics", timeout=10).text.splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])


def eventually(address: str, name: str, value: float) -> None:
    until = time.monotonic() + 10
    while figure(address, name) != value:
        assert time.monotonic() < until, f"{name} is {figure(address, name)}"
        time.sleep(0.02)


@contextmanager
def held(settings: Settings, asking: int) -> Iterator[tuple[str, FakeArchive, list[Any]]]:
    """A service with `asking` questions in it that are held until the archive's gate is opened."""
    fake = FakeArchive(gate=threading.Event())
    assert fake.gate is not None
    with serving(fake, settings) as address, ThreadPoolExecutor(asking or 1) as pool:
        try:
            post = lambda: httpx.post(f"{address}v1/ask", json=ASKED, timeout=30)  # noqa: E731
            answers = [pool.submit(post) for _ in range(asking)]
            most = settings.answers_at_once
            eventually(address, "wenju_answers_running", min(asking, most))
            eventually(address, "wenju_answers_waiting", max(0, asking - most))
            yield address, fake, answers
        finally:
            fake.gate.set()


def test_what_is_too_much_is_told_when_to_come_again_and_the_others_are_answered() -> None:
    bounds = Settings(max_answers=2, max_waiting=3)
    with held(bounds, asking=5) as (address, fake, answers):
        full = httpx.post(f"{address}v1/ask", json=ASKED, timeout=10)
        is_problem(full, 503, "busy")
        assert 1 <= int(full.headers["retry-after"]) <= 60
        for path, body in (
            ("v1/search", {"query": "每户"}),
            ("v1/chat/completions", {"messages": [{"role": "user", "content": "每户多少钱？"}]}),
            ("v1/ask", ASKED | {"stream": True}),
        ):
            is_problem(httpx.post(f"{address}{path}", json=body, timeout=10), 503, "busy")
        assert httpx.get(f"{address}healthz", timeout=10).status_code == 200
        assert (
            'wenju_rejected_total{reason="queue_full"} 4.0'
            in httpx.get(f"{address}metrics", timeout=10).text.splitlines()
        )
        assert fake.gate is not None
        fake.gate.set()
        assert [answer.result().json()["short_answer"] for answer in answers] == ["1500元"] * 5
        assert len(fake.asked) == 5
        eventually(address, "wenju_answers_running", 0)


def test_a_question_does_not_wait_for_its_turn_for_ever() -> None:
    bounds = Settings(max_answers=1, max_wait_s=0.2)
    with held(bounds, asking=1) as (address, _, _):
        late = httpx.post(
            f"{address}v1/ask", json=ASKED, timeout=10, headers={"accept-language": "zh"}
        )
        is_problem(late, 503, "busy")
        assert late.json()["detail"] == "0.2 秒内未能开始回答"


def test_callers_who_go_away_free_their_slots_and_places_in_the_queue() -> None:
    """Whether or not they stream, and though the work itself can't be interrupted."""
    fake = FakeArchive(gate=threading.Event())
    assert fake.gate is not None
    with serving(fake, Settings(max_answers=2, max_waiting=8)) as address, ExitStack() as clients:
        for number in range(6):
            client = clients.enter_context(httpx.Client(timeout=1))
            threading.Thread(
                target=_ask_and_break_off, args=(client, address, number % 2 == 0), daemon=True
            ).start()
        eventually(address, "wenju_answers_waiting", 4)
        # Each hangs up after a second; nobody has opened the gate.
        eventually(address, "wenju_answers_waiting", 0)
        eventually(address, "wenju_answers_running", 0)
        assert figure(address, "wenju_answers_abandoned") >= 2
        fake.gate.set()
        eventually(address, "wenju_answers_abandoned", 0)
        after = httpx.post(f"{address}v1/ask", json=ASKED, timeout=10)
        assert after.json()["short_answer"] == "1500元"


def _ask_and_break_off(client: httpx.Client, address: str, streams: bool) -> None:
    try:
        with client.stream("POST", f"{address}v1/ask", json=ASKED | {"stream": streams}) as answer:
            for _ in answer.iter_raw():
                pass
    except httpx.TimeoutException:
        return


def test_an_answer_that_takes_too_long_is_a_timeout_though_its_thread_hangs() -> None:
    with held(Settings(answer_timeout_s=0.2), asking=1) as (_, _, answers):
        is_problem(answers[0].result(), 504, "answer_timed_out")


def test_a_stream_that_takes_too_long_ends_in_an_error_event() -> None:
    fake = FakeArchive(gate=threading.Event())
    assert fake.gate is not None
    with (
        serving(fake, Settings(answer_timeout_s=0.2)) as address,
        httpx.stream("POST", f"{address}v1/ask", json=ASKED | {"stream": True}) as answer,
    ):
        lines = list(answer.iter_lines())
        fake.gate.set()
    assert answer.status_code == 200
    assert lines[-3] == "event: error"
    assert json.loads(lines[-2].removeprefix("data: "))["code"] == "answer_timed_out"


def test_at_the_end_what_runs_may_finish_and_what_waits_is_sent_away() -> None:
    fake = FakeArchive(gate=threading.Event())
    assert fake.gate is not None
    with ThreadPoolExecutor(2) as pool:
        with serving(fake, Settings(max_answers=1, shutdown_grace_s=10)) as address:
            post = lambda: httpx.post(f"{address}v1/ask", json=ASKED, timeout=30)  # noqa: E731
            running = pool.submit(post)
            eventually(address, "wenju_answers_running", 1)
            waiting = pool.submit(post)
            eventually(address, "wenju_answers_waiting", 1)
            threading.Timer(1.0, fake.gate.set).start()  # after the server was told to end
        is_problem(waiting.result(), 503, "shutting_down")
        assert running.result().json()["short_answer"] == "1500元"


def test_at_the_end_of_the_grace_a_stream_is_told_so() -> None:
    fake = FakeArchive(gate=threading.Event())
    lines: list[str] = []

    def read(address: str, reads: threading.Event) -> None:
        body = ASKED | {"stream": True}
        with httpx.stream("POST", f"{address}v1/ask", json=body, timeout=30) as answer:
            for line in answer.iter_lines():
                lines.append(line)
                reads.set()

    reads = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with serving(fake, Settings(shutdown_grace_s=1)) as address:
            reading = pool.submit(read, address, reads)
            assert reads.wait(10)
        reading.result()
        assert fake.gate is not None
        fake.gate.set()
    assert lines[-3] == "event: error"
    assert json.loads(lines[-2].removeprefix("data: "))["code"] == "shutting_down"
