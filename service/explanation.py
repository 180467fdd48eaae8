"""How an answer came about, as it is shown to whoever asks for it. Records; decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the question was taken to ask for. `searched` is what was searched with.

    `unbound` are the names, times and figures of the question that the best passage lacks.
    """

    searched: str
    asks: str
    operation: str
    unit: str
    counted: str
    entities: tuple[str, ...]
    periods: tuple[str, ...]
    parts: tuple[str, ...]
    unbound: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that was weighed: `probability` that it answers, and what that rests on.

    `span` are the words that the span reader chose in it, `span_share` how sure of them it is
    among all of the passage; both absent where the passage was not read. `first` and `scores`
    come from the first look and from search; `features` are the numbers that both looks saw.
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
    span: str | None
    span_share: float | None
    features: Mapping[str, float]
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
    """`nothing` is how likely none of the candidates answers; from `nothing_limit` on the answer is
    refused. It depends on `coverage`, the share of the question's words in the best passage.
    """

    analysis: Analysis
    nothing: float
    nothing_limit: float
    coverage: float
    candidates: tuple[Candidate, ...]
    checked: tuple[SentenceChecked, ...]
