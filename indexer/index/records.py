"""What the index hands out. Knows neither SQLite nor the engines."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.records import Coverage, Document, Passage

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage by its key, with one leg's score: cosine, or BM25."""

    key: int
    score: float


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The built-in embedder's tokens of a passage and its context, each once, packed by it.

    Once as the passage is written, once with every figure in digits: most are the same.
    """

    shared: bytes
    written: bytes
    digits: bytes


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its key and what is shown of its document."""

    key: int
    passage: Passage
    source: str
    url: str | None
    date: str | None
    organisation: str | None
    document_key: int


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the index holds it. `document.text` is empty in listings: see `characters`."""

    document: Document
    characters: int
    passages: int
    indexed_at: str
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing. `next_cursor` is None at the end."""

    documents: list[StoredDocument]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of a file as they came."""

    data: bytes
    file_name: str
    media_type: str


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The passages that may answer one question: the filters, without what was removed.

    `everything` says that nothing is left out; all arrays are ascending and are filled either way.
    `left_out_documents` are the documents of the generation that may not answer.
    """

    everything: bool
    source: str | None
    date_from: str | None
    date_to: str | None
    ids: tuple[str, ...] | None  # of documents; None: not filtered by them
    organisations: tuple[str, ...] | None  # those that a filter's pattern matched; None: no filter
    documents: Keys
    left_out_documents: Keys
    passages: Keys
