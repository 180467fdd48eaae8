"""Figures of a whole list of verdicts that are no ratio of sums: what the confidence is worth.

Knows verdicts and the metrics of refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.metrics.refusal import coverage_at_risk, refused_at, risk_coverage_area
from eval.runs.verdict import Verdict

RISK = 0.05  # of the answers wrong, at most: the coverage that this leaves
PRICES = (0.03, 0.05)  # of the answerable refused, at most: the refusals that this buys

AREA = "risk_area"


@dataclass(frozen=True, slots=True)
class Curve:
    """A figure from 0 to 1 over all verdicts together, and how many of them it bears on."""

    name: str
    chinese: str
    definition: str
    chinese_definition: str
    value: Callable[[Sequence[Verdict]], float | None]
    over: Callable[[Sequence[Verdict]], int]
    higher_is_better: bool = True


def answered(verdicts: Sequence[Verdict]) -> tuple[list[float], list[bool]]:
    """Confidence of each answer that was given, and whether it is wrong. Refused ones are none."""
    given = [verdict for verdict in verdicts if not verdict.abstained]
    return [verdict.confidence for verdict in given], [not verdict.right for verdict in given]


def _area(verdicts: Sequence[Verdict]) -> float | None:
    confidences, wrong = answered(verdicts)
    return risk_coverage_area(confidences, wrong) if wrong else None


def _coverage(verdicts: Sequence[Verdict]) -> float | None:
    confidences, wrong = answered(verdicts)
    return coverage_at_risk(confidences, wrong, len(verdicts), RISK) if verdicts else None


def parted(verdicts: Sequence[Verdict]) -> tuple[list[float], list[float]]:
    """How sure the service is that it can answer: those with an answer, and those without."""
    sure = [(verdict.answerable, verdict.answer_confidence) for verdict in verdicts]
    with_answer = [confidence for answerable, confidence in sure if answerable]
    return with_answer, [confidence for answerable, confidence in sure if not answerable]


def _refused_at(price: float) -> Callable[[Sequence[Verdict]], float | None]:
    def value(verdicts: Sequence[Verdict]) -> float | None:
        answerable, others = parted(verdicts)
        return refused_at(answerable, others, price) if answerable and others else None

    return value


def _unanswerable(verdicts: Sequence[Verdict]) -> int:
    answerable, others = parted(verdicts)
    return len(others) if answerable else 0


def _price(price: float) -> Curve:
    share = f"{100 * price:g}"
    return Curve(
        f"refused_at_{share}",
        f"误拒{share}%时该拒则拒",
        "Questions without an answer that a limit on confidence refuses which refuses at most "
        f"{share} % of those with one, wherever the service's own limit stands.",
        f"若把把握的界限定在最多误拒 {share}% 有答案的问题处，无答案的问题有多少被拒。",
        _refused_at(price),
        _unanswerable,
    )


CURVES: tuple[Curve, ...] = (
    Curve(
        AREA,
        "风险覆盖面积",
        "Share that is wrong among the surest answers, averaged over every number of them: 0 would "
        "be all right, and a coin's confidence gives the share of wrong answers. Refused questions "
        "are not covered; answers to questions without one are wrong.",
        "按把握从大到小，前若干个回答中错误的比例，对各个数目取平均：0 为全对；"
        "把握毫无意义时，等于答错的比例。拒答的问题不算作答；无答案的问题，凡作答即为错。",
        _area,
        lambda verdicts: len(answered(verdicts)[1]),
        higher_is_better=False,
    ),
    Curve(
        "coverage_at_5",
        "错5%时的作答率",
        "Largest share of all questions that a limit on confidence lets be answered with at most "
        "5 % of the answers wrong.",
        "若限定答错的至多占 5%，按把握从大到小最多能答多少问题。",
        _coverage,
        len,
    ),
    *(_price(price) for price in PRICES),
)

CURVE_BY_NAME: Mapping[str, Curve] = {curve.name: curve for curve in CURVES}
