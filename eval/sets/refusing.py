"""Asking a set of refusals over an archive, and its figures: each case beside what has an answer.

Knows the set, the archive and rows; no command line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.gold import as_row
from eval.metrics.answers import holds_any
from eval.metrics.refusal import limit_at
from eval.runs.curves import parted
from eval.runs.verdict import Verdict
from eval.sets.given import ArchiveShelf, ask_given
from eval.sets.noise import Given, Shelf
from eval.sets.refusals import NEAR, Case, RefusalQuestion, RefusalSet, case_of
from eval.sets.rows import Row, row_of
from eval.writing import write_lines
from indexer.errors import InvalidRequest

if TYPE_CHECKING:
    from service.archive import Archive

ALL_NEAR = "near misses"
PRICES = (0.01, 0.02, 0.03, 0.05, 0.1)
_LOOKED_AT = 10  # documents that search finds: where the value may stand after all
_FOUND_ELSEWHERE = (Case.NOT_TREATED, Case.TAKEN_OUT)


def without_doubtful(
    questions: Sequence[RefusalQuestion],
    shelf: Shelf,
    progress: Callable[[], None] = lambda: None,
) -> list[RefusalQuestion]:
    """The questions but those that the archive may answer from elsewhere: the value that was taken
    out stands in one of the first ten documents that search finds.
    """
    kept: list[RefusalQuestion] = []
    for question in questions:
        if not (question.case in _FOUND_ELSEWHERE and _may_be_answered(question, shelf)):
            kept.append(question)
        progress()
    return kept


def _may_be_answered(question: RefusalQuestion, shelf: Shelf) -> bool:
    with suppress(InvalidRequest):  # what can't be searched for is found nowhere
        found = shelf.ranked(question.gold.question)[:_LOOKED_AT]
        return any(holds_any(shelf.text(source), question.values) for source in found)
    return False


def ask_refusals(
    questions: Sequence[RefusalQuestion], archive: Archive, shelf: ArchiveShelf, k: int
) -> Iterator[Verdict]:
    """A verdict a question, in their order, over the whole archive."""
    return ask_given([Given(each.gold, None, 0) for each in questions], archive, shelf, k=k)


def refusal_rows(verdicts: Sequence[Verdict]) -> list[Row]:
    """What has an answer by itself; then beside it each case, and all near misses together."""
    answerable = _of(verdicts, (Case.ANSWERABLE,))
    groups = {Case.NOT_TREATED.value: (Case.NOT_TREATED,), ALL_NEAR: NEAR}
    groups |= {case.value: (case,) for case in NEAR}
    rows = [row_of(Case.ANSWERABLE.value, answerable)]
    for label, cases in groups.items():
        if others := _of(verdicts, cases):
            rows.append(row_of(label, [*answerable, *others]))
    return rows


def _of(verdicts: Iterable[Verdict], cases: Sequence[Case]) -> list[Verdict]:
    return [verdict for verdict in verdicts if case_of(verdict.id) in cases]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on confidence: what lies under it is refused, and how much of each case that is."""

    price: float  # answerable ones refused, at most
    confidence: float
    refused: dict[str, float]


def limits(verdicts: Sequence[Verdict], prices: Sequence[float] = PRICES) -> list[Limit]:
    """Where a limit would stand at each price: what thresholds are fitted by."""
    answerable, _ = parted(_of(verdicts, (Case.ANSWERABLE,)))
    found: list[Limit] = []
    for price in prices if answerable else ():
        limit = limit_at(answerable, price)
        refused = {
            case.value: sum(confidence < limit for confidence in others) / len(others)
            for case in Case
            if case is not Case.ANSWERABLE and (others := parted(_of(verdicts, (case,)))[1])
        }
        found.append(Limit(price, limit, refused))
    return found


def write_set(made: RefusalSet, folder: Path) -> None:
    """The set as files: `documents/` to be indexed, and `gold.jsonl` with the case in each id."""
    for source, text in made.documents.items():
        place = folder / "documents" / source
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    lines = [json.dumps(as_row(each.gold), ensure_ascii=False) for each in made.questions]
    write_lines(folder / "gold.jsonl", lines)
