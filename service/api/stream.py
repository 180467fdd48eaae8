"""Answer events as Server-Sent Events. Knows no search, no thread and no route.

While there is no event the stream carries comments, so that nothing between here and there hangs
up.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from typing import Any

from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from starlette.types import Receive, Scope, Send

from service.api.running import Running
from service.api.wire import answer_json, citation_json, hit_json
from service.records import Done, PassagesFound, SentencePassed, StreamEvent

HEARTBEAT = b": still at work\n\n"
"""A comment, which no reader of Server-Sent Events takes for an event."""


class EventStream(StreamingResponse):
    """The events of work that is left when they have been sent, or their reader has gone.

    Not for the generator of `events` to do: it may never have been begun.
    """

    def __init__(self, events: AsyncIterator[bytes], running: Running[Any]) -> None:
        super().__init__(
            events,
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},  # nginx would hold it
        )
        self._running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._running.leave()


async def server_sent_events(
    first: StreamEvent | None,
    running: Running[StreamEvent],
    *,
    heartbeat_s: float,
    problem_of: Callable[[Exception], dict[str, Any]],
) -> AsyncIterator[bytes]:
    """The wire form of `first` and of all that follows it."""
    try:
        async for event in beating(first, running, heartbeat_s):
            if event is None:
                yield HEARTBEAT
                continue
            for name, data in wire_events(event):
                yield sse(name, data)
    except Exception as error:  # the HTTP edge: after the status line only an event can tell
        yield sse("error", problem_of(error))


async def beating(
    first: StreamEvent | None, running: Running[StreamEvent], heartbeat_s: float
) -> AsyncIterator[StreamEvent | None]:
    """`first` and the events after it; None each time that `heartbeat_s` has passed without one.

    Raises: as `Running.next`.
    """
    event = first
    while event is not None:
        yield event
        waiting = asyncio.ensure_future(running.next())
        try:
            while not (await asyncio.wait({waiting}, timeout=heartbeat_s))[0]:
                yield None
            event = waiting.result()
        finally:
            waiting.cancel()


def wire_events(event: StreamEvent) -> Iterator[tuple[str, dict[str, Any]]]:
    match event:
        case PassagesFound():
            yield "passages", {"passages": [hit_json(hit) for hit in event.hits]}
        case SentencePassed():
            yield "delta", {"text": event.sentence.text}
            yield (
                "sentence",
                {
                    "sentence": asdict(event.sentence),
                    "citations": [citation_json(citation) for citation in event.citations],
                },
            )
        case Done():
            yield "done", answer_json(event.answer)


def sse(name: str, data: dict[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return format_sse_event(event=name, data_str=text)
