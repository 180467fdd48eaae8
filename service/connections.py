"""What one connection may take of the server: how long its requests' heads may take and how large
they may be, and how many connections there may be. Knows uvicorn's protocol, no route.
"""

import asyncio
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from indexer.errors import WenjuError
from service.api.limits import CROWDED
from service.api.problems import HeadTooLarge, RequestTooSlow, problem

MAX_HEAD_BYTES = 65_536
TOLD = 100  # connections too many that are told so; those beyond are closed without a word


@dataclass(frozen=True, slots=True)
class Bounds:
    """`most` connections; `head_timeout_s` for a head, and for what comes after its response."""

    most: int
    head_timeout_s: float


class BoundedProtocol(HttpToolsProtocol):
    """One connection of HTTP/1.1, within `bounds`."""

    bounds: ClassVar[Bounds]

    _clock: asyncio.TimerHandle | None = None
    _in_head = False
    _head_bytes = 0
    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        over = len(self.connections) - self.bounds.most
        if over > TOLD:
            transport.abort()
        elif over > 0:
            self.app_state = {**self.app_state, CROWDED: True}
        self._in_time()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(
                    HeadTooLarge(
                        f"the request's head has more than {MAX_HEAD_BYTES} bytes",
                        hint="send fewer or shorter headers",
                    )
                )

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        self._in_time()

    def on_headers_complete(self) -> None:
        self._in_head, self._in_body = False, True
        self._stop_clock()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._stop_clock()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_body:  # answered without its body, of which the rest must come some time
            self._in_time()

    def _in_time(self) -> None:
        self._stop_clock()
        self._clock = self.loop.call_later(self.bounds.head_timeout_s, self._late)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _late(self) -> None:
        answers = self.cycle is not None and not self.cycle.response_complete
        if not self._in_head or answers:  # nothing was asked, or an answer is on its way
            self.transport.close()
            return
        self._refuse(
            RequestTooSlow(
                f"the request's head did not arrive within {self.bounds.head_timeout_s:g} s",
                hint="send the whole request at once",
            )
        )

    def _refuse(self, error: WenjuError) -> None:
        """Answer without the application, which has not seen the request, and hang up."""
        self._in_head = False
        shown = problem(error, chinese=False)
        body = json.dumps(shown).encode()
        head = (
            f"HTTP/1.1 {shown['status']} {HTTPStatus(shown['status']).phrase}\r\n"
            "Content-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


def bounded(given: Bounds) -> type[BoundedProtocol]:
    """The protocol with these bounds: uvicorn wants a class, and makes one of it a connection."""

    class _Bounded(BoundedProtocol):
        bounds = given

    return _Bounded
