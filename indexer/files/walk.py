"""Folders to the files that may be indexed, and what is left out with its reason.

Knows names, sizes and kinds of directory entries; opens no file but `.wenjuignore` and the
directories of archives.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import InvalidRequest
from indexer.files.archives import ARCHIVES, Member, list_members
from indexer.files.given import NOTHING_GIVEN, Given
from indexer.files.names import is_text_name, readable_name
from indexer.files.rules import (
    IGNORE_FILE,
    Ignore,
    SkipReason,
    left_out_by_name,
    parse_ignore,
    part_of_page,
    parts_of_pages,
    same_name,
    skipped,
    unsupported,
)
from indexer.files.scope import EVERYTHING, Scope
from indexer.records import Skipped

DEFAULT_MAX_FILE_BYTES = 64 * 1024 * 1024

MAX_DEPTH = 100
"""Folders in folders; each is a call in a call here, and no person has put so many there."""


@dataclass(frozen=True, slots=True)
class FileFound:
    """A file to read. `source` is its path below the folder that was given, with `/`.

    With `member` it is a file in the archive at `path`, and `size` is what it comes to unpacked.
    `given` is what its user says of it; a walk knows nothing of that (see `sidecars`).
    """

    path: Path
    source: str
    size: int
    member: Member | None = None
    given: Given = NOTHING_GIVEN


def document_id(source: str) -> str:
    """The first 16 hex digits of the SHA-256 of the source: it survives a change of content."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def walk(
    paths: Sequence[Path],
    max_file_bytes: int = DEFAULT_MAX_FILE_BYTES,
    scope: Scope = EVERYTHING,
) -> Iterator[FileFound | Skipped]:
    """Everything under the paths in the order of `source`, folder by folder.

    Of a `scope` all that is in it, and also the files of the folders above, which may be about it.

    With one path, sources are relative to it (a file: its name); with several, each source starts
    with its path's own name. Raises: InvalidRequest for a path that is not there, or two of a name.
    """
    return walk_roots(_roots(paths), max_file_bytes, scope)


