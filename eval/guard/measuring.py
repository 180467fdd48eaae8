"""The guard measured: gold questions answered by a liar, and what of its lies is shown.

Two figures matter: lies that are shown (none may be), and true sentences that are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.gold import GoldQuestion
from eval.guard.judging import Judged, judge
from eval.guard.liar import Liar
from eval.guard.lies import WAYS as LIES
from eval.guard.paraphrases import WAYS as PARAPHRASES
from eval.reading.tables import Column, Row, Table, Unit

_MOST_ROUNDS = 12
_NOTES = (
    "Each answer is written by a stand-in that says two sentences of its evidence in other words "
    "and makes two others false, one way after the other, and says the same again when it is asked "
    "to mend them. What is false is known from how it was made; the guard has no part in judging. "
    "A figure is a number, a unit, a date or a bound."
)


@dataclass
class Measured:
    """Answers of the liar, its sentences with what became of them, and those that went wrong."""

    answers: int = 0
    refused: int = 0
    judged: list[Judged] = field(default_factory=list)

    @property
    def wrong(self) -> list[Judged]:
        """Lies that are shown, and true sentences that are not."""
        return [each for each in self.judged if each.shown == each.told.is_lie]


def measure(
    index: Path, questions: Sequence[GoldQuestion], answers: int, say: Callable[[str], None]
) -> Measured:
    """At least so many answers, if the questions give them in a dozen rounds.

    Raises: IndexMissing and its kin.
    """
    from service.archive import Archive
    from service.settings import Settings

    liar = Liar()
    archive = Archive.open(index, Settings(), model=liar)
    measured = Measured()
    for turn in range(_MOST_ROUNDS):
        if measured.answers >= answers:
            break
        for question in questions:
            liar.begin(turn)
            answer = archive.ask(question.question)
            if not liar.told:
                measured.refused += 1
                continue
            measured.answers += 1
            measured.judged += judge(liar.told, answer, liar.name)
        say(f"round {turn + 1}: {measured.answers} answers, {len(measured.wrong)} sentences wrong")
    return measured


def tables(measured: Measured) -> tuple[Table, ...]:
    """The two figures in all, then way by way."""
    lies = [each for each in measured.judged if each.told.is_lie]
    true = [each for each in measured.judged if not each.told.is_lie]
    dropped = [each for each in true if not each.shown]
    shown = [each for each in lies if each.shown]
    columns = (Column("count", Unit.COUNT), Column("share"))
    total = Table(
        f"{measured.answers} answers",
        columns,
        (
            Row("lies told", (len(lies), None)),
            Row("lies shown", (len(shown), _share(len(shown), len(lies)))),
            Row(
                "of them wrong figures",
                (figures := sum(e.is_figure for e in shown), _share(figures, len(lies))),
            ),
            Row("true sentences told", (len(true), None)),
            Row("true sentences dropped", (len(dropped), _share(len(dropped), len(true)))),
        ),
        _NOTES,
    )
    return (
        total,
        _by_way("Lies", "shown", LIES, lies, shown),
        _by_way("True sentences", "dropped", PARAPHRASES, true, dropped),
    )


def _by_way(
    title: str, wrong: str, ways: Iterable[str], told: Sequence[Judged],
    amiss: Sequence[Judged],
) -> Table:  # fmt: skip
    all_of = Counter(each.told.way for each in told)
    wrong_of = Counter(each.told.way for each in amiss)
    rows = [
        Row(way, (all_of[way], wrong_of[way], _share(wrong_of[way], all_of[way])))
        for way in ways
        if all_of[way]
    ]
    columns = (Column("told", Unit.COUNT), Column(wrong, Unit.COUNT), Column("share"))
    return Table(title, columns, tuple(rows))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
