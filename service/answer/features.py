"""What tells an answering sentence from its neighbours, as numbers. Knows no model and no index.

Every feature compares one sentence of a retrieved passage with the question, on normalised text.
The order of `NAMES` is the order of the columns, and is what the reader's weights were trained on.
"""

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
from service.answer.sentence import HAN, RUN, Sentence, sentence
from service.retrieve.likeness import Nearness

Matrix = NDArray[np.float32]
_Mask = NDArray[np.bool_]
# Terms to weights from 0 (in every passage) to 1 (in none), in the order given.
Idf = Callable[[Sequence[str]], Sequence[float]]

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
    for run in RUN.findall(folded):
        if HAN.match(run):
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run)
    return found


def characters(folded: str) -> set[str]:
    return set(HAN.findall(folded))


def word_set(folded: str) -> set[str]:
    return {word.text for word in words(folded) if len(word.text) > 1}


class _Terms:
    """Terms of a question with their weights, and which of them a sentence holds."""

    def __init__(self, found: set[str], idf: Idf) -> None:
        self.terms = sorted(found)
        self.weights = np.asarray(idf(self.terms), dtype=np.float64)
        self._total = self.weights.sum() or 1.0
        self._is_whole = [not HAN.match(term) for term in self.terms]

    def mask(self, texts: Sequence[Sentence]) -> _Mask:
        """(n, terms): Han terms anywhere, words and figures only as a whole.

        So a sentence's own terms, of which most are no one's question, need not be gathered.
        """
        terms = list(zip(self.terms, self._is_whole, strict=True))
        found = [
            [term in (each.tokens if is_whole else each.folded) for term, is_whole in terms]
            for each in texts
        ]
        return np.asarray(found, dtype=np.bool_).reshape(len(texts), len(terms))

    def parts(self, texts: Sequence[Sentence]) -> _Mask:
        """(n, terms): terms anywhere, also inside of a longer word."""
        found = [[term in each.folded for term in self.terms] for each in texts]
        return np.asarray(found, dtype=np.bool_).reshape(len(texts), len(self.terms))

    def share(self, mask: _Mask) -> NDArray[np.float64]:
        """(n,): how much of the whole weight each row of a mask holds."""
        shares: NDArray[np.float64] = mask @ self.weights / self._total
        return shares

    def share_of(self, present: set[str]) -> float:
        held = np.asarray([term in present for term in self.terms], dtype=np.bool_)
        return float(held @ self.weights / self._total)


class _Asked:
    """What is looked for: the question's own terms, their weights looked up once."""

    def __init__(self, question: Question, idf: Idf) -> None:
        content = uniform_figures(question.content)
        self.content = content
        self.bigrams = _Terms(bigrams(content), idf)
        self.characters = _Terms(characters(content), idf)
        self.words = _Terms(word_set(content), idf)
        self.latin = set(_LATIN.findall(content))
        self.numbers = {canonical(number) for number in find_numbers(content)}
        self.compact = content.replace(" ", "")


def _common_run(left: str, right: str) -> int:
    """Length of the longest common substring; both are a line at most."""
    best = 0
    for start in range(len(left)):
        while start + best < len(left) and left[start : start + best + 1] in right:
            best += 1
    return best


def features(
    question: Question, passages: Sequence[PassageText], *, idf: Idf, near: Nearness
) -> Matrix:
    """One row a sentence, in the order of passages and their sentences; (n, len(NAMES)) float32."""
    blocks = [[sentence(text) for text in p.sentences] for p in passages]
    if not any(blocks):
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    asked = _Asked(question, idf)
    contexts = [sentence(passage.context) for passage in passages]
    overlap = [
        _overlap_columns(asked, context, block)
        for context, block in zip(contexts, blocks, strict=True)
        if block
    ]
    written = [
        _shape_columns(each, asked, i, len(block)) + _type_columns(question, asked, each)
        for block in blocks
        for i, each in enumerate(block)
    ]
    columns = np.concatenate(
        [
            np.concatenate(overlap).astype(np.float32),
            np.asarray(written, dtype=np.float32),
            _likeness_columns(asked, contexts, blocks, near),
            _passage_score_columns(passages, blocks),
        ],
        axis=1,
    )
    # How far behind the best sentence of all: one column more, known only at the end.
    own = columns[:, NAMES.index("bigrams")]
    at = NAMES.index("bigrams_top_gap")
    return np.insert(columns, at, own.max() - own, axis=1)


def _likeness_columns(
    asked: _Asked,
    contexts: Sequence[Sentence],
    blocks: Sequence[Sequence[Sentence]],
    near: Nearness,
) -> Matrix:
    folded = [each.folded for block in blocks for each in block]
    behind = [
        _joined(context.normalised, each.folded)
        for context, block in zip(contexts, blocks, strict=True)
        for each in block
    ]
    # Taken apart together: what stands in a sentence stands behind its context, too.
    content, *rows = near.tokens([fold(asked.content), *folded, *behind])
    own, rows = rows[: len(folded)], rows[len(folded) :]
    vectors = near.embed_tokens([content, *own])
    cosine = vectors[1:] @ vectors[0]
    met, met_context = np.split(near.meets_tokens(content, [*own, *rows]), 2)
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


