"""One gold question, asked and judged. Knows the metrics; no run, no table, no file."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.evidence import Placed, Places, passages_of
from eval.gold import GoldQuestion, Kind
from eval.metrics import (
    answer_hit,
    holds_any,
    mean,
    ndcg_at,
    percentile,
    recall_at,
    reciprocal_rank,
)
from eval.target import Citation, Ranked, Target
from service.records import SearchMode

CUTOFFS = (1, 5, 10)
DEPTH = max(CUTOFFS)  # how many passages are searched, whatever k the answer is given


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What the ranking is worth. `found_at`: is what is needed for the answer among the first k?

    Of several pieces of evidence any one will do, but questions over several documents and
    conflicts need one for each answer group.
    """

    recall_at: Mapping[int, float]
    found_at: Mapping[int, bool]
    reciprocal_rank: float
    ndcg: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question's line of a run. A question that crashed counts as wrong everywhere."""

    id: str
    kind: Kind
    question: str
    right: bool  # hit and cited in the right document; for no_answer: abstained
    crashed: str | None
    abstained: bool
    reason: str | None
    answer_hit: bool
    document_cited: bool
    citations: int
    citations_good: int
    quotes: int  # all that were given as proof, those of an abstention as well
    quotes_exact: int
    retrieval: Retrieval | None  # None for no_answer: there is nothing to find
    answer: tuple[str, ...]
    cited: tuple[Citation, ...]
    evidence_missing: tuple[str, ...]
    confidence: float
    model: str
    note: str | None
    timings_ms: Mapping[str, float]


def judge(question: GoldQuestion, target: Target, places: Places, k: int) -> Verdict:
    """Ask one question over the target and judge its ranking, answer, proof and refusal."""
    placed = [places.place(evidence) for evidence in question.evidence]
    started = time.perf_counter()
    reply = target.ask(question.question, k)
    asked_ms = (time.perf_counter() - started) * 1000
    retrieval = None
    if question.answerable:
        hits = target.search(question.question, DEPTH, SearchMode.HYBRID)
        retrieval = judge_ranking(question, placed, hits)
    hit = bool(question.answerable) and answer_hit(reply.sentences, question.answers)
    cited = document_cited(question, placed, reply.citations)
    proof = (*reply.citations, *reply.nearest)
    return Verdict(
        id=question.id,
        kind=question.kind,
        question=question.question,
        right=(hit and cited) if question.answerable else reply.abstained,
        crashed=None,
        abstained=reply.abstained,
        reason=reply.reason,
        answer_hit=hit,
        document_cited=cited,
        citations=len(reply.citations),
        citations_good=count_good(question, placed, reply.citations),
        quotes=len(proof),
        quotes_exact=sum(is_exact(citation, places) for citation in proof),
        retrieval=retrieval,
        answer=reply.sentences,
        cited=reply.citations,
        evidence_missing=tuple(f"{p.evidence.document}: {p.missing}" for p in placed if p.missing),
        confidence=reply.confidence,
        model=reply.model,
        note=reply.note,
        timings_ms={**reply.timings_ms, "asked": asked_ms},
    )


def crashed(question: GoldQuestion, what: str) -> Verdict:
    """The line of a question that no answer came back for: wrong, and neither found nor refused."""
    nothing = Retrieval(dict.fromkeys(CUTOFFS, 0.0), dict.fromkeys(CUTOFFS, False), 0.0, 0.0)
    return Verdict(
        id=question.id,
        kind=question.kind,
        question=question.question,
        right=False,
        crashed=what,
        abstained=False,
        reason=None,
        answer_hit=False,
        document_cited=False,
        citations=0,
        citations_good=0,
        quotes=0,
        quotes_exact=0,
        retrieval=nothing if question.answerable else None,
        answer=(),
        cited=(),
        evidence_missing=(),
        confidence=0.0,
        model="",
        note=None,
        timings_ms={},
    )


def proofs(question: GoldQuestion, placed: Sequence[Placed]) -> list[list[Placed]]:
    """Lists of evidence, one of each of which is needed."""
    if not question.kind.needs_every_group:
        return [list(placed)]
    return [
        [p for p in placed if holds_any(p.evidence.quote, [group])] for group in question.answers
    ]


def judge_ranking(
    question: GoldQuestion, placed: Sequence[Placed], hits: Sequence[Ranked]
) -> Retrieval:
    ranking = list(dict.fromkeys(hit.passage_id for hit in hits))
    relevant = passages_of(placed)
    needed = [passages_of(proof) for proof in proofs(question, placed)]
    return Retrieval(
        recall_at={k: recall_at(ranking, relevant, k) for k in CUTOFFS},
        found_at={k: all(ids.intersection(ranking[:k]) for ids in needed) for k in CUTOFFS},
        reciprocal_rank=reciprocal_rank(ranking, relevant),
        ndcg=ndcg_at(ranking, relevant, DEPTH),
    )


def document_cited(
    question: GoldQuestion, placed: Sequence[Placed], citations: Sequence[Citation]
) -> bool:
    """Whether a document that proves the answer is cited; where needed, one for each group."""
    cited = {citation.document_id for citation in citations}
    return question.answerable and all(
        any(p.document_id in cited for p in proof) for proof in proofs(question, placed)
    )


def count_good(
    question: GoldQuestion, placed: Sequence[Placed], citations: Sequence[Citation]
) -> int:
    """Citations of an evidence document whose quote holds the value of an answer group."""
    documents = {p.document_id for p in placed}
    return sum(
        citation.document_id in documents and holds_any(citation.quote, question.answers)
        for citation in citations
    )


def is_exact(citation: Citation, places: Places) -> bool:
    """`document.text[start:end] == quote`, by the document that the evaluator fetched itself."""
    return places.stored(citation.document_id).text[citation.start : citation.end] == citation.quote


def summarise(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    """The figures over some questions, by name; None where no question bears on a figure."""
    answerable = [v for v in verdicts if v.kind is not Kind.NO_ANSWER]
    no_answer = [v for v in verdicts if v.kind is Kind.NO_ANSWER]
    rankings = [v.retrieval for v in verdicts if v.retrieval is not None]
    return {
        "right": mean([v.right for v in verdicts]),
        **{f"recall@{k}": mean([r.recall_at[k] for r in rankings]) for k in CUTOFFS},
        **{f"found@{k}": mean([r.found_at[k] for r in rankings]) for k in CUTOFFS},
        f"mrr@{DEPTH}": mean([r.reciprocal_rank for r in rankings]),
        f"ndcg@{DEPTH}": mean([r.ndcg for r in rankings]),
        "answer_hit": mean([v.answer_hit for v in answerable]),
        "document_cited": mean([v.document_cited for v in answerable]),
        "citation_precision": _share(
            sum(v.citations_good for v in answerable), sum(v.citations for v in answerable)
        ),
        "quote_exactness": _share(
            sum(v.quotes_exact for v in verdicts), sum(v.quotes for v in verdicts)
        ),
        "refused_rightly": mean([v.abstained for v in no_answer]),
        "refused_wrongly": mean([v.abstained for v in answerable]),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def latencies(verdicts: Sequence[Verdict]) -> dict[str, dict[str, float]]:
    """p50 and p95 in ms of every stage that an answer tells, and of `asked`: call to return."""
    stages = sorted({stage for verdict in verdicts for stage in verdict.timings_ms})
    found: dict[str, dict[str, float]] = {}
    for stage in stages:
        times = [v.timings_ms[stage] for v in verdicts if stage in v.timings_ms]
        found[stage] = {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)}
    return found
