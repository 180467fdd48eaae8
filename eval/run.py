"""A run: every gold question over one answering path, and the record that is kept of it.

A question that crashes is a line like any other and counts as wrong. Knows no table and no option.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tomllib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.evidence import Places
from eval.gold import GoldQuestion
from eval.score import Verdict, crashed, judge, latencies, summarise
from eval.target import Target

RUN_FORMAT = 1
_PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """The lines of a run, in the order of the gold file, and what is known of what was measured."""

    verdicts: tuple[Verdict, ...]
    subject: Mapping[str, Any]
    settings: Mapping[str, Any]
    gold: Mapping[str, Any]
    started_at: str

    @property
    def crashed(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.crashed is not None]

    def by_kind(self) -> dict[str, list[Verdict]]:
        """The lines of each kind that occurs, kinds in the order of their first question."""
        kinds: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            kinds.setdefault(verdict.kind, []).append(verdict)
        return kinds


def run(
    questions: Sequence[GoldQuestion],
    target: Target,
    *,
    k: int,
    gold: Path,
    subject: Mapping[str, Any],
    settings: Mapping[str, Any],
    progress: Callable[[], None] = lambda: None,
) -> Run:
    """Ask all questions one after the other and judge the answers."""
    started_at = datetime.now(UTC).isoformat(timespec="seconds")
    places = Places(target)
    verdicts: list[Verdict] = []
    # A future keeps whatever a question raises, so that the others are still asked.
    with ThreadPoolExecutor(max_workers=1) as asking:
        for question in questions:
            future = asking.submit(judge, question, target, places, k)
            verdicts.append(_line(question, future))
            progress()
    return Run(
        verdicts=tuple(verdicts),
        subject=subject,
        settings={"k": k, **settings},
        gold={
            "path": str(gold),
            "sha256": hashlib.sha256(gold.read_bytes()).hexdigest(),
            "questions": len(questions),
        },
        started_at=started_at,
    )


def _line(question: GoldQuestion, future: Future[Verdict]) -> Verdict:
    error = future.exception()
    if error is None:
        return future.result()
    if not isinstance(error, Exception):  # Ctrl-C ends the run; it is no wrong answer
        raise error
    return crashed(question, f"{type(error).__name__}: {error}")


def record(run: Run) -> dict[str, Any]:
    """The run as plain data: what was measured, with what code, its figures and its lines."""
    return {
        "format": RUN_FORMAT,
        "started_at": run.started_at,
        "code": code_version(),
        "gold": dict(run.gold),
        "settings": dict(run.settings),
        "measured": dict(run.subject),
        "figures": {
            "overall": summarise(run.verdicts),
            "by_kind": {kind: summarise(lines) for kind, lines in run.by_kind().items()},
        },
        "latency_ms": latencies(run.verdicts),
        "crashed": [verdict.id for verdict in run.crashed],
        "questions": [asdict(verdict) for verdict in run.verdicts],
    }


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write aside and move, so that a stopped run never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".part")
    aside.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(aside, path)


def code_version() -> dict[str, str | bool | None]:
    """The project's version and, in a checkout, its commit and whether files differ from it."""
    with (_PROJECT / "pyproject.toml").open("rb") as file:
        version = str(tomllib.load(file)["project"]["version"])
    commit = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return {
        "version": version,
        "commit": commit,
        "changed": None if changed is None else bool(changed),
    }


def _git(*arguments: str) -> str | None:
    """What git says, or None where there is no git or no checkout (an image, a tarball)."""
    try:
        done = subprocess.run(
            ["git", "-C", str(_PROJECT), *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    except (FileNotFoundError, subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip()
