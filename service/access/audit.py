"""The audit log: who did what, when, from where; one JSON object a line. Knows no HTTP.

What is not ASCII is written as JSON escapes, so that nothing in a name or a question can end a
line, start one, or steer a terminal. A disk that can't take a line loses it and says so once;
answers go on.
"""

import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from indexer.errors import InvalidRequest

AUDIT_FILE = "audit.jsonl"
KEPT_FILES = 10  # full ones, beside the one that is written: audit-1.jsonl is the latest of them

_AGO = re.compile(r"(\d{1,6})([mhd])", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

log = logging.getLogger("service.access")


@dataclass(slots=True)
class Noted:
    """What a route finds out about its request while it answers. Filled in as it goes."""

    collection: str | None = None
    documents: list[str] = field(default_factory=list)  # asked for by id, or shown in an answer
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `route` is the template of its address, or the address where none fits."""

    at: str  # ISO, UTC
    key: str | None  # the id
    name: str | None
    peer: str
    method: str
    route: str
    collection: str | None
    documents: tuple[str, ...]
    status: int | None  # None where the caller left before there was one
    question: str | None = None  # only where questions are to be kept


class AuditLog:
    """The file in the state folder. Processes may share it."""

    def __init__(self, state: Path, max_bytes: int) -> None:
        self._path = state / AUDIT_FILE
        self._max_bytes = max_bytes
        self._failing = False

    def write(self, entry: Entry) -> None:
        content = asdict(entry)
        if entry.question is None:
            del content["question"]
        line = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"
        try:
            size = self._append(line)
            if size > self._max_bytes:
                self._rotate()
        except OSError as error:
            if not self._failing:
                log.warning(
                    "the audit log %s can't be written (%s): requests go unrecorded until it can",
                    self._path,
                    error.strerror,
                )
            self._failing = True
        else:
            self._failing = False

    def _append(self, line: bytes) -> int:
        """Write one line at once. Returns the size of the file then. Raises: OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        handle = os.open(self._path, flags, 0o600)
        try:
            before = os.fstat(handle).st_size
            # A line that a full disk cut short stays the only damaged one.
            torn = before > 0 and os.pread(handle, 1, before - 1) != b"\n"
            written = os.write(handle, b"\n" + line if torn else line)
            if written < len(line) + torn:
                raise OSError(0, "the disk is full")
            return before + written
        finally:
            os.close(handle)

    def _rotate(self) -> None:
        lock = os.open(
            self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._path.stat().st_size <= self._max_bytes:
                return  # another process was faster
            for number in range(KEPT_FILES - 1, 0, -1):
                with suppress(FileNotFoundError):
                    os.replace(_full(self._path, number), _full(self._path, number + 1))
            os.replace(self._path, _full(self._path, 1))
        except BlockingIOError:
            pass  # another process is at it
        finally:
            os.close(lock)


def read_audit(state: Path) -> Iterator[Entry | None]:
    """The entries, the oldest first; None for a line that is damaged. Raises: OSError."""
    path = state / AUDIT_FILE
    for file in [*(_full(path, number) for number in range(KEPT_FILES, 0, -1)), path]:
        with suppress(FileNotFoundError), open(file, encoding="utf-8", errors="replace") as lines:
            yield from (_entry(line) for line in lines if line.strip())


def now_text() -> str:
    return _text(datetime.now(UTC))


def moment_text(since: str, now: datetime) -> str:
    """A point in time as entries have it: `2026-11-27`, `2026-11-27T08:30` (here), `24h`, `7d` ago.

    Raises: InvalidRequest.
    """
    try:
        ago = _AGO.fullmatch(since)
        if ago is not None:
            return _text(now - timedelta(**{_UNITS[ago[2]]: int(ago[1])}))
        return _text(datetime.fromisoformat(since))
    except (ValueError, OverflowError):
        raise InvalidRequest(
            f"{since!r} is no point in time",
            hint="write a date such as 2026-11-27, a time such as 2026-11-27T08:30, or 24h, 7d",
        ) from None


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _full(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-{number}{path.suffix}")


def _entry(line: str) -> Entry | None:
    try:
        content = json.loads(line)
        datetime.fromisoformat(content["at"])
        return Entry(**(content | {"documents": tuple(content["documents"])}))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
