"""The indexer as a process of its own, so that answers never wait for it.

Knows the words that `indexer.job` speaks. Knows no job of ours and no file.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import indexer
from service.uploads.records import JobProblem

_CODE = Path(indexer.__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the indexer said: the new generation and what it left out by source, or a problem.

    `has_died` if it ended without a word.
    """

    generation: str | None
    skipped: Mapping[str, tuple[str, str]]
    problem: JobProblem | None = None
    has_died: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all could be read, so that no index was made."""
        return self.problem is not None and self.problem.code == "nothing_to_index"


class Indexer(Protocol):
    """See `run_indexer`."""

    def __call__(
        self,
        order: Mapping[str, Any],
        environment: Mapping[str, str],
        progress: Callable[[int, int], None],
        started: Callable[["subprocess.Popen[str]"], None],
    ) -> Outcome: ...


def run_indexer(
    order: Mapping[str, Any],
    environment: Mapping[str, str],
    progress: Callable[[int, int], None],
    started: Callable[["subprocess.Popen[str]"], None],
) -> Outcome:
    """Have an order carried out, see `indexer.job.Order`. `started` gets the process.

    It ends with this process, whatever becomes of that.
    """
    path = os.pathsep.join(filter(None, (str(_CODE), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "indexer.job"],
        env={**os.environ, **environment, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    started(process)
    last: dict[str, Any] = {}
    try:
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes")
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            try:
                said = json.loads(line)
            except ValueError:  # a word of some library
                continue
            if isinstance(said, dict) and "progress" in said:
                progress(*said["progress"])
            elif isinstance(said, dict):
                last = said
    except BrokenPipeError:
        pass  # it has died, which its status says
    finally:
        status = _end(process)
    return _outcome(last, status)


def _end(process: "subprocess.Popen[str]") -> int:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    return process.wait()


def _outcome(last: Mapping[str, Any], status: int) -> Outcome:
    said = last.get("report") or last.get("error")
    if said is None:
        problem = JobProblem(
            "internal_error",
            f"the indexer ended with status {status} before it was done",
            "the server's log says why",
        )
        return Outcome(None, {}, problem, has_died=True)
    skipped = {source: (reason, detail) for source, reason, detail in said["skipped"]}
    if "report" in last:
        return Outcome(said["generation"], skipped)
    return Outcome(None, skipped, JobProblem(said["code"], said["message"], said["hint"]))
