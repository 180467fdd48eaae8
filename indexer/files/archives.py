"""A zip archive as a folder of files: each member of a readable format is a document of its own.

A member's source is that of the archive with its path inside: `旧档.zip/2020/a.docx`. Nothing is
ever unpacked to disk. The archive's directory alone says what there is, so that an archive that has
not changed costs an update no more than that. Knows zips and names, not what is in a member.
"""

import re
import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from indexer.errors import UnreadableFile
from indexer.files.decode import decode
from indexer.files.rules import (
    IGNORE_FILE,
    Ignore,
    SkipReason,
    left_out_by_name,
    parse_ignore,
    skipped,
    unsupported,
)
from indexer.files.zips import MAX_ENTRIES, open_zip, read_entry, require_readable, too_large
from indexer.records import Skipped

ARCHIVES = frozenset({".zip"})

MAX_TOTAL_BYTES = 4 * 2**30
"""What the members of one archive may come to, unpacked: they are read one by one, in minutes."""

_LONGEST_NAME = 1000
_IGNORE_BYTES = 64 * 1024
_UTF8_NAME = 0x800  # flag of an entry
_UNICODE_PATH = 0x7075  # extra field: the name in UTF-8 beside one in the machine's own encoding
_MADE_ON_UNIX = 3
_UNSAFE = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)|.*[\x00-\x1f\x7f]", re.DOTALL)
_SHOWN_NAME = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: `path` is its path inside, `size` what it comes to unpacked.

    `entry` is its number in the directory of the zip that holds it, which is the archive itself or,
    if `nested` is given, the zip that has that number in the archive.
    """

    path: str
    size: int
    crc: int
    entry: int
    nested: int | None = None


def list_members(
    path: Path, source: str, ignores: Sequence[Ignore], max_member_bytes: int
) -> list[Member | Skipped]:
    """What is in the archive at `path`, in the order of the members' paths.

    An archive that can't be read or is too large is one Skipped of its own.
    """
    room = _Room(MAX_ENTRIES, MAX_TOTAL_BYTES)
    try:
        with open_zip(path, PurePosixPath(source).name) as opened:
            listing = _Listing(opened, source, "", tuple(ignores), max_member_bytes, room)
            return sorted(listing.entries(), key=lambda each: _source(each, source))
    except OSError as error:
        return [skipped(source, SkipReason.NOT_READABLE, error.strerror or str(error))]
    except UnreadableFile as error:
        return [_refused(source, error)]


@dataclass(slots=True)
class _Room:
    """What an archive may still hold, those in it included."""

    entries: int
    total_bytes: int

    def take(self, infos: Sequence[ZipInfo], name: str) -> None:
        """Raises: UnreadableFile, reason `too_large`."""
        self.entries -= len(infos)
        self.total_bytes -= sum(info.file_size for info in infos)
        if self.entries < 0:
            raise too_large(
                f"{name} holds over {MAX_ENTRIES} entries, those of zips in it included"
            )
        if self.total_bytes < 0:
            raise too_large(f"{name} comes to over {MAX_TOTAL_BYTES / 2**30:.0f} GB unpacked")


@dataclass(slots=True)
class _Listing:
    """The directory of one zip: the archive itself, or one in it."""

    opened: ZipFile
    source: str
    inside: str  # what leads the members' paths: nothing, or the path of the zip in the archive
    ignores: tuple[Ignore, ...]
    max_member_bytes: int
    room: _Room
    nested: int | None = None
    told: set[str] = field(default_factory=set)

    def entries(self) -> Iterator[Member | Skipped]:
        """Raises: UnreadableFile for the whole zip, before any of it is unpacked."""
        infos = self.opened.infolist()
        for info, reads_as in zip(infos, entry_names(infos), strict=True):
            info.filename = reads_as  # messages name it as it reads; zipfile goes by orig_filename
        self._read_ignores(infos)
        last = {info.filename: number for number, info in enumerate(infos)}
        chosen: list[tuple[int, str]] = []
        for number, info in enumerate(infos):
            name = self._name(info)
            if isinstance(name, Skipped):
                yield from self._once(name)
            elif name and last[info.filename] != number:
                detail = "a later entry of the archive has the same name"
                yield skipped(f"{self.source}/{name}", SkipReason.SUPERSEDED, detail)
            elif name:
                chosen.append((number, name))
        self.room.take([infos[number] for number, _ in chosen], PurePosixPath(self.source).name)
        for number, name in chosen:
            try:
                require_readable(infos[number], self.max_member_bytes)
                if _is_archive(name):
                    yield from self._nested(number, infos[number], name)
                else:
                    info = infos[number]
                    inside = self.inside + name
                    yield Member(inside, info.file_size, info.CRC, number, self.nested)
            except UnreadableFile as error:
                yield _refused(f"{self.source}/{name}", error)

    def _once(self, told: Skipped) -> Iterator[Skipped]:
        """A folder that is left out is told of once, not for each file in it."""
        if told.source not in self.told:
            self.told.add(told.source)
            yield told

    def _read_ignores(self, infos: Sequence[ZipInfo]) -> None:
        """An archive's own `.wenjuignore`: who packed it wants the rest left out there, too.

        Raises: UnreadableFile.
        """
        for info in infos:
            folder, _, name = info.filename.rpartition("/")
            if name == IGNORE_FILE:
                text = read_entry(self.opened, info, _IGNORE_BYTES).decode("utf-8", "replace")
                below = f"{self.source}/{folder}/" if folder else f"{self.source}/"
                self.ignores = (*self.ignores, parse_ignore(below, text))

    def _name(self, info: ZipInfo) -> str | Skipped:
        """Its path with `/`, empty for what is passed over in silence, or why it is left out."""
        name = info.filename
        if _UNSAFE.match(name) or len(name) > _LONGEST_NAME:
            shown = re.sub(r"[\x00-\x1f\x7f]", "\ufffd", name)[:_SHOWN_NAME]
            detail = "its name leads out of the archive, or is no name of a file"
            return skipped(f"{self.source}/{shown}", SkipReason.UNSAFE_NAME, detail)
        if name.endswith("/") or name.rpartition("/")[2] == IGNORE_FILE:
            return ""
        at = self.source
        for part in name.split("/"):
            at = f"{at}/{part}"
            left_out = left_out_by_name(part, at, self.ignores)
            if left_out:
                return left_out
        kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _MADE_ON_UNIX else 0
        if kind == stat.S_IFLNK:
            detail = "links in an archive are not followed; the file itself is what counts"
            return skipped(at, SkipReason.LINK_IN_ARCHIVE, detail)
        if kind not in (0, stat.S_IFREG):
            return skipped(at, SkipReason.NOT_A_FILE, "a pipe, socket or device")
        return (None if _is_archive(name) else unsupported(name, at)) or name

    def _nested(self, number: int, info: ZipInfo, name: str) -> Iterator[Member | Skipped]:
        """The members of a zip in the archive; one in that is told of and left shut.

        Raises: UnreadableFile.
        """
        source = f"{self.source}/{name}"
        if self.nested is not None:
            detail = "a zip in a zip in a zip; unpack the outer one"
            yield skipped(source, SkipReason.NESTED_ARCHIVE, detail)
            return
        data = read_entry(self.opened, info, self.max_member_bytes)
        with open_zip(BytesIO(data), PurePosixPath(name).name) as opened:
            yield from _Listing(
                opened, source, f"{name}/", self.ignores, self.max_member_bytes, self.room, number
            ).entries()


def _source(each: Member | Skipped, archive: str) -> str:
    return each.source if isinstance(each, Skipped) else f"{archive}/{each.path}"


def _is_archive(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in ARCHIVES


def _refused(source: str, error: UnreadableFile) -> Skipped:
    return Skipped(source, error.reason, f"{error.message} ({error.hint})")


# -- names ----------------------------------------------------------------------------------------


def entry_names(infos: Sequence[ZipInfo]) -> list[str]:
    """The paths as they read, with `/` and without `.` and empty steps.

    A name is UTF-8 where it says so or can't be anything else. The rest was written in the encoding
    of some machine, one for the whole archive: GB18030 or Big5, whichever reads better.
    """
    names: list[str] = []
    waiting: dict[int, bytes] = {}
    for number, info in enumerate(infos):
        raw = b"" if info.flag_bits & _UTF8_NAME else info.orig_filename.encode("cp437", "replace")
        try:  # cp437 is how zipfile reads what says nothing of itself
            names.append(_unicode_path(info, raw) or raw.decode() or info.orig_filename)
        except UnicodeDecodeError:
            waiting[number] = raw
            names.append(info.orig_filename)
    if waiting:
        encoding = _encoding(list(waiting.values()))
        for number, raw in waiting.items():
            names[number] = raw.decode(encoding, "replace")
    return [_tidy(name) for name in names]


def _encoding(names: Sequence[bytes]) -> str:
    sample = b"\n".join(name for name in names if b"\0" not in name)
    try:
        return decode(sample).encoding
    except UnreadableFile:
        return "cp437"  # as they stand in the directory: names may be wrong, contents are not


def _tidy(name: str) -> str:
    """Windows' own packer wrote \\ for years; a trailing / says that it is a folder."""
    name = name.replace("\\", "/")
    steps = [step for step in name.split("/") if step not in ("", ".")]
    return "/" * name.startswith("/") + "/".join(steps) + "/" * (name.endswith("/") and bool(steps))


