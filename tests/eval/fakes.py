"""An answering path with prepared answers: no index, no model."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eval.evidence import PassageSpan, StoredText
from eval.target import Citation, Ranked, Reply
from indexer.errors import DocumentNotFound
from service.records import SearchMode

# Two documents, each one passage a line; the last line of the first stands in no passage.
TEXTS = {
    "a/visit.md": "金野以匹村有44户贫困户。\n每户分到1,500元。\n阅读排行",
    "b/report.md": "每户分红一千五百元。\n驻村队员3人。",
}


def passage_id(source: str, ordinal: int) -> str:
    return f"{source}-{ordinal}"


def stored(source: str) -> StoredText:
    text = TEXTS[source]
    spans, start = [], 0
    for ordinal, line in enumerate(text.split("\n")):
        if line != "阅读排行":
            spans.append(PassageSpan(passage_id(source, ordinal), start, start + len(line)))
        start += len(line) + 1
    return StoredText(source, text, tuple(spans))


def cite(source: str, quote: str, shift: int = 0) -> Citation:
    """A citation of the quote where it stands, or `shift` characters beside it."""
    start = TEXTS[source].index(quote) + shift
    return Citation(source, source, start, start + len(quote), quote)


def reply(*sentences: str, citations: tuple[Citation, ...] = (), ms: float = 1.0) -> Reply:
    return Reply(
        sentences=sentences,
        citations=citations,
        abstained=not sentences,
        reason=None if sentences else "fact_not_found",
        nearest=() if sentences else citations,
        confidence=0.5,
        model="fake",
        generation="g000001",
        timings_ms={"retrieve": ms, "total": 2 * ms},
    )


@dataclass
class FakeTarget:
    """Answers by question; a question that was not prepared crashes. Document ids are sources."""

    replies: Mapping[str, Reply]
    rankings: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)

    def ask(self, question: str, k: int) -> Reply:
        return self.replies[question]

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:
        return [
            Ranked(passage_id(source, n), source, source, 0, 1)
            for source, n in self.rankings.get(query, [])[:k]
        ]

    def sources(self) -> Mapping[str, str]:
        return {source: source for source in TEXTS}

    def stored(self, document_id: str) -> StoredText:
        if document_id not in TEXTS:
            raise DocumentNotFound(document_id, hint="")
        return stored(document_id)
