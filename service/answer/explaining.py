"""An answer's explanation, put together from what its stages saw. Decides nothing.

The guard's verdicts are recorded as they are given; everything else is still there at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from service.answer.compose.written import Check
from service.answer.evidence import Evidence, Reading
from service.answer.guard.verify import Source, Verdict
from service.answer.understand.question import Question
from service.explanation import Analysis, Candidate, CheckShown, Explanation, SentenceChecked
from service.records import Answer

MOST_CANDIDATES = 20


@dataclass(slots=True)
class RecordedChecks:
    """The guard, with a memory."""

    check: Check
    checked: list[SentenceChecked] = field(default_factory=list)

    def __call__(self, text: str, sources: Sequence[Source]) -> Verdict:
        verdict = self.check(text, sources)
        shown = tuple(
            CheckShown(str(each.name), each.passed, each.detail) for each in verdict.checks
        )
        self.checked.append(SentenceChecked(text, str(verdict.support), shown))
        return verdict


def explain(
    question: Question,
    parts: Sequence[str],
    reading: Reading,
    refuse_at: float,
    checked: Sequence[SentenceChecked],
    answer: Answer,
) -> Explanation:
    """What the question was taken for, what was weighed, and what was checked."""
    cited = {(each.document_id, each.start) for each in answer.citations}
    return Explanation(
        analysis=Analysis(
            searched=question.folded,
            asks=str(question.asks),
            operation=str(question.operation),
            unit=question.unit,
            counted=question.counted,
            entities=question.entities,
            periods=tuple(period.said for period in question.periods),
            parts=tuple(parts),
        ),
        confidence=round(reading.confidence, 4),
        refuse_at=refuse_at,
        treated=round(reading.treated, 4),
        candidates=tuple(
            _candidate(each, (each.hit.passage.document_id, each.start) in cited)
            for each in reading.evidence[:MOST_CANDIDATES]
        ),
        checked=tuple(checked),
    )


def _candidate(evidence: Evidence, is_cited: bool) -> Candidate:
    hit = evidence.hit
    value = evidence.value
    return Candidate(
        document_id=hit.passage.document_id,
        source=hit.source,
        title=hit.passage.title,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
        probability=round(evidence.probability, 4),
        passage_rank=hit.rank,
        scores={
            "search": hit.score,
            "lexical": hit.lexical,
            "dense": hit.dense,
            "rerank": hit.rerank,
        },
        value=evidence.quote[value.start : value.end] if value else None,
        value_probability=round(value.probability, 4) if value else None,
        is_cited=is_cited,
    )
