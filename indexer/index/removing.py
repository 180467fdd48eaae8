"""Taking documents out at once: hidden from every generation and every reader by one rename.

Knows no engine. The next update drops the document, and its words, vectors and terms go when what
holds them is written anew; `compact` leaves no byte of them.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from indexer.commands import quoted
from indexer.errors import DocumentNotFound
from indexer.index.database import ReaderPool
from indexer.index.documents import DocumentTable
from indexer.index.folder import IndexFolder
from indexer.index.generation import recoverable_pointer
from indexer.index.pointer import Removal, write_pointer
from indexer.index.storage import storage_errors


def remove_documents(folder: IndexFolder, sources_or_ids: Sequence[str]) -> list[str]:
    """Hide the named documents and remember not to bring them back; returns their sources.

    All or nothing, and beside a writer at work: its generation will hide them, too.
    Raises: IndexMissing, StorageFull, IndexDamaged, DocumentNotFound.
    """
    with storage_errors(folder.root):
        recoverable_pointer(folder)  # no lock is left where there is no index
    with storage_errors(folder.root), folder.pointing():
        pointer = folder.pointer()
        manifest = folder.manifest(pointer)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        removals = {}
        with closing(ReaderPool(folder.segments(manifest))) as pool:
            table = DocumentTable(pool, lambda: pointer.removed_ids)
            for name in dict.fromkeys(sources_or_ids):
                try:
                    stored = table.document(table.find_id(name))
                except DocumentNotFound as error:
                    raise DocumentNotFound(
                        f"{error.message}; nothing was removed",
                        hint=f"run: python -m indexer inspect --index {quoted(folder.root)}",
                    ) from error
                document = stored.document
                removals[document.document_id] = Removal(document.document_id, document.source, now)
        write_pointer(
            folder.root, replace(pointer, removals=(*pointer.removals, *removals.values()))
        )
    return [each.source for each in removals.values()]
