"""Whole documents and their passages, kept while questions come back to them.

One answer looks into the same few documents a dozen times: for tables, for articles, to prove what
it quotes. Read from the database, each look takes its row, its digest and its whole text.
"""

from collections.abc import Callable

from indexer.index.documents import DocumentTable, not_found
from indexer.index.records import StoredDocument
from indexer.kept import Kept
from indexer.records import Passage

_MOST = 6_000_000  # characters, two bytes each


class WholeDocuments:
    """Those of one generation, which never changes; `removed` are the ids that may not answer.

    Every method raises DocumentNotFound and IndexDamaged.
    """

    def __init__(self, table: DocumentTable, removed: Callable[[], frozenset[str]]) -> None:
        self._table = table
        self._removed = removed
        self._documents: Kept[str, StoredDocument] = Kept(_MOST)
        self._passages: Kept[str, tuple[Passage, ...]] = Kept(_MOST)

    def document(self, document_id: str) -> StoredDocument:
        """With its text, headings and left-out stretches."""
        self._require(document_id)
        return self._documents.get(
            document_id,
            lambda: self._table.document(document_id),
            lambda made: len(made.document.text),
        )

    def passages(self, document_id: str) -> list[Passage]:
        """In the order of the text."""
        self._require(document_id)
        found = self._passages.get(
            document_id,
            lambda: tuple(self._table.document_passages(document_id)),
            lambda made: sum(len(passage.text) for passage in made),
        )
        return list(found)

    def text(self, document_id: str, start: int, end: int) -> str:
        """`document.text[start:end]`."""
        # Cut here and not by SQLite, whose substr() ends at a NUL.
        return self.document(document_id).document.text[start:end]

    def _require(self, document_id: str) -> None:
        if document_id in self._removed():
            raise not_found(document_id)
