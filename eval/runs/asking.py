"""The asking: every gold question over one answering path, each line kept as it comes in.

A question that crashes is a line like any other and counts as wrong. Knows no table and no option.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.evidence import Places
from eval.gold import GoldQuestion
from eval.runs.files import (
    RUN_FORMAT,
    Asked,
    End,
    Header,
    Run,
    RunUnusable,
    asked,
    code_version,
    writing,
)
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
    before, now = _conditions(begun.header), _conditions(header)
    changed = _changed_questions(begun.header.questions, header.questions) or [
        f"{name} ({before.get(name)} → {now.get(name)})"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
    if changed:
        raise RunUnusable(
            f"{begun.name}: changed since the run was begun: {', '.join(changed)}",
            hint="start it anew with --overwrite",
        )
    return [verdict for verdict in begun.verdicts if verdict.crashed is None]


def _changed_questions(before: Sequence[Asked], now: Sequence[Asked]) -> list[str]:
    """The questions that are new, gone or other than they were, by id; "order" if only that is."""
    differing = set(before) ^ set(now)
    if differing:
        return [f"question {id_}" for id_ in sorted({question.id for question in differing})]
    return [] if list(before) == list(now) else ["the questions' order"]


def _conditions(header: Header) -> dict[str, str]:
    """What must stay as it is, by name: `settings.k`, `index.manifest.created_at`, `code.commit`.

    Not where the index or the service stands: that may come back at another address. The manifest
    tells two indexes apart that are of the same generation.
    """
    measured = {key: of for key, of in header.measured.items() if key not in ("url", "index")}
    rows = {"settings": header.settings, "index": measured, "code": header.code}
    return dict(_leaves("", rows))


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, of in value.items():
            yield from _leaves(f"{name}.{key}" if name else key, of)
    else:  # as JSON: what was read from a file has lists for tuples
        yield name, json.dumps(value, ensure_ascii=False)


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


def keep(
    verdicts: Iterable[Verdict],
    out: Path,
    header: Header,
    jobs: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> list[Verdict]:
    """All verdicts, each line on disk as it comes, as `python -m eval show` reads them."""
    started = time.perf_counter()
    kept: list[Verdict] = []
    with writing(out, header, []) as writer:
        for verdict in verdicts:
            writer.add(verdict)
            kept.append(verdict)
            progress()
        writer.end(run_end(started, jobs, in_process=True))
    return kept


def peak_memory_mib() -> float:
    """The most memory this process ever held, in MiB.

    By /proc where there is one: getrusage also counts what the process held that started this one.
    """
    import resource
    import sys

    from eval.bench.processes import peak_bytes_of

    own = peak_bytes_of(os.getpid())
    if own:
        return round(own / (1 << 20), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def _line(question: GoldQuestion, future: Future[Verdict]) -> Verdict:
    error = future.exception()
    if error is None:
        return future.result()
    if not isinstance(error, Exception):  # Ctrl-C ends the run; it is no wrong answer
        raise error
    return crashed(question, f"{type(error).__name__}: {error}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
