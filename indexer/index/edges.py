"""Rows of `edges`: what a generation remembers of the heads and feet of its pages.

`lines` are a page's edges as `files.sites` writes them; `head` and `tail` say how many of them are
left out because they repeat, `title` and `headings` what the page had before they were. Knows rows;
what is a page and what repeats is the business of `files.sites`.
"""

import json
import sqlite3
import zlib
from dataclasses import dataclass

from indexer.records import Document, Heading, LeftOut, LeftOutReason

_FIELDS = (
    *("document_id", "source", "digest", "format", "size", "date", "author", "url", "encoding"),
    *("organisation", "given", "page_chars"),
)


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
    connection.execute(
        "INSERT INTO edges VALUES (?, ?, ?, ?, ?, ?)",
        (key, lines, *repeated, before.title, headings),
    )


def stored_pages(connection: sqlite3.Connection) -> list[StoredPage]:
    """The pages of all documents that go into the generation, by key."""
    rows = connection.execute(
        "SELECT e.document_key, d.source, d.url, e.lines, e.head, e.tail"
        " FROM edges e JOIN documents d ON d.key = e.document_key"
        " WHERE d.removed_in IS NULL ORDER BY e.document_key"
    )
    return [
        StoredPage(key, source, url, lines, (head, tail))
        for key, source, url, lines, head, tail in rows
    ]


def restore_page(connection: sqlite3.Connection, key: int) -> tuple[Document, bytes, int]:
    """A page as it was before repeated lines were left out, its file's bytes and time stamp."""
    fields = ", ".join(f"d.{name}" for name in _FIELDS)
    row = connection.execute(
        f"SELECT {fields}, e.title, e.headings, c.text, c.left_out, c.original, d.mtime_ns"
        " FROM documents d JOIN contents c ON c.document_key = d.key"
        " JOIN edges e ON e.document_key = d.key WHERE d.key = ?",
        (key,),
    ).fetchone()
    *values, title, headings, text, left_out, original, mtime_ns = row
    stretches = (LeftOut(a, b, LeftOutReason(reason)) for a, b, reason in json.loads(left_out))
    document = Document(
        **dict(zip(_FIELDS, values, strict=True)),
        title=title,
        text=text,
        headings=tuple(Heading(*each) for each in json.loads(headings)),
        left_out=tuple(each for each in stretches if each.reason is not LeftOutReason.REPEATED),
    )
    return document, zlib.decompress(original), mtime_ns
