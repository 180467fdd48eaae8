"""A service killed at random instants while documents come and go: is anything lost?

A client uploads, replaces and deletes, and remembers what was acknowledged. The service is killed
(SIGKILL) in the middle of it and started again, on the same folders. In the end what answers must
be what was acknowledged last; what was not acknowledged may have happened or not, but never half.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

from eval.bench.processes import Serving, serving
from eval.runs.files import code_version
from indexer.errors import IndexMissing
from indexer.index.verify import verify_index

_NAMES = tuple(f"夹{n % 3}/文{n}.txt" for n in range(9))
_SOONEST_S, _LATEST_S = 0.05, 4.0  # of the kill, from the first request
_PAUSE_S = 0.4  # between requests, at most: so that documents get in to be deleted
_CHECK_EVERY = 10  # kills
_SETTLES_WITHIN_S = 1800.0
_SETTINGS = {"WENJU_EMBEDDER": "builtin"}


@dataclass(slots=True)
class UploadFigures:
    """Counts over all rounds, and seconds."""

    kills: int = 0
    uploads: int = 0  # files whose upload was acknowledged
    deletes: int = 0  # that were acknowledged
    open_jobs: int = 0  # jobs that a kill cut short
    lost: int = 0  # documents that were acknowledged and are not there, or not as they were sent
    ghosts: int = 0  # documents that are there though their deletion was acknowledged
    failed: int = 0  # jobs that a kill made fail
    damaged: int = 0  # what `verify` says of the index
    slowest_start_s: float = 0.0
    trouble: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.trouble


@dataclass(slots=True)
class Sender:
    """What was acknowledged by name, None for a deletion; and what may have happened besides."""

    draws: random.Random
    figures: UploadFigures
    sure: dict[str, str | None] = field(default_factory=dict)
    perhaps: dict[str, set[str | None]] = field(default_factory=dict)
    sent: int = 0

    def go_on(self, url: str) -> None:
        """Send until the service is gone."""
        with httpx.Client(base_url=url, timeout=60) as http:
            while True:
                try:
                    self._once(http)
                    time.sleep(self.draws.uniform(0, _PAUSE_S))
                except httpx.TransportError:
                    return

    def _once(self, http: httpx.Client) -> None:
        names = self.draws.sample(_NAMES, self.draws.randint(1, 3))
        if self.draws.random() < 0.3:
            self._delete(http, names[0])
            return
        texts = {}
        for name in names:
            self.sent += 1
            texts[name] = f"第{self.sent}号\n\n第{self.sent}号库存{self.sent + 1000}箱。\n" * 20
        self._expect({**texts})
        answer = http.post(
            "/v1/documents", files=[("file", (name, text.encode())) for name, text in texts.items()]
        )
        if answer.status_code == 202:
            self.figures.uploads += len(texts)
            self._acknowledged({**texts})

    def _delete(self, http: httpx.Client, name: str) -> None:
        from indexer.files.walk import document_id

        self._expect({name: None})
        answer = http.delete(f"/v1/documents/{document_id(name)}")
        if answer.status_code == 204:
            self.figures.deletes += 1
            self._acknowledged({name: None})
        else:  # it is not there yet
            self.perhaps[name].discard(None)

    def _expect(self, states: dict[str, str | None]) -> None:
        for name, text in states.items():
            self.perhaps.setdefault(name, set()).add(text)

    def _acknowledged(self, states: dict[str, str | None]) -> None:
        for name, text in states.items():
            self.sure[name] = text
            self.perhaps[name] = set()

    def judge(self, found: dict[str, str], kills: int) -> None:
        """Compare with what answers now, from which it goes on."""
        for name in _NAMES:
            allowed = {self.sure.get(name), *self.perhaps.get(name, ())}
            state = found.get(name)
            if state not in allowed:
                is_ghost = state is not None and allowed == {None}
                self.figures.ghosts += is_ghost
                self.figures.lost += not is_ghost
                said = "a ghost" if is_ghost else "lost"
                self.figures.trouble.append(f"after {kills} kills: {name} is {said}")
            self.sure[name], self.perhaps[name] = state, set()


def measure(
    root: Path, kills: int, seed: int, tell: Callable[[str], object] = lambda _: None
) -> UploadFigures:
    """Kill a service so many times. `root` is a new folder. Raises: BenchFailed."""
    figures = UploadFigures()
    draws = random.Random(seed)
    sender = Sender(draws, figures)
    while figures.kills < kills:
        with _started(root) as service:
            sending = threading.Thread(target=sender.go_on, args=(service.url,))
            sending.start()
            time.sleep(draws.uniform(_SOONEST_S, _LATEST_S))
            os.kill(service.pid, signal.SIGKILL)
            sending.join()
        figures.kills += 1
        if figures.kills % _CHECK_EVERY == 0 or figures.kills == kills:
            _check(root, figures, sender)
            tell(f"{figures.kills} kills, {len(figures.trouble)} troubles")
    return figures


def _started(root: Path) -> AbstractContextManager[Serving]:
    return serving(root / "index", state=root / "state", settings=_SETTINGS, until="/healthz")


def _check(root: Path, figures: UploadFigures, sender: Sender) -> None:
    with _started(root) as service, httpx.Client(base_url=service.url, timeout=60) as http:
        figures.slowest_start_s = max(figures.slowest_start_s, service.ready_s)
        figures.open_jobs += _settle(http, figures)
        sender.judge(_texts(http), figures.kills)
    try:
        problems = verify_index(root / "index").problems
    except IndexMissing:  # killed before the first was made
        return
    figures.damaged += len(problems)
    figures.trouble += [f"after {figures.kills} kills: {each}" for each in problems]


def _settle(http: httpx.Client, figures: UploadFigures) -> int:
    """Wait until no job is left; returns how many there were."""
    deadline = time.monotonic() + _SETTLES_WITHIN_S
    most = 0
    while True:
        answer = http.get("/v1/jobs", params={"limit": 500})
        jobs = answer.json()["jobs"] if answer.status_code == 200 else None
        if jobs is not None:
            waiting = [each for each in jobs if each["state"] in ("queued", "running")]
            most = max(most, len(waiting))
            if not waiting:
                failed = [each for each in jobs if each["state"] == "failed"]
                figures.failed = max(figures.failed, len(failed))
                figures.trouble += [f"failed: {each['problem']}" for each in failed]
                return most
        if time.monotonic() > deadline:
            figures.trouble.append(f"after {figures.kills} kills: jobs do not end")
            return most
        time.sleep(0.1)


def _texts(http: httpx.Client) -> dict[str, str]:
    """The originals of all documents, by source."""
    answer = http.get("/v1/documents", params={"limit": 500})
    if answer.status_code != 200:
        return {}
    return {
        each["source"]: http.get(f"/v1/documents/{each['document_id']}/original").text
        for each in answer.json()["documents"]
    }


def record(figures: UploadFigures, settings: dict[str, Any]) -> dict[str, Any]:
    return {"code": code_version(), "settings": settings, "figures": asdict(figures)}


def rows(figures: UploadFigures) -> dict[str, str]:
    """The figures as they are read."""
    return {
        "service killed": str(figures.kills),
        "files acknowledged": str(figures.uploads),
        "deletions acknowledged": str(figures.deletes),
        "jobs gone on with": str(figures.open_jobs),
        "documents lost": str(figures.lost),
        "documents that came back": str(figures.ghosts),
        "jobs failed": str(figures.failed),
        "damage to the index": str(figures.damaged),
        "slowest start": f"{figures.slowest_start_s:.1f} s",
    }
