"""What was worked out and is likely to be asked for again, up to a bound. Knows no text, no index.

Serves many threads; no lock is held while something is worked out, so two may do the same work.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")

_ENTRY = 100
"""What an entry counts beside its size: an empty text takes room, too."""

_SHARE = 8
"""What is larger than this part of the bound isn't kept: it would push out everything else."""


class Kept(Generic[Key, Made]):
    """The values asked for last, whose sizes together stay within `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._values: OrderedDict[Key, tuple[Made, int]] = OrderedDict()
        self._lock = Lock()

    @property
    def size(self) -> int:
        return self._size

    def get(self, key: Key, make: Callable[[], Made], size: Callable[[Made], int]) -> Made:
        """The value of `key`, made where it is not there. What `make` raises is not kept."""
        with self._lock:
            if (found := self._values.get(key)) is not None:
                self._values.move_to_end(key)
                return found[0]
        made = make()
        counted = size(made) + _ENTRY
        if counted * _SHARE <= self._most:
            self._keep(key, made, counted)
        return made

    def _keep(self, key: Key, made: Made, counted: int) -> None:
        with self._lock:
            if key in self._values:  # another thread was quicker
                return
            self._values[key] = (made, counted)
            self._size += counted
            while self._size > self._most:
                _, (_, gone) = self._values.popitem(last=False)
                self._size -= gone


def remembered(most_chars: int) -> Callable[[Callable[[str], Made]], Callable[[str], Made]]:
    """Keep what a pure function made of the last texts that it was given, `most_chars` in all.

    The function's value must not be changed by who gets it.
    """

    def keeping(make: Callable[[str], Made]) -> Callable[[str], Made]:
        kept: Kept[str, Made] = Kept(most_chars)

        @wraps(make)
        def made_once(text: str) -> Made:
            return kept.get(text, lambda: make(text), lambda _: len(text))

        return made_once

    return keeping