def _unicode_path(info: ZipInfo, raw: bytes) -> str | None:
    """The name in the extra field of Info-ZIP, if it is that of this very name."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        is_ours = kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1
        if is_ours and struct.unpack_from("<L", body, 1)[0] == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
    return None


# -- reading --------------------------------------------------------------------------------------


class Archives:
    """Reads members. The last archive stays open: ten thousand members parse its directory once."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._modified = 0
        self._opened: ZipFile | None = None
        self._inner: tuple[int, ZipFile] | None = None

    def close(self) -> None:
        for opened in (self._opened, self._inner and self._inner[1]):
            if opened is not None:
                opened.close()
        self._path = self._opened = self._inner = None

    def read(self, path: Path, member: Member) -> tuple[bytes, int]:
        """The bytes of a member, and when its archive was last written (ns).

        Raises: OSError, also if the archive is no longer the one that was listed; UnreadableFile.
        """
        opened = self._archive(path)
        if member.nested is not None:
            opened = self._zip_inside(opened, member.nested)
        infos = opened.infolist()
        info = infos[member.entry] if member.entry < len(infos) else None
        if info is None or (info.file_size, info.CRC) != (member.size, member.crc):
            raise OSError("the archive changed while it was read")
        info.filename = member.path
        return read_entry(opened, info, member.size), self._modified

    def _archive(self, path: Path) -> ZipFile:
        if self._opened is None or self._path != path:
            self.close()
            self._modified = path.stat().st_mtime_ns  # first: a later change is then seen as one
            self._opened = open_zip(path, path.name)
            self._path = path
        return self._opened

    def _zip_inside(self, archive: ZipFile, number: int) -> ZipFile:
        if self._inner is None or self._inner[0] != number:
            infos = archive.infolist()
            if number >= len(infos):
                raise OSError("the archive changed while it was read")
            data = read_entry(archive, infos[number], infos[number].file_size)
            if self._inner is not None:
                self._inner[1].close()
            self._inner = number, open_zip(BytesIO(data), infos[number].filename)
        return self._inner[1]
