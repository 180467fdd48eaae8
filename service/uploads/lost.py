"""Uploads that an index does not have, since it was built anew or is an earlier one put back.

Knows the sources that are kept and the index; queues nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import IndexMissing
from indexer.index.folder import IndexFolder
from indexer.index.pointer import Removal
from service.uploads.filing import above

if TYPE_CHECKING:
    from indexer.index.store import IndexReader

_PAGE = 500
_SECOND = "2026-11-28T08:00:00"  # of an ISO time in UTC, in which removals are noted


def has_lost(since: Mapping[str, str], index: Path, reader: Callable[[], "IndexReader"]) -> bool:
    """Whether one of the sources that are kept has no document in an index, nor any out of it.

    `since` is when each of them came. What was removed later or could not be read is not missing.
    Raises: as `reader`, but not for want of an index.
    """
    try:
        there = set(_sources(reader()))
    except IndexMissing:
        return True
    removals = IndexFolder(index).removals()
    there |= {each.source for each in removals if not came_again(each, since)}
    there |= {path for source in there for path in above(source)}
    return not there.issuperset(since)


def came_again(removal: Removal, since: Mapping[str, str]) -> bool:
    """Whether a source was uploaded after its document was removed: in a later second."""
    return since.get(removal.source, "")[: len(_SECOND)] > removal.removed_at[: len(_SECOND)]


def _sources(reader: "IndexReader") -> Iterator[str]:
    yield from (each.source for each in reader.skipped())
    cursor: str | None = None
    while True:
        page = reader.documents(_PAGE, cursor, reader.select())
        yield from (each.document.source for each in page.documents)
        cursor = page.next_cursor
        if cursor is None:
            return
