"""Which questions of a training set no model of ours has seen, and which of these thresholds may be
fitted on. Knows the rules of the splits alone.

`training/` split DRCD twice: the embedding model by a digest of the article's title, the sentence
reader and the span reader by every second paragraph. Of CMRC's training set, every seventh
paragraph is kept from the span reader; thresholds are fitted on these. Its trial set is for
reporting alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from eval.sets.records import QuestionSet, SetQuestion
from indexer.errors import InvalidRequest
from indexer.text.normalise import fold


def not_embedded(questions: Sequence[SetQuestion]) -> tuple[SetQuestion, ...]:
    """The half of DRCD's questions that the embedding model did not learn from."""
    return tuple(question for question in questions if _digest(question.title) % 2 == 1)


def unseen(questions: Sequence[SetQuestion]) -> tuple[SetQuestion, ...]:
    """Those of them whose paragraph the sentence reader did not learn from either: a quarter."""
    return tuple(question for question in not_embedded(questions) if question.paragraph % 2 == 1)


def _digest(title: str) -> int:
    return hashlib.sha256(fold(title).encode()).digest()[0]


_HELD_BACK = 7  # as `SPLIT` in training/spans/__main__.py has it


class Part(StrEnum):
    """What a set is used for: to fit thresholds on, to report figures on, or neither: all of it."""

    FIT = "fit"
    REPORT = "report"
    ALL = "all"


def part_of(name: str, found: QuestionSet, part: Part) -> QuestionSet:
    """That part of a file: no article is in two. Raises: InvalidRequest, where it has none.

    | file | fit | report |
    | --- | --- | --- |
    | cmrc2018-train | every seventh paragraph | – |
    | cmrc2018-trial | – | all |
    | drcd | odd paragraphs of the half that vectors learned from | odd ones of the other half |
    """
    if part is Part.ALL:
        return found
    if name.startswith("cmrc2018-train"):
        questions = held_back(found.questions) if part is Part.FIT else ()
    elif name.startswith("cmrc2018-trial"):
        questions = found.questions if part is Part.REPORT else ()
    elif name.startswith("drcd"):
        questions = (
            unseen(found.questions) if part is Part.REPORT else _for_fitting(found.questions)
        )
    else:
        questions = ()
    if not questions:
        raise InvalidRequest(
            f"{name} has no part that is there to {part}",
            hint="--part all takes the whole file; cmrc2018-train is there to fit, cmrc2018-trial "
            "to report, drcd for both",
        )
    return replace(found, questions=questions)


def held_back(questions: Sequence[SetQuestion]) -> tuple[SetQuestion, ...]:
    """Of a training set, the questions that the span reader did not learn from."""
    return tuple(question for question in questions if question.paragraph % _HELD_BACK == 0)


def _for_fitting(questions: Sequence[SetQuestion]) -> tuple[SetQuestion, ...]:
    """Of DRCD, articles that are not reported on, in paragraphs that no reader learned from."""
    reported = {question.title for question in not_embedded(questions)}
    return tuple(q for q in questions if q.title not in reported and q.paragraph % 2 == 1)
