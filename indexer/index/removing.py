"""Taking documents out at once: hidden from every generation and every reader by one commit.

Knows no engine: vectors and terms of a removed document go with the next update.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from indexer.errors import DocumentNotFound
from indexer.index.database import closing_connection, database_errors
from indexer.index.folder import IndexFolder, storage_errors


def remove_documents(folder: IndexFolder, sources_or_ids: Sequence[str]) -> list[str]:
    """Hide the named documents and remember not to bring them back; returns their sources.

    All or nothing. Raises: IndexMissing, IndexLocked, DocumentNotFound.
    """
    number = folder.pointer().number
    with (
        storage_errors(folder.root),
        folder.lock(),
        database_errors(folder.database),
        closing_connection(folder.database, "rw") as connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        sources = []
        for name in dict.fromkeys(sources_or_ids):
            row = connection.execute(
                "SELECT document_id, source FROM documents"
                " WHERE (source = ?1 OR document_id = ?1)"
                " AND added_in <= ?2 AND (removed_in IS NULL OR removed_in > ?2) AND hidden = 0",
                (name, number),
            ).fetchone()
            if row is None:
                connection.execute("ROLLBACK")
                raise DocumentNotFound(
                    f"no document {name[:200]!r} in the index; nothing was removed",
                    hint=f"run: python -m indexer inspect --index {folder.root}",
                )
            # Every version of it: a reader may still be on the generation before.
            connection.execute("UPDATE documents SET hidden = 1 WHERE document_id = ?", row[:1])
            connection.execute(
                "INSERT OR REPLACE INTO removals VALUES (?, ?)",
                (row[1], datetime.now(UTC).isoformat(timespec="seconds")),
            )
            sources.append(row[1])
        connection.execute("COMMIT")
    return sources
