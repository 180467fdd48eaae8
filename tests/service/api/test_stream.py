"""Streams over a real socket: in time, alive while silent, ended when nobody reads."""

import threading
import time

import httpx
import pytest

from indexer.errors import LLMFailed
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeArchive

BODY = {"question": "每户多少钱？", "stream": True}


def test_events_leave_as_they_come_and_silence_is_filled() -> None:
    fake = FakeArchive(gate=threading.Event())
    assert fake.gate is not None
    with (
        serving(fake, Settings(heartbeat_s=0.05)) as address,
        httpx.stream("POST", f"{address}v1/ask", json=BODY, timeout=10) as answer,
    ):
        lines = answer.iter_lines()
        assert next(lines) == "event: passages"
        assert next(lines).startswith('data: {"passages":[{"rank":1')
        assert next(lines) == ""
        assert next(lines) == ": still at work"
        fake.gate.set()
        rest = [line for line in lines if line.startswith("event: ")]
    assert rest == ["event: delta", "event: sentence", "event: done"]


def test_a_reader_that_leaves_ends_the_work() -> None:
    fake = FakeArchive(gate=threading.Event())
    assert fake.gate is not None
    with serving(fake, Settings(heartbeat_s=0.05)) as address:
        with httpx.stream("POST", f"{address}v1/ask", json=BODY, timeout=10) as answer:
            assert next(answer.iter_lines()) == "event: passages"
        time.sleep(0.3)
        assert not fake.closed.is_set()  # held at the gate
        fake.gate.set()
        assert fake.closed.wait(5)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (LLMFailed("broke off", hint="try again"), "llm_failed"),
        (ValueError("secret"), "internal_error"),
    ],
)
def test_a_failure_in_the_middle_is_an_error_event(failure: Exception, code: str) -> None:
    with (
        serving(FakeArchive(late_failure=failure)) as address,
        httpx.stream("POST", f"{address}v1/ask", json=BODY, timeout=10) as answer,
    ):
        lines = list(answer.iter_lines())
    assert answer.status_code == 200
    assert lines[-3] == "event: error"
    assert f'"code":"{code}"' in lines[-2]
    assert '"hint":"' in lines[-2]
    assert "secret" not in "".join(lines)


def test_other_requests_are_answered_while_a_stream_waits() -> None:
    fake = FakeArchive(gate=threading.Event())
    assert fake.gate is not None
    with (
        serving(fake) as address,
        httpx.stream("POST", f"{address}v1/ask", json=BODY, timeout=5) as answer,
    ):
        assert next(answer.iter_lines()) == "event: passages"
        assert httpx.get(f"{address}healthz", timeout=5).json() == {"status": "ok"}
        fake.gate.set()


def test_a_large_body_is_refused_while_it_is_being_sent() -> None:
    with serving(FakeArchive(), Settings(max_body_bytes=4096)) as address:
        answer = httpx.post(f"{address}v1/ask", content=b"x" * 60_000, timeout=10)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
        chunks = (b"x" * 1000 for _ in range(60))
        answer = httpx.post(
            f"{address}v1/ask",
            content=chunks,
            headers={"content-type": "application/json"},
            timeout=10,
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
