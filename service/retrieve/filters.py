"""A question's filters as the index takes them."""

from collections.abc import Iterator

from indexer.index.records import Selection, StoredDocument
from indexer.index.store import IndexReader
from service.records import Filters

_PAGE = 500


def select(reader: IndexReader, filters: Filters) -> Selection:
    """Raises: InvalidRequest."""
    return reader.select(
        filters.source,
        filters.date_from,
        filters.date_to,
        filters.documents,
        filters.organisation,
    )


def documents(reader: IndexReader, filters: Filters, titled: str = "") -> Iterator[StoredDocument]:
    """Every document that may answer, by source, without its text; those alone whose title
    contains `titled`. Raises: InvalidRequest.
    """
    selection, cursor = select(reader, filters), None
    while True:
        page = reader.documents(_PAGE, cursor, selection, titled)
        yield from page.documents
        if (cursor := page.next_cursor) is None:
            return


def first_titles(reader: IndexReader, filters: Filters, most: int = 3) -> tuple[str, ...]:
    """Titles of the first documents that may answer, none twice. Raises: InvalidRequest."""
    page = reader.documents(most, None, select(reader, filters))
    return tuple(dict.fromkeys(stored.document.title for stored in page.documents))
