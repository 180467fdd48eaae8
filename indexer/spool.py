"""A queue on disk for what has to wait until everything was seen. Knows nothing of its items.

Memory is bounded by the largest item and a megabyte. Only what this very process has put in is
read, so that pickles are safe here.
"""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar, cast

_BUFFER_BYTES = 2**20

Item = TypeVar("Item")


class Spool(Generic[Item]):
    """First in, first out. The file is there from the first megabyte until it is drained."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._buffer = bytearray()
        self._count = 0

    def put(self, item: Item) -> None:
        """Raises: OSError, such as for a full disk."""
        self._buffer += pickle.dumps(item, protocol=pickle.HIGHEST_PROTOCOL)
        self._count += 1
        if len(self._buffer) >= _BUFFER_BYTES:
            self._flush()

    def drain(self) -> Iterator[Item]:
        """Everything that was put in, in order; the file is gone afterwards. Raises: OSError."""
        self._flush()
        with self._path.open("rb") as file:
            for _ in range(self._count):
                yield cast(Item, pickle.load(file))
        self._path.unlink()
        self._count = 0

    def _flush(self) -> None:
        with self._path.open("ab") as file:
            file.write(self._buffer)
        self._buffer.clear()
