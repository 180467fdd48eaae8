"""A file found to its bytes in one go, from a folder or an archive. Knows no format, no index."""

import hashlib
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from indexer.errors import UnreadableFile
from indexer.files.archives import Archives
from indexer.files.given import NOTHING_GIVEN, Given
from indexer.files.rules import SkipReason
from indexer.files.walk import FileFound

# A file that was touched this short before it was read may change again within the same tick of
# its clock; it is compared by its bytes the next time.
_TOO_FRESH_NS = 2_000_000_000

PAUSES_S = (0.05, 0.2, 0.5)
"""Before each further try at a file that is written to while it is read."""

MAX_GROWN_BYTES = 64 * 2**20
"""To what size a file may grow between its being found and its being read; or to twice its size."""


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file as it was read in one go. `mtime_ns` is 0 where it can't be trusted."""

    source: str
    data: bytes
    digest: str
    mtime_ns: int
    given: Given = NOTHING_GIVEN


class FileReader:
    """Reads files one after the other; keeps the archive of the last one open until it is closed.

    A member's time is that of its archive: while that is not written to, no member has changed.
    """

    def __init__(self) -> None:
        self._archives = Archives()

    def __enter__(self) -> "FileReader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._archives.close()

    def stamp(self, file: FileFound) -> tuple[int, int]:
        """Size in bytes and time of the last change (ns) as they are now. Raises: OSError."""
        status = file.path.stat()
        return file.size if file.member else status.st_size, status.st_mtime_ns

    def read(self, file: FileFound) -> FileBytes:
        """Raises: OSError; UnreadableFile, for what changes meanwhile or can't be unpacked."""
        if file.member:
            data, modified = self._archives.read(file.path, file.member)
        else:
            data, modified = _read_unchanged(file)
        fresh = time.time_ns() - modified < _TOO_FRESH_NS
        digest = hashlib.sha256(data).hexdigest()
        return FileBytes(file.source, data, digest, 0 if fresh else modified, file.given)


def _read_unchanged(file: FileFound) -> tuple[bytes, int]:
    """The bytes of a file and when it was last written to, both of one and the same state of it.

    Half of what a writer writes is no text that anybody wrote. Raises: OSError; UnreadableFile.
    """
    for pause in (*PAUSES_S, None):
        found = _read_once(file.path, max(MAX_GROWN_BYTES, 2 * file.size))
        if found is not None:
            return found
        if pause is not None:
            time.sleep(pause)
    raise UnreadableFile(
        f"it was written to each of {len(PAUSES_S) + 1} times that it was read",
        reason=SkipReason.CHANGING.value,
        hint="run an update once it is written; what the index held of it stays until then",
    )


def _read_once(path: Path, most: int) -> tuple[bytes, int] | None:
    """None if it changed meanwhile. Reads no more than the file had when it was opened."""
    # What was a file may be a pipe by now; opening one would wait for a writer for ever.
    with open(
        path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)
    ) as handle:
        before = os.fstat(handle.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise OSError("it is no file any more")
        if before.st_size > most:
            return None
        data = handle.read(before.st_size + 1)
        after = os.fstat(handle.fileno())
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return (data, after.st_mtime_ns) if same and len(data) == before.st_size else None
