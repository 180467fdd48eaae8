"""Whether this process may write where the service keeps things, and what is in the way if not.

Asking needs no write; uploading, deleting and feedback do. Writes nothing itself.
"""

import os
import pwd
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.commands import quoted
from indexer.errors import StorageFull

_IN_INDEX = ("", "generations", "lock", "lock.current")
_IN_STATE = (
    *("", "lock", "jobs.db*", "*.jsonl"),
    *("uploads", "uploads/incoming", "uploads/c-*", "uploads/c-*/files", "uploads/c-*/bytes"),
)


def unwritable(state: Path, index: Path | None = None) -> StorageFull | None:
    """What keeps uploads out: the first thing in a service's folder that may not be written.

    With the index of a collection, that is looked at as well.
    """
    in_index = () if index is None else _there(index, _IN_INDEX)
    for place in (*in_index, *_there(state, _IN_STATE)):
        if (why := _hindrance(place)) is not None:
            return StorageFull(f"{place} can't be written: {why[0]}", hint=why[1])
    return None


def _there(folder: Path, patterns: Iterable[str]) -> Iterator[Path]:
    """What is there of a folder, or the folder in which it would be made."""
    folder = folder.absolute()
    if not os.path.lexists(folder):
        yield next(above for above in folder.parents if above.exists())
        return
    for pattern in patterns:
        yield from sorted(folder.glob(pattern)) if pattern else [folder]


def _hindrance(place: Path) -> tuple[str, str] | None:
    """Why this process may not write to a file or folder, and the way out."""
    needed = os.W_OK | os.X_OK if place.is_dir() else os.W_OK
    try:
        seen = place.stat()
        if os.statvfs(place).f_flag & os.ST_RDONLY:
            return (
                "it is on a read-only file system",
                "mount it for writing, or name another folder: WENJU_INDEX, WENJU_STATE",
            )
        if os.access(place, needed, effective_ids=os.access in os.supports_effective_ids):
            return None
    except FileNotFoundError:  # a writer may be at work
        return None
    except OSError as error:
        return str(error.strerror), "see that the service's user may enter the folders above it"
    user = os.geteuid()
    if seen.st_uid != user:
        return (
            f"it belongs to {_name(seen.st_uid)}, and the service runs as {_name(user)}",
            f"give it to the service's user: chown -R {_name(user)} {quoted(place)}",
        )
    return (
        f"its mode is {seen.st_mode & 0o777:o}",
        f"let its owner write: chmod -R u+rwX {quoted(place)}",
    )


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
