"""A zip file opened within bounds, and its entries read one by one. Knows nothing of documents.

What a zip says of itself is not believed: its directory is measured before it is parsed, an entry
is read up to the size that it declared and not a byte further, and only the two methods are taken
whose output can be held back while it comes (stored and deflated).
"""

import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from indexer.errors import UnreadableFile

MAX_ENTRIES = 50_000
"""A folder of so many files is better indexed unpacked; each entry costs half a kilobyte here."""

MAX_DIRECTORY_BYTES = 16 * 2**20
"""The directory is parsed as a whole, before entries can be counted: 50,000 with long names."""

MAX_RATIO = 200
"""Bytes out for bytes in. Text comes to 3 to 10, the XML of a spreadsheet to 50, a bomb to 1000."""

FREE_BYTES = 2**20
"""An entry that is no larger is harmless at any ratio: an empty form compresses well, too."""

_METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_WIDE_END = b"PK\x06\x06"
_WIDE_END_BYTES = 56
_FARTHEST = 2**62  # a larger offset is no file's, and no number for a seek
# A RuntimeError is a version that zipfile does not know, a ValueError a name that is not UTF-8.
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError)


def open_zip(file: Path | IO[bytes], name: str) -> zipfile.ZipFile:
    """Open it for reading; `name` is for messages.

    Raises: OSError; UnreadableFile, reason `damaged` or `too_large`.
    """
    name = name.encode("utf-8", "replace").decode()  # on disk it may be anything
    if isinstance(file, Path):
        with file.open("rb") as handle:
            _require_small_directory(handle, name)
    else:
        _require_small_directory(file, name)
    try:
        opened = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise damaged(f"{name} is no whole zip: {error}") from error
    count = len(opened.infolist())
    if count > MAX_ENTRIES:
        opened.close()
        raise too_large(f"{name} holds {count} entries, over {MAX_ENTRIES}")
    return opened


def read_entry(opened: zipfile.ZipFile, info: zipfile.ZipInfo, max_bytes: int) -> bytes:
    """What one entry holds.

    Raises: OSError; UnreadableFile, reason `encrypted`, `unsupported_compression`, `too_large` or
    `damaged`.
    """
    require_readable(info, max_bytes)
    try:
        with opened.open(info) as entry:
            # By its size: read() without one unpacks everything first and cuts it then.
            data = entry.read(info.file_size)
    except _BROKEN as error:
        raise damaged(f"{info.filename} in it is damaged: {error}") from error
    if len(data) != info.file_size:
        raise damaged(f"{info.filename} in it ends too early")
    return data


def require_readable(info: zipfile.ZipInfo, max_bytes: int) -> None:
    """Judge an entry by the zip's directory alone. Raises: UnreadableFile as `read_entry`."""
    if info.flag_bits & 0x1:
        raise UnreadableFile(
            f"{info.filename} in it is locked with a password",
            reason="encrypted",
            hint="unpack it with the password and index what is inside",
        )
    if info.compress_type not in _METHODS:
        raise UnreadableFile(
            f"{info.filename} in it is packed by method {info.compress_type}",
            reason="unsupported_compression",
            hint="pack it again as a plain zip (deflate)",
        )
    if not 0 <= info.header_offset < _FARTHEST:
        raise damaged(f"{info.filename} in it begins nowhere")
    if info.file_size > max_bytes:
        raise too_large(
            f"{info.filename} in it has {info.file_size / 2**20:.0f} MB unpacked, "
            f"over {max_bytes / 2**20:.0f} MB"
        )
    if info.file_size > max(FREE_BYTES, info.compress_size * MAX_RATIO):
        raise too_large(
            f"{info.filename} in it grows {info.file_size // max(1, info.compress_size)} times "
            f"as it is unpacked, over {MAX_RATIO}"
        )


def damaged(message: str) -> UnreadableFile:
    return UnreadableFile(
        message, reason="damaged", hint="fetch or save it again; `unzip -t` tells what is broken"
    )


def too_large(message: str) -> UnreadableFile:
    return UnreadableFile(
        message, reason="too_large", hint="unpack it and index the folder, or split it"
    )


def _require_small_directory(handle: IO[bytes], name: str) -> None:
    """Find the size of the directory where the zip ends, as zipfile will."""
    size = handle.seek(0, 2)
    tail_bytes = min(size, _END_BYTES + _LONGEST_COMMENT + _LOCATOR_BYTES)
    handle.seek(size - tail_bytes)
    tail = handle.read(tail_bytes)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise damaged(f"{name} is no zip, or its end is missing")
    (directory,) = struct.unpack_from("<L", tail, at + 12)
    locator = tail[at - _LOCATOR_BYTES : at] if at >= _LOCATOR_BYTES else b""
    if locator.startswith(_LOCATOR):
        # Where it says that the wide record is, and where some versions of zipfile look for it.
        before = size - tail_bytes + at - _LOCATOR_BYTES - _WIDE_END_BYTES
        for wide_at in (struct.unpack_from("<Q", locator, 8)[0], before):
            handle.seek(min(max(wide_at, 0), size))
            wide = handle.read(_WIDE_END_BYTES)
            if wide.startswith(_WIDE_END) and len(wide) == _WIDE_END_BYTES:
                directory = max(directory, struct.unpack_from("<Q", wide, 40)[0])
    if directory > MAX_DIRECTORY_BYTES:
        raise too_large(
            f"the directory of {name} has {directory / 2**20:.0f} MB, "
            f"over {MAX_DIRECTORY_BYTES / 2**20:.0f} MB"
        )
