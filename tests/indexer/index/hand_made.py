"""Small indexes made by hand: documents, vectors and terms are given, nothing is embedded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.chunk import CHUNKING_VERSION
from indexer.embed.base import Matrix
from indexer.index.folder import IndexFolder
from indexer.index.generation import new_generation
from indexer.index.lexical import Posting
from indexer.index.manifest import (
    ChunkingStamp,
    EmbedderStamp,
    Manifest,
    Root,
    Settings,
    TermsStamp,
)
from indexer.index.writing import GenerationWriter
from indexer.records import Document, Heading, LeftOut, LeftOutReason, Passage, Skipped
from indexer.text import normalise, segment

DIM = 4
SETTINGS = Settings(
    EmbedderStamp("by-hand", "0123456789abcdef", DIM),
    normalise.VERSION,
    TermsStamp(segment.VERSION, "all"),
    ChunkingStamp(CHUNKING_VERSION, 320, 0),
)


@dataclass(frozen=True)
class Prepared:
    """A document with all that is indexed of it. The lists run parallel to `passages`."""

    document: Document
    passages: Sequence[Passage]
    body_terms: Sequence[Sequence[str]]
    context_terms: Sequence[Sequence[str]]
    vectors: Matrix


def axis(*weights: float) -> Matrix:
    """A unit vector along the given weights, as one row."""
    row = np.zeros(DIM, dtype=np.float32)
    row[: len(weights)] = weights
    length = np.linalg.norm(row)
    return row / length if length else row


def prepared(
    source: str,
    passages: Sequence[str],
    vectors: Sequence[Matrix] | None = None,
    *,
    title: str = "题",
    date: str | None = None,
) -> Prepared:
    """A document whose text is its passages, one a line; every character is a term."""
    text = "\n".join(passages)
    document_id = f"id-{source}"
    document = Document(
        document_id=document_id,
        source=source,
        digest=f"digest-{source}",
        format="txt",
        size=len(text.encode()),
        title=title,
        date=date,
        author=None,
        url=None,
        text=text,
        headings=(Heading(0, 1, 1),),
        left_out=(LeftOut(0, 1, LeftOutReason.FOOTER),),
        encoding="utf-8",
    )
    made, at = [], 0
    for ordinal, passage in enumerate(passages):
        made.append(
            Passage(
                passage_id=f"{document_id}-{ordinal}",
                document_id=document_id,
                start=at,
                end=at + len(passage),
                text=passage,
                title=title,
                headings=("上级",),
            )
        )
        at += len(passage) + 1
    rows = vectors if vectors is not None else [axis(1.0)] * len(passages)
    return Prepared(
        document=document,
        passages=made,
        body_terms=[list(passage) for passage in passages],
        context_terms=[list(title)] * len(passages),
        vectors=np.asarray(rows, dtype=np.float32).reshape(-1, DIM),
    )


def add(writer: GenerationWriter, given: Prepared) -> None:
    original = given.document.text.encode()
    document, first = writer.add(given.document, given.passages, original, 1)
    terms = zip(given.body_terms, given.context_terms, strict=True)
    writer.add_postings(
        [Posting(first + at, document, *pair) for at, pair in enumerate(terms)], given.vectors
    )


def finish(writer: GenerationWriter) -> Manifest:
    return writer.finish([Root("/somewhere", "")], 1000)


def write_index(
    index_dir: Path, documents: Sequence[Prepared], skipped: Sequence[Skipped] = ()
) -> Manifest:
    with new_generation(IndexFolder(index_dir), SETTINGS, from_scratch=True) as writer:
        writer.start_empty()
        for document in documents:
            add(writer, document)
        writer.skip(skipped)
        return finish(writer)


def update_index(index_dir: Path, dropped: Sequence[str], added: Sequence[Prepared]) -> Manifest:
    with new_generation(IndexFolder(index_dir), SETTINGS, from_scratch=False) as writer:
        known = writer.known_files()
        writer.start_from_base()
        writer.drop([known[source].key for source in dropped])
        for document in added:
            add(writer, document)
        return finish(writer)
