"""A document as rows of the database, and how much its rows come to. Knows records and tables."""

import json
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from dataclasses import astuple, replace
from typing import Any

from indexer.index.documents import document_of, passage_of
from indexer.index.manifest import Counts
from indexer.index.tables import CONTENTS, DOCUMENTS, ORIGINALS, PASSAGES
from indexer.records import Document, Passage, coverage_of

_OF_ONE = "WHERE document_key = ?"
_COMPRESSION = 1  # originals of text: a third of the size at 150 MB/s; level 6 wins 5 % more


def insert_document(
    connection: sqlite3.Connection,
    key: int,
    first_passage: int,
    document: Document,
    passages: Sequence[Passage],
    original: bytes,
    mtime_ns: int,
    indexed_at: str,
) -> None:
    coverage = coverage_of(document)
    row = (
        *(key, document.document_id, document.source, document.digest, document.format),
        *(document.size, mtime_ns, document.title, document.date, document.author),
        *(document.organisation, document.url, document.encoding, document.given),
        *(document.fingerprint, document.page_chars, coverage and coverage.kept_chars),
        *(len(document.text), len(passages), first_passage, indexed_at),
    )
    DOCUMENTS.insert(connection, [row])
    headings = _json([(each.start, each.end, each.level) for each in document.headings])
    left_out = _json([(each.start, each.end, each.reason) for each in document.left_out])
    CONTENTS.insert(connection, [(key, document.text, headings, left_out)])
    ORIGINALS.insert(connection, [(key, zlib.compress(original, _COMPRESSION))])
    _insert_passages(connection, key, first_passage, passages)


def _insert_passages(
    connection: sqlite3.Connection, key: int, first_passage: int, passages: Sequence[Passage]
) -> None:
    PASSAGES.insert(
        connection,
        [
            (
                *(first_passage + at, key, passage.passage_id, passage.start, passage.end),
                *(passage.text, _json(passage.headings)),
                *(_json([astuple(each) for each in passage.places]), passage.subject),
            )
            for at, passage in enumerate(passages)
        ],
    )


def cut_document_again(
    connection: sqlite3.Connection,
    row: Sequence[Any],
    first_passage: int,
    cut: Callable[[Document], Sequence[Passage]],
) -> int:
    """Put what `cut` makes of a stored document in the place of its passages; returns how many.

    `row` is the document's of DOCUMENTS. Pages and cells are known where passages were.
    Raises: IndexDamaged.
    """
    key = row[0]
    ((_, *content),) = CONTENTS.read(connection, _OF_ONE, (key,))
    document = document_of(row, content).document
    old = [passage_of(each, document) for each in PASSAGES.read(connection, _OF_ONE, (key,))]
    places = {place for passage in old for place in passage.places}
    passages = cut(replace(document, places=tuple(sorted(places, key=lambda place: place.start))))
    connection.execute("DELETE FROM main.passages WHERE document_key = ?", (key,))
    _insert_passages(connection, key, first_passage, passages)
    said = dict(zip(DOCUMENTS.columns, row, strict=True))
    said |= {"passages": len(passages), "first_passage": first_passage}
    DOCUMENTS.replace(connection, tuple(said.values()))
    return len(passages)


def count(connection: sqlite3.Connection) -> Counts:
    return Counts(
        *connection.execute(
            "SELECT count(*), coalesce(sum(passages), 0), coalesce(sum(characters), 0)"
            " FROM documents"
        ).fetchone()
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
