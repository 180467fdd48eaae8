"""A file found to its bytes in one go, from a folder or an archive. Knows no format, no index."""

import hashlib
import os
import time
from dataclasses import dataclass
from types import TracebackType

from indexer.files.archives import Archives
from indexer.files.given import NOTHING_GIVEN, Given
from indexer.files.walk import FileFound

# A file that was touched this short before it was read may change again within the same tick of
# its clock; it is compared by its bytes the next time.
_TOO_FRESH_NS = 2_000_000_000


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
        self._archives.close()

    def stamp(self, file: FileFound) -> tuple[int, int]:
        """Size in bytes and time of the last change (ns) as they are now. Raises: OSError."""
        status = file.path.stat()
        return file.size if file.member else status.st_size, status.st_mtime_ns

    def read(self, file: FileFound) -> FileBytes:
        """Raises: OSError; UnreadableFile, for a member that can't be unpacked."""
        if file.member:
            data, modified = self._archives.read(file.path, file.member)
        else:
            with file.path.open("rb") as handle:
                modified = os.fstat(handle.fileno()).st_mtime_ns
                data = handle.read()
        fresh = time.time_ns() - modified < _TOO_FRESH_NS
        digest = hashlib.sha256(data).hexdigest()
        return FileBytes(file.source, data, digest, 0 if fresh else modified, file.given)
