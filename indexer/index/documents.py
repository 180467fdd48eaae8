"""Reading the truth: documents, passages and originals out of SQLite, as one generation sees them.

Knows neither vectors nor terms.
"""

import json
import mimetypes
import zlib
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from indexer.errors import DocumentNotFound, InvalidRequest
from indexer.index.database import ReaderPool
from indexer.index.filters import conditions, short_glob
from indexer.index.records import (
    Keys,
    Original,
    Page,
    PassageTokens,
    Selection,
    StoredDocument,
    StoredPassage,
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

# What a generation's engines hold, and what of it was not removed since.
_HELD = "d.added_in <= :g AND (d.removed_in IS NULL OR d.removed_in > :g)"
_VISIBLE = f"{_HELD} AND d.hidden = 0"
_FIELDS = (
    "d.document_id, d.source, d.digest, d.format, d.size, d.title, d.date, d.author,"
    " d.organisation, d.url, d.encoding, d.given, d.fingerprint, d.page_chars, d.kept_chars,"
    " d.characters, d.passages, d.indexed_at"
)
_PASSAGE = (
    "p.key, p.passage_id, d.document_id, p.start, p.end, p.text, d.title, p.headings, p.places,"
    " p.subject, d.organisation, d.date"
)
_VARIABLES = 500  # a statement, well below SQLite's limit
_TEXT_TYPES = {"txt": "text/plain", "markdown": "text/markdown", "html": "text/html"}


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """Documents by key, each with the first key and the number of its passages, keys ascending."""

    documents: Keys
    first_passages: Keys
    passage_counts: Keys

    def passages(self) -> Keys:
        """The passages' keys, ascending. Those of one document follow each other."""
        counts = self.passage_counts
        before = np.cumsum(counts) - counts
        return np.repeat(self.first_passages - before, counts) + np.arange(counts.sum())


class DocumentTable:
    """The documents that generation `number` sees. Every call reads what is true at its instant."""

    def __init__(self, pool: ReaderPool, number: int) -> None:
        self._pool = pool
        self._number = number

    def visible(self) -> Ranges:
        return self._ranges(
            f"SELECT key, first_passage, passages FROM documents d WHERE {_VISIBLE}"
        )

    def held_documents(self) -> Keys:
        """The keys of all documents that the generation's engines hold, ascending."""
        rows = self._rows(f"SELECT key FROM documents d WHERE {_HELD} ORDER BY key")
        return np.asarray([row[0] for row in rows], dtype=np.int64)

    def matching(
        self,
        source: str | None,
        date_from: str | None,
        date_to: str | None,
        ids: Sequence[str] | None = None,
        organisations: Sequence[str] | None = None,
    ) -> Ranges:
        where, values = conditions(source, date_from, date_to, ids, organisations)
        return self._ranges(
            f"SELECT key, first_passage, passages FROM documents d WHERE {_VISIBLE}{where}", values
        )

    def _ranges(self, query: str, values: dict[str, str] | None = None) -> Ranges:
        rows = self._rows(f"{query} ORDER BY key", values)
        table = np.asarray(rows, dtype=np.int64).reshape(-1, 3)
        return Ranges(table[:, 0], table[:, 1], table[:, 2])

    def passages(self, keys: Sequence[int]) -> list[StoredPassage]:
        """In the order given. Raises: DocumentNotFound when one was removed for good meanwhile."""
        found: dict[int, StoredPassage] = {}
        for at in range(0, len(keys), _VARIABLES):
            some = [int(key) for key in keys[at : at + _VARIABLES]]
            marks = ",".join("?" * len(some))
            with self._pool.connection() as connection:
                rows = connection.execute(
                    f"SELECT {_PASSAGE}, d.source, d.url, d.date, d.organisation, d.key,"
                    " t.shared, t.written, t.digits FROM passages p"
                    " JOIN documents d ON d.key = p.document_key"
                    f" LEFT JOIN tokens t ON t.key = p.key WHERE p.key IN ({marks})",
                    some,
                ).fetchall()
            for row in rows:
                shared, written, digits = row[-3:]
                tokens = None if shared is None else PassageTokens(shared, written, digits)
                source, url, date, organisation, document = row[-8:-3]
                found[row[0]] = StoredPassage(
                    *(row[0], _passage(row[:-8]), source, url, date, organisation, document),
                    tokens=tokens,
                )
        absent = next((key for key in keys if int(key) not in found), None)
        if absent is not None:
            raise DocumentNotFound(
                f"passage {absent} is no longer in the index", hint="ask the question again"
            )
        return [found[int(key)] for key in keys]

    def document(self, document_id: str) -> StoredDocument:
        """With its text, headings and left-out stretches. Raises: DocumentNotFound."""
        row = self._one(
            f"SELECT {_FIELDS}, c.text, c.headings, c.left_out FROM documents d"
            f" JOIN contents c ON c.document_key = d.key"
            f" WHERE d.document_id = :id AND {_VISIBLE}",
            document_id,
        )
        return _document(row)

    def document_passages(self, document_id: str) -> list[Passage]:
        """In the order of the text. Raises: DocumentNotFound."""
        if not self.is_alive(document_id):
            raise _not_found(document_id)
        rows = self._rows(
            f"SELECT {_PASSAGE} FROM passages p JOIN documents d ON d.key = p.document_key"
            f" WHERE d.document_id = :id AND {_VISIBLE} ORDER BY p.key",
            {"id": document_id},
        )
        return [_passage(row) for row in rows]

    def page(self, limit: int, cursor: str | None, selection: Selection) -> Page:
        """Documents of a selection by source, without their texts. Raises: InvalidRequest."""
        if limit < 1:
            raise InvalidRequest(f"limit must be at least 1, not {limit}", hint="leave it out")
        where, values = conditions(
            selection.source,
            selection.date_from,
            selection.date_to,
            selection.ids,
            selection.organisations,
        )
        values["after"] = _decode_cursor(cursor)
        rows = self._rows(
            f"SELECT {_FIELDS} FROM documents d WHERE {_VISIBLE}{where} AND d.source > :after"
            f" ORDER BY d.source LIMIT {int(limit) + 1}",
            values,
        )
        documents = [_document((*row, "", "[]", "[]")) for row in rows[:limit]]
        more = len(rows) > limit
        return Page(documents, _encode_cursor(documents[-1].document.source) if more else None)

    def organisations(self, pattern: str) -> tuple[str, ...]:
        """Those whose name is `pattern`, or fits it as a glob, once both are folded."""
        rows = self._rows(
            "SELECT DISTINCT d.organisation FROM documents d"
            f" WHERE d.organisation IS NOT NULL AND {_VISIBLE}"
        )
        wanted = fold(short_glob("organisation", pattern)).strip()
        return tuple(name for (name,) in rows if fnmatchcase(fold(name), wanted))

    def firsts(self) -> dict[int, int]:
        """Each reprint's key with that of the first document of its group, removed ones too."""
        rows = self._rows("SELECT document_key, first_key FROM reprints WHERE generation = :g")
        return dict(rows)

    def key_of(self, document_id: str) -> int:
        """Raises: DocumentNotFound."""
        (key,) = self._one(
            f"SELECT d.key FROM documents d WHERE d.document_id = :id AND {_VISIBLE}", document_id
        )
        return int(key)

    def listed(self, keys: Sequence[int]) -> dict[int, StoredDocument]:
        """Those of these that are visible, without their texts: the oldest first, then by source.

        Documents without a date come last.
        """
        rows = self._rows(
            f"SELECT d.key, {_FIELDS} FROM documents d"
            f" WHERE d.key IN (SELECT value FROM json_each(:keys)) AND {_VISIBLE}"
            " ORDER BY coalesce(d.date, '9999'), d.source",
            {"keys": json.dumps([int(key) for key in keys])},
        )
        return {row[0]: _document((*row[1:], "", "[]", "[]")) for row in rows}

    def original(self, document_id: str) -> Original:
        """Raises: DocumentNotFound."""
        data, source, file_format = self._one(
            "SELECT c.original, d.source, d.format FROM documents d"
            f" JOIN contents c ON c.document_key = d.key"
            f" WHERE d.document_id = :id AND {_VISIBLE}",
            document_id,
        )
        name = source.rsplit("/", 1)[-1]
        guessed = _TEXT_TYPES.get(file_format) or mimetypes.guess_type(name)[0]
        return Original(zlib.decompress(data), name, guessed or "application/octet-stream")

    def text(self, document_id: str, start: int, end: int) -> str:
        """`document.text[start:end]`. Raises: DocumentNotFound."""
        # Cut here and not by SQLite, whose substr() ends at a NUL.
        (whole,) = self._one(
            "SELECT c.text FROM documents d JOIN contents c ON c.document_key = d.key"
            f" WHERE d.document_id = :id AND {_VISIBLE}",
            document_id,
        )
        return str(whole[start:end])

    def is_alive(self, document_id: str) -> bool:
        query = f"SELECT 1 FROM documents d WHERE d.document_id = :id AND {_VISIBLE}"
        return bool(self._rows(query, {"id": document_id}))

    def find_id(self, source_or_id: str) -> str:
        """The id of a document named by its source or its id. Raises: DocumentNotFound."""
        rows = self._rows(
            "SELECT d.document_id FROM documents d"
            f" WHERE (d.source = :name OR d.document_id = :name) AND {_VISIBLE}",
            {"name": source_or_id},
        )
        if not rows:
            raise _not_found(source_or_id)
        return str(rows[0][0])

    def skipped(self) -> list[Skipped]:
        """The files that are not in this generation, by source."""
        rows = self._rows(
            "SELECT source, reason, detail FROM skipped WHERE generation = :g ORDER BY source"
        )
        return [Skipped(*row) for row in rows]

    def _rows(self, query: str, values: dict[str, str] | None = None) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection:
            return connection.execute(query, {"g": self._number, **(values or {})}).fetchall()

    def _one(self, query: str, document_id: str) -> tuple[Any, ...]:
        rows = self._rows(query, {"id": document_id})
        if not rows:
            raise _not_found(document_id)
        return rows[0]


def _encode_cursor(source: str) -> str:
    return urlsafe_b64encode(source.encode()).decode()


def _decode_cursor(cursor: str | None) -> str:
    try:
        return b64decode((cursor or "").encode("ascii"), altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise InvalidRequest(
            "the cursor is not one of ours", hint="pass next_cursor of the page before as it came"
        ) from error


def _not_found(name: str) -> DocumentNotFound:
    return DocumentNotFound(
        f"no document {name[:200]!r} in the index", hint="list the documents to see what there is"
    )


def _passage(row: Sequence[Any]) -> Passage:
    _, passage_id, document_id, start, end, text, title, headings, places, *rest = row
    subject, organisation, date = rest
    return Passage(
        passage_id,
        document_id,
        start,
        end,
        text,
        title,
        tuple(json.loads(headings)),
        tuple(Place(*place) for place in json.loads(places)),
        subject,
        organisation,
        date,
    )


def _document(row: Sequence[Any]) -> StoredDocument:
    document_id, source, digest, file_format, size, title, date, author, *rest = row
    organisation, url, encoding, given, fingerprint, page_chars, kept, *rest = rest
    characters, passages, indexed_at, text, headings, left_out = rest
    document = Document(
        document_id=document_id,
        source=source,
        digest=digest,
        format=file_format,
        size=size,
        title=title,
        date=date,
        author=author,
        url=url,
        text=text,
        headings=tuple(Heading(*each) for each in json.loads(headings)),
        left_out=tuple(
            LeftOut(start, end, LeftOutReason(reason))
            for start, end, reason in json.loads(left_out)
        ),
        encoding=encoding,
        organisation=organisation,
        given=given,
        fingerprint=fingerprint,
        page_chars=page_chars,
    )
    coverage = None if page_chars is None else Coverage(kept, page_chars)
    return StoredDocument(document, characters, passages, indexed_at, coverage)
