"""What the vectors of one file must answer, and opening them, of whichever kind they are."""

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.index.dense.engine import read_index
from indexer.index.records import Keys

ROWS_SUFFIX = ".rows"  # beside a file of quantised vectors: the same as float16, row by row

Found = tuple[NDArray[np.float32], Keys]
"""Cosines and their keys, in no order."""


@dataclass(frozen=True)
class Allowed:
    """The keys that may answer, ascending."""

    keys: Keys

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """One bit a key from 0 on, packed."""
        bits = np.zeros(int(self.keys[-1]) + 1 if len(self.keys) else 1, dtype=np.bool_)
        bits[self.keys] = True
        return np.packbits(bits, bitorder="little")

    def between(self, first: int, last: int) -> Keys:
        low, high = np.searchsorted(self.keys, [first, last + 1])
        return self.keys[low:high]


class DenseSegment(Protocol):
    """The vectors of one file, of length 1, mapped into memory.

    Never changes: a later generation may go on using it, and several threads at once.
    """

    keys: Keys  # ascending
    dim: int

    def search(self, query: Matrix, count: int, allowed: Allowed | None) -> Found:
        """The best `count` of the `allowed` ones, or fewer. `query` is (1, dim)."""
        ...

    def vectors(self, keys: Keys) -> Matrix:
        """(n, dim), in the order of `keys`. Raises: KeyError for one that isn't here."""
        ...


def open_segment(path: Path) -> DenseSegment:
    """Raises: IndexDamaged."""
    from indexer.index.dense.exact import ExactSegment
    from indexer.index.dense.quantised import QuantisedSegment

    index, rows = read_index(path), path.with_suffix(ROWS_SUFFIX)
    return QuantisedSegment(index, rows) if rows.exists() else ExactSegment(index)


def file_names(name: str, written: Container[str]) -> list[str]:
    """The file of vectors `name` and what belongs to it of the files that were `written`."""
    rows = name.removesuffix(".faiss") + ROWS_SUFFIX
    return [name, rows] if rows in written else [name]
