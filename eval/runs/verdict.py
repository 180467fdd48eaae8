"""What is kept of one question of a run. Plain data: knows no target and no metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.gold import Evidence, Kind
from eval.target import Citation
from service.records import SearchMode, Turn

CUTOFFS = (1, 5, 10)
DEPTH = max(CUTOFFS)  # how many passages are searched, whatever k the answer is given


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The ranking and what it is worth. `found_at`: is what is needed among the first k?

    Of several pieces of evidence any one will do, but questions over several documents and
    conflicts need one for each answer group. Relevant are the passages that overlap an evidence.
    """

    ranking: tuple[str, ...]
    relevant: tuple[str, ...]
    recall_at: Mapping[int, float]
    found_at: Mapping[int, bool]
    reciprocal_rank: float
    ndcg: float

    def __post_init__(self) -> None:
        """Raises: ValueError, when a line of a run lacks what every run is measured at."""
        for name, at in (("recall_at", self.recall_at), ("found_at", self.found_at)):
            if set(at) != set(CUTOFFS):
                raise ValueError(f"{name} is not at {', '.join(map(str, CUTOFFS))}")


@dataclass(frozen=True, slots=True)
class Counted:
    """`good` of `all`: a question's part in a share over many."""

    good: float
    all: int


_NONE = Counted(0, 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question's line of a run. A question that crashed counts as wrong everywhere."""

    id: str
    kind: Kind
    question: str
    right: bool  # hit and cited in the right document; for no_answer: abstained
    crashed: str | None = None
    abstained: bool = False
    reason: str | None = None

    answer_hit: bool = False
    hit_later: bool = False  # the values are all there, but not within the first sentences
    first_hit: bool = False  # ... within the first sentence already
    short_exact: float | None = None  # None: the question has no single answer group
    short_f1: float | None = None

    ranked_first: bool | None = None  # by the reader alone; None where it was not asked
    ranked_three: bool | None = None

    document_cited: bool = False
    citations_good: Counted = _NONE  # the quote holds a value, in a document of the evidence
    groups_proven: Counted = _NONE  # answer groups that a good citation proves
    sentences_supported: Counted = _NONE  # by their own citations, as they stand in the store
    figures_exact: Counted = _NONE  # figures of the answer that stand where it points
    quotes_exact: Counted = _NONE  # all quotes given as proof, those of an abstention as well

    conflict_named: bool = False
    conflict_complete: bool = False  # one conflict names a value of each answer group

    retrieval: Retrieval | None = None  # None for no_answer: there is nothing to find
    found_alone: Mapping[SearchMode, bool] | None = None  # by one leg, among the first DEPTH
    history: tuple[Turn, ...] = ()  # what came before a follow-up
    expected: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    evidence_missing: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    short_answer: str | None = None
    cited: tuple[Citation, ...] = ()
    confidence: float = 0.0  # of the answer, or of the abstention
    model: str = ""
    note: str | None = None
    timings_ms: Mapping[str, float] | None = None

    @property
    def answerable(self) -> bool:
        return self.kind is not Kind.NO_ANSWER

    @property
    def answer_confidence(self) -> float:
        """How sure the service is that it can answer, whichever way it then decided."""
        return 1.0 - self.confidence if self.abstained else self.confidence
