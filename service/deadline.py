"""How long an answer may still take, and whether anybody waits for it. Knows no stage's work.

A Python thread can't be ended from outside: whoever answers asks here between two pieces of work.
"""

import math
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from indexer.errors import WenjuError

_P = ParamSpec("_P")
_T = TypeVar("_T")


class AnswerTimedOut(WenjuError):
    """The answer, or one stage of it, took longer than it may."""

    code = "answer_timed_out"


class AnswerAbandoned(WenjuError):
    """Nobody waits for the answer any more. Ends the work; no caller ever sees it."""

    code = "answer_abandoned"


class Deadline:
    """`total_s` for the answer in all, `stage_s` for each stage that was begun with a limit."""

    def __init__(self, total_s: float = math.inf, stage_s: float = math.inf) -> None:
        self._total_s = total_s
        self._stage_s = stage_s
        self._until = time.monotonic() + total_s
        self._stage = "start"
        self._stage_until = math.inf
        self._is_cancelled = threading.Event()

    @property
    def left_s(self) -> float:
        """What is left of the whole, at least 0; `inf` without a limit."""
        return max(0.0, self._until - time.monotonic())

    def begin(self, stage: str, *, limited: bool = True) -> None:
        """Go on to the next stage. Raises: as `check`."""
        self.check()
        self._stage = stage
        self._stage_until = time.monotonic() + self._stage_s if limited else math.inf

    def cancel(self) -> None:
        """Nobody waits any more; from any thread."""
        self._is_cancelled.set()

    def check(self) -> None:
        """Raises: AnswerAbandoned, AnswerTimedOut."""
        if self._is_cancelled.is_set():
            raise AnswerAbandoned("nobody waits for this answer any more", hint="ask again")
        now = time.monotonic()
        if now > self._until:
            raise timed_out(self._total_s)
        if now > self._stage_until:
            raise AnswerTimedOut(
                f"the stage {self._stage!r} took more than {self._stage_s:g} s",
                hint="try again later, ask a shorter question, or raise WENJU_STAGE_TIMEOUT_S",
            )

    def checked(self, function: Callable[_P, _T]) -> Callable[_P, _T]:
        """`function`, which first checks. For what is called again and again within a stage."""

        @wraps(function)
        def in_time(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            self.check()
            return function(*args, **kwargs)

        return in_time


def timed_out(total_s: float) -> AnswerTimedOut:
    return AnswerTimedOut(
        f"the answer took more than {total_s:g} s",
        hint="try again later, ask a shorter question, or raise WENJU_ANSWER_TIMEOUT_S",
    )
