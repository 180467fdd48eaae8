"""How many answers a second the service gives to 1, 2, 4 and 30 clients at once, how long each
takes, and what of the processor: beside a route that does nothing, in the same run.

Over real sockets, each client with a connection of its own that asks on as soon as it is answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import httpx

from eval.bench.processes import BenchFailed, Serving, cpu_seconds_of, serving
from eval.bench.scale import WARM_UP
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from indexer.errors import InvalidRequest

CLIENTS = (1, 2, 4, 30)
_NOTHING = "/healthz"
_TIMEOUT_S = 120.0

Ask = Callable[[httpx.Client], httpx.Response]


@dataclass(frozen=True, slots=True)
class Level:
    """So many clients at once. Round trips in ms; `cpu_ms` is the service's own, a request."""

    clients: int
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """`answers` and `empty` are by the number of clients, in the order of `CLIENTS`."""

    answers: tuple[Level, ...]
    empty: tuple[Level, ...]
    peak_bytes: int

    @property
    def gain(self) -> float:
        """Answers a second of the most clients over those of one."""
        return self.answers[-1].per_second / self.answers[0].per_second

    @property
    def over_empty(self) -> float:
        """How many times as long as the route that does nothing one answer takes, at the median."""
        return self.answers[0].p50_ms / self.empty[0].p50_ms


def measure(
    index: Path,
    questions: Sequence[str],
    say: Callable[[str], None],
    clients: Sequence[int] = CLIENTS,
) -> LoadFigures:
    """Start the service over an index and ask it every question once at each number of clients.

    Raises: InvalidRequest without a question, BenchFailed.
    """
    if not questions:
        raise InvalidRequest("there is no question", hint="give a file with one a line")
    asks = [_asking(question) for question in questions]
    with serving(index) as service:
        say(f"warming up with {len(asks[:WARM_UP])} questions")
        at_once(service, asks[:WARM_UP], 1)
        answers, empty = [], []
        for number in clients:
            say(f"{len(asks)} questions of {number} clients")
            answers.append(at_once(service, asks, number))
            empty.append(at_once(service, [_nothing] * len(asks), number))
        return LoadFigures(tuple(answers), tuple(empty), service.peak_bytes())


def at_once(service: Serving, asks: Sequence[Ask], clients: int) -> Level:
    """All requests, by so many clients, each taking the next one. Raises: BenchFailed."""
    waiting: SimpleQueue[Ask] = SimpleQueue()
    for ask in asks:
        waiting.put(ask)
    cpu, started = cpu_seconds_of(service.pid), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        told = [pool.submit(_work_off, service.url, waiting) for _ in range(clients)]
        times = [each for client in told for each in client.result()]
    seconds = time.perf_counter() - started
    return Level(
        clients=clients,
        requests=len(times),
        per_second=len(times) / seconds,
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
        cpu_ms=(cpu_seconds_of(service.pid) - cpu) * 1000 / len(times),
    )


def _work_off(url: str, waiting: SimpleQueue[Ask]) -> list[float]:
    """One client, until nothing waits: its round trips in ms. Raises: BenchFailed."""
    times: list[float] = []
    with httpx.Client(base_url=url, timeout=_TIMEOUT_S, trust_env=False) as client:
        while True:
            try:
                ask = waiting.get_nowait()
            except Empty:
                return times
            started = time.perf_counter()
            try:
                ask(client).raise_for_status()
            except httpx.HTTPError as error:
                raise BenchFailed(
                    f"under load: {error}", hint="an error has no time: mend it and run again"
                ) from error
            times.append((time.perf_counter() - started) * 1000)


def _asking(question: str) -> Ask:
    return lambda client: client.post("/v1/ask", json={"question": question})


def _nothing(client: httpx.Client) -> httpx.Response:
    return client.get(_NOTHING)


def record(figures: LoadFigures, settings: dict[str, Any]) -> dict[str, Any]:
    told = {**asdict(figures), "gain": figures.gain, "over_empty": figures.over_empty}
    return {"code": code_version(), "settings": settings, "figures": told}


def rows(figures: LoadFigures) -> dict[str, str]:
    """The figures as they are read."""
    shown = {}
    for name, levels in (("answers", figures.answers), ("empty route", figures.empty)):
        for each in levels:
            shown[f"{name}, {each.clients} at once"] = (
                f"{each.per_second:.1f}/s, p50 / p95 {each.p50_ms:.1f} / {each.p95_ms:.1f} ms, "
                f"cpu {each.cpu_ms:.1f} ms"
            )
    return {
        **shown,
        "most clients over one": f"{figures.gain:.2f}",
        "one answer over the empty route": f"{figures.over_empty:.0f}",
        "peak memory": f"{figures.peak_bytes / 2**20:.0f} MiB",
    }
