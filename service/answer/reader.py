"""Which sentence of the retrieved passages answers the question, and whether any does.

A small network over hand-made features (`features.py`), trained to choose among the sentences of
a question's passages and "none of them" (`training/reader.py`). Knows no index and no HTTP.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.text.numbers import Number, NumberKind, canonical, find_numbers
from service.answer.candidates import candidates
from service.answer.features import NAMES, Idf, PassageText, features
from service.answer.question import Question
from service.answer.sentence import sentence as known
from service.records import Hit
from service.retrieve.likeness import Nearness

# Taken from the score of a sentence that states another figure than the one asked about.
_OTHER_FIGURE = 3.0
_WEIGHTS = Path(__file__).with_name("reader.json")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit: `document.text[start:end] == quote`. `probability` that it answers."""

    hit: Hit
    start: int
    end: int
    quote: str
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences of the passages, likeliest first, and how likely none of them answers."""

    evidence: tuple[Evidence, ...]
    nothing: float


class Scorer(Protocol):
    """Scores sentences by their features, and tells how likely any of them answers."""

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]: ...

    def answered(self, rows: NDArray[np.float32], scores: NDArray[np.float32]) -> float: ...


@dataclass(frozen=True)
class Network:
    """A sentence's score: tanh((x - mean) / scale @ hidden + bias) @ out.

    The `sure…` weights are a logistic regression over the whole list (`summary`): whether it
    holds the answer at all.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    hidden: NDArray[np.float32]
    bias: NDArray[np.float32]
    out: NDArray[np.float32]
    sure_mean: NDArray[np.float32]
    sure_scale: NDArray[np.float32]
    sure: NDArray[np.float32]
    sure_bias: float

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, len(NAMES)) features to (n,) scores; a higher one answers more likely."""
        layer = np.tanh((rows - self.mean) / self.scale @ self.hidden + self.bias)
        scores: NDArray[np.float32] = layer @ self.out
        return scores

    def answered(self, rows: NDArray[np.float32], scores: NDArray[np.float32]) -> float:
        """How likely the sentences hold the answer, 0 to 1."""
        x = (summary(rows, scores) - self.sure_mean) / self.sure_scale
        return float(1.0 / (1.0 + np.exp(-(x @ self.sure + self.sure_bias))))


def summary(rows: NDArray[np.float32], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The best sentence's features, the highest of each, and the best score with its leads."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    leads = [ranked[0] - ranked[min(place, len(ranked) - 1)] for place in (1, 3)]
    best = [rows[order[0]], rows.max(axis=0), [ranked[0], *leads]]
    return np.concatenate(best).astype(np.float32)


@cache
def load_network() -> Network:
    """The network that ships with this version, from `reader.json` beside this file."""
    stored = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    if tuple(stored["features"]) != NAMES:
        raise ValueError(
            "reader.json was trained on other features; run: python -m training.reader"
        )
    arrays = {
        name: np.asarray(stored[name], dtype=np.float32)
        for name in ("mean", "scale", "hidden", "bias", "out", "sure_mean", "sure_scale", "sure")
    }
    return Network(**arrays, sure_bias=float(stored["sure_bias"]))


def read(
    question: Question, hits: Sequence[Hit], *, idf: Idf, near: Nearness, network: Scorer
) -> Reading:
    """Rank the sentences of `hits`. Without hits there is no evidence, and `nothing` is 1."""
    spans = [candidates(hit.passage.text) for hit in hits]
    rows = features(
        question,
        [
            PassageText(
                sentences=[hit.passage.text[start:end] for start, end in found],
                context=hit.passage.context,
                score=hit.score,
            )
            for hit, found in zip(hits, spans, strict=True)
        ],
        idf=idf,
        near=near,
    )
    if not len(rows):
        return Reading(evidence=(), nothing=1.0)
    spans, is_first = _once(spans, hits)
    rows = rows[is_first]
    sentences = [
        hit.passage.text[a:b] for hit, found in zip(hits, spans, strict=True) for a, b in found
    ]
    scores = network.scores(rows) - _OTHER_FIGURE * _states_another(question, sentences)
    answered = network.answered(rows, scores)
    shares = np.exp(scores - scores.max())
    shares *= answered / shares.sum()
    places = [(hit, span) for hit, found in zip(hits, spans, strict=True) for span in found]
    ranked = [
        Evidence(
            hit=hit,
            start=hit.passage.start + start,
            end=hit.passage.start + end,
            quote=hit.passage.text[start:end],
            probability=float(probability),
        )
        for (hit, (start, end)), probability in zip(places, shares, strict=True)
    ]
    ranked.sort(key=lambda e: (-e.probability, e.hit.rank, e.start))
    return Reading(evidence=_without_repeats(ranked), nothing=1.0 - answered)


def _states_another(question: Question, sentences: Sequence[str]) -> NDArray[np.float32]:
    """1 for each sentence that states another amount where the question names one, else 0.

    Only where another sentence states the very amount: 51.6% is asked for, 68.6% is of someone
    else. The network knows how many of the question's figures a sentence keeps, but saw too few
    questions that hang on one.
    """
    asked = {_amount(n): canonical(n) for n in find_numbers(question.folded) if _is_amount(n)}
    others = np.zeros(len(sentences), dtype=np.float32)
    if not asked:
        return others
    is_stated = False
    for at, sentence in enumerate(sentences):
        stated = [n for n in known(sentence).stated if _amount(n) in asked]
        keeps = any(canonical(n) == asked[_amount(n)] for n in stated)
        is_stated = is_stated or keeps
        others[at] = bool(stated) and not keeps
    return others if is_stated else others * 0


def _is_amount(number: Number) -> bool:
    """Whether two of its kind can be told to be two values of one thing: by unit, or as shares."""
    return number.kind in (NumberKind.PERCENT, NumberKind.TIME) or (
        number.kind is NumberKind.NUMBER and bool(number.unit)
    )


def _amount(number: Number) -> tuple[NumberKind, str]:
    return number.kind, number.unit


def _once(
    spans: Sequence[list[tuple[int, int]]], hits: Sequence[Hit]
) -> tuple[list[list[tuple[int, int]]], NDArray[np.bool_]]:
    """Passages of a document overlap: a sentence of both is read in the better one alone.

    Returns the spans that are left, and which of all they were.
    """
    seen: set[tuple[str, int, int]] = set()
    is_first: list[bool] = []
    kept: list[list[tuple[int, int]]] = []
    for hit, found in zip(hits, spans, strict=True):
        passage = hit.passage
        whole = [(passage.document_id, passage.start + a, passage.start + b) for a, b in found]
        new = [at not in seen for at in whole]
        kept.append([span for span, is_new in zip(found, new, strict=True) if is_new])
        is_first += new
        seen.update(whole)
    return kept, np.asarray(is_first, dtype=bool)


def together(whole: Reading, parts: Sequence[Reading]) -> Reading:
    """One reading of a question that asks several things: the best of each part leads."""
    leading = _without_repeats([part.evidence[0] for part in parts if part.evidence])
    nothing = min(reading.nothing for reading in (whole, *parts))
    share = (1.0 - nothing) / max(1, len(leading))
    led = [replace(evidence, probability=share) for evidence in leading]
    return Reading(evidence=_without_repeats([*led, *whole.evidence]), nothing=nothing)


def _without_repeats(ranked: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Overlapping passages and reprints say the same sentence; the first one stands for all."""
    seen: set[str] = set()
    kept: list[Evidence] = []
    for evidence in ranked:
        words = known(evidence.quote).letters
        if words not in seen:
            seen.add(words)
            kept.append(evidence)
    return tuple(kept)
