"""The second look at the sentences: what the span reader says of them, beside their features.

One row a sentence, for the network that decides (`weighing.json`, made by `training/weighing.py`).
Knows no model and no index. The order of `NAMES` is the order of the columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.answer.binding import unbound
from service.answer.features import NAMES as FEATURES
from service.answer.features import bigrams
from service.answer.named import find_named
from service.answer.question import AnswerType, Period, Question
from service.answer.sentence import sentence as known
from service.answer.short import may_answer
from service.answer.spans import Span
from service.records import Hit

Matrix = NDArray[np.float32]

# What the first look knows that also tells whether the answer is there at all.
_KEPT = (
    "bigrams", "words", "bigrams_context", "bigrams_passage", "common_run_share", "numbers_kept",
    "latin_kept", "missing_weight", "met", "met_context", "cosine", "passage_score", "passage_gap",
    "unit_new", "number_fits", "date_fits",
)  # fmt: skip
_KINDS = (AnswerType.NUMBER, AnswerType.DATE, AnswerType.PERSON, AnswerType.REASON, AnswerType.LIST)

NAMES = (
    "own", "lead", "span", "share", "is_read", "span_gap", "sure",
    "names_own", "names_around", "name_missing", "years_own", "years_around", "other_year",
    "has_names", "has_years", "unbound", "of_kind",
    *_KEPT, *(f"asks_{kind}" for kind in _KINDS),
)  # fmt: skip

_NAMED = (AnswerType.PERSON, AnswerType.PLACE, AnswerType.ORGANISATION)
_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")

_UNREAD = 1  # as many missing names as most passages lack

_LEAST_NAMED = 0.5  # of the character pairs of a name: 江城大 for 江城大学 is the same one

_MOST = 15.0
"""Beyond this a score of the span reader says nothing more."""


@dataclass(frozen=True)
class FirstLook:
    """Every sentence of some hits once: where it is, its features and its score.

    `places` are (hit, start, end) with offsets into the passage's text; `answered` is how likely
    any of them answers.
    """

    places: list[tuple[Hit, int, int]]
    rows: NDArray[np.float32]
    scores: NDArray[np.float32]
    answered: float


def weighing_rows(question: Question, look: FirstLook, spans: Sequence[Span | None]) -> Matrix:
    """(n, len(NAMES)) float32 for n sentences: their features, first scores, and spans if read."""
    scores = look.scores
    read = np.asarray([span is not None for span in spans], dtype=np.float32)
    span = np.asarray([_MOST * -1 if s is None else s.score for s in spans], dtype=np.float32)
    span = np.clip(span, -_MOST, _MOST)
    share = np.asarray([0.0 if s is None else s.share for s in spans], dtype=np.float32)
    sure = np.clip(look.answered, 1e-4, 1 - 1e-4)
    kept = look.rows[:, [FEATURES.index(name) for name in _KEPT]]
    asks = [float(question.asks is kind) for kind in _KINDS]
    return np.concatenate(
        [
            np.stack(
                [
                    np.clip(scores, -20, 20),
                    np.clip(scores - scores.max(), -10, 0),
                    span,
                    np.log(share + 1e-3),
                    read,
                    span.max() - span,
                    np.full(len(scores), np.log(sure / (1 - sure))),
                ],
                axis=1,
            ),
            _bound_columns(question, look, spans),
            _of_kind(question, look, spans),
            kept,
            np.tile(np.asarray(asks), (len(scores), 1)),
        ],
        axis=1,
    ).astype(np.float32)


def _bound_columns(question: Question, look: FirstLook, spans: Sequence[Span | None]) -> Matrix:
    """How much of what binds the question stands in the sentence, and in the passage.

    Names by their character pairs, since they are shortened; years as they are written. What is
    missing from a passage altogether is looked for in those alone that were read: it takes longer.
    """
    names = [pairs for name in question.entities if (pairs := bigrams(name))]
    times = {year for period in question.periods for year in _years_of(period)}
    read = {
        hit.passage.passage_id
        for (hit, _, _), span in zip(look.places, spans, strict=True)
        if span is not None
    }
    passages: dict[str, tuple[set[str], set[str], int]] = {}
    rows = []
    for hit, start, end in look.places:
        passage = hit.passage
        if passage.passage_id not in passages:
            whole = f"{passage.context}\n{passage.text}"
            folded = known(whole).normalised
            missing = len(unbound(question, whole)) if passage.passage_id in read else _UNREAD
            pairs = bigrams(folded) if names else set()
            passages[passage.passage_id] = (pairs, years(folded), missing)
        around, around_years, missing = passages[passage.passage_id]
        sentence = known(passage.text[start:end]).normalised
        own, own_years = bigrams(sentence) if names else set(), years(sentence)
        rows.append(
            [
                _covered(names, own),
                _covered(names, around),
                min((_share(pairs, around) for pairs in names), default=1.0),
                len(times & own_years) / len(times) if times else 1.0,
                len(times & around_years) / len(times) if times else 1.0,
                float(bool(times and own_years and not times & own_years)),
                float(bool(names)),
                float(bool(times)),
                min(missing, 3),
            ]
        )
    return np.asarray(rows, dtype=np.float32)


def _of_kind(question: Question, look: FirstLook, spans: Sequence[Span | None]) -> Matrix:
    """1 for each sentence that holds a figure, a date or a name such as is asked for.

    1 where nothing of a kind is asked for. Names are looked for in what was read alone: it takes
    longer.
    """
    quotes = [hit.passage.text[start:end] for hit, start, end in look.places]
    if question.asks in _NAMED:
        found = [
            span is not None and bool(find_named(question, known(quote).normalised))
            for quote, span in zip(quotes, spans, strict=True)
        ]
    else:
        found = [may_answer(question, quote) for quote in quotes]
    return np.asarray(found, dtype=np.float32)[:, None]


def of_another(rows: Matrix) -> Matrix:
    """1 for each sentence of a passage that lacks a name of the question, or that states another
    year, where a sentence of the same list has the very name or year; else 0.

    The network knows these columns, too, but saw too few questions that hang on them.
    """
    column = {
        name: rows[:, NAMES.index(name)] for name in ("name_missing", "years_own", "other_year")
    }
    named, years_own = column["name_missing"], column["years_own"]
    strange = (named < _LEAST_NAMED) & bool((named >= 1.0).any())
    elsewhen = (column["other_year"] > 0) & bool((years_own >= 1.0).any())
    return (strange | elsewhen).astype(np.float32)


def years(folded: str) -> set[str]:
    """The years that a normalised text names in four digits."""
    return set(_YEAR.findall(folded))


def _years_of(period: Period) -> set[str]:
    return {day[:4] for day in (period.start, period.end) if _YEAR.fullmatch(day[:4])}


def _covered(names: Sequence[set[str]], text: set[str]) -> float:
    return sum(_share(pairs, text) for pairs in names) / len(names) if names else 1.0


def _share(pairs: set[str], text: set[str]) -> float:
    return len(pairs & text) / len(pairs)
