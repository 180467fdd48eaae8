"""Which sentence of the retrieved passages answers the question, with which words, if any does.

Two looks. The first is a small network over hand-made features of every sentence (`features.py`,
`training/reader.py`). The best passages are then read word by word (`spans.py`), and a second
network weighs both (`weighing.py`, `training/weighing.py`). Knows no index and no HTTP.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.text.numbers import Number, NumberKind, canonical, find_numbers
from service.answer.candidates import answers_to, candidates
from service.answer.features import NAMES, Idf, PassageText, features
from service.answer.question import Question
from service.answer.sentence import sentence as known
from service.answer.spans import Span, SpanReader
from service.answer.weighing import NAMES as WEIGHING_NAMES
from service.answer.weighing import FirstLook, of_another, weighing_rows
from service.records import Hit
from service.retrieve.likeness import Nearness

# Taken from the score of a sentence that states another figure than the one asked about.
_OTHER_FIGURE = 3.0
# Taken from that of a sentence of another name or year, where the one asked about is there as well.
_UNBOUND = 3.0
# Passages that are read word by word: about 8 ms each (python -m eval.bench answers).
_READ = 3
# One whose best sentence is so far behind is not read: of 463 questions none had its answer there.
_TOO_FAR = 4.0
# Below so many sentences there is nothing to set one against another by, as the networks learned
# to: the span reader's own word counts as well.
_FEWEST = 10
_BEST = 3  # sentences whose passages tell how much of the question is there


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit: `document.text[start:end] == quote`. `probability` that it answers.

    `span` are the words in it that answer, if the passage was read for them: offsets into `quote`,
    and how sure the span reader is of them among all of the passage, 0 to 1. `features` are the
    numbers that its probability comes from, where they were asked for.
    """

    hit: Hit
    start: int
    end: int
    quote: str
    probability: float
    span: tuple[int, int] | None = None
    span_share: float = 0.0
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences of the passages, likeliest first, and how likely none of them answers.

    `coverage` is the share of the question's words that the passages of the best sentences hold, by
    their weight.
    """

    evidence: tuple[Evidence, ...]
    nothing: float
    coverage: float = 0.0


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
    """The network of the first look, from `reader.json` beside this file."""
    return _load("reader", NAMES)


@cache
def load_weighing() -> Network:
    """The network of the second look, from `weighing.json` beside this file."""
    return _load("weighing", WEIGHING_NAMES)


def _load(name: str, features: tuple[str, ...]) -> Network:
    stored = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
    if tuple(stored["features"]) != features:
        raise ValueError(
            f"{name}.json was trained on other features; run: python -m training.{name}"
        )
    arrays = {
        name: np.asarray(stored[name], dtype=np.float32)
        for name in ("mean", "scale", "hidden", "bias", "out", "sure_mean", "sure_scale", "sure")
    }
    return Network(**arrays, sure_bias=float(stored["sure_bias"]))


@dataclass(frozen=True)
class SecondLook:
    """What reads passages for their words, and the network that weighs what it found."""

    spans: SpanReader
    network: Scorer


def read(
    question: Question,
    hits: Sequence[Hit],
    *,
    idf: Idf,
    near: Nearness,
    network: Scorer,
    second: SecondLook | None = None,
    has_features: bool = False,
) -> Reading:
    """Rank the sentences of `hits`. Without hits there is no evidence, and `nothing` is 1.

    Without a `second` look the first one decides, and no evidence has a span. `has_features` keeps
    with each sentence the numbers that both looks saw of it.
    """
    look = first_look(question, hits, idf=idf, near=near, network=network)
    if not look.places:
        return Reading(evidence=(), nothing=1.0)
    scores, answered = look.scores, look.answered
    names: tuple[str, ...] = NAMES
    seen = look.rows
    spans: list[Span | None] = [None] * len(look.places)
    if second is not None:
        spans = spans_of(question, look, second.spans)
        rows = weighing_rows(question, look, spans)
        scores = second.network.scores(rows) - _UNBOUND * of_another(rows)
        answered = second.network.answered(rows, scores)
        if len(look.places) < _FEWEST:
            answered = max(answered, _sure_of(spans[int(scores.argmax())]))
        # Both looks together: the second learned from encyclopaedias alone, and by itself puts the
        # right sentence of an office's papers among the first three less often (docs/log.md).
        scores = np.float32(0.5) * (scores + look.scores)
        names, seen = NAMES + WEIGHING_NAMES, np.concatenate([look.rows, rows], axis=1)
    shares = np.exp(scores - scores.max())
    shares *= answered / shares.sum()
    ranked = [
        Evidence(
            hit=hit,
            start=hit.passage.start + start,
            end=hit.passage.start + end,
            quote=hit.passage.text[start:end],
            probability=float(probability),
            span=(span.start - start, span.end - start) if span is not None else None,
            span_share=span.share if span is not None else 0.0,
            features=dict(zip(names, row.tolist(), strict=True)) if has_features else {},
        )
        for (hit, start, end), span, probability, row in zip(
            look.places, spans, shares, seen, strict=True
        )
    ]
    ranked.sort(key=lambda e: (-e.probability, e.hit.rank, e.start))
    best = np.argsort(-scores, kind="stable")[:_BEST]
    coverage = float(look.rows[best, NAMES.index("bigrams_passage")].max())
    return Reading(_without_repeats(ranked), 1.0 - answered, coverage)


def _sure_of(span: Span | None) -> float:
    """How likely the span reader thinks that it answers, by itself."""
    return 0.0 if span is None else float(1.0 / (1.0 + np.exp(-span.score)))


def first_look(
    question: Question, hits: Sequence[Hit], *, idf: Idf, near: Nearness, network: Scorer
) -> FirstLook:
    """The sentences of `hits` by their features."""
    spans: list[list[tuple[int, int]]] = []
    passages: list[PassageText] = []
    for hit in hits:
        text = hit.passage.text
        found, leads = answers_to(text, candidates(text))
        spans.append(found)
        sentences = [lead + text[a:b] for (a, b), lead in zip(found, leads, strict=True)]
        passages.append(PassageText(sentences, hit.passage.context, hit.score))
    rows = features(question, passages, idf=idf, near=near)
    if not len(rows):
        return FirstLook([], rows, np.zeros(0, dtype=np.float32), 0.0)
    spans, is_first = _once(spans, hits)
    rows = rows[is_first]
    places = [(hit, a, b) for hit, found in zip(hits, spans, strict=True) for a, b in found]
    sentences = [hit.passage.text[a:b] for hit, a, b in places]
    scores = network.scores(rows) - _OTHER_FIGURE * _states_another(question, sentences)
    return FirstLook(places, rows, scores, network.answered(rows, scores))


def spans_of(question: Question, look: FirstLook, reader: SpanReader) -> list[Span | None]:
    """The best span of each sentence of the passages that promise most; None for the others."""
    least = float(look.scores.max()) - _TOO_FAR
    order: list[str] = []  # passages, best first
    for at in np.argsort(-look.scores, kind="stable").tolist():
        passage_id = look.places[at][0].passage.passage_id
        if passage_id not in order and look.scores[at] >= least:
            order.append(passage_id)
    chosen = order[:_READ]
    of_passage: dict[str, list[int]] = {passage_id: [] for passage_id in chosen}
    for at, (hit, _, _) in enumerate(look.places):
        if hit.passage.passage_id in of_passage:
            of_passage[hit.passage.passage_id].append(at)
    passages = [look.places[of_passage[passage_id][0]][0].passage for passage_id in chosen]
    found = reader.read(
        question.folded,
        [(passage.context, passage.text) for passage in passages],
        [[look.places[at][1:] for at in of_passage[passage_id]] for passage_id in chosen],
    )
    spans: list[Span | None] = [None] * len(look.places)
    for passage_id, best in zip(chosen, found, strict=True):
        for at, span in zip(of_passage[passage_id], best, strict=True):
            spans[at] = span
    return spans


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
    coverage = max(reading.coverage for reading in (whole, *parts))
    return Reading(_without_repeats([*led, *whole.evidence]), nothing, coverage)


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
