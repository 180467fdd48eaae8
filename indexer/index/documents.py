"""Reading the truth: documents, passages and originals out of one generation's database.

Knows neither vectors nor terms.
"""

import json
import mimetypes
import sqlite3
import zlib
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from indexer.commands import MEND_DATABASE
from indexer.errors import DocumentNotFound, IndexDamaged, InvalidRequest
from indexer.index.database import ReaderPool
from indexer.index.filters import conditions, short_glob
from indexer.index.ranges import CatalogRow
from indexer.index.records import (
    Keys,
    Original,
    Page,
    PassageTokens,
    Selection,
    StoredDocument,
    StoredPassage,
)
from indexer.index.tables import (
    CONTENTS,
    DOCUMENTS,
    ORIGINALS,
    PASSAGES,
    REPRINTS,
    SKIPPED,
    TOKENS,
    Table,
    row_digest,
)
from indexer.records import (
    Coverage,
    Document,
    Heading,
    LeftOut,
    LeftOutReason,
    Passage,
    Place,
    Skipped,
)
from indexer.text.normalise import fold

_VARIABLES = 500  # a statement, well below SQLite's limit
_TEXT_TYPES = {"txt": "text/plain", "markdown": "text/markdown", "html": "text/html"}
_NOT_REMOVED = "document_id NOT IN (SELECT value FROM json_each(:removed))"


def read_catalog(connection: sqlite3.Connection) -> list[CatalogRow]:
    """Which documents there are, by key. Compare with `catalog_digest`: rows are not checked."""
    return connection.execute(
        "SELECT key, document_id, first_passage, passages FROM documents ORDER BY key"
    ).fetchall()


def catalog_digest(rows: Sequence[CatalogRow]) -> str:
    return row_digest("catalog", rows).hex()


