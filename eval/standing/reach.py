"""What the answers should reach, beside what was measured. Knows targets, names and entries.

The targets are those that the project set itself for its answers; what they ask of speed and of
language models is measured elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.sets.rows import Measured
from eval.standing.catalogue import BY_NAME
from eval.standing.entries import Entry
from eval.standing.tables import NOTHING, markdown_table

REACH_SAYS = (
    "What the answers should reach, in percent, and where they stand. Short answers count 0 where "
    "none is given. Refusals stand beside their price: the answerable questions that are refused "
    "with them, or at a limit on confidence that refuses at most so many of these."
)

_ALL_OF_THEM = "*"  # every row of every measurement


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of one row of one measurement, and what it should be: at least, or at most."""

    says: str
    measurement: str
    row: str
    figure: str
    wanted: float
    at_most: bool = False

    def is_met(self, value: float) -> bool:
        return value <= self.wanted if self.at_most else value >= self.wanted

    @property
    def bound(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {100 * self.wanted:g}"


def _read(name: str, said: str, row: str, first: float, short: bool) -> Iterator[Target]:
    given = f"paragraph given, {said}"
    yield Target(f"right sentence ranked first, {given}", name, row, "ranked_first", first)
    yield Target("… in the first three", name, row, "ranked_three", 0.97)
    if short:
        yield Target(f"short answer, {given}: character F1", name, row, "short_f1", 0.75)
        yield Target("… exact", name, row, "short_exact", 0.52)


def _refuse(name: str, said: str) -> Iterator[Target]:
    yield Target(f"what the archive does not treat, {said}: refused", name, "not treated",
                 "refusal_recall", 0.95)  # fmt: skip
    yield Target("… answerable ones refused with them", name, "not treated", "refused_wrongly",
                 0.03, at_most=True)  # fmt: skip
    yield Target("… refused where 3 % of the answerable are", name, "not treated",
                 "refused_at_3", 0.95)  # fmt: skip
    yield Target(f"near misses, {said}: refused", name, "near misses", "refusal_recall", 0.6)
    yield Target("… answerable ones refused with them", name, "near misses", "refused_wrongly",
                 0.05, at_most=True)  # fmt: skip
    yield Target("… refused where 5 % of the answerable are", name, "near misses",
                 "refused_at_5", 0.6)  # fmt: skip


def _noise(name: str, said: str, unseen: str) -> Iterator[Target]:
    yield Target(f"five passages, four of them noise, {said}: value in three sentences", name,
                 f"noise 0.8{unseen}", "answer_hit", 0.8)  # fmt: skip
    yield Target("… clean", name, f"noise 0{unseen}", "answer_hit", 0.98)
    yield Target("… noise alone refused where 5 % of the answerable are", name,
                 f"noise 0.8 and noise alone{unseen}", "refused_at_5", 0.6)  # fmt: skip


_UNSEEN = ", unseen"
TARGETS: tuple[Target, ...] = (
    *_read("read-cmrc", "CMRC", "what answers", 0.88, short=True),
    *_read("read-drcd", "DRCD", f"what answers{_UNSEEN}", 0.92, short=True),
    Target("open question, CMRC: value in three sentences", "open-cmrc", "all", "answer_hit", 0.85),
    Target(
        "open question, DRCD: value in three sentences",
        "open-drcd",
        f"all{_UNSEEN}",
        "answer_hit",
        0.85,
    ),
    Target(
        "corpus: value in three sentences, right document cited",
        "corpus",
        "all",
        "answered_right",
        0.95,
    ),
    Target("founding documents: the same", "seeds", "all", "answered_right", 0.95),
    *_refuse("refuse-cmrc", "CMRC"),
    *_refuse("refuse-drcd", "DRCD"),
    *_noise("noise-cmrc", "CMRC", ""),
    *_noise("noise-drcd", "DRCD", _UNSEEN),
    Target(
        "quotes that equal their source at its offsets, the lowest row of all",
        _ALL_OF_THEM,
        "",
        "quotes_exact",
        1.0,
    ),
)


def reach_table(entries: Mapping[str, Entry]) -> str:
    """A line a target: wanted, measured, whether it is met, and the command that measures it."""
    lines: list[Sequence[str]] = []
    for target in TARGETS:
        measured = found(target, entries)
        value = measured.value if measured else None
        if measured is None or value is None:
            said, met = NOTHING, "not measured"
        else:
            said = f"{100 * value:.1f} ({measured.n:,})"
            met = "yes" if target.is_met(value) else "no"
        lines.append((target.says, target.bound, said, met, f"`{_command(target)}`"))
    return markdown_table(("", "reach", "stands (of)", "met", "command"), lines)


def found(target: Target, entries: Mapping[str, Entry]) -> Measured | None:
    """The figure, or None where it was not measured yet."""
    if target.measurement == _ALL_OF_THEM:
        return _least(target.figure, entries)
    entry = entries.get(target.measurement)
    rows = [row for row in entry.rows if row.label == target.row] if entry else []
    return rows[0].figures.get(target.figure) if rows else None


def _least(figure: str, entries: Mapping[str, Entry]) -> Measured | None:
    """The lowest of all rows, over what the measurements' first rows count."""
    rows = [[row.figures.get(figure) for row in entry.rows] for entry in entries.values()]
    values = [m.value for row in rows for m in row if m is not None and m.value is not None]
    over = sum(row[0].n for row in rows if row[0] is not None)
    return Measured(min(values), over) if values else None


def _command(target: Target) -> str:
    if target.measurement == _ALL_OF_THEM:
        return "python -m eval measure"
    return BY_NAME[target.measurement].command
