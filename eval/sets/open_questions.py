"""A set's questions without their paragraphs, over an index of all of them: weighs the legs.

Knows rankings of documents and whether the answer was hit; what a whole answer is worth, proof
included, `eval/runs` tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from eval.gold import GoldQuestion
from eval.metrics.answers import answer_hit
from eval.metrics.numbers import mean, percentile
from eval.runs.verdict import CUTOFFS
from eval.target import Target
from service.records import SearchMode

# Several passages of one document may rank one after the other: search deeper than the last cutoff.
_SEARCH_DEPTH = 3 * max(CUTOFFS)


@dataclass(frozen=True, slots=True)
class OpenResult:
    """One question: the rank of its paragraph's document (0: not found), and its answer."""

    id: str
    question: str
    rank: int
    answer_hit: bool | None  # None where answers were not asked for
    abstained: bool | None
    search_ms: float | None
    ask_ms: float | None
    crashed: str | None = None


def ask_all(
    questions: Sequence[GoldQuestion],
    target: Target,
    *,
    k: int,
    mode: SearchMode,
    answers: bool,
    jobs: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> list[OpenResult]:
    """Search, and where wanted ask, every question. One that crashes counts as wrong."""
    results: list[OpenResult] = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(_ask, each, target, k, mode, answers) for each in questions]
        try:
            for question, future in zip(questions, futures, strict=True):
                error = future.exception()
                if error is not None and not isinstance(error, Exception):
                    raise error  # Ctrl-C is no wrong answer
                results.append(_wrong(question, error, answers) if error else future.result())
                progress()
        finally:
            for future in futures:
                future.cancel()
    return results


def _ask(
    question: GoldQuestion, target: Target, k: int, mode: SearchMode, answers: bool
) -> OpenResult:
    started = time.perf_counter()
    hits = target.search(question.question, _SEARCH_DEPTH, mode)
    searched = time.perf_counter()
    documents = list(dict.fromkeys(hit.source for hit in hits))
    wanted = question.evidence[0].document
    reply = target.ask(question.question, k) if answers else None
    return OpenResult(
        id=question.id,
        question=question.question,
        rank=documents.index(wanted) + 1 if wanted in documents else 0,
        answer_hit=answer_hit([s.text for s in reply.sentences], question.answers)
        if reply
        else None,
        abstained=reply.abstained if reply else None,
        search_ms=(searched - started) * 1000,
        ask_ms=(time.perf_counter() - searched) * 1000 if reply else None,
    )


def _wrong(question: GoldQuestion, error: BaseException, answers: bool) -> OpenResult:
    return OpenResult(
        id=question.id,
        question=question.question,
        rank=0,
        answer_hit=False if answers else None,
        abstained=False if answers else None,
        search_ms=None,
        ask_ms=None,
        crashed=f"{type(error).__name__}: {error}",
    )


def figures(results: Sequence[OpenResult]) -> dict[str, float | None]:
    """recall@k of the right paragraph (there is one), MRR over documents, answer hit, times."""
    asked = [result for result in results if result.answer_hit is not None]
    ask_ms = [result.ask_ms for result in results if result.ask_ms is not None]
    search_ms = [result.search_ms for result in results if result.search_ms is not None]
    return {
        **{f"recall@{k}": mean([0 < result.rank <= k for result in results]) for k in CUTOFFS},
        "mrr": mean([1 / result.rank if result.rank else 0.0 for result in results]),
        "answer_hit": mean([bool(result.answer_hit) for result in asked]),
        "abstained": mean([bool(result.abstained) for result in asked]),
        "search_ms_p50": percentile(search_ms, 0.5) if search_ms else None,
        "search_ms_p95": percentile(search_ms, 0.95) if search_ms else None,
        "ask_ms_p50": percentile(ask_ms, 0.5) if ask_ms else None,
        "ask_ms_p95": percentile(ask_ms, 0.95) if ask_ms else None,
    }
