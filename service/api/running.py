"""Work on answers: in a thread each, within the slots, no longer than it may, and only as long as
somebody waits. Knows no search and no wire format.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from fastapi import Request
from starlette.types import Receive

from service.api.problems import ClientGone
from service.api.slots import Slot, Slots, shutting_down
from service.deadline import AnswerAbandoned, Deadline, timed_out

_T = TypeVar("_T")

Work = Callable[[Deadline], Iterator[_T]]

_LATE_S = 1.0  # how long after its time a thread that doesn't look at the clock is waited for
_ENDS_BEFORE_S = 0.8  # of the grace: what is left is for telling it to the callers


class Running(Generic[_T]):
    """The items of one generator, pulled in a daemon thread, read in the event loop."""

    def __init__(
        self,
        work: Work[_T],
        deadline: Deadline,
        slot: Slot,
        leaving: Callable[["Running[_T]"], None],
    ) -> None:
        self._work = work
        self._deadline = deadline
        self._slot = slot
        self._leaving = leaving
        self._loop = asyncio.get_running_loop()
        self._items: asyncio.Queue[_T | Exception | None] = asyncio.Queue()
        self._left = threading.Event()
        # A daemon, so that a model that hangs can't keep the process from ending.
        # In a copy of the context, so that what it logs names the request.
        context = copy_context()
        threading.Thread(target=context.run, args=(self._pump,), name="answer", daemon=True).start()

    def _pump(self) -> None:
        items: Iterator[_T] = iter(())
        try:
            items = self._work(self._deadline)
            for item in items:
                if self._left.is_set():
                    break
                self._in_loop(self._items.put_nowait, item)
            self._in_loop(self._items.put_nowait, None)
        except AnswerAbandoned:  # its reader has gone; `fail` has told why
            pass
        except Exception as error:  # handed to the HTTP edge, which shows or logs it
            self._in_loop(self._items.put_nowait, error)
        finally:
            close = getattr(items, "close", None)  # generators have it, iterators need not
            if close is not None:
                close()
            self._in_loop(self._slot.end)

    def _in_loop(self, function: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server has ended
            self._loop.call_soon_threadsafe(function, *arguments)

    async def next(self) -> _T | None:
        """The next item, None after the last one. Raises what the generator or `fail` raised."""
        item = await self._items.get()
        if isinstance(item, Exception):
            raise item
        return item

    def fail(self, error: Exception) -> None:
        """End it with an error for whoever reads, and tell the thread that nobody does any more."""
        self._items.put_nowait(error)
        self.leave()

    def leave(self) -> None:
        """Tell the thread that nobody reads any more; it ends where it next looks."""
        self._leaving(self)
        self._left.set()
        self._deadline.cancel()
        self._slot.leave()


class Runner:
    """Starts work, bounded by `slots`; `total_s` is its time in all, `stage_s` that of a stage."""

    def __init__(self, slots: Slots, total_s: float, stage_s: float) -> None:
        self.slots = slots
        self._total_s = total_s
        self._stage_s = stage_s
        self._live: dict[Running[Any], asyncio.TimerHandle] = {}

    async def start(self, request: Request, work: Work[_T]) -> tuple[_T | None, Running[_T]]:
        """The first item and what the others are read from, which must be left when done.

        Raises: Busy, ShuttingDown, ClientGone, and what the work raises before its first item.
        """
        return await _unless_gone(request.receive, self._start(work))

    async def last(self, request: Request, work: Work[_T]) -> _T:
        """The last item of work that has one. Raises: as `start`, and all that the work raises."""
        return await _unless_gone(request.receive, self._last(work))

    def close(self, grace_s: float) -> None:
        """Begin nothing more; what runs may end within the grace, else it fails shortly before."""
        self.slots.close()
        asyncio.get_running_loop().call_later(grace_s * _ENDS_BEFORE_S, self._end_all)

    def _end_all(self) -> None:
        for running in list(self._live):
            running.fail(shutting_down())

    async def _start(self, work: Work[_T]) -> tuple[_T | None, Running[_T]]:
        slot = await self.slots.take()
        deadline = Deadline(self._total_s, self._stage_s)
        running = Running(work, deadline, slot, self._forget)
        self._live[running] = asyncio.get_running_loop().call_later(
            self._total_s + _LATE_S, running.fail, timed_out(self._total_s)
        )
        try:
            return await running.next(), running
        except BaseException:
            running.leave()
            raise

    async def _last(self, work: Work[_T]) -> _T:
        last, running = await self._start(work)
        try:
            if last is None:
                raise AssertionError("this work has at least one item")
            while (item := await running.next()) is not None:
                last = item
            return last
        finally:
            running.leave()

    def _forget(self, running: Running[Any]) -> None:
        late = self._live.pop(running, None)
        if late is not None:
            late.cancel()


async def _unless_gone(receive: Receive, waiting: Coroutine[Any, Any, _T]) -> _T:
    """The result, if the caller is still there when it comes; else it is cancelled."""
    task = asyncio.ensure_future(waiting)
    gone = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone("the caller has gone", hint="ask again")
        return task.result()
    finally:
        task.cancel()
        gone.cancel()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def runner_of(request: Request) -> Runner:
    runner: Runner = request.app.state.runner
    return runner
