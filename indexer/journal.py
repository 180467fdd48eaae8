"""A file of records that are found again by their keys, though its writer was killed at any time.

Records are only ever put behind the others. One that was not written to its end, or is not as it
was written, is none. Knows nothing of what is in them. In memory are 16 bytes a record that was
there when the file was opened, none of those that were put in since.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

_HEAD = struct.Struct("<8s32sQI")  # the key's digest, the mark, length and CRC-32 of what follows
_STAMP_BYTES = 32

NO_MARK = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that is there; `mark` is 32 bytes that its writer gave it."""

    mark: bytes
    offset: int
    size: int
    crc: int


class Journal:
    """Of records that were put in under the same `stamp`; those of another one are thrown away."""

    def __init__(self, path: Path, stamp: str) -> None:
        """Raises: OSError, such as for a full disk."""
        self._path = path
        own = blake2b(stamp.encode(), digest_size=_STAMP_BYTES).digest()
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._end = _STAMP_BYTES
        if os.pread(self._handle, _STAMP_BYTES, 0) != own:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, own, 0)
        found = list(self._scan())
        keys = np.frombuffer(b"".join(key for key, _ in found), dtype="<u8")
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        self._places = np.asarray([place for _, place in found], dtype=np.int64)
        os.ftruncate(self._handle, self._end)

    @property
    def count(self) -> int:
        """The records that were there when it was opened."""
        return len(self._keys)

    def _scan(self) -> Iterator[tuple[bytes, int]]:
        """The digests and places of the records that are there to their end."""
        size = os.fstat(self._handle).st_size
        while len(head := os.pread(self._handle, _HEAD.size, self._end)) == _HEAD.size:
            key, _, length, _ = _HEAD.unpack(head)
            if self._end + _HEAD.size + length > size:
                return
            yield key, self._end
            self._end += _HEAD.size + length

    def find(self, key: str | bytes) -> Entry | None:
        """The record last put in under a key before this was opened."""
        if not self.count:
            return None
        at = int(np.searchsorted(self._keys, _number(key), side="right")) - 1
        if at < 0 or self._keys[at] != _number(key):
            return None
        place = int(self._places[self._order[at]])
        _, mark, size, crc = _HEAD.unpack(os.pread(self._handle, _HEAD.size, place))
        return Entry(mark, place + _HEAD.size, size, crc)

    def read(self, entry: Entry) -> bytes | None:
        """What was put in; None if it is not as it was written."""
        data = os.pread(self._handle, entry.size, entry.offset)
        return data if len(data) == entry.size and zlib.crc32(data) == entry.crc else None

    def put(self, key: str | bytes, data: bytes, mark: bytes = NO_MARK) -> None:
        """Raises: OSError, such as for a full disk."""
        head = _HEAD.pack(_digest(key), mark, len(data), zlib.crc32(data))
        whole = memoryview(head + data)
        while whole:
            written = os.pwrite(self._handle, whole, self._end)
            self._end += written
            whole = whole[written:]

    def close(self) -> None:
        os.close(self._handle)

    def erase(self) -> None:
        self._path.unlink(missing_ok=True)


def _digest(key: str | bytes) -> bytes:
    return blake2b(key.encode() if isinstance(key, str) else key, digest_size=8).digest()


def _number(key: str | bytes) -> int:
    return int.from_bytes(_digest(key), "little")
