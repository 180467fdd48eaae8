"""The asking: every gold question over one answering path, each line kept as it comes in.

A question that crashes is a line like any other and counts as wrong. Knows no table and no option.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.evidence import Places
from eval.gold import GoldQuestion
from eval.runs.files import RUN_FORMAT, End, Header, Run, RunUnusable, asked, code_version
from eval.runs.judge import crashed, judge
from eval.runs.verdict import Verdict
from eval.target import ServiceUnreachable, Target

# So many questions in a row that nobody answered, and the rest is not asked any more.
_GIVE_UP_AFTER = 5
_GONE = ServiceUnreachable.__name__


def header_of(
    questions: Sequence[GoldQuestion],
    gold: Path,
    settings: Mapping[str, Any],
    subject: Mapping[str, Any],
) -> Header:
    """What a run over these questions begins with."""
    return Header(
        format=RUN_FORMAT,
        started_at=_now(),
        code=code_version(),
        gold={
            "path": gold.name,
            "sha256": hashlib.sha256(gold.read_bytes()).hexdigest(),
            "questions": len(questions),
        },
        settings=dict(settings),
        measured=dict(subject),
        questions=tuple(asked(question) for question in questions),
    )


def kept_lines(begun: Run, header: Header) -> list[Verdict]:
    """The lines of a stopped run that go into its continuation: all that did not crash.

    Raises: RunUnusable when the continuation would measure something else.
    """
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("questions", begun.header.questions, header.questions),
        ("settings", dict(begun.header.settings), dict(header.settings)),
        ("index", begun.header.measured.get("generation"), header.measured.get("generation")),
        ("model", begun.header.measured.get("model"), header.measured.get("model")),
        ("code", dict(begun.header.code), dict(header.code)),
    )
    for name, before, now in pairs:
        if before != now:
            said = "" if name == "questions" else f" ({before} → {now})"
            raise RunUnusable(
                f"{begun.name}: {name} changed since the run was begun{said}",
                hint="start it anew with --overwrite",
            )
    return [verdict for verdict in begun.verdicts if verdict.crashed is None]


@dataclass(frozen=True, slots=True)
class Asking:
    """How a run asks: `k` passages an answer, `jobs` questions at a time."""

    target: Target
    k: int
    jobs: int = 1

    def verdicts(self, questions: Sequence[GoldQuestion]) -> Iterator[Verdict]:
        """A verdict a question, in the order in which they come back.

        When the service is gone, the questions that are left are told as such without being asked.
        """
        places = Places(self.target)
        waiting = iter(questions)
        running: dict[Future[Verdict], GoldQuestion] = {}
        unanswered = 0
        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            try:
                while True:
                    gone = unanswered >= _GIVE_UP_AFTER
                    while not gone and len(running) < self.jobs:
                        question = next(waiting, None)
                        if question is None:
                            break
                        future = pool.submit(judge, question, self.target, places, self.k)
                        running[future] = question
                    if not running:
                        break
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        verdict = _line(running.pop(future), future)
                        was_gone = (verdict.crashed or "").startswith(_GONE)
                        unanswered = unanswered + 1 if was_gone else 0
                        yield verdict
            finally:
                for future in running:
                    future.cancel()
        for question in waiting:
            yield crashed(question, f"{_GONE}: not asked, the service had stopped answering")


def run_end(started: float, jobs: int, in_process: bool) -> End:
    """The last line. `started` is `time.perf_counter()` at the first question."""
    return End(
        finished_at=_now(),
        seconds=round(time.perf_counter() - started, 3),
        jobs=jobs,
        peak_memory_mib=peak_memory_mib() if in_process else None,
    )


def run_all(
    questions: Sequence[GoldQuestion],
    asking: Asking,
    header: Header,
    *,
    name: str = "run",
    progress: Callable[[], None] = lambda: None,
) -> Run:
    """Ask everything and keep it in memory: for measurements that write no file."""
    started = time.perf_counter()
    found: dict[str, Verdict] = {}
    for verdict in asking.verdicts(questions):
        found[verdict.id] = verdict
        progress()
    in_order = tuple(found[question.id] for question in questions)
    return Run(name, header, in_order, run_end(started, asking.jobs, in_process=True))


def peak_memory_mib() -> float:
    """The most memory this process ever held, in MiB."""
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def without_times(verdict: Verdict) -> Verdict:
    """The verdict less what differs from one asking to the next."""
    return replace(verdict, timings_ms=None)


def _line(question: GoldQuestion, future: Future[Verdict]) -> Verdict:
    error = future.exception()
    if error is None:
        return future.result()
    if not isinstance(error, Exception):  # Ctrl-C ends the run; it is no wrong answer
        raise error
    return crashed(question, f"{type(error).__name__}: {error}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
