"""A run made whole for the report: questions that a stopped run never asked count as wrong."""

from __future__ import annotations

from dataclasses import replace

from eval.gold import GoldQuestion, Kind
from eval.report.why import NOT_ASKED
from eval.runs.files import Asked, Run
from eval.runs.judge import crashed
from eval.runs.verdict import DEPTH, Verdict
from service.records import Turn


def whole(run: Run) -> tuple[Verdict, ...]:
    """A verdict for each question of the gold file, in its order."""
    known = {verdict.id: verdict for verdict in run.verdicts}
    return tuple(
        known[asked.id] if asked.id in known else not_asked(asked) for asked in run.header.questions
    )


def passages_given(run: Run) -> int:
    """How many passages an answer was given; DEPTH where the run does not tell."""
    k = run.header.settings.get("k")
    return k if isinstance(k, int) else DEPTH


def not_asked(asked: Asked) -> Verdict:
    """Wrong everywhere. The run does not hold its answers: one required value is assumed, or two
    where the kind has several.
    """
    several = asked.kind.needs_every_group or asked.kind is Kind.LIST
    groups = 0 if asked.kind is Kind.NO_ANSWER else 2 if several else 1
    history = (Turn("user", ""),) if asked.kind is Kind.FOLLOW_UP else ()
    question = GoldQuestion(asked.id, asked.kind, asked.question, ((),) * groups, (), history)
    return replace(crashed(question, NOT_ASKED), expected=())