class DocumentTable:
    """The documents of one generation that were not removed.

    Every row is compared with its digest as it is read. `removed` tells the ids of the documents
    that may not answer at this instant. Every method raises IndexDamaged.
    """

    def __init__(self, pool: ReaderPool, removed: Callable[[], frozenset[str]]) -> None:
        self._pool = pool
        self._removed = removed

    def catalog(self, digest: str) -> list[CatalogRow]:
        """All documents of the generation, removed ones too, by key."""
        with self._pool.connection() as connection:
            rows = read_catalog(connection)
        if catalog_digest(rows) != digest:
            raise IndexDamaged(
                "the list of documents is not as it was written",
                hint=MEND_DATABASE,
            )
        return rows

    def matching(
        self,
        source: str | None,
        date_from: str | None,
        date_to: str | None,
        ids: Sequence[str] | None = None,
        organisations: Sequence[str] | None = None,
    ) -> Keys:
        """The keys of the documents that pass the filters, ascending, removed ones too."""
        where, values = conditions(source, date_from, date_to, ids, organisations)
        rows = self._rows(f"SELECT key FROM documents WHERE TRUE{where} ORDER BY key", values)
        return np.asarray([row[0] for row in rows], dtype=np.int64)

    def passages(self, keys: Sequence[int]) -> list[StoredPassage]:
        """In the order given."""
        found: dict[int, StoredPassage] = {}
        for at in range(0, len(keys), _VARIABLES):
            some = [int(key) for key in keys[at : at + _VARIABLES]]
            rows = {row[0]: row for row in self._keyed(PASSAGES, "key", some)}
            owners = sorted({row[1] for row in rows.values()})
            documents = {row[0]: document_of(row) for row in self._keyed(DOCUMENTS, "key", owners)}
            for key in some:
                if key not in rows or rows[key][1] not in documents:
                    raise IndexDamaged(
                        f"passage {key} is not in the database",
                        hint=MEND_DATABASE,
                    )
                owner = documents[rows[key][1]].document
                found[key] = StoredPassage(
                    *(key, passage_of(rows[key], owner), owner.source, owner.url, owner.date),
                    *(owner.organisation, rows[key][1]),
                )
        return [found[int(key)] for key in keys]

    def tokens(self, keys: Sequence[int]) -> dict[int, PassageTokens]:
        """Of each passage that has some: all, where the built-in embedder made the index."""
        found: dict[int, PassageTokens] = {}
        for at in range(0, len(keys), _VARIABLES):
            some = [int(key) for key in keys[at : at + _VARIABLES]]
            found |= {row[0]: PassageTokens(*row[1:]) for row in self._keyed(TOKENS, "key", some)}
        return found

    def document(self, document_id: str) -> StoredDocument:
        """With its text, headings and left-out stretches. Raises: DocumentNotFound."""
        row = self._row(document_id)
        return document_of(row, self._belonging(CONTENTS, row[0]))

    def document_passages(self, document_id: str) -> list[Passage]:
        """In the order of the text. Raises: DocumentNotFound."""
        row = self._row(document_id)
        owner = document_of(row)
        rows = self._checked(PASSAGES, "WHERE document_key = :key ORDER BY key", {"key": row[0]})
        if len(rows) != owner.passages:
            raise IndexDamaged(
                f"{owner.document.source} has {owner.passages} passages, {len(rows)} were found",
                hint=MEND_DATABASE,
            )
        return [passage_of(each, owner.document) for each in rows]

    def page(self, limit: int, cursor: str | None, selection: Selection, titled: str = "") -> Page:
        """Documents of a selection by source, without their texts; those alone whose title
        contains `titled` as it is written. Raises: InvalidRequest.
        """
        if limit < 1:
            raise InvalidRequest(f"limit must be at least 1, not {limit}", hint="leave it out")
        where, values = conditions(
            selection.source,
            selection.date_from,
            selection.date_to,
            selection.ids,
            selection.organisations,
            titled,
        )
        values["after"] = _decode_cursor(cursor)
        rows = self._checked(
            DOCUMENTS,
            f"WHERE {_NOT_REMOVED}{where} AND source > :after ORDER BY source"
            f" LIMIT {int(limit) + 1}",
            values,
        )
        documents = [document_of(row) for row in rows[:limit]]
        more = len(rows) > limit
        return Page(documents, _encode_cursor(documents[-1].document.source) if more else None)

    def organisations(self, pattern: str) -> tuple[str, ...]:
        """Those whose name is `pattern`, or fits it as a glob, once both are folded."""
        rows = self._rows(
            "SELECT DISTINCT organisation FROM documents"
            f" WHERE organisation IS NOT NULL AND {_NOT_REMOVED}"
        )
        wanted = fold(short_glob("organisation", pattern)).strip()
        return tuple(name for (name,) in rows if fnmatchcase(fold(name), wanted))

    def firsts(self) -> dict[int, int]:
        """Each reprint's key with that of the first document of its group, removed ones too."""
        return dict(self._checked(REPRINTS))

    def key_of(self, document_id: str) -> int:
        """Raises: DocumentNotFound."""
        return int(self._row(document_id)[0])

    def listed(self, keys: Sequence[int]) -> dict[int, StoredDocument]:
        """Those of these that are not removed, without their texts: the oldest first, then by
        source. Documents without a date come last.
        """
        rows = self._checked(
            DOCUMENTS,
            f"WHERE key IN (SELECT value FROM json_each(:keys)) AND {_NOT_REMOVED}"
            " ORDER BY coalesce(date, '9999'), source",
            {"keys": json.dumps([int(key) for key in keys])},
        )
        return {row[0]: document_of(row) for row in rows}

    def original(self, document_id: str) -> Original:
        """Raises: DocumentNotFound."""
        row = self._row(document_id)
        document = document_of(row).document
        (data,) = self._belonging(ORIGINALS, row[0])
        name = document.source.rsplit("/", 1)[-1]
        guessed = _TEXT_TYPES.get(document.format) or mimetypes.guess_type(name)[0]
        return Original(zlib.decompress(data), name, guessed or "application/octet-stream")

    def is_alive(self, document_id: str) -> bool:
        return document_id not in self._removed() and bool(self._named("document_id", document_id))

    def find_id(self, source_or_id: str) -> str:
        """The id of a document named by its source or its id. Raises: DocumentNotFound."""
        for column in ("source", "document_id"):
            for row in self._named(column, source_or_id):
                if row[1] not in self._removed():
                    return str(row[1])
        raise not_found(source_or_id)

    def skipped(self) -> list[Skipped]:
        """The files that are not in this generation, by source."""
        return [Skipped(*row) for row in self._checked(SKIPPED, "ORDER BY source")]

    def _rows(self, query: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        removed = json.dumps(sorted(self._removed()))
        with self._pool.connection() as connection:
            return connection.execute(query, {"removed": removed, **(values or {})}).fetchall()

    def _checked(
        self, table: Table, rest: str = "", values: dict[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        return [table.checked(row) for row in self._rows(table.select(rest), values)]

    def _keyed(self, table: Table, column: str, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        return self._checked(table, f"WHERE {column} IN ({','.join(map(str, keys))})")

    def _named(self, column: str, name: str) -> list[tuple[Any, ...]]:
        """The documents of that source or id; what a damaged search tree leads to is none."""
        rows = self._checked(DOCUMENTS, f"WHERE {column} = :name", {"name": name})
        at = DOCUMENTS.columns.index(column)
        return [row for row in rows if row[at] == name]

    def _row(self, document_id: str) -> tuple[Any, ...]:
        rows = self._named("document_id", document_id)
        if not rows or document_id in self._removed():
            raise not_found(document_id)
        return rows[0]

    def _belonging(self, table: Table, key: int) -> tuple[Any, ...]:
        """The one row of a document in another table, without its key."""
        for row in self._keyed(table, "document_key", [key]):
            if row[0] == key:
                return row[1:]
        raise IndexDamaged(
            f"document {key} has no row in {table.name}",
            hint=MEND_DATABASE,
        )


def _encode_cursor(source: str) -> str:
    return urlsafe_b64encode(source.encode()).decode()


def _decode_cursor(cursor: str | None) -> str:
    try:
        return b64decode((cursor or "").encode("ascii"), altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise InvalidRequest(
            "the cursor is not one of ours", hint="pass next_cursor of the page before as it came"
        ) from error


def not_found(name: str) -> DocumentNotFound:
    return DocumentNotFound(
        f"no document {name[:200]!r} in the index", hint="list the documents to see what there is"
    )


def passage_of(row: Sequence[Any], owner: Document) -> Passage:
    """`row` as PASSAGES has it."""
    _, _, passage_id, start, end, text, headings, places, subject = row
    return Passage(
        passage_id,
        owner.document_id,
        start,
        end,
        text,
        owner.title,
        tuple(json.loads(headings)),
        tuple(Place(*place) for place in json.loads(places)),
        subject,
        owner.organisation,
        owner.date,
    )


def document_of(row: Sequence[Any], content: Sequence[str] = ("", "[]", "[]")) -> StoredDocument:
    """`row` as DOCUMENTS has it, `content` as CONTENTS has it without the key."""
    said = dict(zip(DOCUMENTS.columns, row, strict=True))
    text, headings, left_out = content
    document = Document(
        **{name: said[name] for name in _SAID},
        text=text,
        headings=tuple(Heading(*each) for each in json.loads(headings)),
        left_out=tuple(
            LeftOut(start, end, LeftOutReason(reason))
            for start, end, reason in json.loads(left_out)
        ),
    )
    page_chars = said["page_chars"]
    coverage = None if page_chars is None else Coverage(said["kept_chars"], page_chars)
    return StoredDocument(
        document, said["characters"], said["passages"], said["indexed_at"], coverage
    )


_SAID = tuple(name for name in DOCUMENTS.columns if name in Document.__dataclass_fields__)
