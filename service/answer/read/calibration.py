"""What the reader says, as a probability to be trusted: of 100 answers with 0.9, 90 are right.

Logistic regressions, fitted by `training/encoder/calibrate.py` on questions that took no part in
training: that a sentence answers, that the best one does, and that its value is the asked one; the
latter two once more with what the second reader makes of the best sentence's passage, and with what
the question wants that the sentence lacks. Their weights are in `calibration.json`. Knows no index.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import exp, log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.embed.pieces import unusable
from indexer.text.normalise import fold, letters
from indexer.text.numbers import canonical, find_numbers
from service.answer.evidence import Evidence, Value
from service.answer.read.passage_reader import PassageRead
from service.answer.read.sentence import bigrams
from service.answer.read.sentence import sentence as known
from service.answer.read.value import may_answer, short_answer, uniform
from service.answer.understand.question import AnswerType, Question
from service.retrieve.likeness import Nearness

_FILE = Path(__file__).with_name("calibration.json")

SENTENCE_FEATURES = (
    "bias", "passage", "sentence", "value", "passage and sentence", "not read", "search",
    "words met", "words met less than in the best", "characters shared",
)  # fmt: skip
FEATURES = (
    "bias", "sentence", "passage", "second", "value", "value against others", "agreed", "length",
    "by rules", "against rules", "asks reason or list", "words met", "characters met around",
    "names missing", "figures missing", "of the kind",
)  # fmt: skip
# What of the first fit stands here once more: of an office's questions it tells something else than
# of those of an encyclopaedia.
_TOLD_ANEW = (
    "value against others", "agreed", "length", "by rules", "against rules",
    "asks reason or list", "of the kind",
)  # fmt: skip
SECOND_FEATURES = (
    "bias", "before", "passage again", "sentence again", "value again", "agreed again", "differs",
    *_TOLD_ANEW,
    "lacks value", "lacks fact or year", "lacks kind", "of a code",
)  # fmt: skip
ALL_FEATURES = (SENTENCE_FEATURES, FEATURES, SECOND_FEATURES)
FITTED = ("sentence", "answer", "value", "second answer", "second value")

Row = tuple[float, ...]


@dataclass(frozen=True)
class Calibration:
    """Weights of `SENTENCE_FEATURES`, and twice of `FEATURES` and of `SECOND_FEATURES`: that the
    best sentence answers, and that its value is the asked one.
    """

    sentence_weights: Row
    answer_weights: Row
    value_weights: Row
    second_answer_weights: Row
    second_value_weights: Row

    def sentences(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, len(SENTENCE_FEATURES)) to (n,) chances."""
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-(rows @ np.asarray(self.sentence_weights))))
        return chances

    def answer(self, row: Row) -> float:
        return _chance(self.answer_weights, row)

    def value(self, row: Row) -> float:
        return _chance(self.value_weights, row)

    def again(
        self, first: Row, best: Evidence, read: PassageRead, lacking: Row
    ) -> tuple[float, float, Evidence]:
        """The chances of the best sentence and of its value, once its passage was read again; and
        the sentence with the value that was found then.

        `first` are its `FEATURES`, `lacking` the end of `SECOND_FEATURES`.
        """
        again = with_value(best, read)
        told = second_features(first, best, again, read, lacking)
        return (
            _chance(self.second_answer_weights, second_row(self.answer(first), told)),
            _chance(self.second_value_weights, second_row(self.value(first), told)),
            again,
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with what the reader gave it: `read` is None where its passage was not read."""

    text: str
    hit_score: float
    read: PassageRead | None
    start: int
    end: int


def sentence_features(
    question: Question, sentences: Sequence[Scored], near: Nearness
) -> NDArray[np.float64]:
    """(n, len(SENTENCE_FEATURES)): what the reader says as log odds, what search says, and how
    well the words of each sentence meet the question's.
    """
    asked_words, *words = near.tokens(
        [question.folded, *(known(each.text).normalised for each in sentences)]
    )
    met = near.meets_tokens(asked_words, words).astype(np.float64)
    best = float(max((each.hit_score for each in sentences), default=0.0))
    asked = bigrams(question.content)
    rows = []
    for each, meets in zip(sentences, met.tolist(), strict=True):
        passage = sentence = value = _log_odds(0.0)
        if each.read is not None:
            passage = _log_odds(each.read.answers)
            sentence = _log_odds(each.read.sentence(each.start, each.end))
            found = each.read.value(each.start, each.end)
            value = _log_odds(found.probability if found else 0.0)
        shared = len(asked & bigrams(known(each.text).normalised)) / max(1, len(asked))
        rows.append(
            (
                1.0, passage, sentence, value, min(passage, sentence), float(each.read is None),
                each.hit_score - best, meets, meets - float(met.max()), shared,
            )
        )  # fmt: skip
    return np.asarray(rows, dtype=np.float64).reshape(-1, len(SENTENCE_FEATURES))


def features(
    question: Question,
    ranked: Sequence[Evidence],
    reads: Sequence[PassageRead],
    near: Nearness,
) -> Row:
    """What tells right answers from wrong ones, in the order of `FEATURES`.

    Chances as log odds: of the best sentence, its passage, the second-best passage, the best
    sentence's value, and the likeliest other value of any document. `agreed`: another document
    gives the same value. `by rules`: the value that rules find in the sentence is the same;
    `against rules`: it is another one. Last, how much of the question's words, characters, names
    and figures the passage holds, and whether the sentence holds anything of the asked kind.
    """
    best = ranked[0]
    answers = sorted((each.answers for each in reads), reverse=True)
    own = _said(best)
    others = [(e, _said(e)) for e in ranked[1:12] if e.value is not None]
    same = [e for e, said in others if _is_same(own, said)]
    rivals = [e.value.probability for e, said in others if e.value and not _is_same(own, said)]
    by_rules = short_answer(question, best.quote)
    found = letters(fold(by_rules)) if by_rules else ""
    value = best.value.probability if best.value is not None else 0.0
    passage = best.hit.passage
    around = f"{fold(passage.context)}\n{known(passage.text).normalised}"
    asked_words, words = near.tokens([question.folded, known(best.quote).normalised])
    pairs = bigrams(around)
    asked = bigrams(question.content)
    names = [bigrams(name) for name in question.entities]
    missing = [1 - len(name & pairs) / len(name) for name in names if name]
    figures = {canonical(n) for n in find_numbers(question.folded)}
    lacking = figures - {canonical(n) for n in find_numbers(around)}
    return (
        1.0,
        _log_odds(best.probability),
        _log_odds(answers[0] if answers else 0.0),
        _log_odds(answers[1] if len(answers) > 1 else 0.0),
        _log_odds(value),
        _log_odds(value) - _log_odds(max(rivals, default=0.0)),
        float(any(not e.hit.is_of_one_text_with(best.hit) for e in same)),
        min(len(own), 40) / 20,
        float(bool(found) and _is_same(own, found)),
        float(bool(found) and not _is_same(own, found)),
        float(question.asks in (AnswerType.REASON, AnswerType.LIST, AnswerType.MANNER)),
        float(near.meets_tokens(asked_words, [words])[0]),
        len(asked & pairs) / max(1, len(asked)),
        max(missing, default=0.0),
        float(bool(lacking)),
        float(may_answer(question, best.quote)),
    )


def with_value(best: Evidence, read: PassageRead) -> Evidence:
    """A sentence with the likeliest value that a reading of its passage finds in it."""
    first = best.start - best.hit.passage.start
    found = read.value(first, first + len(best.quote))
    if found is None:
        return replace(best, value=None)
    return replace(best, value=Value(found.start - first, found.end - first, found.probability))


def second_features(
    told: Row, best: Evidence, again: Evidence, read: PassageRead, lacking: Row
) -> Row:
    """What the second reader says of the best sentence, which is `again` with the value that it
    found, with a part of its `FEATURES` that are `told` and what it is `lacking`: all
    `SECOND_FEATURES` behind "before".
    """
    first = best.start - best.hit.passage.start
    own, other = _said(best), _said(again)
    is_same = _is_same(own, other)
    return (
        _log_odds(read.answers),
        _log_odds(read.sentence(first, first + len(best.quote))),
        _log_odds(again.value.probability if again.value is not None else 0.0),
        float(is_same),
        float(bool(own) and not is_same),
        *(told[FEATURES.index(name)] for name in _TOLD_ANEW),
        *lacking,
    )


def second_row(before: float, told: Row) -> Row:
    """`SECOND_FEATURES`, of the chance that was given before."""
    return (1.0, _log_odds(before), *told)


def _said(evidence: Evidence) -> str:
    if evidence.value is None:
        return ""
    return letters(uniform(evidence.quote[evidence.value.start : evidence.value.end]))


def _is_same(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (one in other or other in one)


def _log_odds(chance: float) -> float:
    kept = min(max(chance, 1e-3), 1 - 1e-3)
    return log(kept / (1 - kept))


def _chance(weights: Row, row: Row) -> float:
    total = sum(w * x for w, x in zip(weights, row, strict=True))
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))


@cache
def load_calibration(path: Path = _FILE) -> Calibration:
    """Raises: ModelUnavailable."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["features"] != [list(each) for each in ALL_FEATURES]:
            raise ValueError("it was fitted on other features")
        return Calibration(*(tuple(stored[name]) for name in FITTED))
    except (OSError, ValueError, KeyError) as error:
        raise unusable(path, error) from error
