"""What a generation takes over from the one before: files that never change, by hard links.

Knows files and what the manifest says of them; of what is in them only whose passages they are.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from indexer.index.dense.segment import file_names
from indexer.index.dense.writing import DenseWriter
from indexer.index.folder import (
    DATABASE_FILE,
    LEXICAL_FOLDER,
    OLDER_FOLDER,
    IndexFolder,
    database_names,
    dense_names,
)
from indexer.index.lexical import written_anew
from indexer.index.manifest import FileStamp, Manifest
from indexer.index.segments import absorb, kept_apart, passage_keys, shares
from indexer.index.storage import copy_stamped, stamp_file, take_over

_NAME_CHARS = 16  # of a digest


@dataclass(slots=True)
class Inheritance:
    """The generation before (its `manifest`), and what is taken over from it into `place`.

    `stamps` are those of the files that were taken over, `linked` the names of those of them that
    are links, not copies. Everything raises IndexDamaged where a
    file is not as it was written, and OSError.
    """

    folder: IndexFolder
    manifest: Manifest
    place: Path
    stamps: dict[str, FileStamp] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)

    def take_terms(self) -> None:
        """The terms, to be continued: what the engine never writes to again is linked."""
        (self.place / LEXICAL_FOLDER).mkdir(exist_ok=True)
        for name, stamp in self.manifest.files.items():
            if not name.startswith(f"{LEXICAL_FOLDER}/"):
                continue
            if not written_anew(name.rpartition("/")[2]):
                self._take(name, name)
                continue
            source = self._origin / name
            with (self.place / name).open("wb") as handle:
                if not source.is_file() or copy_stamped(source, handle) != stamp:
                    raise self.folder.broken(self.manifest, name)

    def take_segments(self, connection: sqlite3.Connection, dense: DenseWriter) -> tuple[str, ...]:
        """The databases that are large beside the head, with their vectors. What answers of the
        others is copied: rows into the head, which is open in `connection`, vectors into `dense`.

        Returns what the former are called from now on: by the beginning of their digest, so that
        no other has that name, wherever it comes from.
        """
        head = self.manifest.files[DATABASE_FILE].sha256[:_NAME_CHARS]
        older = (*self.manifest.older, head)
        names = list(zip(database_names(self.manifest), dense_names(self.manifest), strict=True))
        kept = kept_apart(shares(connection, len(older)), len(passage_keys(connection)))
        for at in range(kept, len(older)):
            for name in (names[at][0], *file_names(names[at][1], self.manifest.files)):
                if stamp_file(self._origin / name) != self.manifest.files[name]:
                    raise self.folder.broken(self.manifest, name)
            dense.take_over(self._origin / names[at][1], passage_keys(connection, at))
        absorb(connection, kept, len(older))
        for (database, vectors), name in zip(names, older[:kept], strict=False):
            self._take(database, f"{OLDER_FOLDER}/{name}.sqlite")
            for each in file_names(vectors, self.manifest.files):
                self._take(each, f"{OLDER_FOLDER}/{name}{Path(each).suffix}")
        return older[:kept]

    @property
    def _origin(self) -> Path:
        return self.folder.generations / self.manifest.generation

    def _take(self, name: str, new_name: str) -> None:
        stamp = self.manifest.files.get(name)
        if stamp is None or not take_over(self._origin / name, self.place / new_name, stamp):
            raise self.folder.broken(self.manifest, name)
        self.stamps[new_name] = stamp
        if (self.place / new_name).stat().st_nlink > 1:
            self.linked.add(new_name)
