"""Opening an index and asking it: one folder, one generation, always without what was removed.

Knows no embedder, no question and no ranking beyond each leg's own scores.
"""

import os
import weakref
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged
from indexer.index.database import ReaderPool
from indexer.index.documents import DocumentTable
from indexer.index.engines import Engines, open_engines
from indexer.index.folder import IndexFolder, database_names
from indexer.index.manifest import Manifest, require_code
from indexer.index.pointer import Pointer, PointerWatch, forbidden
from indexer.index.ranges import CatalogRow, Ranges
from indexer.index.records import (
    Keys,
    Original,
    Page,
    PassageTokens,
    Scored,
    Selection,
    StoredDocument,
    StoredPassage,
)
from indexer.index.whole import WholeDocuments
from indexer.records import Document, Passage, Skipped

_OPEN_TRIES = 3  # a writer may delete the generation that was current when we looked


@dataclass(frozen=True, slots=True, eq=False)
class _Mask:
    """What may answer while these documents are removed."""

    removals: frozenset[str]  # by id
    visible: Ranges
    passages: Keys
    held: Keys  # documents in the engines
    removed: Keys  # those of them that may no longer answer

    @classmethod
    def of(cls, rows: Sequence[CatalogRow], removals: frozenset[str]) -> "_Mask":
        held = Ranges.of(rows)
        visible = Ranges.of([row for row in rows if row[1] not in removals])
        removed = np.setdiff1d(held.documents, visible.documents, assume_unique=True)
        return cls(removals, visible, visible.passages(), held.documents, removed)


@dataclass(frozen=True, slots=True)
class _Groups:
    """The reprints of the generation, both ways; the first document is a member, too."""

    first_of: Mapping[int, int]
    members: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, firsts: Mapping[int, int]) -> "_Groups":
        members: dict[int, list[int]] = {}
        for key, first in firsts.items():
            members.setdefault(first, [first]).append(key)
        return cls({**firsts, **{first: first for first in members}}, members)