def _roots(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Each path with the prefix of its sources, sorted by it."""
    roots: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise InvalidRequest(f"no such file or folder: {path}", hint="check the path")
        if not is_text_name(os.path.abspath(path) + path.resolve().name):
            name = "/".join(map(readable_name, os.path.abspath(path).split("/")))
            raise InvalidRequest(
                f"the path is not valid UTF-8: {name}",
                hint="rename its folders, or index the folder above; names below it may be GBK",
            )
        name = path.resolve().name
        if name in roots:
            raise InvalidRequest(
                f"two paths are called {name!r}: {roots[name]} and {path}",
                hint="index their common parent folder, or rename one",
            )
        roots[name] = path
    alone = len(roots) == 1
    return [(path, "" if alone else name + "/") for name, path in sorted(roots.items())]


def walk_roots(
    roots: Sequence[tuple[Path, str]], max_file_bytes: int, scope: Scope = EVERYTHING
) -> Iterator[FileFound | Skipped]:
    """As `walk`, each path with what leads its sources."""
    for path, prefix in roots:
        if path.is_dir():
            yield from _Walk(path.resolve(), max_file_bytes, scope).folder(path, prefix, ())
        else:
            source = prefix.removesuffix("/") or path.name
            yield from _Walk(path.resolve().parent, max_file_bytes, scope).file(path, source)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk below `root`, which no link may leave."""

    root: Path
    max_file_bytes: int
    scope: Scope

    def folder(
        self, folder: Path, prefix: str, ignores: tuple[Ignore, ...]
    ) -> Iterator[FileFound | Skipped]:
        try:
            with os.scandir(folder) as entries:
                found = _by_name(entries)
            ignores = (*ignores, *_read_ignore(folder, prefix))
        except OSError as error:
            yield skipped(prefix.rstrip("/") or folder.name, SkipReason.NOT_READABLE, str(error))
            return
        if prefix.count("/") > MAX_DEPTH:
            yield skipped(prefix.rstrip("/"), SkipReason.TOO_DEEP, f"over {MAX_DEPTH} folders deep")
            return
        if _is_index(folder):
            yield skipped(prefix.rstrip("/") or folder.name, SkipReason.INDEX, "an index of ours")
            if prefix:
                return
            found = [(name, entry) for name, entry in found if name not in _OF_INDEX]
        taken = {name for name, entry in found if is_text_name(entry.name)}
        parts = parts_of_pages(name for name, _ in found)
        for name, entry in found:
            if not is_text_name(entry.name):
                if name in taken:
                    yield same_name(prefix + name)
                    continue
                taken.add(name)
            if name in parts and entry.is_dir(follow_symlinks=False):
                yield part_of_page(prefix + name)
                continue
            yield from self._entry(entry, prefix + name, ignores)

    def _entry(
        self, entry: "os.DirEntry[str]", source: str, ignores: tuple[Ignore, ...]
    ) -> Iterator[FileFound | Skipped]:
        name = source.rpartition("/")[2]
        left_out = left_out_by_name(name, source, ignores)
        if name == IGNORE_FILE:
            return
        if left_out:
            yield left_out
        elif entry.is_dir(follow_symlinks=False):
            if not self.scope.leads_to(source):
                return
            yield from self.folder(Path(entry.path), source + "/", ignores)
        elif entry.is_symlink() and Path(entry.path).is_dir():
            yield skipped(source, SkipReason.SYMLINKED_FOLDER, "links to folders are not followed")
        else:
            yield from self.file(Path(entry.path), source, ignores)

    def file(
        self, path: Path, source: str, ignores: tuple[Ignore, ...] = ()
    ) -> Iterator[FileFound | Skipped]:
        try:
            status = path.stat()
            # Folders that are links are not followed, so that nothing else leads out.
            inside = not path.is_symlink() or path.resolve().is_relative_to(self.root)
        except OSError as error:
            reason = SkipReason.BROKEN_LINK if path.is_symlink() else SkipReason.NOT_READABLE
            yield skipped(source, reason, str(error))
            return
        if not inside:
            yield skipped(source, SkipReason.LINK_OUTSIDE, "the link leads out of the folder")
        elif not stat.S_ISREG(status.st_mode):
            yield skipped(source, SkipReason.NOT_A_FILE, "a pipe, socket or device")
        elif path.suffix.lower() in ARCHIVES:
            if self.scope.leads_to(source):
                yield from self._archive(path, source, ignores)
        elif no_reader := unsupported(source, source):
            yield no_reader
        elif status.st_size > self.max_file_bytes:
            detail = (
                f"{status.st_size / 2**20:.0f} MB, more than {self.max_file_bytes / 2**20:.0f} MB; "
                "raise the limit with --max-file-mb"
            )
            yield skipped(source, SkipReason.TOO_LARGE, detail)
        elif not os.access(path, os.R_OK):
            yield skipped(source, SkipReason.NOT_READABLE, "no permission to read it")
        else:
            yield FileFound(path, source, status.st_size)

    def _archive(
        self, path: Path, source: str, ignores: tuple[Ignore, ...]
    ) -> Iterator[FileFound | Skipped]:
        """The members of an archive, which has limits of its own; that of size holds for each."""
        for each in list_members(path, source, ignores, self.max_file_bytes):
            if isinstance(each, Skipped):
                yield each
            else:
                yield FileFound(path, f"{source}/{each.path}", each.size, each)


_OF_INDEX = ("CURRENT", "CURRENT.spare", "generations", "lock", "lock.current")


def _is_index(folder: Path) -> bool:
    """Whether this is the folder of an index, which has no documents of its own."""
    return (folder / "CURRENT").is_file() and any((folder / "generations").glob("g[0-9]*"))


def _by_name(entries: "Iterable[os.DirEntry[str]]") -> "list[tuple[str, os.DirEntry[str]]]":
    """In the order of the sources, each with its name as text."""

    def order(item: "tuple[str, os.DirEntry[str]]") -> tuple[str, str]:
        name, entry = item
        # A folder sorts as "name/", as it stands in a source.
        return name + "/" * entry.is_dir(follow_symlinks=False), entry.name

    return sorted(((readable_name(entry.name), entry) for entry in entries), key=order)


def _read_ignore(folder: Path, prefix: str) -> tuple[Ignore, ...]:
    path = folder / IGNORE_FILE
    if not path.is_file():
        return ()
    return (parse_ignore(prefix, path.read_text("utf-8", "replace")),)