def _joined(context: str, behind: str) -> str:
    """Both, which are normalised, with a space between, as normalised text: a gap may close."""
    return context[:-1] + _seam(context[-1:], behind[:1]) + behind[1:]


@lru_cache(maxsize=4096)
def _seam(before: str, behind: str) -> str:
    return fold(f"{before} {behind}")


def _best_in_block(values: NDArray[np.float32], sizes: Sequence[int]) -> NDArray[np.float32]:
    best = np.zeros_like(values)
    start = 0
    for size in sizes:
        if size:
            best[start : start + size] = values[start : start + size].max()
        start += size
    return best


def _passage_score_columns(
    passages: Sequence[PassageText], blocks: Sequence[Sequence[Sentence]]
) -> Matrix:
    top = max(passage.score for passage in passages)
    rows = [
        [passage.score, top - passage.score, math.log1p(rank)]
        for rank, (passage, block) in enumerate(zip(passages, blocks, strict=True))
        for _ in block
    ]
    return np.asarray(rows, dtype=np.float32)


def _overlap_columns(
    asked: _Asked, context: Sentence, block: Sequence[Sentence]
) -> NDArray[np.float64]:
    """What each sentence of a passage, and the text around it, has of the question."""
    terms, count = asked.bigrams, len(block)
    mask, above = terms.mask(block), terms.mask([context])
    padded = np.pad(mask, ((1, 1), (0, 0)))
    near = padded[:-2] | mask | padded[2:]
    own = terms.share(mask)
    whole = terms.share(mask.any(axis=0, keepdims=True) | above)[0]
    missing = np.where(near | above, 0.0, terms.weights).max(axis=1, initial=0.0)
    runs = np.asarray([_common_run(asked.compact, each.folded) for each in block])
    columns = [
        own,
        asked.characters.share(asked.characters.parts(block)),
        asked.words.share(asked.words.parts(block)),
        terms.share(near),
        terms.share(mask | above),
        np.full(count, whole),
        own.max() - own,
        np.minimum(runs, 12) / 12,
        runs / max(1, len(asked.compact)),
        [_kept(asked.numbers, asked.numbers.intersection(each.values)) for each in block],
        np.full(count, bool(asked.numbers)),
        [_kept(asked.latin, [t for t in asked.latin if t in each.folded]) for each in block],
        missing,
    ]
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def _kept(asked: Collection[str], found: Collection[str]) -> float:
    return len(found) / len(asked) if asked else 1.0


def _shape_columns(each: Sentence, asked: _Asked, i: int, count: int) -> list[float]:
    known = sum(term in each.folded for term in asked.characters.terms)
    return [
        (each.character_count - known) / max(1, each.character_count),
        math.log1p(len(each.folded)) / 5,
        float(bool(_END.search(each.folded))),
        i / max(1, count - 1),
        float(i == 0),
    ]


def _type_columns(question: Question, asked: _Asked, each: Sentence) -> list[float]:
    asks, text = question.asks, each.folded
    is_type = [
        float(asks is kind)
        for kind in (
            AnswerType.NUMBER, AnswerType.DATE, AnswerType.PERSON, AnswerType.PLACE,
            AnswerType.REASON, AnswerType.LIST, AnswerType.MANNER,
        )
    ]  # fmt: skip
    number, date, person, place, reason, listing, manner = is_type
    new = [
        number
        for number, value in zip(each.numbers, each.values, strict=True)
        if value not in asked.numbers
    ]
    unit_new, unit_near = _unit_columns(question, asked, each, new)
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
        # Each pattern is looked for only where it is asked for.
        float(bool(person and cues.PERSON.search(text))),
        min(3, len(cues.PLACE.findall(text))) / 3 if place else 0.0,
        float(bool(reason and cues.REASON.search(text))),
        min(4, len(cues.LISTING.findall(text))) / 4 if listing else 0.0,
        float(bool(manner and cues.MANNER.search(text))),
        float(percent and bool(cues.RATE.search(question.folded))),
    ]


def _unit_columns(
    question: Question, asked: _Asked, each: Sentence, new: Sequence[Number]
) -> tuple[float, float]:
    """Is there a new number in the asked unit, and how much of the question stands around it?"""
    if question.asks is not AnswerType.NUMBER or not question.unit:
        return 0.0, 0.0
    unit = "元" if question.unit in cues.MONEY else canonical_unit(question.unit)
    best = 0.0
    found = [number for number in new if number.unit and number.unit.startswith(unit)]
    for number in found:
        window = each.folded[max(0, number.start - 25) : number.end + 12]
        best = max(best, asked.bigrams.share_of(bigrams(window)))
    return float(bool(found)), best
