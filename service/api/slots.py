"""How many answers are worked on at once, and how many wait for their turn. Knows no HTTP.

All of it runs in the event loop, so that no lock is needed.
"""

import asyncio
import contextlib
import math
from collections import deque
from collections.abc import Callable

from service.api.problems import Busy, ShuttingDown

FREED_WITHIN_S = 0.5  # after its caller has gone, though its thread may still be at work
STRAYS_PER_SLOT = 4  # abandoned threads that are let be; beyond, slots stay taken
_LONGEST_RETRY_S = 60


class Slots:
    """`most` at once; `most_waiting` more wait, first come first served, `longest_wait_s` each.

    `rejected` hears a word for each that is turned away.
    """

    def __init__(
        self,
        most: int,
        most_waiting: int,
        longest_wait_s: float,
        rejected: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._most = most
        self._most_waiting = most_waiting
        self._longest_wait_s = longest_wait_s
        self._rejected = rejected
        self._queue: deque[asyncio.Future[Slot]] = deque()
        self._mean_s = 1.0  # how long a slot is held, lately
        self._is_closed = False
        self.running = 0
        self.strays = 0  # abandoned, and still at work

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def take(self) -> "Slot":
        """A slot, once it is free. Raises: Busy, ShuttingDown."""
        if self._is_closed:
            raise self._closing()
        if self._has_room() and not self._queue:
            return Slot(self)
        if len(self._queue) >= self._most_waiting:
            raise self._busy("queue_full", f"{len(self._queue)} questions are waiting already")
        turn: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            async with asyncio.timeout(self._longest_wait_s):
                return await turn
        except BaseException as error:
            # The slot may have come at the very moment that its taker left.
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                turn.result().end()
            if isinstance(error, TimeoutError):
                raise self._busy(
                    "waited_too_long", f"no answer could be begun within {self._longest_wait_s:g} s"
                ) from None
            raise
        finally:
            with contextlib.suppress(ValueError):  # whoever got the slot is out of the queue
                self._queue.remove(turn)

    def close(self) -> None:
        """Take nobody in any more, and send away those that wait."""
        self._is_closed = True
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_exception(self._closing())

    def retry_after_s(self) -> int:
        """When those before a newcomer will probably be through: 1 to 60 s."""
        ahead = (self.waiting + 1) * self._mean_s / self._most
        return max(1, min(_LONGEST_RETRY_S, math.ceil(ahead)))

    def _has_room(self) -> bool:
        return self.running < self._most and self.strays < self._most * STRAYS_PER_SLOT

    def _grant(self) -> None:
        while self._queue and self._has_room():
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(Slot(self))

    def _held(self, seconds: float) -> None:
        self._mean_s += 0.1 * (seconds - self._mean_s)

    def _busy(self, reason: str, message: str) -> Busy:
        self._rejected(reason)
        return Busy(message, hint="try again in a moment", retry_after_s=self.retry_after_s())

    def _closing(self) -> ShuttingDown:
        self._rejected("shutting_down")
        return shutting_down()


class Slot:
    """One of them, taken. `end` gives it back, `leave` does so soon, whatever its thread does."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._started = asyncio.get_running_loop().time()
        self._is_taken = True
        self._has_ended = False
        self._leaving: asyncio.TimerHandle | None = None
        slots.running += 1

    def end(self) -> None:
        """The work is over. Again: nothing."""
        if self._has_ended:
            return
        self._has_ended = True
        if self._leaving is not None:
            self._leaving.cancel()
        if self._is_taken:
            self._free()
        else:
            self._slots.strays -= 1
        self._slots._grant()

    def leave(self) -> None:
        """Nobody waits for the work. What doesn't end soon becomes a stray and frees its slot."""
        if not self._has_ended and self._leaving is None:
            loop = asyncio.get_running_loop()
            self._leaving = loop.call_later(FREED_WITHIN_S, self._stray)

    def _stray(self) -> None:
        self._free()
        self._slots.strays += 1
        self._slots._grant()

    def _free(self) -> None:
        self._is_taken = False
        self._slots.running -= 1
        self._slots._held(asyncio.get_running_loop().time() - self._started)


def shutting_down() -> ShuttingDown:
    return ShuttingDown(
        "the service is shutting down", hint="try again in a moment", retry_after_s=5
    )
