"""The index folder on disk: paths, the writer's lock, and who still reads which generation.

Knows no document and no engine. A finished generation never changes:

    CURRENT              which generation is open to readers, and what was removed since
    CURRENT.spare        the same once more, for `rebuild`
    lock                 held by the one writer; says who it is
    lock.current         held by whoever replaces CURRENT, for that moment
    unfinished.journal   what a build under way, or one that was interrupted, has made so far
    generations/g000003/ manifest.json, documents.sqlite (the truth), dense.faiss, lexical/,
                         older/: the first two of earlier generations, taken over by hard links
"""

import errno
import fcntl
import hashlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.commands import build_hint, rebuild_hint
from indexer.errors import IndexDamaged, IndexLocked, IndexMissing, StorageFull
from indexer.index.manifest import MANIFEST_FILE, FileStamp, Manifest, parse_manifest
from indexer.index.pointer import (
    CURRENT,
    Pointer,
    Removal,
    forbidden,
    generation_name,
    generation_number,
    read_pointer,
)
from indexer.index.segments import Segments
from indexer.index.storage import stamp_file, storage_errors

DATABASE_FILE = "documents.sqlite"
DENSE_FILE = "dense.faiss"
LEXICAL_FOLDER = "lexical"
OLDER_FOLDER = "older"
JOURNAL_FILE = "unfinished.journal"
_LARGE_BYTES = 2**28  # 0.2 s of SHA-256
_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


