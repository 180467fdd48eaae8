"""Figures of a list of verdicts as one row of a table, each beside the number it rests on.

Knows the figures of a run; no set and no form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.runs.curves import CURVES
from eval.runs.figures import BY_NAME, latencies
from eval.runs.verdict import Verdict

ASKED = "asked"  # the stage of a question's times that is the whole call


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure, and over how many (questions, sentences, quotes …); None where it bears on none."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Row:
    """`latency_ms` holds p50 and p95 of each stage."""

    label: str
    questions: int
    crashed: int
    figures: Mapping[str, Measured]
    latency_ms: Mapping[str, Mapping[str, float]]


def row_of(label: str, verdicts: Sequence[Verdict]) -> Row:
    """Every figure of a run, over these verdicts."""
    figures = {
        name: Measured(
            figure.value(verdicts), round(sum(figure.part(verdict)[1] for verdict in verdicts))
        )
        for name, figure in BY_NAME.items()
    }
    for curve in CURVES:
        value = curve.value(verdicts)
        figures[curve.name] = Measured(value, 0 if value is None else curve.over(verdicts))
    return Row(
        label=label,
        questions=len(verdicts),
        crashed=sum(verdict.crashed is not None for verdict in verdicts),
        figures=figures,
        latency_ms=latencies(verdicts),
    )
