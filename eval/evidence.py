"""Where gold evidence stands in an index: quotes to places to passages. Knows no question's answer.

Evidence is (document, quote), never a passage id: re-chunking and re-indexing do not spoil it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from eval.gold import Evidence


@dataclass(frozen=True, slots=True)
class PassageSpan:
    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StoredText:
    """A document as it is stored: the text that all offsets refer to, and its passages."""

    document_id: str
    text: str
    passages: tuple[PassageSpan, ...]


class Library(Protocol):
    """The documents of an index, in process or over HTTP."""

    def sources(self) -> Mapping[str, str]:
        """Source path to document id, of every document."""
        ...

    def stored(self, document_id: str) -> StoredText:
        """Raises: DocumentNotFound."""
        ...


class Missing(StrEnum):
    """Why evidence could not be placed."""

    DOCUMENT = "document_not_in_index"
    AMBIGUOUS = "document_ambiguous"
    QUOTE = "quote_not_in_document"
    PASSAGE = "quote_in_no_passage"  # a heading, or taken for navigation: it is never found


@dataclass(frozen=True, slots=True)
class Placed:
    """Evidence with its document and the passages that overlap it.

    `document_id` is empty when the document is not in the index; `missing` says what is wrong.
    """

    evidence: Evidence
    document_id: str
    spans: tuple[tuple[int, int], ...]
    passage_ids: frozenset[str]
    missing: Missing | None


def find_quote(text: str, quote: str) -> list[tuple[int, int]]:
    """Every place of a quote, in order. Where spaces and line ends fall does not matter."""
    letters = [re.escape(letter) for letter in quote if not letter.isspace()]
    return [match.span() for match in re.finditer(r"\s*".join(letters), text)] if letters else []


class Places:
    """Places evidence in one library; every document is fetched once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._stored: dict[str, StoredText] = {}

    def stored(self, document_id: str) -> StoredText:
        if document_id not in self._stored:
            self._stored[document_id] = self._library.stored(document_id)
        return self._stored[document_id]

    def place(self, evidence: Evidence) -> Placed:
        ids = self._document_ids(evidence.document)
        if len(ids) != 1:
            none_or_many = Missing.AMBIGUOUS if ids else Missing.DOCUMENT
            return Placed(evidence, "", (), frozenset(), none_or_many)
        document = self.stored(ids[0])
        spans = tuple(find_quote(document.text, evidence.quote))
        passage_ids = frozenset(
            passage.passage_id
            for passage in document.passages
            if any(passage.start < end and start < passage.end for start, end in spans)
        )
        missing = None if passage_ids else Missing.PASSAGE if spans else Missing.QUOTE
        return Placed(evidence, ids[0], spans, passage_ids, missing)

    @cached_property
    def _by_source(self) -> Mapping[str, str]:
        return self._library.sources()

    def _document_ids(self, document: str) -> list[str]:
        """The document of that very source, or those whose source ends with it.

        A folder that is indexed beside others carries its own name in front: corpus/a.md for a.md.
        """
        if document in self._by_source:
            return [self._by_source[document]]
        tail = "/" + document
        return sorted(id_ for source, id_ in self._by_source.items() if source.endswith(tail))


def passages_of(places: Iterable[Placed]) -> frozenset[str]:
    """All passages that overlap any of the quotes: what a ranking should find."""
    return frozenset[str]().union(*(placed.passage_ids for placed in places))
