"""Which sentence of the retrieved passages answers the question, and whether any does.

A small network over hand-made features (`features.py`), trained to choose among the sentences of
a question's passages and "none of them" (`training/reader.py`). Knows no index and no HTTP.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.text.normalise import fold
from indexer.text.sentences import split_sentences
from service.answer.features import NAMES, Idf, Nearness, PassageText, features
from service.answer.question import Question
from service.records import Hit

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


@dataclass(frozen=True)
class Network:
    """One hidden layer: tanh((x - mean) / scale @ hidden + bias) @ out; `nothing` competes."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    hidden: NDArray[np.float32]
    bias: NDArray[np.float32]
    out: NDArray[np.float32]
    nothing: float

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, len(NAMES)) features to (n,) scores; a higher one answers more likely."""
        layer = np.tanh((rows - self.mean) / self.scale @ self.hidden + self.bias)
        scores: NDArray[np.float32] = layer @ self.out
        return scores


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
        for name in ("mean", "scale", "hidden", "bias", "out")
    }
    return Network(**arrays, nothing=float(stored["nothing"]))


def read(
    question: Question, hits: Sequence[Hit], *, idf: Idf, near: Nearness, network: Network
) -> Reading:
    """Rank the sentences of `hits`. Without hits there is no evidence, and `nothing` is 1."""
    spans = [_candidates(hit) for hit in hits]
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
    scores = np.append(network.scores(rows), network.nothing).astype(np.float64)
    probabilities = np.exp(scores - scores.max())
    probabilities /= probabilities.sum()
    places = [(hit, span) for hit, found in zip(hits, spans, strict=True) for span in found]
    ranked = [
        Evidence(
            hit=hit,
            start=hit.passage.start + start,
            end=hit.passage.start + end,
            quote=hit.passage.text[start:end],
            probability=float(probability),
        )
        for (hit, (start, end)), probability in zip(places, probabilities[:-1], strict=True)
    ]
    ranked.sort(key=lambda e: (-e.probability, e.hit.rank, e.start))
    return Reading(evidence=_without_repeats(ranked), nothing=float(probabilities[-1]))


def _candidates(hit: Hit) -> list[tuple[int, int]]:
    text = hit.passage.text
    return [
        (start, end)
        for start, end in split_sentences(text)
        if sum(character.isalnum() for character in text[start:end]) >= 4
    ]


def _without_repeats(ranked: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Overlapping passages and reprints say the same sentence; the first one stands for all."""
    seen: set[str] = set()
    kept: list[Evidence] = []
    for evidence in ranked:
        words = "".join(c for c in fold(evidence.quote) if c.isalnum())
        if words not in seen:
            seen.add(words)
            kept.append(evidence)
    return tuple(kept)
