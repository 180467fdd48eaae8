"""Which passages a question is given: those that answer it, and how many that don't.

Noise is either the set's own, or taken from an index by searching the question itself: what ranks
best and holds no accepted value. Knows no answer and no model.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from eval.gold import GoldQuestion, Kind
from eval.metrics.answers import holds_any
from eval.sets.records import NoiseFrom, SetQuestion
from indexer.errors import InvalidRequest


class Shelf(Protocol):
    """The documents of an index, by source path."""

    def ranked(self, question: str) -> Sequence[str]:
        """What search finds for a question, best first."""
        ...

    def sources(self) -> Sequence[str]:
        """All of them, in a fixed order."""
        ...

    def text(self, source: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Given:
    """A question and the documents that it is answered from; None for the whole archive. Without an
    answering one it must be refused: then its kind is no_answer.
    """

    question: GoldQuestion
    documents: tuple[str, ...] | None
    holding: int  # how many of them answer it, by the set's own word


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of what is given is noise: a share from 0 to 1 of `passages` documents."""

    noise: float
    passages: int

    @property
    def negatives(self) -> int:
        """Halves are rounded up, as RGB rounds."""
        return int(self.noise * self.passages + 0.5)


def own_passage(question: SetQuestion) -> Given:
    """The question with what answers it, and nothing else."""
    return Given(question.gold, question.positive, len(question.positive))


def with_found_noise(question: SetQuestion, noise: Sequence[str], dose: Dose) -> Given:
    """The answering documents and the dose's number of others; at noise 1, noise alone.

    A reading-comprehension set knows one paragraph that answers, so at 0.2 of five it is given
    with one other document and at 0.8 with four: fewer documents, never more noise than asked for.
    """
    taken = tuple(noise[: dose.negatives])
    if dose.negatives == dose.passages:
        return Given(without_answer(question.gold), taken, 0)
    room = max(1, dose.passages - dose.negatives)
    return Given(question.gold, (*question.positive[:room], *taken), len(question.positive[:room]))


def with_own_noise(question: SetQuestion, dose: Dose) -> Given:
    """The set's own passages, taken as RGB takes them (evalue.py, `processdata`).

    The first of each; where one kind is short, the other fills up. At noise 1, noise alone.
    """
    negatives = dose.negatives
    positives = dose.passages - negatives
    if negatives == dose.passages:
        positives = 0
    elif negatives > len(question.negative):
        negatives = len(question.negative)
        positives = dose.passages - negatives
    elif positives > len(question.positive):
        positives = len(question.positive)
        negatives = dose.passages - positives
    holding = question.positive[:positives]
    taken = (*holding, *question.negative[:negatives])
    gold = question.gold if holding else without_answer(question.gold)
    return Given(gold, taken, len(holding))


def without_answer(question: GoldQuestion) -> GoldQuestion:
    """The same question where nothing that is given answers it."""
    return replace(question, kind=Kind.NO_ANSWER, answers=(), evidence=())


def find_noise(
    question: SetQuestion, shelf: Shelf, count: int, kind: NoiseFrom, seed: int
) -> list[str]:
    """`count` documents that do not answer and hold none of the accepted values, fewer where the
    index has no more. Hard ones come in the order of the search; where it finds too few, and for
    random ones, they are drawn, from the same seed always the same.
    """
    known = {*question.positive, *question.negative}
    found: list[str] = []

    def take(candidates: Sequence[str]) -> None:
        for source in candidates:
            if len(found) == count:
                return
            if source in known:
                continue
            known.add(source)
            if not holds_any(shelf.text(source), question.gold.answers):
                found.append(source)

    if kind is NoiseFrom.HARD:
        # A question that can't be searched for can't be asked either: that is where it crashes.
        with suppress(InvalidRequest):
            take(shelf.ranked(question.gold.question))
    if len(found) < count:
        take(_shuffled(shelf.sources(), f"{seed}:{question.gold.id}"))
    return found


def _shuffled(sources: Sequence[str], seed: str) -> Sequence[str]:
    draw = random.Random(seed)
    return draw.sample(sources, len(sources))


def noise_for_all(
    questions: Sequence[SetQuestion],
    find: Callable[[SetQuestion], list[str]],
    progress: Callable[[], None] = lambda: None,
) -> dict[str, list[str]]:
    """The noise of each question by its id: found once, however many doses are tried."""
    noise: dict[str, list[str]] = {}
    for question in questions:
        noise[question.gold.id] = find(question)
        progress()
    return noise
