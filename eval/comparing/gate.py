"""Has a figure fallen below what is expected? Knows verdicts and what was accepted before.

A run is deterministic, so the expected outcomes are kept question by question and compared in
pairs: five questions lost and none won is a fall, though the figure moves by two points only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.comparing.bootstrap import Difference, Parts, difference
from eval.comparing.pairs import differing
from eval.runs.figures import BY_NAME
from eval.runs.files import Asked, Run, RunUnusable

SIGNIFICANCE = 0.05

# What the gate watches. Of the others each is a coarser or finer view of one of these.
WATCHED = (
    *("right", "found@1", "found@5", "mrr@10", "lexical_found@10", "dense_found@10"),
    *("answer_hit", "first_hit", "short_exact"),
    *("document_cited", "citation_precision", "citation_recall"),
    *("sentences_supported", "figures_exact", "quotes_exact"),
    *("refusal_recall", "refused_wrongly", "conflict_recall"),
)
# Promises, not achievements: one false quote is one too many.
NEVER_FALLS = ("sentences_supported", "figures_exact", "quotes_exact")


@dataclass(frozen=True, slots=True)
class Expected:
    """What was accepted of one gold set: each question's digest and its part in every figure."""

    name: str
    figures: tuple[str, ...]
    questions: Mapping[str, tuple[str, tuple[tuple[float, float], ...]]]
    significance: float = SIGNIFICANCE

    def parts(self, figure: str) -> Parts:
        at = self.figures.index(figure)
        rows = [parts[at] for _, parts in self.questions.values()]
        return np.array(rows, dtype=np.float64).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure against what was expected. `lost` and `won` are ids of questions."""

    figure: str
    difference: Difference | None
    fell: bool
    rose: bool
    lost: tuple[str, ...]
    won: tuple[str, ...]


def expected_of(name: str, run: Run, significance: float = SIGNIFICANCE) -> Expected:
    """A run's outcomes as what is expected from now on."""
    digests = {asked.id: asked.digest for asked in run.header.questions}
    return Expected(
        name,
        WATCHED,
        {
            verdict.id: (
                digests[verdict.id],
                tuple(BY_NAME[figure].part(verdict) for figure in WATCHED),
            )
            for verdict in run.verdicts
        },
        significance,
    )


def check(expected: Expected, run: Run) -> list[Checked]:
    """Every watched figure. Raises: RunUnusable when the run is of other questions."""
    _require_same(expected, run.header.questions)
    verdicts = {verdict.id: verdict for verdict in run.verdicts}
    found = []
    for name in expected.figures:
        figure = BY_NAME[name]
        before = expected.parts(name)
        rows = [figure.part(verdicts[id_]) for id_ in expected.questions]
        after = np.array(rows, dtype=np.float64).reshape(-1, 2)
        sign = 1 if figure.higher_is_better else -1
        lost, won = _moved(list(expected.questions), sign * _shares(before), sign * _shares(after))
        found.append(_checked(name, difference(before, after), sign, lost, won, expected))
    return found


def _checked(
    name: str,
    found: Difference | None,
    sign: int,
    lost: Sequence[str],
    won: Sequence[str],
    expected: Expected,
) -> Checked:
    fell = rose = False
    if found is not None:
        worse, better = (found.p_lower, found.p_higher)[::sign]
        fell = worse < expected.significance and bool(lost)
        rose = better < expected.significance and bool(won)
        if name in NEVER_FALLS:
            fell = fell or found.by < 0
    return Checked(name, found, fell, rose, tuple(lost), tuple(won))


def _shares(parts: Parts) -> Parts:
    """Each question's own share; NaN, which is neither lost nor won, where it has none."""
    whole = parts[:, 1]
    found: Parts = np.divide(parts[:, 0], whole, out=np.full(len(parts), np.nan), where=whole > 0)
    return found


def _moved(ids: Sequence[str], before: Parts, after: Parts) -> tuple[list[str], list[str]]:
    lost = [id_ for id_, one, other in zip(ids, before, after, strict=True) if other < one]
    won = [id_ for id_, one, other in zip(ids, before, after, strict=True) if other > one]
    return lost, won


def _require_same(expected: Expected, questions: Sequence[Asked]) -> None:
    ours = {id_: digest for id_, (digest, _) in expected.questions.items()}
    told = differing(ours, {asked.id: asked.digest for asked in questions})
    if told:
        raise RunUnusable(
            f"what is expected of {expected.name} was written for other gold questions: {told}",
            hint="look at the figures, then accept them with `python -m eval gate … --accept`",
        )
