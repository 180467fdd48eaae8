"""Citations in the order of their first use, each checked against the store before it is sent."""

import logging
from collections.abc import Callable
from dataclasses import replace

from indexer.errors import DocumentNotFound
from service.answer.evidence import Evidence
from service.records import Citation, FurtherSource

_log = logging.getLogger(__name__)

StoredText = Callable[[str, int, int], str]  # (document_id, start, end) → text
Further = Callable[[str, str], tuple[FurtherSource, ...]]
"""Who else says it: (document_id, quote) → the reprints that say it, too."""


def nobody_else(document_id: str, quote: str) -> tuple[FurtherSource, ...]:
    """For where no reprints are known."""
    del document_id, quote
    return ()


class Citations:
    """The citations of one answer. `stored_text` reads the document as it is stored now."""

    def __init__(self, stored_text: StoredText, further: Further = nobody_else) -> None:
        self._stored_text = stored_text
        self._further = further
        self._made: dict[tuple[str, int, int], Citation] = {}

    @property
    def all(self) -> tuple[Citation, ...]:
        return tuple(self._made.values())

    def proves(self, evidence: Evidence) -> bool:
        """Does the stored document say these very words at this very place, still?"""
        document_id = evidence.hit.passage.document_id
        try:
            stored = self._stored_text(document_id, evidence.start, evidence.end)
        except DocumentNotFound:  # deleted since it was retrieved
            return False
        if stored != evidence.quote:
            _log.error("document %s does not say what its passage says", document_id)
            return False
        return True

    def cite(self, evidence: Evidence) -> Citation:
        """The citation of `evidence`: a new number, or the one that it has."""
        key = (evidence.hit.passage.document_id, evidence.start, evidence.end)
        if key not in self._made:
            self._made[key] = self.numbered(len(self._made) + 1, evidence)
        return self._made[key]

    def numbered(self, n: int, evidence: Evidence) -> Citation:
        """The citation of `evidence` under this number, with who else says it."""
        document_id = evidence.hit.passage.document_id
        try:
            further = self._further(document_id, evidence.quote)
        except DocumentNotFound:  # deleted since it was proven
            further = ()
        return replace(citation(n, evidence), further_sources=further)


def citation(n: int, evidence: Evidence) -> Citation:
    hit = evidence.hit
    place = hit.passage.place_at(evidence.start)
    return Citation(
        n=n,
        document_id=hit.passage.document_id,
        title=hit.passage.title,
        source=hit.source,
        url=hit.url,
        date=hit.date,
        passage_id=hit.passage.passage_id,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
        page=place.page if place else None,
        place=place.name if place else None,
        score=round(evidence.probability, 4),
        organisation=hit.organisation,
    )
