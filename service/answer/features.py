"""What tells an answering sentence from its neighbours, as numbers. Knows no model and no index.

Every feature compares one sentence of a retrieved passage with the question, on normalised text.
The order of `NAMES` is the order of the columns, and is what the reader's weights were trained on.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.text.normalise import fold
from indexer.text.numbers import (
    Number,
    NumberKind,
    canonical,
    canonical_unit,
    find_numbers,
    uniform_figures,
)
from indexer.text.segment import words
from service.answer import cues
from service.answer.question import AnswerType, Question
from service.retrieve.likeness import Nearness

Matrix = NDArray[np.float32]
# Terms to weights from 0 (in every passage) to 1 (in none), in the order given.
Idf = Callable[[Sequence[str]], Sequence[float]]

_RUN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+|[a-z0-9][a-z0-9.\-+]*")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[a-z][a-z0-9\-]*")
_END = re.compile(r"[。!?;…”」』)]$")

NAMES = (
    "bigrams", "characters", "words", "bigrams_near", "bigrams_context", "bigrams_passage",
    "bigrams_gap", "common_run", "common_run_share", "numbers_kept", "has_numbers", "latin_kept",
    "missing_weight", "new_share", "length", "ends_whole", "position", "first",
    "asks_number", "asks_date", "asks_person", "asks_place", "asks_reason", "asks_list",
    "asks_manner", "unit_new", "unit_near", "number_new", "number_fits", "date_fits", "person_fits",
    "place_fits", "reason_fits", "list_fits", "manner_fits", "percent_fits",
    "cosine", "cosine_gap", "cosine_top_gap", "met", "met_gap", "met_top_gap", "met_context",
    "bigrams_top_gap", "passage_score", "passage_gap", "passage_rank",
)  # fmt: skip


@dataclass(frozen=True)
class PassageText:
    """One retrieved passage as the features need it: its sentences, context and retrieval score."""

    sentences: Sequence[str]
    context: str
    score: float


def bigrams(folded: str) -> set[str]:
    """Character pairs inside runs of Han characters, and whole Latin or digit tokens."""
    found: set[str] = set()
    for run in _RUN.findall(folded):
        if _HAN.match(run):
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run)
    return found


def characters(folded: str) -> set[str]:
    return set(_HAN.findall(folded))


def word_set(folded: str) -> set[str]:
    return {word.text for word in words(folded) if len(word.text) > 1}


class _Weights:
    """Inverse document frequencies of the question's own terms, looked up once."""

    def __init__(self, question: Question, idf: Idf) -> None:
        content = uniform_figures(question.content)
        self.bigrams = self._of(bigrams(content), idf)
        self.characters = self._of(characters(content), idf)
        self.words = self._of(word_set(content), idf)
        self.latin = set(_LATIN.findall(content))
        self.numbers = {canonical(number) for number in find_numbers(content)}
        self.compact = content.replace(" ", "")

    @staticmethod
    def _of(terms: set[str], idf: Idf) -> dict[str, float]:
        ordered = sorted(terms)
        return dict(zip(ordered, idf(ordered), strict=True))


def _share(weights: dict[str, float], present: set[str]) -> float:
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in present) / total if total else 0.0


def _common_run(left: str, right: str) -> int:
    """Length of the longest common substring; both are a line at most."""
    best = 0
    for start in range(len(left)):
        while start + best < len(left) and left[start : start + best + 1] in right:
            best += 1
    return best


def _spelled(text: str) -> str:
    """Normalised, with every figure in digits: 三千四百 and 3400 share no characters otherwise."""
    return uniform_figures(fold(text))


@dataclass(frozen=True)
class _Sentence:
    folded: str

    @cached_property
    def bigrams(self) -> set[str]:
        return bigrams(self.folded)

    @cached_property
    def characters(self) -> set[str]:
        return characters(self.folded)

    @cached_property
    def numbers(self) -> list[Number]:
        return find_numbers(self.folded)


def features(
    question: Question, passages: Sequence[PassageText], *, idf: Idf, near: Nearness
) -> Matrix:
    """One row a sentence, in the order of passages and their sentences; (n, len(NAMES)) float32."""
    weights = _Weights(question, idf)
    blocks = [[_Sentence(_spelled(text)) for text in p.sentences] for p in passages]
    folded = [sentence.folded for block in blocks for sentence in block]
    if not folded:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    columns = np.concatenate(
        [
            np.asarray(_written_columns(question, weights, passages, blocks), dtype=np.float32),
            _likeness_columns(question, passages, blocks, near),
            _passage_score_columns(passages, blocks),
        ],
        axis=1,
    )
    # How far behind the best sentence of all: one column more, known only at the end.
    own = columns[:, NAMES.index("bigrams")]
    at = NAMES.index("bigrams_top_gap")
    return np.insert(columns, at, own.max() - own, axis=1)


def _written_columns(
    question: Question,
    weights: _Weights,
    passages: Sequence[PassageText],
    blocks: Sequence[Sequence[_Sentence]],
) -> list[list[float]]:
    rows: list[list[float]] = []
    for passage, block in zip(passages, blocks, strict=True):
        common = _passage_columns(weights, passage, block)
        for i, sentence in enumerate(block):
            rows.append(
                _overlap_columns(weights, block, i, common)
                + _shape_columns(sentence, weights, i, len(block))
                + _type_columns(question, weights, sentence)
            )
    return rows


