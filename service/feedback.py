"""What users say of answers: a log, one JSON object a line. Knows no HTTP and no answers.

A line is on the disk when `append` returns. One that was cut short by a crash is passed over.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from indexer.errors import StorageFull


@dataclass(frozen=True, slots=True)
class FeedbackLog:
    """Serves many threads, and other processes that append to the same file."""

    path: Path
    max_bytes: int
    _lock: Lock = field(default_factory=Lock)

    def append(self, entry: Mapping[str, Any]) -> None:
        """Raises: StorageFull, also where the log has reached its size."""
        # ASCII: no character of a comment can end a line, whoever reads it.
        line = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
                try:
                    self._append(handle, line)
                finally:
                    os.close(handle)
        except OSError as error:
            raise StorageFull(
                f"the feedback can't be kept: {error.strerror}",
                hint="see that the state folder is writable and has free space",
            ) from error

    def _append(self, handle: int, line: bytes) -> None:
        size = os.fstat(handle).st_size
        if size + len(line) > self.max_bytes:
            raise StorageFull(
                f"the feedback has reached {self.max_bytes} bytes",
                hint="ask the administrator to move feedback.jsonl away",
            )
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line  # the last one was cut short
        if os.write(handle, line) != len(line):
            raise StorageFull("the disk is full", hint="free some space")
        os.fsync(handle)

    def read(self, start: int, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        """Entries from a place in the file on, oldest first, and the place of the next, if any."""
        found: list[dict[str, Any]] = []
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                while len(found) < limit and (line := file.readline()):
                    if (entry := _entry(line)) is not None:
                        found.append(entry)
                place = file.tell()
                return found, place if file.read(1) else None
        except FileNotFoundError:
            return [], None


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
