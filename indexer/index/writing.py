"""Writing one new generation: aside, checked, then opened to readers by moving one pointer.

Knows no files to read, no embedder and no segmenter: passages, terms and vectors are given.
Killed at any instant it leaves the old generation or the new one:

    rows, vectors and terms aside ── re-read, count ── manifest ── fsync
      ── rename the generation's folder ── move CURRENT
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from indexer.embed.base import Matrix
from indexer.errors import EmbedderFailed
from indexer.index.checking import check_written
from indexer.index.database import connect_to_read, connect_to_write, create, reading_errors
from indexer.index.dense.writing import DenseWriter
from indexer.index.documents import catalog_digest, document_of, passage_of, read_catalog
from indexer.index.edges import StoredPage, note_edges, restore_page, stored_pages
from indexer.index.folder import (
    DATABASE_FILE,
    DENSE_FILE,
    LEXICAL_FOLDER,
    IndexFolder,
    dense_names,
)
from indexer.index.known import TOUCHED, KnownFile, note_touched, read_known_files, read_touched
from indexer.index.lexical import LexicalWriter, Posting
from indexer.index.manifest import FORMAT_VERSION, MANIFEST_FILE, Manifest, Root, Settings
from indexer.index.pointer import Pointer, Removal
from indexer.index.publishing import publish
from indexer.index.records import Keys, PassageTokens
from indexer.index.reprints import note_reprints
from indexer.index.rows import cut_document_again, insert_document
from indexer.index.segments import (
    Segments,
    continue_from,
    drop_document,
    dropped_keys,
    join,
    passage_keys,
)
from indexer.index.tables import DOCUMENTS, PASSAGES, SETTINGS, SKIPPED, TOKENS
from indexer.index.taking_over import Inheritance
from indexer.records import Document, Passage, Skipped


class GenerationWriter:
    """One new generation in the making: `start_…`, then `add` and `skip`, then `finish`.

    What goes on from the base generation is taken over when the first change comes.
    """

    def __init__(self, folder: IndexFolder, base: Pointer, number: int, settings: Settings) -> None:
        self._folder = folder
        self.base = base  # the generation that this one replaces, number 0 if there is none
        self._number = number
        self._settings = settings
        self._indexed_at = datetime.now(UTC).isoformat(timespec="seconds")
        self.place = folder.aside(number)  # where everything is written first
        self.place.mkdir(parents=True)
        self._base_rows: sqlite3.Connection | None = None
        self._own_rows: sqlite3.Connection | None = None
        self._dense = DenseWriter(settings.embedder.dim, self.place)
        self._inherited: Inheritance | None = None  # None: nothing is taken over, as far as we know
        self._lexical: LexicalWriter | None = None
        self._skipped: list[Skipped] = []
        self._touched: dict[int, int] = {}
        self._dropped_passages: list[int] = []
        self._next_document = self._next_passage = self._first_new = 1
        self.lifted: list[Removal] = []  # those of the base that hold no more
        self.notes: list[str] = []  # what is left to say once the generation is in force
        self.finished = False

    def known_files(self, within: Sequence[str] = ("",)) -> dict[str, KnownFile]:
        """The documents that the base generation sees, by source: those of these sources, or below
        them. Raises: IndexDamaged.
        """
        with reading_errors(self._folder.database(self.base.number)):
            return read_known_files(self._rows, self.base.removed_ids, within)

    @property
    def _rows(self) -> sqlite3.Connection:
        """The rows as they are now: of the base until something changes."""
        if self._own_rows is not None:
            return self._own_rows
        if self._base_rows is None:
            manifest = self._folder.manifest(self.base)
            self._base_rows = connect_to_read(self._folder.segments(manifest))
        return self._base_rows

    def start_empty(self) -> None:
        """Nothing of the base generation goes on into this one."""
        create(self.place / DATABASE_FILE)
        self._open()

    def start_from_base(self) -> int:
        """Everything goes on but what is removed; returns how many documents that drops."""
        hidden = self._removed_keys()
        self.drop(hidden)
        return len(hidden)

    def start_from_rows(self, copy: Callable[[Path], None], *, keeps_vectors: bool) -> None:
        """Documents and passages go on, but for what is removed, in the database that `copy` makes.

        The terms of all passages are to be added anew, and vectors and tokens unless they are kept.
        """
        copy(self.place / DATABASE_FILE)
        self._open()
        self.drop(self._removed_keys())
        if not keeps_vectors:
            self._rows.execute("DELETE FROM main.tokens")
            return
        place = self._folder.generation(self.base.number)
        for name in dense_names(self._folder.manifest(self.base)):
            self._dense.take_over(place / name, passage_keys(self._rows))

    def cut_again(self, cut: Callable[[Document], Sequence[Passage]]) -> None:
        """After `start_from_rows`: other passages for every document. Raises: IndexDamaged."""
        for row in DOCUMENTS.read(self._rows, "ORDER BY key"):
            self._next_passage += cut_document_again(self._rows, row, self._next_passage, cut)

    def passages_to_index(self) -> Iterator[tuple[int, int, Passage]]:
        """After `start_from_rows`: each passage with its key and its document's, by document.

        Raises: IndexDamaged.
        """
        for row in DOCUMENTS.read(self._rows, "ORDER BY key"):
            owner = document_of(row).document
            of_one = PASSAGES.read(self._rows, "WHERE document_key = ? ORDER BY key", row[:1])
            for passage in of_one:
                yield passage[0], row[0], passage_of(passage, owner)

    def _removed_keys(self) -> list[int]:
        if not self.base.removals:
            return []
        with reading_errors(self._folder.database(self.base.number)):
            rows = read_catalog(self._rows)
        return [key for key, document_id, *_ in rows if document_id in self.base.removed_ids]

    def _open(self) -> LexicalWriter:
        """The database and the terms that are in `place` by now, to be written to."""
        (self.place / LEXICAL_FOLDER).mkdir(exist_ok=True)
        self._lexical = LexicalWriter(self.place / LEXICAL_FOLDER)
        rows = connect_to_write(self.place / DATABASE_FILE)
        self._own_rows = rows
        older = Segments(())
        if self._inherited is not None:
            older = self._folder.segments(self._inherited.manifest)
        join(rows, older.paths, older.dropped)
        rows.execute("BEGIN")
        if older.paths:
            continue_from(rows, len(older.paths) - 1)
        highest = dict(rows.execute("SELECT name, seq FROM main.sqlite_sequence").fetchall())
        self._next_document = self._first_new = 1 + highest.get("documents", 0)
        self._next_passage = 1 + highest.get("passages", 0)
        return self._lexical

    @property
    def _added(self) -> Keys | None:
        """The documents that were added; None where everything in this generation was."""
        if self._inherited is None:
            return None
        return np.arange(self._first_new, self._next_document)

    @property
    def _writer(self) -> LexicalWriter:
        """The terms of this generation; takes over what goes on at the first change."""
        return self._lexical or self._begin()

    def _begin(self) -> LexicalWriter:
        """Take over the base generation. Raises: IndexDamaged, OSError."""
        manifest = self._folder.manifest(self.base)
        for name in self._folder.broken_files(manifest, sizes_alone=True):
            raise self._folder.broken(manifest, name)
        self._inherited = Inheritance(self._folder, manifest, self.place)
        self._inherited.take_terms()
        create(self.place / DATABASE_FILE)
        return self._open()

    def drop(self, documents: Sequence[int]) -> None:
        """Leave documents of the base generation out, by key. Raises: StorageFull."""
        if not documents:
            return
        self._writer.remove_documents(np.asarray(documents, dtype=np.int64))
        for key in documents:
            DOCUMENTS.read(self._rows, "WHERE key = ?", (key,))  # compares its digest
            self._dropped_passages.extend(drop_document(self._rows, key))

    def add(
        self, document: Document, passages: Sequence[Passage], original: bytes, mtime_ns: int
    ) -> tuple[int, int]:
        """Store a document; returns its key, and that of its first passage (the others follow).

        Raises: StorageFull.
        """
        _ = self._writer
        key, first = self._next_document, self._next_passage
        self._next_document += 1
        self._next_passage += len(passages)
        insert_document(
            self._rows, key, first, document, passages, original, mtime_ns, self._indexed_at
        )
        return key, first

    def note_edges(
        self, key: int, lines: bytes, repeated: tuple[int, int], before: Document
    ) -> None:
        """Remember a page of a site and its edges. `before` is it with all its lines."""
        note_edges(self._rows, key, lines, repeated, before)

    def stored_pages(self) -> list[StoredPage]:
        """The pages that are in this generation so far."""
        return stored_pages(self._rows)

    def take_back(self, key: int) -> tuple[Document, bytes, int]:
        """Leave a page of the base generation out, to be added again in another way.

        Returns it with all its lines, its file's bytes and time stamp. Raises: StorageFull.
        """
        page = restore_page(self._rows, key)
        self.drop([key])
        return page

    def add_postings(
        self, postings: Sequence[Posting], vectors: Matrix, tokens: Sequence[PassageTokens] = ()
    ) -> None:
        """Make passages findable, by their terms and, row by row, their vectors.

        Raises: StorageFull, EmbedderFailed.
        """
        self.add_terms(postings, tokens)
        dim = self._settings.embedder.dim
        if vectors.shape != (len(postings), dim) or not np.isfinite(vectors).all():
            raise EmbedderFailed(
                f"the embedder gave {vectors.shape} numbers, not ({len(postings)}, {dim}), "
                "or numbers that are not finite",
                hint="check the embedder; the index is as it was before",
            )
        self._dense.add(np.asarray([posting.key for posting in postings], np.int64), vectors)

    def add_terms(self, postings: Sequence[Posting], tokens: Sequence[PassageTokens] = ()) -> None:
        """Make passages findable by their terms; their vectors are there. Raises: StorageFull."""
        self._writer.add(postings)
        TOKENS.insert(
            self._rows,
            [
                (posting.key, each.shared, each.written, each.digits)
                for posting, each in zip(postings, tokens, strict=False)
            ],
        )

    def touch(self, key: int, mtime_ns: int) -> None:
        """A file was seen unchanged under a new time stamp, which the generation will remember.

        That alone makes no generation: the file is read again by the next update.
        """
        self._touched[key] = mtime_ns

    def skip(self, skipped: Sequence[Skipped]) -> None:
        self._skipped.extend(skipped)

    def skipped_before(self) -> list[Skipped]:
        """The files that the base generation left out. Raises: IndexDamaged."""
        with reading_errors(self._folder.database(self.base.number)):
            return [Skipped(*row) for row in SKIPPED.read(self._rows)]

    @property
    def has_changes(self) -> bool:
        """Whether this differs from the base generation by more than time stamps."""
        if self._own_rows is not None:
            return True
        return set(self._skipped) != set(self.skipped_before())

    def finish(self, roots: Sequence[Root], max_file_bytes: int) -> Manifest:
        """Write, check, and open the generation to readers. Raises: StorageFull, IndexDamaged."""
        writer = self._writer
        rows = self._rows
        inherited = self._inherited
        older = inherited.take_segments(rows, self._dense) if inherited else ()
        rows.execute("DELETE FROM skipped")
        SKIPPED.insert(rows, [(each.source, each.reason, each.detail) for each in self._skipped])
        touched = note_touched(rows, {**read_touched(rows), **self._touched})
        note_reprints(rows, self._first_new)
        self._dense.remove(np.asarray(self._dropped_passages, dtype=np.int64))
        vectors = self._dense.write(self.place / DENSE_FILE)
        writer.finish()
        before = inherited.manifest.searched[: len(older)] if inherited else ()
        manifest = self._manifest(roots, max_file_bytes, older)
        manifest = replace(manifest, vectors=(*before, vectors))
        rows.execute("DELETE FROM settings")
        # The first for `rebuild`.
        said = ((MANIFEST_FILE, manifest.to_json().decode()), (TOUCHED, touched))
        SETTINGS.insert(rows, said)
        rows.execute("COMMIT")
        self.close()
        manifest = publish(
            self._folder,
            self._number,
            manifest,
            self.base.removals,
            self.lifted,
            known=inherited.stamps if inherited else {},
            linked=inherited.linked if inherited else (),
        )
        self.finished = True
        return manifest

    def _manifest(
        self, roots: Sequence[Root], max_file_bytes: int, older: tuple[str, ...]
    ) -> Manifest:
        settings = self._settings
        return Manifest(
            format_version=FORMAT_VERSION,
            generation=self.place.stem,
            created_at=self._indexed_at,
            embedder=settings.embedder,
            normalisation=settings.normalisation,
            terms=settings.terms,
            chunking=settings.chunking,
            kept=settings.kept,
            roots=tuple(roots),
            max_file_bytes=max_file_bytes,
            counts=check_written(self.place, self._rows, self._added),
            catalog=catalog_digest(read_catalog(self._rows)),
            files={},
            older=older,
            dropped=dropped_keys(self._rows),
        )

    def close(self) -> None:
        """Let go of everything: what is aside can be moved or deleted now."""
        self._dense.close()
        for rows in (self._own_rows, self._base_rows):
            if rows is not None:
                rows.close()
        self._own_rows = self._base_rows = None
        if self._lexical is not None:
            self._lexical.abandon()
            self._lexical = None
