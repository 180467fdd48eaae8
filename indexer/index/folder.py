"""The index folder on disk: paths, lock, pointer, and writing that survives a power cut.

Knows no document and no engine.

    CURRENT              which generation is open to readers; moved last, atomically
    lock                 held by the one writer
    documents.sqlite     the truth
    generations/g000003/ manifest.json, dense.faiss, lexical/
"""

import errno
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import IndexDamaged, IndexLocked, IndexMissing, StorageFull
from indexer.index.manifest import (
    MANIFEST_FILE,
    FileStamp,
    Manifest,
    parse_manifest,
    rebuild_hint,
)

DENSE_FILE = "dense.faiss"
LEXICAL_FOLDER = "lexical"
_GENERATION = re.compile(r"g(\d{6,})")
_NO_ROOM = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    *(errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR, errno.EEXIST),
}


@dataclass(frozen=True, slots=True)
class Pointer:
    """The content of CURRENT: the open generation and the digest of its manifest."""

    generation: str
    manifest_sha256: str

    @property
    def number(self) -> int:
        return int(self.generation[1:])


@dataclass(frozen=True, slots=True)
class IndexFolder:
    root: Path

    @property
    def database(self) -> Path:
        return self.root / "documents.sqlite"

    @property
    def pointer_file(self) -> Path:
        return self.root / "CURRENT"

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    def generation(self, number: int) -> Path:
        return self.generations / generation_name(number)

    def aside(self, number: int) -> Path:
        """Where a generation is written until it is whole."""
        return self.generations / f"{generation_name(number)}.unfinished"

    def generation_numbers(self) -> list[int]:
        """The finished generations on disk, ascending."""
        if not self.generations.is_dir():
            return []
        names = (_GENERATION.fullmatch(entry.name) for entry in self.generations.iterdir())
        return sorted(int(match[1]) for match in names if match)

    def pointer(self) -> Pointer:
        """Read CURRENT. Raises: IndexMissing, IndexDamaged."""
        try:
            data = self.pointer_file.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexMissing(f"no index at {self.root}", hint=rebuild_hint(self.root)) from error
        except OSError as error:
            raise IndexDamaged(
                f"{self.pointer_file} can't be read: {error.strerror}",
                hint="check who may read the index folder",
            ) from error
        try:
            found = json.loads(data)
            pointer = Pointer(found["generation"], found["manifest_sha256"])
            if not _GENERATION.fullmatch(pointer.generation):
                raise ValueError(pointer.generation)
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(
                f"{self.pointer_file} is damaged", hint=rebuild_hint(self.root)
            ) from error
        return pointer

    def move_pointer(self, number: int, manifest: bytes) -> None:
        """Open generation `number` to readers: the last step of every write."""
        pointer = {
            "generation": generation_name(number),
            "manifest_sha256": hashlib.sha256(manifest).hexdigest(),
        }
        aside = self.root / "CURRENT.unfinished"
        write_synced(aside, json.dumps(pointer).encode() + b"\n")
        os.replace(aside, self.pointer_file)
        sync_folder(self.root)

    def manifest(self, pointer: Pointer) -> Manifest:
        """Read the manifest that `pointer` names. Raises: IndexDamaged, IndexMismatch."""
        path = self.generations / pointer.generation / MANIFEST_FILE
        try:
            data = path.read_bytes()
        except OSError as error:
            raise IndexDamaged(
                f"generation {pointer.generation} has no readable manifest",
                hint=rebuild_hint(self.root),
            ) from error
        manifest = parse_manifest(data, self.root)
        if hashlib.sha256(data).hexdigest() != pointer.manifest_sha256:
            raise IndexDamaged(
                f"the manifest of generation {pointer.generation} was changed after it was written",
                hint=rebuild_hint(self.root, manifest.roots),
            )
        return manifest

    def check_files(self, manifest: Manifest) -> None:
        """Compare every file of a generation with its size and digest. Raises: IndexDamaged."""
        folder = self.generations / manifest.generation
        for name, stamp in sorted(manifest.files.items()):
            try:
                whole = stamp_file(folder / name) == stamp
            except OSError:
                whole = False
            if not whole:
                raise IndexDamaged(
                    f"{manifest.generation}/{name} is absent or not as it was written",
                    hint=rebuild_hint(self.root, manifest.roots),
                )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one writer. Raises: IndexLocked, StorageFull."""
        with storage_errors(self.root):
            handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexLocked(
                    f"another build, update or remove is at work on {self.root}",
                    hint="wait until it has ended and try again",
                ) from error
            yield
        finally:
            os.close(handle)


def generation_name(number: int) -> str:
    return f"g{number:06d}"


def stamp_file(path: Path) -> FileStamp:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        return FileStamp(os.fstat(handle.fileno()).st_size, digest)


def stamp_tree(folder: Path) -> dict[str, FileStamp]:
    """Size and digest of every file below `folder`, without the engines' lock files."""
    return {
        path.relative_to(folder).as_posix(): stamp_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


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


def sync_tree(folder: Path) -> None:
    """Flush every file and folder below `folder` to the disk, the folder itself last."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        elif path.is_file():
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
            f"can't write to {root}: {error.strerror or error}",
            hint="free some space or choose another folder; the index is as it was before",
        ) from error
