"""What follows of the dated entries that a question chooses: the latest, the first, how many.

Knows neither how entries are found nor how an answer is put together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answer.compute.sums import Computed
from service.answer.evidence import Evidence, Reading
from service.answer.read.entries import Entry
from service.answer.read.tables import is_record
from service.answer.understand.order import Wanted, Which
from service.answer.understand.question import AnswerType, Question

MOST_SHOWN = 12
_DAY_ASKED = re.compile(r"几[日号]|哪一?[天日]|何日")  # which needs no year
_UNIT = re.compile(r"(?:多少|几)(?P<unit>次|回|场|期|届|轮|趟)")


@dataclass(frozen=True, slots=True)
class Dated:
    """`reading` reads the chosen entries alone, and is asked what is asked of each."""

    wanted: Wanted
    entries: tuple[Entry, ...]
    reading: Reading

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(entry.evidence for entry in self.entries)


def counted_entries(question: Question, dated: Dated) -> Computed | None:
    """共3次：2023年2月10日、…; None where more are counted than can be shown, or none asked.

    One row of a table is not counted: its cells tell of how many it is.
    """
    found = _UNIT.search(question.folded)
    if dated.wanted.which is not Which.COUNT or found is None or len(dated.entries) > MOST_SHOWN:
        return None
    if len(dated.entries) == 1 and is_record(dated.entries[0].evidence.quote):
        return None
    value = f"{len(dated.entries)}{found['unit']}"
    days = "、".join(_dates(dated.entries))
    return Computed(f"共{value}：{days}", value, dated.evidence)


def day_of(question: Question, dated: Dated) -> str | None:
    """The date of the one entry that is chosen, as it is written, where a day is asked for."""
    is_day = question.asks is AnswerType.DATE and not re.search("几点", question.folded)
    if not is_day or len(dated.entries) != 1:
        return None
    if not dated.entries[0].year_told and not _DAY_ASKED.search(question.folded):
        return None
    return dated.entries[0].written


def _dates(entries: Sequence[Entry]) -> list[str]:
    return [entry.written for entry in entries]
