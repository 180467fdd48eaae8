"""How an answer came about, as it is shown to whoever asks for it. Records; decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the question was taken to ask for. `searched` is what was searched with."""

    searched: str
    asks: str
    operation: str
    unit: str
    counted: str
    entities: tuple[str, ...]
    periods: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that was weighed: `probability` that it answers, 0 where it was not read.

    `value` are the words in it that may be what is asked for, `value_probability` how likely they
    are; both absent where the passage was not read. `scores` are those of search.
    """

    document_id: str
    source: str
    title: str
    start: int
    end: int
    quote: str
    probability: float
    passage_rank: int
    scores: Mapping[str, float | None]
    value: str | None
    value_probability: float | None
    is_cited: bool


@dataclass(frozen=True, slots=True)
class CheckShown:
    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class SentenceChecked:
    """A sentence as it was checked, whether it was sent or dropped."""

    text: str
    support: str
    checks: tuple[CheckShown, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`confidence` is how likely the best candidate answers; below `refuse_at` there is no answer.
    `treated` is the share of the question's words that a passage holds.
    """

    analysis: Analysis
    confidence: float
    refuse_at: float
    treated: float
    candidates: tuple[Candidate, ...]
    checked: tuple[SentenceChecked, ...]
