"""A question's filters as the index takes them."""

from indexer.index.records import Selection
from indexer.index.store import IndexReader
from service.records import Filters


def select(reader: IndexReader, filters: Filters) -> Selection:
    """Raises: InvalidRequest."""
    return reader.select(
        filters.source,
        filters.date_from,
        filters.date_to,
        filters.documents,
        filters.organisation,
    )
