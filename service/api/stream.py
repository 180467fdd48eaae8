"""A sync generator of answer events as Server-Sent Events. Knows no search and no route.

The generator runs in a thread of its own. It is closed as soon as the reader has gone, and while
it is silent the stream carries comments, so that nothing between here and there hangs up.
"""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from typing import Any

from fastapi.sse import format_sse_event

from indexer.errors import WenjuError
from service.api.wire import answer_json, citation_json, hit_json
from service.records import Done, PassagesFound, SentencePassed, StreamEvent

log = logging.getLogger("service.api")

Failed = WenjuError | Exception


class EventQueue:
    """The events of one generator, pulled in a daemon thread, read in the event loop.

    `seen` is told of each in that thread, before the loop is.
    """

    def __init__(
        self,
        events: Callable[[], Iterator[StreamEvent]],
        seen: Callable[[StreamEvent], None] = lambda _: None,
    ) -> None:
        self._events = events
        self._seen = seen
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[StreamEvent | Failed | None] = asyncio.Queue()
        self._left = threading.Event()
        # A daemon, so that a model that hangs can't keep the process from ending.
        threading.Thread(target=self._pump, name="answer-stream", daemon=True).start()

    def _pump(self) -> None:
        events: Iterator[StreamEvent] = iter(())
        try:
            events = self._events()
            for event in events:
                if self._left.is_set():
                    break
                self._seen(event)
                self._put(event)
            self._put(None)
        except Exception as error:  # handed to the HTTP edge, which shows or logs it
            self._put(error)
        finally:
            close = getattr(events, "close", None)  # generators have it, iterators need not
            if close is not None:
                close()

    def _put(self, item: StreamEvent | Failed | None) -> None:
        if not self._left.is_set() and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, item)

    async def next(self) -> StreamEvent | None:
        """The next event, None after the last one. Raises what the generator raised."""
        item = await self._queue.get()
        if isinstance(item, Exception):
            raise item
        return item

    async def first(self) -> StreamEvent | None:
        """The first event, for which the status line waits: what fails before it gets a status."""
        try:
            return await self.next()
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Tell the thread that nobody reads any more; it ends at the generator's next event."""
        self._left.set()


async def server_sent_events(
    first: StreamEvent | None,
    queue: EventQueue,
    *,
    heartbeat_s: float,
    problem_of: Callable[[Exception], dict[str, Any]],
) -> AsyncIterator[bytes]:
    """The wire form of `first` and of all that follows it in the queue."""
    try:
        event = first
        while event is not None:
            for name, data in wire_events(event):
                yield sse(name, data)
            waiting = asyncio.ensure_future(queue.next())
            try:
                while not (await asyncio.wait({waiting}, timeout=heartbeat_s))[0]:
                    yield b": still at work\n\n"
                event = waiting.result()
            finally:
                waiting.cancel()
    except Exception as error:  # the HTTP edge: after the status line only an event can tell
        yield sse("error", problem_of(error))
    finally:
        queue.leave()


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