class IndexReader:
    """One generation of an index, open for questions. Safe to use from several threads."""

    def __init__(
        self,
        folder: IndexFolder,
        watch: PointerWatch,
        manifest: Manifest,
        stack: ExitStack,
        engines: Engines,
    ) -> None:
        """Takes over `stack`, which lets go of everything that was opened."""
        self.manifest = manifest
        self._folder = folder
        self._watch = watch
        pool = stack.enter_context(closing(ReaderPool(folder.segments(manifest))))
        self._engines = engines
        self._dense, self._lexical = engines.dense, engines.lexical
        self._table = DocumentTable(pool, lambda: watch.now().removed_ids)
        self._whole = WholeDocuments(self._table, lambda: watch.now().removed_ids)
        self._groups = _Groups.of(self._table.firsts())
        self._mask = self._read_mask(watch.seen.removed_ids)
        self._lock = Lock()
        self._successor: IndexReader | None = None
        # Also when a reader is dropped for its successor without a word.
        self._release = weakref.finalize(self, stack.pop_all().close)

    @property
    def index_dir(self) -> Path:
        return self._folder.root

    @property
    def generation(self) -> str:
        return self.manifest.generation

    @property
    def pointer(self) -> Pointer:
        """What names this generation, with all that is removed up to now."""
        return replace(self._watch.seen, removals=self._watch.now().removals)

    @property
    def passage_count(self) -> int:
        """How many passages may answer now."""
        return len(self._mask.passages)

    def current(self) -> "IndexReader":
        """The reader to use for the next question, with what was removed up to now masked.

        Itself, or a newly opened one when a newer generation is there. One stat when nothing has
        changed. Raises: IndexMissing, IndexDamaged, IndexForbidden, IndexMismatch.
        """
        with self._lock:
            if self._successor is None:
                pointer = self._watch.now()
                if pointer.manifest_sha256 != self._watch.seen.manifest_sha256:
                    self._successor = _open(self._folder, self._engines)
                elif pointer.removed_ids != self._mask.removals:
                    self._mask = self._read_mask(pointer.removed_ids)
            successor = self._successor
        return self if successor is None else successor.current()

    def _read_mask(self, removals: frozenset[str]) -> _Mask:
        return _Mask.of(self._table.catalog(self.manifest.catalog), removals)

    def select(
        self,
        source: str | None = None,
        date_from: str | None = None,
        date_to: str | None = None,
        ids: Sequence[str] | None = None,
        organisation: str | None = None,
    ) -> Selection:
        """The passages that may answer. `source` is a glob in which `*` crosses `/`, `organisation`
        a name or a glob that is compared without regard to script, case and width.

        Documents without a date match only when both dates are None. `ids` are the documents that
        may answer at most; one that is not in the index matches nothing. Raises: InvalidRequest.
        """
        mask = self._mask
        if all(each is None for each in (source, date_from, date_to, ids, organisation)):
            return Selection(
                everything=len(mask.passages) == self.manifest.counts.passages,
                source=None,
                date_from=None,
                date_to=None,
                ids=None,
                organisations=None,
                documents=mask.visible.documents,
                left_out_documents=mask.removed,
                passages=mask.passages,
            )
        named = None if ids is None else tuple(ids)
        bodies = None if organisation is None else self._table.organisations(organisation)
        found = self._table.matching(source, date_from, date_to, named, bodies)
        matching = mask.visible.among(found)
        return Selection(
            everything=False,
            source=source,
            date_from=date_from,
            date_to=date_to,
            ids=named,
            organisations=bodies,
            documents=matching.documents,
            # Neither is sorted again: at 20,000 documents that took some ms of a question.
            left_out_documents=np.setdiff1d(mask.held, matching.documents, assume_unique=True),
            passages=matching.passages(),
        )

    def dense(self, vector: NDArray[np.float32], k: int, selection: Selection) -> list[Scored]:
        """The k selected passages nearest to `vector` (length 1), by cosine; ties by key."""
        has_gone = self._dense.count > self.manifest.counts.passages  # those of dropped documents
        allowed = None if selection.everything and not has_gone else selection.passages
        return self._dense.search(vector, k, allowed)

    def lexical(
        self, terms: Sequence[str] | Mapping[str, float], k: int, selection: Selection
    ) -> list[Scored]:
        """The k selected passages with any of the (weighted) terms, by BM25; ties by key."""
        return self._lexical.search(terms, k, selection)

    def cosines(self, vector: NDArray[np.float32], keys: Sequence[int]) -> list[float]:
        return self._dense.cosines(vector, keys)

    def lexical_scores(
        self, terms: Sequence[str] | Mapping[str, float], keys: Sequence[int]
    ) -> list[float]:
        """BM25 of each key, 0.0 where no term occurs."""
        return self._lexical.scores(terms, keys)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        return self._lexical.document_frequencies(terms)

    def passages(self, keys: Sequence[int]) -> list[StoredPassage]:
        return self._table.passages(keys)

    def tokens(self, keys: Sequence[int]) -> dict[int, PassageTokens]:
        return self._table.tokens(keys)

    def groups(self, keys: Sequence[int]) -> list[tuple[int, int | None]]:
        """Of each passage, its document's key and what `group` says of that."""
        owners = self._mask.visible.owners(np.asarray(keys, dtype=np.int64))
        return [(owner, self.group(owner)) for owner in owners.tolist()]

    def document(self, document_id: str) -> StoredDocument:
        return self._whole.document(document_id)

    def document_passages(self, document_id: str) -> list[Passage]:
        return self._whole.passages(document_id)

    def whole(self, document_id: str) -> tuple[Document, list[Passage]]:
        """A document with its text, and its passages in order. Raises: DocumentNotFound."""
        return self.document(document_id).document, self.document_passages(document_id)

    def group(self, document_key: int) -> int | None:
        """The key of the first document of its reprints, or None for a document that has none."""
        return self._groups.first_of.get(document_key)

    def family(self, document_id: str) -> dict[int, StoredDocument]:
        """The document with its reprints by key, the oldest first; empty for one that has none.

        What was removed is not among them. Raises: DocumentNotFound.
        """
        first = self.group(self._table.key_of(document_id))
        if first is None:
            return {}
        found = self._table.listed(self._groups.members[first])
        return found if len(found) > 1 else {}

    def documents(
        self, limit: int, cursor: str | None, selection: Selection, titled: str = ""
    ) -> Page:
        return self._table.page(limit, cursor, selection, titled)

    def original(self, document_id: str) -> Original:
        return self._table.original(document_id)

    def text(self, document_id: str, start: int, end: int) -> str:
        return self._whole.text(document_id, start, end)

    def is_alive(self, document_id: str) -> bool:
        return self._table.is_alive(document_id)

    def find_id(self, source_or_id: str) -> str:
        """The id of a document named by its source or its id. Raises: DocumentNotFound."""
        return self._table.find_id(source_or_id)

    def skipped(self) -> list[Skipped]:
        """The files that the last build or update left out, by source."""
        return self._table.skipped()

    def engine_keys(self) -> tuple[Keys, Keys]:
        """All passage keys in the dense and in the lexical index, for `verify`."""
        return self._dense.keys(), self._lexical.keys()

    def close(self) -> None:
        """Let go of the generation. The reader is of no use afterwards."""
        with self._lock:
            if self._successor is not None:
                self._successor.close()
            self._release()


def open_index(index_dir: Path) -> IndexReader:
    """Open the current generation of an index, after checking what is held in memory of it.

    The database is checked row by row as it is read. Nothing is written, and no lock is needed.
    Raises: IndexMissing, IndexDamaged, IndexForbidden, IndexMismatch.
    """
    return _open(IndexFolder(index_dir), None)


def _open(folder: IndexFolder, earlier: Engines | None) -> IndexReader:
    """Open what is current; what it has in common with the `earlier` engines is shared."""
    tries = 1
    while True:
        watch = PointerWatch(folder.root)
        try:
            return _open_generation(folder, watch, earlier)
        except IndexDamaged:
            if tries == _OPEN_TRIES or folder.pointer() == watch.seen:
                raise
            tries += 1


def _open_generation(
    folder: IndexFolder, watch: PointerWatch, earlier: Engines | None
) -> IndexReader:
    manifest = folder.manifest(watch.seen)
    require_code(manifest, folder.root)
    with ExitStack() as stack:
        held = folder.hold(watch.seen.number)
        stack.callback(os.close, held)
        for name in database_names(manifest):
            _check_database(folder, manifest, name)
        engines = open_engines(folder, manifest, earlier, stack)
        return IndexReader(folder, watch, manifest, stack, engines)


def _check_database(folder: IndexFolder, manifest: Manifest, name: str) -> None:
    """That it is there, whole by its size, and may be read."""
    path = folder.generations / manifest.generation / name
    try:
        with path.open("rb") as handle:
            whole = os.fstat(handle.fileno()).st_size == manifest.files[name].size
    except PermissionError as error:
        raise forbidden(path) from error
    except (OSError, KeyError):
        whole = False
    if not whole:
        raise folder.broken(manifest, name)
