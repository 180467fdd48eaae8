"""Is a gold file sound, and does an index hold its evidence? Knows no answering and no metric."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eval.evidence import Library, Missing, Places
from eval.gold import GoldQuestion
from eval.metrics.answers import holds_any
from indexer.text.normalise import fold

_EXPLAINED = {
    Missing.DOCUMENT: "is not in the index",
    Missing.AMBIGUOUS: "ends the path of several documents of the index",
    Missing.QUOTE: "does not occur in the document",
    Missing.PASSAGE: "stands in no passage: it is a heading, or left out of retrieval",
}


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    id: str
    field: str
    what: str


def check(questions: Sequence[GoldQuestion], library: Library | None) -> list[Problem]:
    """All that is wrong, in the order of lines. Without a library: what the file alone tells."""
    problems = [*_duplicates(questions), *_unproven(questions)]
    if library is not None:
        places = Places(library)
        problems += [problem for q in questions for problem in _missing(q, places)]
    return sorted(problems, key=lambda problem: (problem.line, problem.field, problem.what))


def _duplicates(questions: Sequence[GoldQuestion]) -> list[Problem]:
    """A question asked twice, punctuation and spelling of characters aside."""
    first: dict[str, GoldQuestion] = {}
    problems: list[Problem] = []
    for question in questions:
        earlier = first.setdefault(re.sub(r"\W", "", fold(question.question)), question)
        if earlier is question:
            continue
        what = f"is asked in line {earlier.line} ({earlier.id}) already"
        if earlier.answers != question.answers:
            what += ", with other answers"
        problems.append(Problem(question.line, question.id, "question", what))
    return problems


def _unproven(questions: Sequence[GoldQuestion]) -> list[Problem]:
    """Answer groups of which no alternative is in any quote."""
    return [
        Problem(
            question.line,
            question.id,
            f"answers[{position}]",
            f"none of its alternatives is in the evidence: {' | '.join(group)}",
        )
        for question in questions
        for position, group in enumerate(question.answers)
        if not any(holds_any(evidence.quote, [group]) for evidence in question.evidence)
    ]


def _missing(question: GoldQuestion, places: Places) -> list[Problem]:
    problems: list[Problem] = []
    for position, evidence in enumerate(question.evidence):
        missing = places.place(evidence).missing
        if missing is None:
            continue
        at_document = missing in (Missing.DOCUMENT, Missing.AMBIGUOUS)
        name = "document" if at_document else "quote"
        shown = evidence.document if at_document else f"{evidence.document}: {evidence.quote!r}"
        problems.append(
            Problem(
                question.line,
                question.id,
                f"evidence[{position}].{name}",
                f"{shown} {_EXPLAINED[missing]}",
            )
        )
    return problems
