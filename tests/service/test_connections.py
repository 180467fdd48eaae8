"""What a connection may take: bare sockets that send half, nothing, too much, or are too many."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from service.connections import MAX_HEAD_BYTES, TOLD
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeArchive
from tests.service.sockets import connected, until_closed

HALF_A_BODY = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def is_problem(came: bytes, status: int, code: str) -> dict[str, Any]:
    head, _, body = came.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), came[:200]
    assert b"application/problem+json" in head
    assert b"connection: close" in head.lower()
    problem: dict[str, Any] = json.loads(body)
    assert (problem["status"], problem["code"]) == (status, code)
    return problem


def test_many_half_sent_bodies_are_told_that_they_are_too_slow_and_let_go() -> None:
    with (
        serving(FakeArchive(), Settings(body_timeout_s=0.3)) as address,
        ExitStack() as stack,
    ):
        slow = [stack.enter_context(connected(address)) for _ in range(100)]
        for connection in slow:
            connection.sendall(HALF_A_BODY)
        assert httpx.get(f"{address}healthz", timeout=10).status_code == 200
        for connection in slow:
            is_problem(until_closed(connection), 408, "request_too_slow")


def test_a_body_that_drips_is_too_slow_and_one_that_flows_is_not() -> None:
    with serving(FakeArchive(), Settings(body_timeout_s=0.5)) as address:
        with connected(address) as connection:
            connection.sendall(HALF_A_BODY)
            started = time.monotonic()
            while time.monotonic() - started < 1:
                try:
                    connection.sendall(b" ")
                except OSError:
                    break
                time.sleep(0.05)
            came = until_closed(connection)
        assert came == b"" or is_problem(came, 408, "request_too_slow")

        def flowing() -> Iterator[bytes]:
            yield b'{"question": "'
            for _ in range(8):
                time.sleep(0.1)
                yield b"x" * 32_768  # each buys two seconds
            yield b'"}'

        flowed = httpx.post(f"{address}v1/ask", content=flowing(), timeout=20)
        assert flowed.status_code != 408


@pytest.mark.parametrize(
    "begun",
    [b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"GET /hea"],
    ids=["header", "line"],
)
def test_a_head_that_does_not_come_is_too_slow(begun: bytes) -> None:
    with (
        serving(FakeArchive(), Settings(head_timeout_s=0.3)) as address,
        connected(address) as connection,
    ):
        connection.sendall(begun)
        is_problem(until_closed(connection), 408, "request_too_slow")


def test_a_connection_that_says_nothing_is_closed() -> None:
    with (
        serving(FakeArchive(), Settings(head_timeout_s=0.3)) as address,
        connected(address) as connection,
    ):
        assert until_closed(connection) == b""


def test_the_second_head_of_a_connection_has_as_much_time_as_the_first() -> None:
    with (
        serving(FakeArchive(), Settings(head_timeout_s=0.4)) as address,
        connected(address) as connection,
    ):
        for _ in range(3):
            connection.sendall(WHOLE)
            assert b"200 OK" in connection.recv(65_536)
            time.sleep(0.25)
        connection.sendall(WHOLE[:20])
        is_problem(until_closed(connection), 408, "request_too_slow")


def test_who_was_answered_before_the_body_came_cannot_hold_the_connection() -> None:
    with (
        serving(FakeArchive(), Settings(head_timeout_s=0.3)) as address,
        connected(address) as connection,
    ):
        connection.sendall(HALF_A_BODY.replace(b"/v1/ask", b"/nowhere"))
        assert b" 404 " in until_closed(connection)


def test_a_head_without_end_is_too_large() -> None:
    with serving(FakeArchive()) as address, connected(address) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        sent = 0
        try:
            while sent < 64 * MAX_HEAD_BYTES:
                sent += connection.send(b"X-More: " + b"x" * 8_000 + b"\r\n")
        except OSError:
            pass
        assert sent < 64 * MAX_HEAD_BYTES
        came = until_closed(connection)
        assert came == b"" or is_problem(came, 431, "head_too_large")


def test_connections_too_many_are_told_so_but_for_the_check_of_life() -> None:
    with serving(FakeArchive(), Settings(max_connections=5)) as address, ExitStack() as stack:
        idle = [stack.enter_context(connected(address)) for _ in range(5)]
        for connection in idle:
            connection.sendall(WHOLE)
            assert b"200 OK" in connection.recv(65_536)
        with connected(address) as one_more:
            one_more.sendall(b"GET /v1/documents HTTP/1.1\r\nHost: localhost\r\n\r\n")
            came = until_closed(one_more)
            is_problem(came, 503, "busy")
            assert b"retry-after: 5" in came.lower()
        assert httpx.get(f"{address}healthz", timeout=10).status_code == 200
        beyond = [stack.enter_context(connected(address)) for _ in range(TOLD + 1)]
        assert until_closed(beyond[-1]) == b""
    # They are gone now.
    with serving(FakeArchive(), Settings(max_connections=5)) as address:
        for _ in range(20):
            assert httpx.get(f"{address}readyz", timeout=10).status_code == 503  # the fake's


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Content-Length: 5\r\nContent-Length: 60",
        b"Content-Length: +5",
        b"Content-Length: -1",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding : chunked",
        b"Content-Length: 5\r\nX-Folded: a\r\n b",
        b"Content-Length: 5\r\nX-Nul: a\x00b",
        b"Content-Length: 99999999999999999999999",
    ],
)
def test_no_second_request_hides_in_the_body_of_another(framing: bytes) -> None:
    """What a proxy may read in another way than we do is refused, and the connection ends."""
    head = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\n" + framing + b"\r\n\r\n"
    with serving(FakeArchive()) as address, connected(address) as connection:
        connection.sendall(head + b"0\r\n\r\n" + HIDDEN)
        came = until_closed(connection)
    assert came.startswith(b"HTTP/1.1 400 "), came[:200]
    assert came.count(b"HTTP/1.1 ") == 1
