"""Which names of files and folders are left out, and why. Opens nothing.

The same rules hold in a folder and in an archive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from indexer.files.readers import SUPPORTED
from indexer.records import Skipped

IGNORE_FILE = ".wenjuignore"
_PAGES = (".html", ".htm")
_PARTS = ("_files", ".files")  # 通知.html and 通知_files
_MAC_FOLDER = "__MACOSX"  # what a Mac adds to a zip: icons and the like, one for each file


class SkipReason(StrEnum):
    """Why an entry of a folder is not read. Files that readers refuse have reasons of their own."""

    HIDDEN = "hidden"
    BACKUP = "backup"
    IGNORED = "ignored"
    PARTS_OF_A_PAGE = "parts_of_a_page"
    SYMLINKED_FOLDER = "symlinked_folder"
    LINK_OUTSIDE = "link_outside"
    LINK_IN_ARCHIVE = "link_in_archive"
    BROKEN_LINK = "broken_link"
    NOT_A_FILE = "not_a_file"
    NOT_READABLE = "not_readable"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_LARGE = "too_large"
    NAME_NOT_UTF8 = "name_not_utf8"
    UNSAFE_NAME = "unsafe_name"
    CHANGING = "changing"
    TOO_DEEP = "too_deep"
    NESTED_ARCHIVE = "nested_archive"
    SUPERSEDED = "superseded"
    INDEX = "index"


_DETAILS = {
    SkipReason.HIDDEN: f"names that start with a point, and {_MAC_FOLDER}, are left out",
    SkipReason.BACKUP: "an editor's backup or lock file",
    SkipReason.IGNORED: f"left out by a {IGNORE_FILE}",
    SkipReason.PARTS_OF_A_PAGE: "pictures and scripts that a browser saved with the page beside it",
}


@dataclass(frozen=True, slots=True)
class Ignore:
    """The globs of one `.wenjuignore`: they hold for names and paths below its folder."""

    folder: str  # with a / at the end; empty for that which was given
    globs: tuple[str, ...]


def parse_ignore(folder: str, text: str) -> Ignore:
    """One glob a line; # is a remark."""
    lines = (line.strip() for line in text.splitlines())
    return Ignore(
        folder, tuple(line.rstrip("/") for line in lines if line and not line.startswith("#"))
    )


def is_matched(source: str, globs: Sequence[str]) -> bool:
    """Whether one of the globs holds for a file's path or for its name alone."""
    name = source.rpartition("/")[2]
    return any(fnmatchcase(source, glob) or fnmatchcase(name, glob) for glob in globs)


def left_out_by_name(name: str, source: str, ignores: Sequence[Ignore]) -> Skipped | None:
    """What speaks against a file or folder of this name, if anything does."""
    reason = _reason_by_name(name, source, ignores)
    return skipped(source, reason, _DETAILS[reason]) if reason else None


def parts_of_pages(names: Iterable[str]) -> set[str]:
    """The folders in which a browser puts what belongs to the saved pages among these names."""
    pages = {PurePosixPath(name).stem for name in names if name.lower().endswith(_PAGES)}
    return {stem + ending for stem in pages for ending in _PARTS}


def part_of_page(source: str) -> Skipped:
    """What is told of such a folder."""
    return skipped(source, SkipReason.PARTS_OF_A_PAGE, _DETAILS[SkipReason.PARTS_OF_A_PAGE])


def same_name(source: str) -> Skipped:
    """What is told of a file whose name in another encoding is that of a file beside it."""
    detail = "its name is not UTF-8, and read as text it is another file's: rename one of them"
    return skipped(source, SkipReason.NAME_NOT_UTF8, detail)


def unsupported(name: str, source: str) -> Skipped | None:
    """Whether there is no reader for a file of this name."""
    suffix = PurePosixPath(name).suffix
    if suffix.lower() in SUPPORTED:
        return None
    detail = f"no reader for {suffix or 'files without an ending'}"
    return skipped(source, SkipReason.UNSUPPORTED_FORMAT, detail)


def skipped(source: str, reason: SkipReason, detail: str) -> Skipped:
    # A message of the system may hold a name as it is on disk, in half characters.
    return Skipped(source, reason.value, detail.encode("utf-8", "replace").decode())


def _reason_by_name(name: str, source: str, ignores: Sequence[Ignore]) -> SkipReason | None:
    if name.startswith(".") or name == _MAC_FOLDER:
        return SkipReason.HIDDEN
    if name.endswith(("~", ".bak", ".swp", ".tmp")) or name.startswith(("~$", "#")):
        return SkipReason.BACKUP
    for ignore in ignores:
        if not source.startswith(ignore.folder):
            continue
        below = source.removeprefix(ignore.folder)
        if any(fnmatchcase(name, glob) or fnmatchcase(below, glob) for glob in ignore.globs):
            return SkipReason.IGNORED
    return None
