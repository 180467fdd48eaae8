"""The figures of a run: what each is, over which questions, and its value. Knows verdicts alone.

Every figure here is a ratio of two sums over questions, so that figures by kind, intervals and
comparisons all come from the same parts; what is none stands in `curves.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.gold import Kind
from eval.metrics.numbers import percentile
from eval.runs.curves import CURVES
from eval.runs.verdict import CUTOFFS, DEPTH, Counted, Retrieval, Verdict
from service.records import SearchMode

Part = Callable[[Verdict], tuple[float, float]]
"""A question's numerator and denominator; (0, 0) where the figure does not bear on it."""

_NOTHING = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or mean from 0 to 1 over the questions that it bears on."""

    name: str
    chinese: str
    definition: str
    part: Part
    higher_is_better: bool = True

    def value(self, verdicts: Iterable[Verdict]) -> float | None:
        """None where it bears on none of the questions."""
        parts = [self.part(verdict) for verdict in verdicts]
        whole = sum(denominator for _, denominator in parts)
        return sum(numerator for numerator, _ in parts) / whole if whole else None


def _over_answerable(value: Callable[[Verdict], float]) -> Part:
    return lambda v: (float(value(v)), 1.0) if v.answerable else _NOTHING


def _over_rankings(value: Callable[[Retrieval], float]) -> Part:
    return lambda v: (float(value(v.retrieval)), 1.0) if v.retrieval is not None else _NOTHING


def _over_leg(leg: SearchMode) -> Part:
    def part(verdict: Verdict) -> tuple[float, float]:
        found = verdict.found_alone
        return _NOTHING if found is None else (float(found[leg]), 1.0)

    return part


def _over_ranked(value: Callable[[Verdict], bool | None]) -> Part:
    def part(verdict: Verdict) -> tuple[float, float]:
        found = value(verdict)
        return _NOTHING if found is None else (float(found), 1.0)

    return part


def _over_short(value: Callable[[Verdict], float | None]) -> Part:
    def part(verdict: Verdict) -> tuple[float, float]:
        found = value(verdict)
        return _NOTHING if found is None else (found, 1.0)

    return part


def _counted(count: Callable[[Verdict], Counted], answerable_only: bool = False) -> Part:
    def part(verdict: Verdict) -> tuple[float, float]:
        if answerable_only and not verdict.answerable:
            return _NOTHING
        counted = count(verdict)
        return float(counted.good), float(counted.all)

    return part


def _search_figures() -> Iterable[Figure]:
    for k in CUTOFFS:
        yield Figure(
            f"found@{k}",
            f"前{k}段找齐",
            f"What the answer needs is among the first {k} passages of a search: one passage of "
            "the evidence, or one for each answer group where several documents are needed.",
            _over_rankings(lambda r, k=k: r.found_at[k]),  # type: ignore[misc]
        )
    for k in CUTOFFS:
        yield Figure(
            f"recall@{k}",
            f"召回率@{k}",
            f"Share of the passages that overlap an evidence quote among the first {k}.",
            _over_rankings(lambda r, k=k: r.recall_at[k]),  # type: ignore[misc]
        )
    yield Figure(
        f"mrr@{DEPTH}",
        f"平均倒数排名@{DEPTH}",
        "Mean of 1 / rank of the first passage of the evidence.",
        _over_rankings(lambda r: r.reciprocal_rank),
    )
    yield Figure(
        f"ndcg@{DEPTH}",
        f"nDCG@{DEPTH}",
        "Discounted gain of the passages of the evidence over that of the best order.",
        _over_rankings(lambda r: r.ndcg),
    )
    for leg, chinese in ((SearchMode.LEXICAL, "字词"), (SearchMode.DENSE, "向量")):
        yield Figure(
            f"{leg}_found@{DEPTH}",
            f"单凭{chinese}前{DEPTH}段找齐",
            f"What the answer needs is among the first {DEPTH} passages of the {leg} leg alone.",
            _over_leg(leg),
        )


FIGURES: tuple[Figure, ...] = (
    Figure(
        "right",
        "全对",
        "Answered with the value in the first three sentences and the right document cited; for "
        "questions without an answer: refused.",
        lambda v: (float(v.right), 1.0),
    ),
    *_search_figures(),
    Figure(
        "answer_hit",
        "答中",
        "Every required value stands in the first three sentences.",
        _over_answerable(lambda v: v.answer_hit),
    ),
    Figure(
        "first_hit",
        "首句答中",
        "Every required value stands in the first sentence.",
        _over_answerable(lambda v: v.first_hit),
    ),
    Figure(
        "answered_right",
        "答中且引对",
        "Questions with an answer whose values all stand in the first three sentences, with the "
        "right document cited.",
        _over_answerable(lambda v: v.right),
    ),
    Figure(
        "ranked_first",
        "首选句答中",
        "The sentence that the reader ranks first, before anything is refused or chosen, holds "
        "every required value; where the paragraph is given.",
        _over_ranked(lambda v: v.ranked_first),
    ),
    Figure(
        "ranked_three",
        "前三句答中",
        "The three sentences that the reader ranks first hold every required value.",
        _over_ranked(lambda v: v.ranked_three),
    ),
    Figure(
        "short_exact",
        "短答案全同",
        "The short answer is an accepted value; questions with one answer group.",
        _over_short(lambda v: v.short_exact),
    ),
    Figure(
        "short_f1",
        "短答案字符F1",
        "Characters that the short answer shares with an accepted value, as F1.",
        _over_short(lambda v: v.short_f1),
    ),
    Figure(
        "short_given",
        "给出短答案",
        "Questions with one answer group to which a short answer is given.",
        lambda v: _NOTHING if v.short_exact is None else (float(v.short_answer is not None), 1.0),
    ),
    Figure(
        "short_precision",
        "短答案准确率",
        "Short answers given to such questions that are an accepted value.",
        _over_short(lambda v: None if v.short_answer is None else v.short_exact),
    ),
    Figure(
        "figures_exact",
        "数字无误",
        "Figures stated in answers that stand, as values with their unit, where they point to.",
        _counted(lambda v: v.figures_exact),
    ),
    Figure(
        "document_cited",
        "引对文档",
        "A document of the evidence is cited, one for each answer group where several are needed.",
        _over_answerable(lambda v: v.document_cited),
    ),
    Figure(
        "citation_precision",
        "引文准确率",
        "Citations whose quote holds a required value, in a document of the evidence.",
        _counted(lambda v: v.citations_good, answerable_only=True),
    ),
    Figure(
        "citation_recall",
        "引文召回率",
        "Required values that such a citation proves.",
        _counted(lambda v: v.groups_proven, answerable_only=True),
    ),
    Figure(
        "sentences_supported",
        "句句有据",
        "Sentences that their own citations say, or of which they hold every figure and half of "
        "the character pairs.",
        _counted(lambda v: v.sentences_supported),
    ),
    Figure(
        "quotes_exact",
        "引文逐字相符",
        "Quotes that stand in the stored document exactly where they are said to.",
        _counted(lambda v: v.quotes_exact),
    ),
    Figure(
        "refusal_recall",
        "该拒则拒",
        "Questions without an answer that were refused.",
        lambda v: _NOTHING if v.answerable else (float(v.abstained), 1.0),
    ),
    Figure(
        "refusal_precision",
        "拒得有理",
        "Refused questions that have no answer.",
        lambda v: (float(not v.answerable), 1.0) if v.abstained else _NOTHING,
    ),
    Figure(
        "refused_wrongly",
        "误拒",
        "Questions with an answer that were refused, or that crashed: they got none either.",
        _over_answerable(lambda v: v.abstained or v.crashed is not None),
        higher_is_better=False,
    ),
    Figure(
        "conflict_recall",
        "矛盾指明率",
        "Questions on which documents disagree whose answer names a conflict with all values.",
        lambda v: (float(v.conflict_complete), 1.0) if v.kind is Kind.CONFLICT else _NOTHING,
    ),
    Figure(
        "conflict_precision",
        "矛盾指明准确率",
        "Answers that name a conflict where the documents do disagree.",
        lambda v: (float(v.kind is Kind.CONFLICT), 1.0) if v.conflict_named else _NOTHING,
    ),
)
"""In the order in which a question goes its way: search, answer, proof, refusal."""

BY_NAME: Mapping[str, Figure] = {figure.name: figure for figure in FIGURES}


def summarise(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    """Every figure by name, those of the confidence last; None where no question bears on one."""
    return {figure.name: figure.value(verdicts) for figure in FIGURES} | {
        curve.name: curve.value(verdicts) for curve in CURVES
    }


def by_kind(verdicts: Sequence[Verdict]) -> dict[Kind, list[Verdict]]:
    """The lines of each kind that occurs, in the order of `Kind`."""
    return {
        kind: lines
        for kind in Kind
        if (lines := [verdict for verdict in verdicts if verdict.kind is kind])
    }


def latencies(verdicts: Sequence[Verdict]) -> dict[str, dict[str, float]]:
    """p50 and p95 in ms of every stage that an answer tells, and of `asked`: call to return."""
    times: dict[str, list[float]] = {}
    for verdict in verdicts:
        for stage, spent in (verdict.timings_ms or {}).items():
            times.setdefault(stage, []).append(spent)
    return {
        stage: {"p50": percentile(times[stage], 0.5), "p95": percentile(times[stage], 0.95)}
        for stage in sorted(times)
    }
