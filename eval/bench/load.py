"""Clients at once over real sockets, at several numbers of them: what they get, how soon, what of
processor and memory it takes, beside a route that does nothing; and how soon the service is free
again when its callers vanish.

A client asks, waits for its answer and asks again, on a connection of its own; one that is sent
away comes again as late as it was told. Knows no gold: the questions are given, or sentences of the
index's documents.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from eval.bench.processes import (
    BenchFailed,
    Serving,
    cpu_seconds_of,
    resident_bytes_of,
    serving,
)
from eval.bench.scale import WARM_UP, sample_questions
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from indexer.errors import InvalidRequest
from indexer.index.store import open_index

CLIENTS = (1, 2, 4, 30, 200)
FREED_WITHIN_S = 1.0
MEMORY_EVERY_S = 10.0
SENT_AWAY = frozenset({429, 503})
_MOST_DOCUMENTS = 500  # that questions are drawn from
_QUESTIONS = 200
_LONGEST_WAIT_S = 5.0  # of what Retry-After says: more would take callers out of a short run
_ANSWER_WITHIN_S = 120.0
_EMPTY_S = 5.0
_GAUGES = ("wenju_answers_running", "wenju_answers_waiting")

Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


@dataclass(frozen=True, slots=True)
class Level:
    """So many clients at once. Round trips of answers in ms; `cpu_ms` is the service's own, a
    request. `errors` are transport errors, other statuses, and refusals that name no time to come
    again. `memory` is (seconds, resident bytes).
    """

    clients: int
    seconds: float
    answered: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms: float
    statuses: dict[str, int]
    errors: tuple[str, ...]
    memory: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """`levels` in the order asked for; `empty` is a route that does nothing, asked by one client.

    `freed_s` is how long after `vanished` callers had gone the last slot was free; None if there
    were none.
    """

    levels: tuple[Level, ...]
    empty: Level
    vanished: int
    freed_s: float | None

    @property
    def is_clean(self) -> bool:
        errors = any(level.errors for level in self.levels)
        return not errors and (self.freed_s is None or self.freed_s <= FREED_WITHIN_S)


@dataclass(slots=True)
class _Seen:
    """What the callers have got so far."""

    answers_ms: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)


def measure(
    index: Path,
    questions: Sequence[str],
    clients: Sequence[int],
    seconds: float,
    vanishing: int,
    say: Callable[[str], None],
) -> LoadFigures:
    """Serve an index and ask it, for `seconds` at each number of clients.

    Raises: BenchFailed, InvalidRequest, and what keeps the index from opening.
    """
    asked = list(questions) or questions_of(index)
    # In a thread of its own, whose loop it is, whatever loop the caller's thread may run.
    with serving(index) as service, ThreadPoolExecutor(1) as thread:
        steps = _measure(service, asked, clients, seconds, vanishing, say)
        return thread.submit(asyncio.run, steps).result()


def questions_of(index: Path) -> list[str]:
    """Sentences of the documents of an index. Raises: InvalidRequest if there are none."""
    reader = open_index(index)
    try:
        page = reader.documents(_MOST_DOCUMENTS, None, reader.select())
        texts = [reader.text(each.document.document_id, 0, 5_000) for each in page.documents]
    finally:
        reader.close()
    drawn = sample_questions(texts, _QUESTIONS, seed=0)
    if not drawn:
        raise InvalidRequest(
            "the index holds no sentence that could be asked", hint="give --questions FILE"
        )
    return drawn


async def _measure(
    service: Serving,
    questions: Sequence[str],
    clients: Sequence[int],
    seconds: float,
    vanishing: int,
    say: Callable[[str], None],
) -> LoadFigures:
    most = max(clients) + 1
    asks = [_asking(question) for question in questions]
    async with httpx.AsyncClient(
        base_url=service.url,
        timeout=_ANSWER_WITHIN_S,
        trust_env=False,
        limits=httpx.Limits(max_connections=most, max_keepalive_connections=most),
    ) as http:
        say("warming up")
        for ask in asks[:WARM_UP]:
            await ask(http)
        empty = await at_once(http, service.pid, [_nothing], 1, min(seconds, _EMPTY_S))
        levels = []
        for number in clients:
            say(f"{number} clients ask {len(asks)} questions for {seconds:g} s")
            levels.append(await at_once(http, service.pid, asks, number, seconds))
        freed_s = None
        if vanishing:
            say(f"{vanishing} streaming callers vanish")
            freed_s = await _vanish(http, service.url, questions, vanishing)
    return LoadFigures(tuple(levels), empty, vanishing, freed_s)


async def at_once(
    http: httpx.AsyncClient, pid: int, asks: Sequence[Ask], clients: int, seconds: float
) -> Level:
    """So many clients for a while, each beginning with another one of `asks`."""
    seen = _Seen()
    cpu, started = cpu_seconds_of(pid), time.perf_counter()
    watch = asyncio.create_task(_watch(pid, started, seen))
    until = started + seconds
    await asyncio.gather(
        *(_caller(http, [*asks[n % len(asks) :], *asks], until, seen) for n in range(clients))
    )
    took_s = time.perf_counter() - started
    watch.cancel()
    times = seen.answers_ms or [0.0]
    return Level(
        clients=clients,
        seconds=round(took_s, 1),
        answered=len(seen.answers_ms),
        per_second=len(seen.answers_ms) / took_s,
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
        p99_ms=percentile(times, 0.99),
        cpu_ms=(cpu_seconds_of(pid) - cpu) * 1000 / max(1, seen.statuses.total()),
        statuses=dict(sorted(seen.statuses.items())),
        errors=tuple(seen.errors),
        memory=tuple(seen.memory),
    )


async def _caller(http: httpx.AsyncClient, asks: Sequence[Ask], until: float, seen: _Seen) -> None:
    for ask in cycle(asks):
        started = time.perf_counter()
        if started >= until:
            return
        try:
            answer = await ask(http)
        except httpx.HTTPError as error:
            seen.statuses["none"] += 1
            seen.errors.append(f"{type(error).__name__}: {error}")
            continue
        seen.statuses[str(answer.status_code)] += 1
        if answer.status_code == 200:
            seen.answers_ms.append((time.perf_counter() - started) * 1000)
            continue
        wait = answer.headers.get("retry-after", "")
        if answer.status_code not in SENT_AWAY or not wait.isdecimal():
            seen.errors.append(f"{answer.status_code}: {answer.text[:200]}")
            continue
        left_s = until - time.perf_counter()
        await asyncio.sleep(max(0.0, min(float(wait), _LONGEST_WAIT_S, left_s)))


def _asking(question: str) -> Ask:
    return lambda http: http.post("/v1/ask", json={"question": question})


def _nothing(http: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    return http.get("/healthz")


async def _watch(pid: int, started: float, seen: _Seen) -> None:
    while True:
        seen.memory.append((round(time.perf_counter() - started, 1), resident_bytes_of(pid)))
        await asyncio.sleep(MEMORY_EVERY_S)


async def _vanish(
    http: httpx.AsyncClient, url: str, questions: Sequence[str], vanishing: int
) -> float:
    """Begin so many streams, abort them all once the first has said something, and wait until
    nothing is at work for them. Raises: BenchFailed after a while.
    """
    at = urlsplit(url)
    opened = []
    for n in range(vanishing):
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        body = json.dumps({"question": questions[n % len(questions)], "stream": True}).encode()
        writer.write(
            b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        opened.append((reader, writer))
    reads = [asyncio.create_task(reader.read(64)) for reader, _ in opened]
    await asyncio.wait(reads, timeout=_ANSWER_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
    for _, writer in opened:
        writer.transport.abort()
    gone = time.perf_counter()
    await asyncio.gather(*reads, return_exceptions=True)
    while (busy := await _busy(http)) > 0:
        if time.perf_counter() - gone > _ANSWER_WITHIN_S:
            raise BenchFailed(
                f"{busy:g} slots are still taken by callers who have gone",
                hint="look at wenju_answers_… in /metrics",
            )
        await asyncio.sleep(0.02)
    return time.perf_counter() - gone


async def _busy(http: httpx.AsyncClient) -> float:
    """Answers at work and in the queue, as the service tells it."""
    lines = (await http.get("/metrics")).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(_GAUGES))


def record(figures: LoadFigures, settings: dict[str, Any]) -> dict[str, Any]:
    return {"code": code_version(), "settings": settings, "figures": asdict(figures)}


def rows(figures: LoadFigures) -> dict[str, str]:
    """The figures as they are read."""
    shown = {"a route that does nothing": _times(figures.empty)}
    for each in figures.levels:
        sizes = [size / 2**20 for _, size in each.memory]
        statuses = ", ".join(f"{status}: {count}" for status, count in each.statuses.items())
        shown[f"{each.clients} at once"] = (
            f"{_times(each)}\n{statuses}; {len(each.errors)} errors; memory {sizes[0]:.0f} MiB at "
            f"first, {max(sizes):.0f} at most, {sizes[-1]:.0f} at last"
        )
    if figures.freed_s is not None:
        shown["free after"] = f"{figures.freed_s:.2f} s, when {figures.vanished} had vanished"
    return shown


def _times(level: Level) -> str:
    return (
        f"{level.per_second:.1f}/s, p50 / p95 / p99 {level.p50_ms:.1f} / {level.p95_ms:.1f} / "
        f"{level.p99_ms:.1f} ms, cpu {level.cpu_ms:.1f} ms"
    )