@dataclass(frozen=True, slots=True)
class IndexFolder:
    root: Path

    @property
    def pointer_file(self) -> Path:
        return self.root / CURRENT

    @property
    def journal(self) -> Path:
        """What an interrupted build had made."""
        return self.root / JOURNAL_FILE

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    def generation(self, number: int) -> Path:
        return self.generations / generation_name(number)

    def database(self, number: int) -> Path:
        return self.generation(number) / DATABASE_FILE

    def segments(self, manifest: Manifest) -> Segments:
        """The databases of a generation."""
        place = self.generations / manifest.generation
        return Segments(tuple(place / name for name in database_names(manifest)), manifest.dropped)

    def aside(self, number: int) -> Path:
        """Where a generation is written until it is whole."""
        return self.generations / f"{generation_name(number)}.unfinished"

    def generation_numbers(self) -> list[int]:
        """The finished generations on disk, ascending."""
        if not self.generations.is_dir():
            return []
        numbers = (generation_number(entry.name) for entry in self.generations.iterdir())
        return sorted(number for number in numbers if number)

    def pointer(self) -> Pointer:
        """Read CURRENT. Raises: IndexMissing, IndexForbidden, IndexDamaged."""
        return read_pointer(self.root)

    def removals(self) -> tuple[Removal, ...]:
        """What is removed now; nothing where CURRENT is absent or damaged."""
        try:
            return self.pointer().removals
        except (IndexMissing, IndexDamaged):
            return ()

    def manifest(self, pointer: Pointer) -> Manifest:
        """Read the manifest that `pointer` names.

        Raises: IndexDamaged, IndexForbidden, IndexMismatch.
        """
        path = self.generations / pointer.generation / MANIFEST_FILE
        try:
            data = path.read_bytes()
        except PermissionError as error:
            raise forbidden(path) from error
        except OSError as error:
            raise IndexDamaged(
                f"generation {pointer.generation} has no readable manifest",
                hint=rebuild_hint(self.root),
            ) from error
        if hashlib.sha256(data).hexdigest() != pointer.manifest_sha256:
            raise IndexDamaged(
                f"the manifest of generation {pointer.generation} was changed after it was written",
                hint=rebuild_hint(self.root),
            )
        return parse_manifest(data, self.root)

    def broken(self, manifest: Manifest, name: str) -> IndexDamaged:
        """What is said of a file of a generation that is not what the manifest says of it."""
        if name in database_names(manifest):
            hint = f"restore a snapshot, or {build_hint(self.root, manifest.root_paths)}"
        else:
            hint = rebuild_hint(self.root)
        return IndexDamaged(
            f"{manifest.generation}/{name} is absent or not as it was written", hint=hint
        )

    def broken_files(self, manifest: Manifest, *, sizes_alone: bool = False) -> list[str]:
        """The files of a generation that are not of the size and digest that they had.

        Raises: IndexForbidden.
        """
        folder = self.generations / manifest.generation
        broken = []
        for name, stamp in sorted(manifest.files.items()):
            try:
                size = (folder / name).stat().st_size
                found = FileStamp(size, stamp.sha256) if sizes_alone else stamp_file(folder / name)
                if found != stamp:
                    broken.append(name)
            except PermissionError as error:
                raise forbidden(folder / name) from error
            except OSError:
                broken.append(name)
        return broken

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one writer. One that dies lets go by that. Raises: IndexLocked, StorageFull."""
        with self._locked("lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as handle:
            with suppress(OSError):  # a full disk: who it is remains unsaid
                now = datetime.now(UTC).isoformat(timespec="seconds")
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()} {socket.gethostname()} {now}\n".encode(), 0)
            yield

    @contextmanager
    def pointing(self) -> Iterator[None]:
        """Be the one who replaces CURRENT: the writer at its end, or whoever removes beside it.

        Waits for the other, which takes milliseconds. Raises: StorageFull.
        """
        with self._locked("lock.current", fcntl.LOCK_EX):
            yield

    @contextmanager
    def _locked(self, name: str, how: int) -> Iterator[int]:
        with storage_errors(self.root):
            handle = os.open(self.root / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(handle, how)
            except BlockingIOError as error:
                owner = os.pread(handle, 200, 0).decode("utf-8", "replace").strip()
                raise IndexLocked(
                    f"another writer is at work on {self.root}: {_owner_said(owner)}",
                    hint="wait until it has ended and try again",
                ) from error
            except OSError as error:
                if error.errno not in _NO_LOCKS:
                    raise
                raise StorageFull(
                    f"{self.root} is on a file system without locks, so that two could write",
                    hint="keep the index on a local disk; it may be read from anywhere",
                ) from error
            yield handle
        finally:
            os.close(handle)

    def hold(self, number: int) -> int:
        """Keep a generation from being cleared while the returned file descriptor is open.

        Raises: IndexDamaged where it is being cleared now or has gone, IndexForbidden.
        """
        path = self.generation(number) / MANIFEST_FILE
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except PermissionError as error:
            raise forbidden(path) from error
        except OSError as error:
            raise IndexDamaged(
                f"generation {number} has no readable manifest", hint=rebuild_hint(self.root)
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise IndexDamaged(f"generation {number} is being cleared", hint="try again") from error
        except OSError:
            pass  # no locks here: then nothing is written here either, see `lock`
        return handle

    @contextmanager
    def unless_held(self, number: int) -> Iterator[bool]:
        """Whether no process reads a generation; while this lasts, none begins to."""
        try:
            handle = os.open(self.generation(number) / MANIFEST_FILE, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            yield True  # half cleared: nobody can open it
            return
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)


def is_large(manifest: Manifest) -> bool:
    """Whether reading the whole generation to change a document would take most of the time."""
    return sum(stamp.size for stamp in manifest.files.values()) > _LARGE_BYTES


def database_names(manifest: Manifest) -> list[str]:
    """The files of a generation's databases, the oldest first."""
    return [f"{OLDER_FOLDER}/{name}.sqlite" for name in manifest.older] + [DATABASE_FILE]


def dense_names(manifest: Manifest) -> list[str]:
    """The files of a generation's vectors, the oldest first."""
    return [f"{OLDER_FOLDER}/{name}.faiss" for name in manifest.older] + [DENSE_FILE]


def _owner_said(owner: str) -> str:
    """A line of the lock file, `PID HOST SINCE`, for people."""
    try:
        process, host, since = owner.split()
        minutes = (time.time() - datetime.fromisoformat(since).timestamp()) / 60
    except ValueError:
        return "a process that has not said which one it is"
    return f"process {process} on {host}, for {max(0.0, minutes):.0f} minutes"
