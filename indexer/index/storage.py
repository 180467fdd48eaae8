"""Files on a disk that may be full, slow or torn: writing that lasts, copies that are checked.

Knows no index, no document and no engine.
"""

import errno
import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from indexer.errors import StorageFull
from indexer.index.manifest import FileStamp

_BLOCK = 1 << 20
_NO_ROOM = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    *(errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR, errno.EEXIST),
}
_NO_LINKS = {
    *(errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV, errno.EACCES),
}
AS_BEFORE = "free some space or choose another folder; the index is as it was before"


def stamp_file(path: Path) -> FileStamp:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        return FileStamp(os.fstat(handle.fileno()).st_size, digest)


def stamp_tree(folder: Path, known: Mapping[str, FileStamp]) -> dict[str, FileStamp]:
    """Size and digest of every file below `folder`, without the engines' lock files.

    Those that are `known`, by their path below it, are not read again.
    """
    names = (
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    )
    return {name: known.get(name) or stamp_file(folder / name) for name in names}


def take_over(source: Path, target: Path, stamp: FileStamp) -> bool:
    """Link a file that never changes, or copy it where there are no links; whether it was whole.

    A link is known to be whole by its size alone. Raises: OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not source.is_file() or source.stat().st_size != stamp.size:
        return False
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with target.open("wb") as handle:
            return copy_stamped(source, handle) == stamp
    return True


def copy_stamped(source: Path, target: BinaryIO) -> FileStamp:
    """Copy a file's bytes, and say what was copied. Raises: OSError."""
    digest, size = hashlib.sha256(), 0
    buffer = memoryview(bytearray(_BLOCK))
    with source.open("rb", buffering=0) as handle:
        while count := handle.readinto(buffer):
            digest.update(buffer[:count])
            size += count
            written = 0
            while written < count:
                written += target.write(buffer[written:count])
    return FileStamp(size, digest.hexdigest())


def write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path, flushed: Collection[str] = ()) -> None:
    """Flush every file and folder below `folder` to the disk, the folder itself last.

    But for files that were `flushed` before, named by their path below it.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        elif path.is_file() and path.relative_to(folder).as_posix() not in flushed:
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
    sync_folder(folder)


@contextmanager
def storage_errors(root: Path) -> Iterator[None]:
    """Turn a full or read-only disk into StorageFull; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise StorageFull(
            f"can't write to {root}: {error.strerror or error}", hint=AS_BEFORE
        ) from error
