"""The bytes of uploads on the disk: stored once by digest, and by name for the indexer to find.

    UPLOADS/incoming/              files that are just being received
    UPLOADS/COLLECTION/bytes/ab/…  every file once, under its SHA-256
    UPLOADS/COLLECTION/files/…     the same by their names: hard links, a root of the index

Knows no job and no index.
"""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from indexer.index.storage import storage_errors, sync_folder

UNCLAIMED_S = 24 * 3600  # how long bytes wait for whoever sent them to go on


@dataclass(frozen=True, slots=True)
class Keeping:
    """The uploads of one collection below `base`. Every method raises StorageFull, OSError."""

    base: Path
    collection: str

    @property
    def _place(self) -> Path:
        # A name of a collection may be anything; this one is a single folder, and none of ours.
        name = quote(self.collection, safe="").replace(".", "%2E")
        return self.base / f"c-{name}"

    @property
    def files(self) -> Path:
        """The root that the indexer walks."""
        return self._place / "files"

    def _bytes(self, digest: str) -> Path:
        return self._place / "bytes" / digest[:2] / digest

    def has(self, digest: str) -> bool:
        return self._bytes(digest).is_file()

    def size(self, digest: str) -> int:
        return self._bytes(digest).stat().st_size

    def take(self, received: Path, digest: str) -> None:
        """Move a received file, which is on the disk by now, to its place by digest."""
        target = self._bytes(digest)
        with storage_errors(self.base):
            if target.is_file():
                os.utime(target)  # claimed again
                received.unlink()
                return
            _make_folder(target.parent)
            os.replace(received, target)
            sync_folder(target.parent)

    def put(self, source: str, digest: str) -> None:
        """Give the bytes a name, in the place of others that had it."""
        target = self.files / source
        with storage_errors(self.base):
            _make_folder(target.parent)
            aside = self._place / f"{digest}.unfinished"
            aside.unlink(missing_ok=True)
            try:
                os.link(self._bytes(digest), aside)
            except OSError:  # no hard links here, or too many: then it is there twice
                shutil.copyfile(self._bytes(digest), aside)
            try:
                os.replace(aside, target)
            except OSError:
                aside.unlink()
                raise
            sync_folder(target.parent)

    def clashes(self, source: str) -> bool:
        """Whether a folder has this name, or a file that of a folder in it."""
        target = self.files / source
        folders = (each for each in target.parents if each.is_relative_to(self.files))
        return target.is_dir() or any(each.is_file() for each in folders)

    def drop(self, source: str) -> None:
        """Take a name away, and folders that are empty then."""
        target = self.files / source
        with storage_errors(self.base):
            target.unlink(missing_ok=True)
            for folder in target.parents:
                if folder == self.files:
                    break
                try:
                    folder.rmdir()
                except OSError:
                    break

    def erase(self, digest: str) -> None:
        """Take the bytes away."""
        with storage_errors(self.base):
            self._bytes(digest).unlink(missing_ok=True)

    def unclaimed(self) -> list[str]:
        """The digests of bytes that came a while ago; who knows whether they are wanted?"""
        before = time.time() - UNCLAIMED_S
        return [
            path.name
            for path in (self._place / "bytes").glob("??/*")
            if path.stat().st_mtime < before
        ]


def incoming_file(base: Path) -> tuple[int, Path]:
    """A new file to receive into, open for writing. Raises: StorageFull, OSError."""
    with storage_errors(base):
        _make_folder(base / "incoming")
        handle, name = tempfile.mkstemp(dir=base / "incoming")
        return handle, Path(name)


def clear_incoming(base: Path) -> None:
    """Delete what a process that died was receiving. Only its owner may."""
    with suppress(OSError):
        shutil.rmtree(base / "incoming")


def _make_folder(folder: Path) -> None:
    """Make a folder that is still there after a loss of power."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
    sync_folder(folder.parent)
