"""An answering path with prepared answers: no index, no model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from eval.evidence import PassageSpan, StoredText
from eval.runs.verdict import Verdict
from eval.target import Citation, Ranked, Reply, Sentence
from indexer.errors import DocumentNotFound
from service.records import SearchMode, Turn

# Two documents, each one passage a line; the last line of the first stands in no passage.
TEXTS = {
    "a/visit.md": "金野以匹村有44户贫困户。\n每户分到1,500元。\n阅读排行",
    "b/report.md": "每户分红一千五百元。\n驻村队员3人。",
}

Ranking = list[tuple[str, int]]
"""Passages by source and line, best first."""


def without_times(verdict: Verdict) -> Verdict:
    """The verdict less what differs from one asking to the next."""
    return replace(verdict, timings_ms=None)


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


def cite(source: str, quote: str, n: int = 1, shift: int = 0) -> Citation:
    """A citation of the quote where it stands, or `shift` characters beside it."""
    start = TEXTS[source].index(quote) + shift
    return Citation(n, source, source, start, start + len(quote), quote)


def reply(
    *sentences: str | Sentence,
    citations: tuple[Citation, ...] = (),
    short: str | None = None,
    conflicts: tuple[tuple[str, ...], ...] = (),
    confidence: float = 0.5,
    ms: float = 1.0,
) -> Reply:
    """An answer; a sentence given as text alone rests on all citations. No sentence: a refusal."""
    numbers = tuple(citation.n for citation in citations)
    return Reply(
        sentences=tuple(
            Sentence(given, numbers) if isinstance(given, str) else given for given in sentences
        ),
        short_answer=short,
        citations=citations if sentences else (),
        conflicts=conflicts,
        abstained=not sentences,
        reason=None if sentences else "fact_not_found",
        nearest=() if sentences else citations,
        confidence=confidence,
        model="fake",
        generation="g000001",
        timings_ms={"retrieve": ms, "total": 2 * ms},
    )


@dataclass
class FakeTarget:
    """Answers by question; a question that was not prepared crashes. Document ids are sources.

    `legs` holds what one way of searching finds, where that is not what every way does.
    """

    replies: Mapping[str, Reply]
    rankings: Mapping[str, Ranking] = field(default_factory=dict)
    legs: Mapping[SearchMode, Mapping[str, Ranking]] = field(default_factory=dict)
    asked: list[tuple[str, int, tuple[Turn, ...]]] = field(default_factory=list)
    searched: list[tuple[str, int, SearchMode]] = field(default_factory=list)

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        self.asked.append((question, k, tuple(history)))
        return self.replies[question]

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:
        self.searched.append((query, k, mode))
        found = self.legs.get(mode, self.rankings).get(query, [])
        return [Ranked(passage_id(source, n), source, source, 0, 1) for source, n in found[:k]]

    def sources(self) -> Mapping[str, str]:
        return {source: source for source in TEXTS}

    def stored(self, document_id: str) -> StoredText:
        if document_id not in TEXTS:
            raise DocumentNotFound(document_id, hint="")
        return stored(document_id)
