"""What was read of the hits for one question: sentences, and how likely each of them answers."""

from dataclasses import dataclass

from service.records import Hit, Missing


@dataclass(frozen=True, slots=True)
class Value:
    """Words of a quote, `quote[start:end]`, and how likely they are what is asked for."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit: `document.text[start:end] == quote`. `probability` that it answers.

    `value` is the likeliest answer inside it, None where its passage was not read word by word.
    """

    hit: Hit
    start: int
    end: int
    quote: str
    probability: float
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences of the hits, likeliest first.

    `confidence` is the calibrated probability that the best of them answers, `value_confidence`
    that its value is the asked one; `treated` the share of the question's words in a passage, by
    pairs of characters. All 0 without hits. `missing` is what the question names and no sentence
    is of, `marked` what they are of.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    value_confidence: float = 0.0
    treated: float = 0.0
    missing: tuple[Missing, ...] = ()
    marked: tuple[str, ...] = ()
