"""Private copies in memory of files that are mapped: nobody can cut them short under a reader.

A file that is truncated while it is mapped ends the process that next touches it (SIGBUS), and no
Python code can catch that. So the engines are given copies that no other process has: what was
checked is what they read, and they need no right to write. Linux only; elsewhere, and where there
is no memory for them, the files are checked and mapped where they stand. A later generation shares
the copies of the larger files that it has in common with the one before.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from indexer.index.manifest import FileStamp
from indexer.index.storage import copy_stamped, stamp_file

_IN_MEMORY = Path("/dev/shm")  # the first choice for the links: it has room while the disk is full
_NO_MEMORY = (errno.ENOMEM, errno.ENOSPC, errno.EFBIG, errno.EMFILE)
_ABSENT = FileStamp(-1, "")
_LEAST_KEPT = 2**16  # bytes; each copy that is kept takes one of the process's open files


class Copies:
    """The copies of larger files that one reader has checked, for the next one. Close it."""

    def __init__(self) -> None:
        self._handles: dict[FileStamp, int] = {}

    def keep(self, stamp: FileStamp, handle: int) -> None:
        """Keep a file descriptor of a copy, unless it is small. Raises: OSError."""
        if stamp.size >= _LEAST_KEPT and stamp not in self._handles:
            self._handles[stamp] = os.dup(handle)

    def find(self, stamp: FileStamp) -> int | None:
        """A new file descriptor of the copy, if there is one. Raises: OSError."""
        handle = self._handles.get(stamp)
        return None if handle is None else os.dup(handle)

    def close(self) -> None:
        while self._handles:
            os.close(self._handles.popitem()[1])


@contextmanager
def private_copies(
    folder: Path,
    files: Mapping[str, FileStamp],
    broken: Callable[[str], Exception],
    copies: Copies,
    earlier: Copies,
) -> Iterator[Path]:
    """A folder with the same files to open from; what is mapped by then stays afterwards.

    What is among the `earlier` copies is not copied again; the larger ones are put into `copies`.

    Raises: PermissionError, and for a file that is absent or not as it was stamped what `broken`
    makes of its name.
    """
    with ExitStack() as stack:
        try:
            place = _linked_copies(folder, files, broken, stack, copies, earlier)
        except OSError as error:
            if error.errno not in _NO_MEMORY:
                raise
            place = folder
            for name, stamp in files.items():
                if _stamp(folder / name) != stamp:
                    raise broken(name) from error
        yield place


def _linked_copies(
    folder: Path,
    files: Mapping[str, FileStamp],
    broken: Callable[[str], Exception],
    stack: ExitStack,
    copies: Copies,
    earlier: Copies,
) -> Path:
    """Links to copies in memory, until `stack` is closed. Raises: OSError where that can't be."""
    links = _folder_for_links()
    stack.callback(shutil.rmtree, links, ignore_errors=True)
    for name, stamp in files.items():
        known = earlier.find(stamp)
        handle = os.memfd_create("wenju") if known is None else known
        copy = stack.enter_context(os.fdopen(handle, "wb", buffering=0))
        if known is None and (
            not (folder / name).is_file() or copy_stamped(folder / name, copy) != stamp
        ):
            raise broken(name)
        copies.keep(stamp, handle)
        link = links / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"/proc/self/fd/{copy.fileno()}")
    return links


def _folder_for_links() -> Path:
    if not hasattr(os, "memfd_create") or not Path("/proc/self/fd").is_dir():
        raise OSError(errno.ENOMEM, "no files in memory on this system")
    for parent in (_IN_MEMORY, None):
        try:
            return Path(tempfile.mkdtemp(prefix="wenju-", dir=parent))
        except OSError:
            continue
    raise OSError(errno.ENOSPC, "no folder for links")


def _stamp(path: Path) -> FileStamp:
    try:
        return stamp_file(path)
    except PermissionError:
        raise
    except OSError:
        return _ABSENT
