"""One gold question, asked and judged. Knows the metrics; no run, no table, no file."""

from __future__ import annotations

import time
from collections.abc import Sequence

from eval.evidence import Placed, Places, passages_of
from eval.gold import GoldQuestion
from eval.metrics.answers import answer_hit, character_f1, exact_match, holds_any
from eval.metrics.proof import figures_exact, is_supported
from eval.metrics.ranking import ndcg_at, recall_at, reciprocal_rank
from eval.runs.verdict import CUTOFFS, DEPTH, Counted, Retrieval, Verdict
from eval.target import Citation, Ranked, Reply, Target
from indexer.errors import DocumentNotFound
from service.records import SearchMode

LEGS = (SearchMode.LEXICAL, SearchMode.DENSE)
_EVERY = 1_000  # sentences: the whole answer


def judge(question: GoldQuestion, target: Target, places: Places, k: int) -> Verdict:
    """Ask one question over the target and judge its ranking, answer, proof and refusal."""
    placed = [places.place(evidence) for evidence in question.evidence]
    started = time.perf_counter()
    reply = target.ask(question.question, k, question.history)
    asked_ms = (time.perf_counter() - started) * 1000
    rankings = judge_rankings(question, placed, target)
    answerable = question.answerable
    texts = [sentence.text for sentence in reply.sentences]
    hit = answerable and answer_hit(texts, question.answers)
    cited = document_cited(question, placed, reply.citations)
    single = question.answers[0] if len(question.answers) == 1 else None
    supported, figures = judge_sentences(reply, places)
    proof = (*reply.citations, *reply.nearest)
    return Verdict(
        id=question.id,
        kind=question.kind,
        question=question.question,
        right=(hit and cited) if answerable else reply.abstained,
        abstained=reply.abstained,
        reason=reply.reason,
        answer_hit=hit,
        hit_later=answerable and not hit and answer_hit(texts, question.answers, _EVERY),
        first_hit=answerable and answer_hit(texts, question.answers, 1),
        short_exact=None if single is None else exact_match(reply.short_answer, single),
        short_f1=None if single is None else character_f1(reply.short_answer, single),
        document_cited=cited,
        citations_good=Counted(
            sum(is_good(question, placed, citation) for citation in reply.citations),
            len(reply.citations),
        ),
        groups_proven=groups_proven(question, placed, reply.citations),
        sentences_supported=supported,
        figures_exact=figures,
        quotes_exact=Counted(
            sum(stored_quote(citation, places) == citation.quote for citation in proof), len(proof)
        ),
        conflict_named=bool(reply.conflicts),
        conflict_complete=answerable and names_conflict(question, reply),
        retrieval=rankings.get(SearchMode.HYBRID),
        found_alone={leg: rankings[leg].found_at[DEPTH] for leg in LEGS} if rankings else None,
        history=question.history,
        expected=question.answers,
        evidence=question.evidence,
        evidence_missing=tuple(f"{p.evidence.document}: {p.missing}" for p in placed if p.missing),
        answer=tuple(texts),
        short_answer=reply.short_answer,
        cited=reply.citations,
        confidence=reply.confidence,
        model=reply.model,
        note=reply.note,
        timings_ms={**reply.timings_ms, "asked": asked_ms},
    )


def crashed(question: GoldQuestion, what: str) -> Verdict:
    """The line of a question that no answer came back for: wrong, and neither found nor refused."""
    nothing = Retrieval((), (), dict.fromkeys(CUTOFFS, 0.0), dict.fromkeys(CUTOFFS, False), 0, 0)
    single = len(question.answers) == 1
    return Verdict(
        id=question.id,
        kind=question.kind,
        question=question.question,
        right=False,
        crashed=what,
        short_exact=0.0 if single else None,
        short_f1=0.0 if single else None,
        groups_proven=Counted(0, len(question.answers)),
        retrieval=nothing if is_searched(question) else None,
        found_alone=dict.fromkeys(LEGS, False) if is_searched(question) else None,
        expected=question.answers,
        evidence=question.evidence,
        history=question.history,
    )


