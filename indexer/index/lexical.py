"""BM25 over terms that were made elsewhere: the only file that imports tantivy.

Knows keys and terms, no texts: terms come as lists and are joined by blanks for tantivy's
`whitespace` tokenizer. A passage has two fields: `body`, its own words, and `context`, the title
and headings above it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import IndexDamaged, StorageFull
from indexer.index.records import Keys, Scored, Selection

CONTEXT_BOOST = 0.5
_HEAP_BYTES = 96_000_000
_QUERIES = 64
_SPARE = 16  # fetched beyond k, to see whether a tie crosses the cut


@dataclass(frozen=True, slots=True)
class Posting:
    """What is indexed of one passage. `document` is the document's key."""

    key: int
    document: int
    body: Sequence[str]
    context: Sequence[str]


class LexicalIndex:
    """A read-only view of one generation's terms. Safe to search from several threads."""

    def __init__(self, index: Any, context_boost: float) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        # Made twice for each search otherwise, 0.4 ms each. A query is never changed.
        self._query = lru_cache(_QUERIES)(partial(_any_of, index.schema, context_boost))

    @classmethod
    def open(cls, path: Path, context_boost: float = CONTEXT_BOOST) -> "LexicalIndex":
        """Raises: IndexDamaged."""
        import tantivy

        try:
            return cls(tantivy.Index.open(str(path)), context_boost)
        except (ValueError, OSError) as error:
            if any(sign in str(error) for sign in ("ReadOnlyFilesystem", "PermissionDenied")):
                raise StorageFull(
                    "the index folder is read-only, but opening the term index takes a lock in it",
                    hint=f"make {path} writable for this user, or open a copy of the index",
                ) from error
            raise IndexDamaged(
                f"the term index can't be read: {error}", hint="build the index again"
            ) from error

    @property
    def count(self) -> int:
        return int(self._searcher.num_docs)

    def keys(self, documents: Keys | None = None) -> Keys:
        """The keys of all passages, or of those of some documents, ascending."""
        import tantivy

        query = tantivy.Query.all_query()
        if documents is not None:
            query = tantivy.Query.term_set_query(self._schema, "document", documents.tolist())
        hits = self._run(query, max(self.count, 1)) if documents is None or len(documents) else []
        return np.sort(np.asarray([hit.key for hit in hits], dtype=np.int64))

    def search(
        self, terms: Sequence[str] | Mapping[str, float], k: int, selection: Selection
    ) -> list[Scored]:
        """The k best selected passages with any of the terms, by descending BM25, ties by key.

        `terms` may carry a weight each. The selection is a part of the query, so that k allowed
        passages come back wherever there are k.
        """
        query = self._any_of(terms)
        if k < 1 or query is None or len(selection.passages) == 0:
            return []
        query = self._restricted(query, selection)
        fetched = k + _SPARE
        while True:
            hits = self._run(query, fetched)
            tie_may_go_on = len(hits) == fetched and hits[-1].score == hits[k - 1].score
            if not tie_may_go_on:
                break
            fetched *= 4
        return sorted(hits, key=lambda hit: (-hit.score, hit.key))[:k]

    def scores(
        self, terms: Sequence[str] | Mapping[str, float], keys: Sequence[int]
    ) -> list[float]:
        """BM25 of each key in the order given; 0.0 where no term occurs."""
        import tantivy

        query = self._any_of(terms)
        if query is None or not keys:
            return [0.0] * len(keys)
        wanted = tantivy.Query.term_set_query(self._schema, "key", list(dict.fromkeys(keys)))
        hits = self._run(_both(query, wanted), len(keys))
        found = {hit.key: hit.score for hit in hits}
        return [found.get(key, 0.0) for key in keys]

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """In how many passages each term occurs: in bodies or in contexts, the larger count."""
        frequency = self._searcher.doc_freq
        return [max(frequency("body", term), frequency("context", term)) for term in terms]

    def _any_of(self, terms: Sequence[str] | Mapping[str, float]) -> Any:
        weights = terms if isinstance(terms, Mapping) else dict.fromkeys(terms, 1.0)
        return self._query(tuple(weights.items()))

    def _restricted(self, query: Any, selection: Selection) -> Any:
        """Add the filter by whichever list of documents is shorter."""
        import tantivy

        if selection.everything:
            return query
        allowed, denied = selection.documents, selection.left_out_documents
        if len(allowed) <= len(denied):
            return _both(
                query,
                tantivy.Query.term_set_query(self._schema, "document", allowed.tolist()),
            )
        outside = tantivy.Query.term_set_query(self._schema, "document", denied.tolist())
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, outside)]
        )

    def _run(self, query: Any, limit: int) -> list[Scored]:
        hits = self._searcher.search(query, limit, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return [Scored(int(key), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]


def _any_of(schema: Any, context_boost: float, weights: tuple[tuple[str, float], ...]) -> Any:
    import tantivy

    fields = (("body", 1.0), ("context", context_boost))
    clauses = [
        (
            tantivy.Occur.Should,
            tantivy.Query.boost_query(
                tantivy.Query.term_query(schema, field, term, index_option="freq"),
                weight * boost,
            ),
        )
        for term, weight in weights
        for field, boost in fields
        if term and weight * boost > 0
    ]
    return tantivy.Query.boolean_query(clauses) if clauses else None


def _both(scoring: Any, condition: Any) -> Any:
    """`scoring` where `condition` holds; the condition adds nothing to the score."""
    import tantivy

    unscored = tantivy.Query.const_score_query(condition, 0.0)
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, scoring), (tantivy.Occur.Must, unscored)]
    )


