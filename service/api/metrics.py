"""GET /metrics: what the service does, as Prometheus reads it. Nothing of questions or answers."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from indexer.errors import WenjuError
from service.access.principal import Principal, Role
from service.api.openapi import problems
from service.api.problems import Forbidden
from service.api.state import Collections, collections_of, require

if TYPE_CHECKING:
    from service.records import Answer, SearchResult

router = APIRouter(tags=["health"])

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0)


class Metrics:
    """Counters and histograms of one application, in a registry of their own. From any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "wenju_requests",
            "Requests by route, method and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "wenju_request_seconds",
            "Time from a request's head to the end of its response.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._stage_seconds = Histogram(
            "wenju_stage_seconds",
            "Time of each stage of an answer or a search.",
            ["kind", "stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._answers = Counter("wenju_answers", "Answers, refusals too.", registry=self.registry)
        self._refusals = Counter(
            "wenju_refusals",
            "Questions without an answer, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self._rejected = Counter(
            "wenju_rejected", "Requests turned away, by reason.", ["reason"], registry=self.registry
        )

    def requested(self, route: str, method: str, status: int, seconds: float) -> None:
        self._requests.labels(route, method, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def rejected(self, reason: str) -> None:
        self._rejected.labels(reason).inc()

    def answered(self, answer: "Answer") -> None:
        self._answers.inc()
        if answer.abstention is not None:
            self._refusals.labels(answer.abstention.reason.value).inc()
        self._took("ask", answer.timings_ms)

    def searched(self, result: "SearchResult") -> None:
        self._took("search", result.timings_ms)

    def watch(self, name: str, description: str, now: Callable[[], float]) -> None:
        """A gauge that is read whenever it is asked for."""
        Gauge(name, description, registry=self.registry).set_function(now)

    def _took(self, kind: str, timings_ms: dict[str, float]) -> None:
        for stage, milliseconds in timings_ms.items():
            self._stage_seconds.labels(kind, stage).observe(milliseconds / 1000)


@router.get(
    "/metrics",
    response_class=Response,
    summary="Metrics, for Prometheus",
    responses={
        200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}},
        **problems(Forbidden),
    },
)
def metrics(request: Request) -> Response:
    """What the service does, in the text format of Prometheus; of the collections, those that the
    caller may see. Needs the role admin where there are keys; a key for some collections gets
    their figures alone.
    """
    principal = require(request, Role.ADMIN)
    shown = generate_latest(_of_indexes(collections_of(request), principal))
    if principal.collections is None:  # what is counted comes from all of them
        shown = generate_latest(metrics_of(request).registry) + shown
    return Response(shown, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def metrics_of(request: Request) -> Metrics:
    found: Metrics = request.app.state.metrics
    return found


def _of_indexes(collections: Collections, caller: Principal) -> CollectorRegistry:
    """Made anew for each caller, as each may see other collections."""
    registry = CollectorRegistry()
    gauges = {
        name: Gauge(f"wenju_index_{name}", description, ["collection"], registry=registry)
        for name, description in (
            ("up", "1 if the collection can be asked, else 0."),
            ("documents", "Documents that may answer."),
            ("passages", "Passages in the index."),
            ("bytes", "Size of the index folder."),
            ("age_seconds", "Time since the generation was made that answers now."),
        )
    }
    for name in collections.visible(caller):
        for gauge, value in _of_index(collections, name, caller):
            gauges[gauge].labels(name).set(value)
    return registry


def _of_index(
    collections: Collections, name: str, caller: Principal
) -> Iterator[tuple[str, float]]:
    try:
        reader = collections.get(name, caller).reader
        documents = len(reader.select().documents)
    except WenjuError:
        yield "up", 0
        return
    yield "up", 1
    yield "documents", documents
    yield "passages", reader.passage_count
    yield "bytes", _folder_bytes(reader.index_dir)
    made = datetime.fromisoformat(reader.manifest.created_at).timestamp()
    yield "age_seconds", max(0.0, time.time() - made)


def _folder_bytes(folder: Path) -> int:
    """Size of all files; one that a writer takes away meanwhile counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
