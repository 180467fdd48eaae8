"""Many callers at once over real sockets: what they get, how soon, and what memory it takes; and
how soon the service is free again when its callers vanish.

A caller asks, waits for its answer and asks again; one that is sent away comes again as late as it
was told. Knows no gold: the questions are given, or sentences of the index's documents.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from eval.bench.processes import BenchFailed, Serving, resident_bytes_of, serving
from eval.bench.scale import sample_questions
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from indexer.errors import InvalidRequest
from indexer.index.store import open_index

FREED_WITHIN_S = 1.0
MEMORY_EVERY_S = 10.0
SENT_AWAY = frozenset({429, 503})
_MOST_DOCUMENTS = 500  # that questions are drawn from
_QUESTIONS = 200
_LONGEST_WAIT_S = 5.0  # of what Retry-After says: more would take callers out of a short run
_ANSWER_WITHIN_S = 120.0
_GAUGES = ("wenju_answers_running", "wenju_answers_waiting")


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """`errors` are transport errors, other statuses, and refusals that name no time to come again.

    `freed_s` is how long after `vanished` callers had gone the last slot was free; None if there
    were none. `memory` is (seconds, resident bytes).
    """

    clients: int
    seconds: float
    answered: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statuses: dict[str, int]
    errors: tuple[str, ...]
    memory: tuple[tuple[float, int], ...]
    vanished: int
    freed_s: float | None

    @property
    def is_clean(self) -> bool:
        return not self.errors and (self.freed_s is None or self.freed_s <= FREED_WITHIN_S)


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
    clients: int,
    seconds: float,
    vanishing: int,
    say: Callable[[str], None],
) -> LoadFigures:
    """Serve an index and ask it, by `clients` at once for `seconds`.

    Raises: BenchFailed, InvalidRequest, and what keeps the index from opening.
    """
    asked = list(questions) or questions_of(index)
    with serving(index) as service:
        say(f"{clients} callers ask {len(asked)} questions for {seconds:g} s")
        # In a thread of its own, whose loop it is, whatever loop the caller's thread may run.
        with ThreadPoolExecutor(1) as thread:
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
    clients: int,
    seconds: float,
    vanishing: int,
    say: Callable[[str], None],
) -> LoadFigures:
    seen = _Seen()
    limits = httpx.Limits(max_connections=clients + 1, max_keepalive_connections=clients + 1)
    async with httpx.AsyncClient(
        base_url=service.url, timeout=_ANSWER_WITHIN_S, trust_env=False, limits=limits
    ) as http:
        started = time.perf_counter()
        watch = asyncio.create_task(_watch(service.pid, started, seen))
        until = started + seconds
        await asyncio.gather(
            *(_caller(http, questions[n % len(questions) :], until, seen) for n in range(clients))
        )
        took_s = time.perf_counter() - started
        watch.cancel()
        freed_s = None
        if vanishing:
            say(f"{vanishing} streaming callers vanish")
            freed_s = await _vanish(http, service.url, questions, vanishing)
    times = seen.answers_ms or [0.0]
    return LoadFigures(
        clients=clients,
        seconds=round(took_s, 1),
        answered=len(seen.answers_ms),
        per_second=len(seen.answers_ms) / took_s,
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
        p99_ms=percentile(times, 0.99),
        statuses=dict(sorted(seen.statuses.items())),
        errors=tuple(seen.errors),
        memory=tuple(seen.memory),
        vanished=vanishing,
        freed_s=freed_s,
    )


async def _caller(
    http: httpx.AsyncClient, questions: Sequence[str], until: float, seen: _Seen
) -> None:
    turn = 0
    while time.perf_counter() < until:
        body = {"question": questions[turn % len(questions)]}
        turn += 1
        started = time.perf_counter()
        try:
            answer = await http.post("/v1/ask", json=body)
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
    statuses = ", ".join(f"{status}: {count}" for status, count in figures.statuses.items())
    shown = {
        "callers": f"{figures.clients}, for {figures.seconds:g} s",
        "answers": f"{figures.answered}, {figures.per_second:.1f} a second",
        "time of an answer": f"p50 {figures.p50_ms:.0f}, p95 {figures.p95_ms:.0f}, "
        f"p99 {figures.p99_ms:.0f} ms",
        "statuses": statuses,
        "errors": str(len(figures.errors)),
        "memory": ", ".join(f"{at:.0f} s {size / 2**20:.0f} MiB" for at, size in figures.memory),
    }
    if figures.freed_s is not None:
        shown["free after"] = f"{figures.freed_s:.2f} s, when {figures.vanished} had vanished"
    return shown