def written_anew(name: str) -> bool:
    """Whether the engine replaces this file of its folder; the others it never writes to again."""
    return name in ("meta.json", ".managed.json")


class LexicalWriter:
    """Writes one generation's terms into a folder of its own."""

    def __init__(self, path: Path) -> None:
        """Continue the index in `path`, or make one. Raises: IndexDamaged, StorageFull."""
        import tantivy

        with _engine_errors(path):
            if tantivy.Index.exists(str(path)):
                index = tantivy.Index.open(str(path))
            else:
                index = tantivy.Index(_schema(), path=str(path))
            self._schema = index.schema
            self._writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        self._path = path

    def add(self, postings: Sequence[Posting]) -> None:
        """Raises: StorageFull."""
        import tantivy

        with _engine_errors(self._path):
            for posting in postings:
                entry = tantivy.Document()
                # add_unsigned, not Document(key=…): that infers a signed value, on which the
                # writer thread dies.
                entry.add_unsigned("key", posting.key)
                entry.add_unsigned("document", posting.document)
                entry.add_text("body", " ".join(posting.body))
                entry.add_text("context", " ".join(posting.context))
                self._writer.add_document(entry)

    def remove_documents(self, documents: Keys) -> None:
        """Raises: StorageFull."""
        import tantivy

        if not len(documents):
            return
        with _engine_errors(self._path):
            # Not delete_documents_by_term, which takes 5 for a signed term and deletes nothing.
            self._writer.delete_documents_by_query(
                tantivy.Query.term_set_query(self._schema, "document", documents.tolist())
            )

    def finish(self) -> None:
        """Commit, and wait until merging has ended. The writer is of no use afterwards."""
        with _engine_errors(self._path):
            self._writer.commit()
            self._writer.garbage_collect_files()
            self._writer.wait_merging_threads()

    def abandon(self) -> None:
        """End the engine's threads, so that nothing is written into the folder any more."""
        # One that has ended already, or whose thread died of a full disk, says so: nothing writes.
        with suppress(ValueError, OSError, RuntimeError):
            self._writer.wait_merging_threads()


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True, fast=True)
    for field in ("body", "context"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


@contextmanager
def _engine_errors(path: Path) -> Iterator[None]:
    """Tantivy reports everything as ValueError or OSError with a Rust message."""
    try:
        yield
    except (ValueError, OSError) as error:
        message = str(error)
        if any(sign in message for sign in _NO_ROOM):
            raise StorageFull(
                f"can't write the term index: {message}",
                hint="free some space or choose another folder; the index is as it was before",
            ) from error
        raise IndexDamaged(
            f"the term index under {path.name} failed: {message}", hint="build the index again"
        ) from error


_NO_ROOM = (
    "No space left",
    "os error 28",
    "File too large",
    "os error 27",
    "Disk quota",
    "Read-only file system",
    "Permission denied",
    "worker",  # "An error occurred in a thread / worker": the writer thread died on its file
)