def proofs(question: GoldQuestion, placed: Sequence[Placed]) -> list[list[Placed]]:
    """Lists of evidence, one of each of which is needed."""
    if not question.kind.needs_every_group:
        return [list(placed)]
    return [
        [p for p in placed if holds_any(p.evidence.quote, [group])] for group in question.answers
    ]


def judge_rankings(
    question: GoldQuestion, placed: Sequence[Placed], target: Target
) -> dict[SearchMode, Retrieval]:
    """A search in every mode; none where there is nothing to find.

    Nor for a follow-up: it is searched for with what came before it, which only `ask` is told.
    """
    if not is_searched(question):
        return {}
    return {
        mode: judge_ranking(question, placed, target.search(question.question, DEPTH, mode))
        for mode in SearchMode
    }


def is_searched(question: GoldQuestion) -> bool:
    return question.answerable and not question.history


def judge_ranking(
    question: GoldQuestion, placed: Sequence[Placed], hits: Sequence[Ranked]
) -> Retrieval:
    ranking = list(dict.fromkeys(hit.passage_id for hit in hits))
    relevant = passages_of(placed)
    needed = [passages_of(proof) for proof in proofs(question, placed)]
    return Retrieval(
        ranking=tuple(ranking),
        relevant=tuple(sorted(relevant)),
        recall_at={k: recall_at(ranking, relevant, k) for k in CUTOFFS},
        found_at={k: all(ids.intersection(ranking[:k]) for ids in needed) for k in CUTOFFS},
        reciprocal_rank=reciprocal_rank(ranking, relevant),
        ndcg=ndcg_at(ranking, relevant, DEPTH),
    )


def judge_sentences(reply: Reply, places: Places) -> tuple[Counted, Counted]:
    """Sentences that their own citations support, and figures that stand in them.

    The citations are read anew from the store, at the place that they name.
    """
    stored = {citation.n: stored_quote(citation, places) for citation in reply.citations}
    supported = exact = stated = 0
    for sentence in reply.sentences:
        quotes = [stored[n] for n in sentence.citations if n in stored]
        supported += is_supported(sentence.said, quotes)
        good, all_ = figures_exact(sentence.said, quotes)
        exact, stated = exact + good, stated + all_
    return Counted(supported, len(reply.sentences)), Counted(exact, stated)


def document_cited(
    question: GoldQuestion, placed: Sequence[Placed], citations: Sequence[Citation]
) -> bool:
    """Whether a document that proves the answer is cited; where needed, one for each group."""
    cited = {citation.document_id for citation in citations}
    return question.answerable and all(
        any(p.document_id in cited for p in proof) for proof in proofs(question, placed)
    )


def names_conflict(question: GoldQuestion, reply: Reply) -> bool:
    """Whether one conflict of the answer names a value of each answer group."""
    return any(
        all(any(holds_any(value, [group]) for value in values) for group in question.answers)
        for values in reply.conflicts
    )


def is_good(question: GoldQuestion, placed: Sequence[Placed], citation: Citation) -> bool:
    """Whether an evidence document is cited, with a quote that holds an answer group's value."""
    in_evidence = any(p.document_id == citation.document_id for p in placed)
    return in_evidence and holds_any(citation.quote, question.answers)


def groups_proven(
    question: GoldQuestion, placed: Sequence[Placed], citations: Sequence[Citation]
) -> Counted:
    """The answer groups of which some good citation holds a value."""
    quotes = [citation.quote for citation in citations if is_good(question, placed, citation)]
    proven = sum(any(holds_any(quote, [group]) for quote in quotes) for group in question.answers)
    return Counted(proven, len(question.answers))


def stored_quote(citation: Citation, places: Places) -> str:
    """`document.text[start:end]`, by the document as the evaluator fetched it itself."""
    try:
        text = places.stored(citation.document_id).text
    except DocumentNotFound:  # a citation of nothing proves nothing
        return ""
    return text[citation.start : citation.end]
