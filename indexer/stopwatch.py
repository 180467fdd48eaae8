"""Where the time of a build goes. Knows no stage by name."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Stopwatch:
    """Seconds by stage, in the order in which the stages were first entered."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._started = time.perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.add({name: time.perf_counter() - started})

    def add(self, seconds: Mapping[str, float]) -> None:
        """What another process spent at the same time: the sum may be more than has gone by."""
        for name, spent in seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + spent

    @property
    def elapsed_s(self) -> float:
        """Since the stopwatch was made."""
        return time.perf_counter() - self._started
