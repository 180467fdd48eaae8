"""How much a request may bring. Knows no route."""

from collections.abc import Collection

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.errors import body_too_large, chinese_reader
from service.api.problems import BodyTooLarge, problem_response

DRAIN_FACTOR = 16  # a sender that is still sending sees the refusal only if it can finish


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
        while drained < up_to and (message is None or message.get("more_body", False)):
            message = await receive()
            drained += len(message.get("body", b""))
