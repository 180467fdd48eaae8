"""The documents of an index on disk. Knows the index reader; loads no embedder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from eval.evidence import PassageSpan, StoredText

if TYPE_CHECKING:
    from indexer.index.store import IndexReader

_PAGE_SIZE = 500


class IndexLibrary:
    """An index reader as a Library."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader

    def sources(self) -> Mapping[str, str]:
        selection = self._reader.select(None, None, None)
        found: dict[str, str] = {}
        cursor: str | None = None
        while True:
            page = self._reader.documents(_PAGE_SIZE, cursor, selection)
            found |= {row.document.source: row.document.document_id for row in page.documents}
            cursor = page.next_cursor
            if cursor is None:
                return found

    def stored(self, document_id: str) -> StoredText:
        return StoredText(
            document_id=document_id,
            text=self._reader.document(document_id).document.text,
            passages=tuple(
                PassageSpan(passage.passage_id, passage.start, passage.end)
                for passage in self._reader.document_passages(document_id)
            ),
        )