def _likeness_columns(
    question: Question,
    passages: Sequence[PassageText],
    blocks: Sequence[Sequence[_Sentence]],
    near: Nearness,
) -> Matrix:
    folded = [sentence.folded for block in blocks for sentence in block]
    content = uniform_figures(question.content)
    vectors = near.embed_passages([content, *folded])
    cosine = vectors[1:] @ vectors[0]
    met = near.meets(content, folded)
    met_context = near.meets(
        content,
        [
            f"{passage.context} {sentence.folded}"
            for passage, block in zip(passages, blocks, strict=True)
            for sentence in block
        ],
    )
    sizes = [len(block) for block in blocks]
    return np.stack(
        [
            cosine,
            _best_in_block(cosine, sizes) - cosine,
            cosine.max() - cosine,
            met,
            _best_in_block(met, sizes) - met,
            met.max() - met,
            met_context,
        ],
        axis=1,
    )


def _best_in_block(values: NDArray[np.float32], sizes: Sequence[int]) -> NDArray[np.float32]:
    best = np.zeros_like(values)
    start = 0
    for size in sizes:
        if size:
            best[start : start + size] = values[start : start + size].max()
        start += size
    return best


def _passage_score_columns(
    passages: Sequence[PassageText], blocks: Sequence[Sequence[_Sentence]]
) -> Matrix:
    top = max(passage.score for passage in passages)
    rows = [
        [passage.score, top - passage.score, math.log1p(rank)]
        for rank, (passage, block) in enumerate(zip(passages, blocks, strict=True))
        for _ in block
    ]
    return np.asarray(rows, dtype=np.float32)


@dataclass(frozen=True)
class _PassageColumns:
    context: set[str]
    passage_share: float
    best_share: float


def _passage_columns(
    weights: _Weights, passage: PassageText, block: Sequence[_Sentence]
) -> _PassageColumns:
    context = bigrams(_spelled(passage.context))
    everything = context.union(*(sentence.bigrams for sentence in block))
    return _PassageColumns(
        context=context,
        passage_share=_share(weights.bigrams, everything),
        best_share=max((_share(weights.bigrams, s.bigrams) for s in block), default=0.0),
    )


def _overlap_columns(
    weights: _Weights, block: Sequence[_Sentence], i: int, common: _PassageColumns
) -> list[float]:
    sentence = block[i]
    own = _share(weights.bigrams, sentence.bigrams)
    near = sentence.bigrams.union(*(other.bigrams for other in block[max(0, i - 1) : i + 2]))
    run = _common_run(weights.compact, sentence.folded)
    missing = [w for term, w in weights.bigrams.items() if term not in near | common.context]
    said = {canonical(number) for number in sentence.numbers}
    numbers_kept = len(weights.numbers & said) / len(weights.numbers) if weights.numbers else 1.0
    latin = weights.latin
    latin_kept = sum(token in sentence.folded for token in latin) / len(latin) if latin else 1.0
    return [
        own,
        _share(weights.characters, sentence.characters),
        _share(weights.words, {w for w in weights.words if w in sentence.folded}),
        _share(weights.bigrams, near),
        _share(weights.bigrams, sentence.bigrams | common.context),
        common.passage_share,
        common.best_share - own,
        min(run, 12) / 12,
        run / max(1, len(weights.compact)),
        numbers_kept,
        float(bool(weights.numbers)),
        latin_kept,
        max(missing, default=0.0),
    ]


def _shape_columns(sentence: _Sentence, weights: _Weights, i: int, count: int) -> list[float]:
    han = sentence.characters
    new = len(han - set(weights.characters)) / max(1, len(han))
    return [
        new,
        math.log1p(len(sentence.folded)) / 5,
        float(bool(_END.search(sentence.folded))),
        i / max(1, count - 1),
        float(i == 0),
    ]


def _type_columns(question: Question, weights: _Weights, sentence: _Sentence) -> list[float]:
    asks, text = question.asks, sentence.folded
    is_type = [
        float(asks is kind)
        for kind in (
            AnswerType.NUMBER, AnswerType.DATE, AnswerType.PERSON, AnswerType.PLACE,
            AnswerType.REASON, AnswerType.LIST, AnswerType.MANNER,
        )
    ]  # fmt: skip
    number, date, person, place, reason, listing, manner = is_type
    new = [n for n in sentence.numbers if canonical(n) not in weights.numbers]
    unit_new, unit_near = _unit_columns(question, weights, sentence, new)
    number_new = float(any(n.kind not in (NumberKind.DATE, NumberKind.TIME) for n in new))
    dated = any(n.kind is NumberKind.DATE for n in new) or bool(cues.DATE.search(text))
    percent = any(n.kind is NumberKind.PERCENT for n in new)
    return [
        *is_type,
        unit_new,
        unit_near,
        number_new,
        number * number_new,
        date * dated,
        person * bool(cues.PERSON.search(text)),
        place * min(3, len(cues.PLACE.findall(text))) / 3,
        reason * bool(cues.REASON.search(text)),
        listing * min(4, len(cues.LISTING.findall(text))) / 4,
        manner * bool(cues.MANNER.search(text)),
        float(percent and bool(cues.RATE.search(question.folded))),
    ]


def _unit_columns(
    question: Question, weights: _Weights, sentence: _Sentence, new: Sequence[Number]
) -> tuple[float, float]:
    """Is there a new number in the asked unit, and how much of the question stands around it?"""
    if question.asks is not AnswerType.NUMBER or not question.unit:
        return 0.0, 0.0
    unit = "元" if question.unit in cues.MONEY else canonical_unit(question.unit)
    best = 0.0
    found = [number for number in new if number.unit and number.unit.startswith(unit)]
    for number in found:
        window = sentence.folded[max(0, number.start - 25) : number.end + 12]
        best = max(best, _share(weights.bigrams, bigrams(window)))
    return float(bool(found)), best
