"""How much a request may bring and how long it may take to arrive. Knows no route."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection

from fastapi import Request
from fastapi.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.errors import body_too_large, body_too_slow, chinese_reader
from service.api.problems import BodyTooLarge, Busy, problem_response

DRAIN_FACTOR = 16  # a sender that is still sending sees the refusal only if it can finish
CROWDED = "is_crowded"  # in a scope's state: its connection is one too many
NEVER_CROWDED = "/healthz"  # a busy service is alive
LEAST_BYTES_PER_S = 16_384  # each that came buys more time: a large upload may take its minutes


class BodyLimit:
    """ASGI middleware: a body over `max_bytes` is refused, declared or not, but at a method and
    path among `streamed`, where the route itself counts what it reads.

    Up to 16 times the limit is read and thrown away first: a connection closed on a sender that
    is still at it would be reset, and the refusal lost.
    """

    def __init__(
        self, app: ASGIApp, max_bytes: int, streamed: Collection[tuple[str, str]] = ()
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._streamed = frozenset(streamed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) in self._streamed:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            await self._drain(receive, self._max_bytes * DRAIN_FACTOR)
            error = body_too_large(self._max_bytes)
            response = problem_response(
                BodyTooLarge(str(error.detail), hint="shorten the question or the history"),
                chinese=chinese_reader(request),
            )
            await response(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                await self._drain(receive, self._max_bytes * DRAIN_FACTOR, message)
                raise body_too_large(self._max_bytes)
            return message

        await self._app(scope, counted, send)

    @staticmethod
    async def _drain(receive: Receive, up_to: int, message: Message | None = None) -> None:
        drained = 0
        with contextlib.suppress(HTTPException):  # it takes its time with what is refused anyway
            while drained < up_to and (message is None or message.get("more_body", False)):
                message = await receive()
                drained += len(message.get("body", b""))


class BodyTimeout:
    """ASGI middleware: a body that has not arrived after `timeout_s` is not waited for."""

    def __init__(self, app: ASGIApp, timeout_s: float) -> None:
        self._app = app
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, received, is_whole = time.monotonic(), 0, scope["type"] != "http"

        async def in_time() -> Message:
            nonlocal received, is_whole
            if is_whole:  # what is received now is that the caller goes
                return await receive()
            allowed_s = self._timeout_s + received / LEAST_BYTES_PER_S
            left_s = started + allowed_s - time.monotonic()
            try:
                async with asyncio.timeout(max(0.0, left_s)):
                    message = await receive()
            except TimeoutError:
                raise body_too_slow(self._timeout_s) from None
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, in_time, send)


class ConnectionLimit:
    """ASGI middleware: refuses what comes on a connection too many, but for the check of life."""

    def __init__(self, app: ASGIApp, rejected: Callable[[str], None] = lambda _: None) -> None:
        self._app = app
        self._rejected = rejected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope.get("state", {}).get(CROWDED) or scope["path"] == NEVER_CROWDED:
            await self._app(scope, receive, send)
            return
        self._rejected("connections")
        error = Busy("too many connections are open", hint="try again in a moment", retry_after_s=5)
        response = problem_response(
            error, chinese=chinese_reader(Request(scope)), headers={"Connection": "close"}
        )
        await response(scope, receive, send)
