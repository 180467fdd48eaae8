"""A run on disk: one JSON line that says what was measured, one a question, one that it is whole.

Lines are appended as answers come in, so that a run that was stopped at any instant can go on from
where it was: a torn last line is dropped, and of two lines of a question the later one counts.
Figures are not stored: they follow from the lines.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar, TypeVar

from eval.gold import GoldQuestion, Kind
from eval.runs.verdict import Verdict
from eval.writing import write_whole
from indexer.errors import StorageFull, WenjuError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

RUN_FORMAT = 2
_PROJECT = Path(__file__).resolve().parents[2]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_Shape = TypeVar("_Shape")


class RunUnusable(WenjuError):
    """A run's file can't be read, or does not fit what is wanted of it."""

    code: ClassVar[str] = "run_unusable"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the run's first line names it; `digest` changes with all but its id."""

    id: str
    kind: Kind
    question: str
    digest: str


@dataclass(frozen=True, slots=True)
class Header:
    """What was measured, with what code and settings, and which questions."""

    format: int
    started_at: str
    code: Mapping[str, Any]
    gold: Mapping[str, Any]
    settings: Mapping[str, Any]
    measured: Mapping[str, Any]
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class End:
    """What is known when every question was asked. Memory is None where another process answers."""

    finished_at: str
    seconds: float
    jobs: int
    peak_memory_mib: float | None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was read: the verdicts in the order of the gold file, those there are.

    `end` is None for a run that was stopped.
    """

    name: str
    header: Header
    verdicts: tuple[Verdict, ...]
    end: End | None

    @property
    def crashed(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.crashed is not None]

    @property
    def unasked(self) -> list[Asked]:
        known = {verdict.id for verdict in self.verdicts}
        return [asked for asked in self.header.questions if asked.id not in known]


def asked(question: GoldQuestion) -> Asked:
    return Asked(question.id, question.kind, question.question, question.digest)


def read_run(path: Path) -> Run:
    """Read a whole or a stopped run. Raises: RunUnusable, naming the line."""
    lines = _lines(path)
    header = _header(path, lines[0])
    verdicts: dict[str, Verdict] = {}
    end: End | None = None
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        row = _object(path, number, line, torn_is_fine=number == len(lines))
        if row is None:
            break
        kind = row.pop("type", None)
        if kind == "end":
            end = _read(End, path, number, row)
        elif kind == "question":
            verdict = _read(Verdict, path, number, row)
            verdicts[verdict.id], end = verdict, None
        else:
            raise _wrong(path, number, f"type: {kind!r} is not a type of line")
    order = [asked.id for asked in header.questions]
    if strays := verdicts.keys() - set(order):
        raise _wrong(path, 1, f"questions: lacks {', '.join(sorted(strays))}, which was asked")
    in_order = tuple(verdicts[id_] for id_ in order if id_ in verdicts)
    return Run(path.name, header, in_order, end)


def require_whole(run: Run) -> Run:
    """The run, if it ended. Raises: RunUnusable."""
    if run.end is None or run.unasked:
        asked = len(run.verdicts)
        raise RunUnusable(
            f"{run.name}: was stopped after {asked} of {len(run.header.questions)} questions",
            hint="finish it: the same `python -m eval run …` with --resume",
        )
    return run


class RunWriter:
    """Appends lines, each on disk before the next question's answer is taken."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle

    def add(self, verdict: Verdict) -> None:
        self._line({"type": "question", **asdict(verdict)})

    def end(self, end: End) -> None:
        self._line({"type": "end", **asdict(end)})

    def _line(self, row: Mapping[str, Any]) -> None:
        self._handle.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        self._handle.flush()
        os.fsync(self._handle.fileno())


@contextmanager
def writing(path: Path, header: Header, kept: Sequence[Verdict]) -> Iterator[RunWriter]:
    """A file that holds the header and the kept lines, moved into place whole; then appended to.

    Raises: StorageFull, when the disk is full or can't be written; what is there is kept.
    """
    aside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as handle:
            handle.write(json.dumps({"type": "run", **asdict(header)}, ensure_ascii=False).encode())
            handle.write(b"\n")
            writer = RunWriter(handle)
            for verdict in kept:
                writer.add(verdict)
            handle.flush()
            os.fsync(handle.fileno())
            os.replace(aside, path)
            yield writer
    except OSError as error:
        with suppress(OSError):  # on a path that leads nowhere this fails as well
            aside.unlink()
        full = error.errno in _FULL
        raise StorageFull(
            f"{path}: {error.strerror}" + ("; the lines written so far are kept" if full else ""),
            hint="make room, then run again with --resume"
            if full
            else "name a file with --out that can be written",
        ) from error


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """A stopped command never leaves half a file. Raises: StorageFull."""
    write_whole(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def code_version() -> dict[str, str | bool | None]:
    """The project's version and, in a checkout, its commit and whether files differ from it."""
    with (_PROJECT / "pyproject.toml").open("rb") as file:
        version = str(tomllib.load(file)["project"]["version"])
    commit = _git("rev-parse", "HEAD")
    # But for docs/, where measurements write what they found.
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
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


# -- reading --------------------------------------------------------------------------------------


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().rstrip().split(b"\n")
    except OSError as error:
        raise RunUnusable(
            f"{path}: {error.strerror}", hint="give a file that `python -m eval run --out` wrote"
        ) from error


def _header(path: Path, line: bytes) -> Header:
    row = _object(path, 1, line, torn_is_fine=False) or {}
    if row.pop("type", None) != "run":
        raise _wrong(path, 1, "type: is not run, so this is not the file of a run")
    if row.get("format") != RUN_FORMAT:
        raise _wrong(path, 1, f"format: is {row.get('format')}, this code reads {RUN_FORMAT}")
    return _read(Header, path, 1, row)


def _object(path: Path, number: int, line: bytes, *, torn_is_fine: bool) -> dict[str, Any] | None:
    """The line's object; None for a torn one where a stopped run may have left it."""
    try:
        row = json.loads(line)
    except ValueError as error:
        if torn_is_fine:
            return None
        raise _wrong(path, number, f"is not JSON ({error})") from error
    if not isinstance(row, dict):
        raise _wrong(path, number, "is not a JSON object")
    return row


def _wrong(path: Path, number: int, what: str) -> RunUnusable:
    return RunUnusable(
        f"{path}:{number}: {what}",
        hint="give a file that `python -m eval run --out` wrote, or run again",
    )


def _read(shape: type[_Shape], path: Path, number: int, row: Mapping[str, Any]) -> _Shape:
    from pydantic import ValidationError

    try:
        found: _Shape = _adapters()[shape].validate_python(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise _wrong(path, number, f"{field}: {first['msg']}") from error
    return found


@cache
def _adapters() -> dict[Any, TypeAdapter[Any]]:
    """Made once: a run has hundreds of lines."""
    from pydantic import TypeAdapter

    return {shape: TypeAdapter(shape) for shape in (Header, Verdict, End)}
