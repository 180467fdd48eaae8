"""Which sentences are of what the question marks out, and which of its marks stand in none.

Knows no model; the documents' texts are handed to it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.text.normalise import normalise
from service.answer.evidence import Evidence
from service.answer.read.standing import Bound, Standing, similar, standing
from service.answer.understand.identifiers import Identifier, Mark, identifiers
from service.answer.understand.question import Question
from service.records import Missing

DocumentText = Callable[[str], str]

# Of these a sentence must be, where any is; of the others it must only not be of another one.
_LOWER_CASE = re.compile(r"[a-z]{4,}(?: [a-z]+)*")
_STRICT = (Mark.CODE, Mark.NUMBERED)


@dataclass(frozen=True, slots=True)
class Bindings:
    """`kept` are the places of the sentences to choose from, `marked` the marks that they hold."""

    kept: tuple[int, ...]
    missing: tuple[Missing, ...]
    marked: tuple[str, ...]
    is_exact: bool  # whether they are of an asked code or number, which leaves nothing to compare
    together: frozenset[int]  # those of `kept` that are of every mark; empty where none is
    first: frozenset[int]  # those of them that tell the asked office as well: one of them leads


def bind(
    question: Question, sentences: Sequence[Evidence], document_text: DocumentText
) -> Bindings:
    """Sentences of another code, number, year or person leave where there are some of the asked.

    Where no sentence is of a mark, it is missing, and takes none away.
    """
    kept = list(range(len(sentences)))
    bound = [Bound(evidence, document_text) for evidence in sentences]
    missing: list[Missing] = []
    marked: list[str] = []
    together = set(kept)
    groups: dict[tuple[Mark, str], list[Identifier]] = {}
    for mark in identifiers(question):
        groups.setdefault((mark.mark, mark.unit), []).append(mark)
    leading: set[int] | None = None
    for (kind, _), marks in groups.items():
        table = [[standing(mark, each) for each in bound] for mark in marks]
        for mark, row in zip(marks, table, strict=True):
            if max(row, default=Standing.ABSENT) >= Standing.AROUND:
                marked.append(mark.written)
            elif kind is Mark.OFFICE and missing:
                continue  # nobody's office where there is no such body
            elif not _is_everyday(asked := _as_asked(question, mark), like := similar(mark, bound)):
                missing.append(Missing(asked, like))
        best = [max(column) for column in zip(*table, strict=True)]
        holding = {at for at, each in enumerate(best) if each >= Standing.AROUND}
        if kind is Mark.OFFICE:
            leading = holding
        elif holding:
            together &= holding
        least = Standing.AROUND if kind in _STRICT else Standing.ABSENT
        fitting = [at for at in kept if best[at] >= least and best[at] is not Standing.OTHER]
        if any(best[at] >= Standing.AROUND for at in fitting):
            kept = fitting
    is_exact = any(kind in _STRICT for kind, _ in groups) and bool(marked)
    whole = frozenset(kept) & together
    first = whole if leading is None else whole & leading
    return Bindings(tuple(kept), tuple(missing), tuple(marked), is_exact, whole, first)


def _is_everyday(asked: str, like: tuple[str, ...]) -> bool:
    """Whether it is an English word among Chinese ones, where no document writes such words."""
    return bool(_LOWER_CASE.fullmatch(asked)) and not like


def _as_asked(question: Question, mark: Identifier) -> str:
    """A mark as the user wrote it: TH02, which is compared as th02."""
    asked = normalise(question.text)
    at = asked.text.find(mark.written)
    if at < 0:
        return mark.written
    start, end = asked.original_span(at, at + len(mark.written))
    return question.text[start:end]
