"""A form's label with nothing beside it: what is asked for was left blank. Knows no model."""

from indexer.records import BLANK_CELL
from indexer.text.normalise import fold
from service.answer.evidence import Evidence
from service.answer.read.tables import cells_of
from service.answer.understand.question import Question


def is_left_blank(question: Question, evidence: Evidence) -> bool:
    """Whether the row that answers best has a blank where the asked value would stand.

    The reader took the blank itself for the value, or the question names a blank's label and that
    of no cell which is filled, but for the one that says whose form it is.
    """
    cells = cells_of(evidence.quote) or []
    if all(value != BLANK_CELL for _, value in cells):
        return False
    value = evidence.value
    if value is not None and evidence.quote[value.start : value.end] in BLANK_CELL:
        return True
    named = [
        (label, value)
        for label, value in cells
        if fold(label) in question.folded and fold(value) not in question.folded
    ]
    return bool(named) and all(value == BLANK_CELL for _, value in named)
