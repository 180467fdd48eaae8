"""CURRENT: which generation answers, and what was removed from it since. One small file.

It is replaced as a whole, so that a new generation and what may answer from it become visible at
one instant. Knows no generation from within.
"""

import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from indexer.commands import build_hint, quoted, rebuild_hint
from indexer.errors import IndexDamaged, IndexForbidden, IndexMissing, StorageFull
from indexer.index.storage import sync_folder, write_synced

CURRENT = "CURRENT"
SPARE = "CURRENT.spare"  # the same, for `rebuild` where CURRENT is damaged
_GENERATION = re.compile(r"g(\d{6,})")


@dataclass(frozen=True, slots=True)
class Removal:
    """A document that was taken out: hidden where a generation holds it, left out by updates."""

    document_id: str
    source: str
    removed_at: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """The content of CURRENT: the open generation, the digest of its manifest, what is removed."""

    generation: str
    manifest_sha256: str
    removals: tuple[Removal, ...] = ()
    removed_ids: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        ids = frozenset(each.document_id for each in self.removals)
        object.__setattr__(self, "removed_ids", ids)

    @property
    def number(self) -> int:
        return int(self.generation[1:])

    def to_json(self) -> bytes:
        said = {
            "generation": self.generation,
            "manifest_sha256": self.manifest_sha256,
            "removals": [
                [each.document_id, each.source, each.removed_at] for each in self.removals
            ],
        }
        return json.dumps({**said, "sha256": _digest(said)}, ensure_ascii=False).encode() + b"\n"


def generation_name(number: int) -> str:
    return f"g{number:06d}"


def generation_number(name: str) -> int:
    """The number in a generation's name; 0 for any other name."""
    match = _GENERATION.fullmatch(name)
    return int(match[1]) if match else 0


def read_pointer(root: Path, name: str = CURRENT) -> Pointer:
    """Raises: IndexMissing, IndexForbidden, IndexDamaged."""
    path = root / name
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"no index at {root}", hint=build_hint(root)) from error
    except PermissionError as error:
        raise forbidden(path) from error
    except OSError as error:
        raise IndexDamaged(
            f"{path} can't be read: {error.strerror}", hint="check the disk, or restore a snapshot"
        ) from error
    try:
        return _parse(data)
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{path} is damaged", hint=rebuild_hint(root)) from error


def _parse(data: bytes) -> Pointer:
    found = json.loads(data)
    # Earlier formats had neither; their manifest says which one it is.
    expected = found.pop("sha256", None)
    removals = found.get("removals", [])
    if expected is None and set(found) != {"generation", "manifest_sha256"}:
        raise ValueError("no digest")
    if expected is not None and expected != _digest(found):
        raise ValueError("another digest")
    pointer = Pointer(
        found["generation"],
        found["manifest_sha256"],
        tuple(Removal(*map(str, each)) for each in removals),
    )
    if not generation_number(pointer.generation):
        raise ValueError(pointer.generation)
    return pointer


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


class PointerWatch:
    """CURRENT as it is at any instant: one stat while nothing has changed."""

    def __init__(self, root: Path) -> None:
        """Raises: as `read_pointer`."""
        self._root = root
        stamp = self._stamp()  # before it is read: too old a stamp only reads it twice
        self._last = (stamp, read_pointer(root))
        self.seen = self._last[1]  # what it said at first

    def now(self) -> Pointer:
        """Raises: as `read_pointer`."""
        stamp, pointer = self._last
        found = self._stamp()
        if found != stamp or found is None:
            pointer = read_pointer(self._root)
            self._last = (found, pointer)
        return pointer

    def _stamp(self) -> tuple[int, ...] | None:
        """Changes whenever CURRENT is replaced."""
        try:
            found = os.stat(self._root / CURRENT)
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size


def write_pointer(root: Path, pointer: Pointer) -> None:
    """Put `pointer` in force: one rename.

    Raises: OSError, and then the one before holds; StorageFull where only that is certain no more.
    """
    data = pointer.to_json()
    for name in (SPARE, CURRENT):
        aside = root / f"{name}.unfinished"
        write_synced(aside, data)
        os.replace(aside, root / name)
    try:
        sync_folder(root)
    except OSError as error:
        raise StorageFull(
            f"{root} is in its new state, but the disk did not confirm it: {error.strerror}",
            hint="check the disk, then run: python -m indexer verify --index " + quoted(root),
        ) from error


def forbidden(path: Path) -> IndexForbidden:
    return IndexForbidden(
        f"{path} may not be read by this user", hint="ask who owns the index for the right to read"
    )
