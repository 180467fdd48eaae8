"""Rows of `edges`: what a generation remembers of the heads and feet of its pages.

`lines` are a page's edges as `files.sites` writes them; `head` and `tail` say how many of them are
left out because they repeat, `title` and `headings` what the page had before they were. Knows rows;
what is a page and what repeats is the business of `files.sites`.
"""

import json
import sqlite3
import zlib
from dataclasses import dataclass

from indexer.index.tables import CONTENTS, DOCUMENTS, EDGES, ORIGINALS
from indexer.records import Document, Heading, LeftOut, LeftOutReason

_FIELDS = (
    *("document_id", "source", "digest", "format", "size", "date", "author", "url", "encoding"),
    *("organisation", "given", "page_chars"),
)
_OF_PAGES = "WHERE key IN (SELECT document_key FROM edges)"
_OF_ONE = "WHERE document_key = ?"


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page of the generation in the making, and how much of it is left out by now."""

    key: int
    source: str
    url: str | None
    lines: bytes
    repeated: tuple[int, int]


def note_edges(
    connection: sqlite3.Connection,
    key: int,
    lines: bytes,
    repeated: tuple[int, int],
    before: Document,
) -> None:
    """Remember a page. `before` is the document with its repeated lines."""
    headings = json.dumps([(each.start, each.end, each.level) for each in before.headings])
    EDGES.insert(connection, [(key, lines, *repeated, before.title, headings)])


def stored_pages(connection: sqlite3.Connection) -> list[StoredPage]:
    """The pages of all documents that go into the generation, by key. Raises: IndexDamaged."""
    documents = {row[0]: row for row in DOCUMENTS.read(connection, _OF_PAGES)}
    source, url = (DOCUMENTS.columns.index(name) for name in ("source", "url"))
    return [
        StoredPage(key, documents[key][source], documents[key][url], lines, (head, tail))
        for key, lines, head, tail, *_ in EDGES.read(connection, "ORDER BY document_key")
    ]


def restore_page(connection: sqlite3.Connection, key: int) -> tuple[Document, bytes, int]:
    """A page as it was before repeated lines were left out, its file's bytes and time stamp."""
    (row,) = DOCUMENTS.read(connection, "WHERE key = ?", (key,))
    said = dict(zip(DOCUMENTS.columns, row, strict=True))
    ((_, text, _, left_out),) = CONTENTS.read(connection, _OF_ONE, (key,))
    ((_, _, _, _, title, headings),) = EDGES.read(connection, _OF_ONE, (key,))
    ((_, original),) = ORIGINALS.read(connection, _OF_ONE, (key,))
    stretches = (LeftOut(a, b, LeftOutReason(reason)) for a, b, reason in json.loads(left_out))
    document = Document(
        **{name: said[name] for name in _FIELDS},
        title=title,
        text=text,
        headings=tuple(Heading(*each) for each in json.loads(headings)),
        left_out=tuple(each for each in stretches if each.reason is not LeftOutReason.REPEATED),
    )
    return document, zlib.decompress(original), said["mtime_ns"]
