"""Writing one new generation: aside, checked, then opened to readers by moving one pointer.

Knows no files to read, no embedder and no segmenter: passages, terms and vectors are given.
Killed at any instant it leaves the old generation or the new one:

    rows in one transaction ── vectors and terms aside ── re-read, count ── manifest ── fsync
      ── rename the generation's folder ── commit the rows ── move CURRENT
"""

import json
import shutil
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

import numpy as np

from indexer.embed.base import Matrix
from indexer.errors import IndexDamaged
from indexer.index.dense import DenseIndex, DenseWriter
from indexer.index.edges import StoredPage, note_edges, restore_page, stored_pages
from indexer.index.folder import (
    DENSE_FILE,
    LEXICAL_FOLDER,
    IndexFolder,
    generation_name,
    stamp_tree,
    sync_folder,
    sync_tree,
    write_synced,
)
from indexer.index.lexical import LexicalIndex, LexicalWriter, Posting
from indexer.index.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    Counts,
    Manifest,
    Root,
    Settings,
    rebuild_hint,
)
from indexer.index.records import Keys, PassageTokens
from indexer.index.reprints import note_reprints
from indexer.records import Document, Passage, Skipped, coverage_of

_COMPRESSION = 1  # originals of text: a third of the size at 150 MB/s; level 6 wins 5 % more


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the index remembers of a file, to see whether it has changed."""

    key: int
    document_id: str
    digest: str
    size: int
    mtime_ns: int
    given: str


class GenerationWriter:
    """One new generation in the making: `start_…`, then `add` and `skip`, then `finish`."""

    def __init__(
        self,
        folder: IndexFolder,
        connection: sqlite3.Connection,
        base: int,
        number: int,
        settings: Settings,
    ) -> None:
        self._folder = folder
        self._connection = connection
        self.base = base  # the generation that this one replaces, 0 if there is none
        self._number = number
        self._settings = settings
        self._indexed_at = datetime.now(UTC).isoformat(timespec="seconds")
        self.place = folder.aside(number)  # where everything is written first
        self.place.mkdir(parents=True)
        self._dense = DenseWriter.empty(settings.embedder.dim)
        self._lexical: LexicalWriter | None = None
        self._skipped: list[Skipped] = []
        self._dropped_passages: list[int] = []
        self.finished = False

    def known_files(self) -> dict[str, KnownFile]:
        """The documents that the base generation sees, by source."""
        rows = self._connection.execute(
            "SELECT source, key, document_id, digest, size, mtime_ns, given FROM documents"
            " WHERE removed_in IS NULL AND hidden = 0"
        )
        return {row[0]: KnownFile(*row[1:]) for row in rows}

    def removed_sources(self) -> set[str]:
        """What `remove` took out and an update must not bring back."""
        return {row[0] for row in self._connection.execute("SELECT source FROM removals")}

    def start_empty(self) -> None:
        """Nothing of the base generation goes on into this one."""
        self._connection.execute(
            "UPDATE documents SET removed_in = ? WHERE removed_in IS NULL", (self._number,)
        )
        self._connection.execute("DELETE FROM removals")
        self._open_lexical()

    def start_from_base(self) -> int:
        """Everything goes on but what is hidden; returns how many documents that drops."""
        source = self._folder.generation(self.base)
        self._dense = DenseWriter.upon(source / DENSE_FILE)
        shutil.copytree(source / LEXICAL_FOLDER, self.place / LEXICAL_FOLDER)
        self._open_lexical()
        hidden = self._connection.execute(
            "SELECT key FROM documents WHERE removed_in IS NULL AND hidden"
        ).fetchall()
        self.drop([row[0] for row in hidden])
        return len(hidden)

    def drop(self, documents: Sequence[int]) -> None:
        """Leave documents of the base generation out, by key. Raises: StorageFull."""
        for key in documents:
            first, count = self._connection.execute(
                "UPDATE documents SET removed_in = ? WHERE key = ?"
                " RETURNING first_passage, passages",
                (self._number, key),
            ).fetchone()
            self._dropped_passages.extend(range(first, first + count))
        self._writer.remove_documents(np.asarray(documents, dtype=np.int64))

    def _open_lexical(self) -> None:
        (self.place / LEXICAL_FOLDER).mkdir(exist_ok=True)
        self._lexical = LexicalWriter(self.place / LEXICAL_FOLDER)

    @property
    def _writer(self) -> LexicalWriter:
        if self._lexical is None:
            raise RuntimeError("start_empty or start_from_base comes first")
        return self._lexical

    def add(
        self, document: Document, passages: Sequence[Passage], original: bytes, mtime_ns: int
    ) -> tuple[int, int]:
        """Store one document; returns its key, and the key of its first passage.

        The passages' keys follow each other. Each must be given to `add_postings`, too.
        Raises: StorageFull.
        """
        document_key, first = self._insert_document(document, len(passages), original, mtime_ns)
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(first + at, document_key, passage.passage_id, passage.start, passage.end),
                    *(
                        passage.text,
                        _json(passage.headings),
                        _json([astuple(each) for each in passage.places]),
                        passage.subject,
                    ),
                )
                for at, passage in enumerate(passages)
            ],
        )
        return document_key, first

    def note_edges(
        self, key: int, lines: bytes, repeated: tuple[int, int], before: Document
    ) -> None:
        """Remember a page of a site and its edges. `before` is it with all its lines."""
        note_edges(self._connection, key, lines, repeated, before)

    def stored_pages(self) -> list[StoredPage]:
        """The pages that are in this generation so far."""
        return stored_pages(self._connection)

    def take_back(self, key: int) -> tuple[Document, bytes, int]:
        """Leave a page of the base generation out, to be added again in another way.

        Returns it with all its lines, its file's bytes and time stamp. Raises: StorageFull.
        """
        page = restore_page(self._connection, key)
        self.drop([key])
        return page

    def add_postings(
        self, postings: Sequence[Posting], vectors: Matrix, tokens: Sequence[PassageTokens] = ()
    ) -> None:
        """Make passages findable, by their terms and, row by row, their vectors.

        Raises: StorageFull.
        """
        keys = np.asarray([posting.key for posting in postings], dtype=np.int64)
        self._connection.executemany(
            "INSERT INTO tokens VALUES (?, ?, ?, ?)",
            [
                (posting.key, each.shared, each.written, each.digits)
                for posting, each in zip(postings, tokens, strict=False)
            ],
        )
        self._dense.add(keys, vectors)
        self._writer.add(postings)

    def _insert_document(
        self, document: Document, passages: int, original: bytes, mtime_ns: int
    ) -> tuple[int, int]:
        first = self._next_passage_key()
        coverage = coverage_of(document)
        cursor = self._connection.execute(
            "INSERT INTO documents (document_id, source, digest, format, size, mtime_ns, title,"
            " date, author, organisation, url, encoding, given, fingerprint, page_chars,"
            " kept_chars, characters, passages, first_passage, indexed_at, added_in)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(document.document_id, document.source, document.digest, document.format),
                *(document.size, mtime_ns, document.title, document.date),
                *(document.author, document.organisation, document.url, document.encoding),
                *(document.given, document.fingerprint),
                *(document.page_chars, coverage and coverage.kept_chars, len(document.text)),
                *(passages, first, self._indexed_at, self._number),
            ),
        )
        key = int(cursor.lastrowid or 0)
        self._connection.execute(
            "INSERT INTO contents VALUES (?, ?, ?, ?, ?)",
            (
                key,
                document.text,
                _json([(each.start, each.end, each.level) for each in document.headings]),
                _json([(each.start, each.end, each.reason) for each in document.left_out]),
                zlib.compress(original, _COMPRESSION),
            ),
        )
        return key, first

    def _next_passage_key(self) -> int:
        row = self._connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'passages'"
        ).fetchone()
        return 1 + (row[0] if row else 0)

    def touch(self, key: int, mtime_ns: int) -> None:
        """Remember that a file was seen unchanged under a new time stamp."""
        self._connection.execute("UPDATE documents SET mtime_ns = ? WHERE key = ?", (mtime_ns, key))

    def skip(self, skipped: Sequence[Skipped]) -> None:
        self._skipped.extend(skipped)

    def finish_unchanged(self) -> None:
        """Keep the base generation, but remember time stamps and what was skipped."""
        self._note_skipped(self.base)
        self._connection.execute("COMMIT")

    def _note_skipped(self, number: int) -> None:
        self._connection.execute("DELETE FROM skipped WHERE generation = ?", (number,))
        self._connection.executemany(
            "INSERT INTO skipped VALUES (?, ?, ?, ?)",
            [(number, each.source, each.reason, each.detail) for each in self._skipped],
        )

    def finish(self, roots: Sequence[Root], max_file_bytes: int) -> Manifest:
        """Write, check, and open the generation to readers. Raises: StorageFull, IndexDamaged."""
        self._note_skipped(self._number)
        note_reprints(self._connection, self._number, self.base)
        counts = self._counts()
        self._dense.remove(np.asarray(self._dropped_passages, dtype=np.int64))
        self._dense.write(self.place / DENSE_FILE)
        self._writer.finish()
        self._check(counts)
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            generation=generation_name(self._number),
            created_at=self._indexed_at,
            embedder=self._settings.embedder,
            normalisation=self._settings.normalisation,
            terms=self._settings.terms,
            chunking=self._settings.chunking,
            kept=self._settings.kept,
            roots=tuple(roots),
            max_file_bytes=max_file_bytes,
            counts=counts,
            files=stamp_tree(self.place),
        )
        data = manifest.to_json()
        write_synced(self.place / MANIFEST_FILE, data)
        sync_tree(self.place)
        self.place.rename(self._folder.generation(self._number))
        sync_folder(self._folder.generations)
        self._connection.execute("COMMIT")
        self._folder.move_pointer(self._number, data)
        self.finished = True
        return manifest

    def abandon(self) -> None:
        """Stop writing: what is aside can be deleted now."""
        if self._lexical is not None:
            self._lexical.abandon()

    def _counts(self) -> Counts:
        documents, passages, characters = self._connection.execute(
            "SELECT count(*), coalesce(sum(passages), 0), coalesce(sum(characters), 0)"
            " FROM documents WHERE removed_in IS NULL"
        ).fetchone()
        return Counts(documents, passages, characters)

    def _check(self, counts: Counts) -> None:
        """Re-read from disk what was written. Raises: IndexDamaged."""
        dense = DenseIndex.open(self.place / DENSE_FILE).keys()
        lexical = LexicalIndex.open(self.place / LEXICAL_FOLDER).keys()
        expected = self._expected_keys()
        for name, keys in (("vectors", dense), ("terms", lexical)):
            if not np.array_equal(keys, expected):
                raise IndexDamaged(
                    f"{len(keys)} {name} were written for {counts.passages} passages",
                    hint=rebuild_hint(self._folder.root),
                )

    def _expected_keys(self) -> Keys:
        rows = self._connection.execute(
            "SELECT p.key FROM passages p JOIN documents d ON d.key = p.document_key"
            " WHERE d.removed_in IS NULL ORDER BY p.key"
        ).fetchall()
        return np.asarray([row[0] for row in rows], dtype=np.int64)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
