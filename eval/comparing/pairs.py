"""Two runs question by question: are they of the same questions, and what was won and lost?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

from eval.comparing.bootstrap import Difference, difference, parts_of
from eval.runs.figures import FIGURES, Figure
from eval.runs.files import Run, RunUnusable
from eval.runs.verdict import Verdict

_NAMED = 8  # ids that an error names


@dataclass(frozen=True, slots=True)
class Paired:
    """The verdicts of both runs on the same questions, in the same order."""

    before: tuple[Verdict, ...]
    after: tuple[Verdict, ...]


def pair(before: Run, after: Run, *, common: bool = False) -> Paired:
    """Bring two runs together. With `common` only the questions that both asked alike are taken.

    Raises: RunUnusable, naming the questions, when the gold sets differ otherwise.
    """
    ours = {asked.id: asked.digest for asked in before.header.questions}
    theirs = {asked.id: asked.digest for asked in after.header.questions}
    told = differing(ours, theirs)
    if told and not common:
        raise RunUnusable(
            f"{before.name} and {after.name} are runs of different gold questions: {told}",
            hint="run both with one gold file, or compare what they share with --common",
        )
    shared = {id_ for id_, digest in ours.items() if theirs.get(id_) == digest}
    if not shared:
        raise RunUnusable(
            f"{before.name} and {after.name} share no question",
            hint="give two runs of the same gold file",
        )
    known = {verdict.id: verdict for verdict in after.verdicts}
    first = tuple(verdict for verdict in before.verdicts if verdict.id in shared)
    return Paired(first, tuple(known[verdict.id] for verdict in first))


def differing(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """Which questions differ, in words; empty when none does."""
    parts = (
        ("left out", [id_ for id_ in ours if id_ not in theirs]),
        ("added", [id_ for id_ in theirs if id_ not in ours]),
        ("changed", [id_ for id_ in ours if id_ in theirs and ours[id_] != theirs[id_]]),
    )
    return "; ".join(f"{len(ids)} {what} ({_some(ids)})" for what, ids in parts if ids)


def _some(ids: Sequence[str]) -> str:
    more = f", … {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more


def differences(paired: Paired) -> dict[Figure, Difference | None]:
    """Every figure's difference; None where it bears on no question of one of the runs."""
    return {
        figure: difference(parts_of(figure, paired.before), parts_of(figure, paired.after))
        for figure in FIGURES
    }


def changed(paired: Paired, figure: Figure) -> tuple[list[int], list[int]]:
    """Places of the questions that were won, and of those that were lost, by this figure."""
    won, lost = [], []
    for at, (one, other) in enumerate(zip(paired.before, paired.after, strict=True)):
        by = _outcome(figure, other) - _outcome(figure, one)
        if by > 0:
            won.append(at)
        elif by < 0:
            lost.append(at)
    return won, lost


def _outcome(figure: Figure, verdict: Verdict) -> float:
    """A question's own share, so that more is better; NaN, never won nor lost, without one."""
    numerator, denominator = figure.part(verdict)
    share = numerator / denominator if denominator else nan
    return share if figure.higher_is_better else -share
