"""What confidence is worth: risk against coverage, and refusals at a fixed price. Knows confidences
and outcomes alone.
"""

from collections.abc import Sequence


def risk_coverage(confidences: Sequence[float], wrong: Sequence[bool]) -> list[float]:
    """The risk (share that is wrong) among the k most confident, for k = 1 to n.

    El-Yaniv & Wiener 2010. Answers of equal confidence come in together: each gets the group's
    mean, so that no order among them is pretended.

    The surest is right, so are half of the two that come next, the last is wrong:
    >>> risk_coverage([0.9, 0.5, 0.5, 0.1], [False, True, False, True])
    [0.0, 0.25, 0.3333333333333333, 0.5]
    """
    risks: list[float] = []
    errors = 0.0
    for group in _groups(confidences):
        share = sum(wrong[at] for at in group) / len(group)
        for _ in group:
            errors += share
            risks.append(errors / (len(risks) + 1))
    return risks


def risk_coverage_area(confidences: Sequence[float], wrong: Sequence[bool]) -> float:
    """The mean of `risk_coverage`: AURC (Geifman & El-Yaniv 2017). 0 is best; 0 for no answers.

    Risks 0, 1/2 and 1/3 have the mean 5/18, for the second surest is wrong:
    >>> round(risk_coverage_area([0.9, 0.8, 0.7], [False, True, False]), 4)
    0.2778
    """
    risks = risk_coverage(confidences, wrong)
    return sum(risks) / len(risks) if risks else 0.0


def coverage_at_risk(
    confidences: Sequence[float], wrong: Sequence[bool], questions: int, risk: float
) -> float:
    """The largest share of all questions that can be answered with no more than `risk` wrong.

    Of `questions`, some may have no answer here: those were refused and are never covered. A limit
    on confidence can't part answers of one confidence, so these count together or not at all.

    Of four questions three are answered; the surest two may be, for half of three is too much:
    >>> coverage_at_risk([0.9, 0.8, 0.7], [False, False, True], 4, 0.25)
    0.5
    """
    covered = answered = errors = 0
    for group in _groups(confidences):
        answered += len(group)
        errors += sum(wrong[at] for at in group)
        if errors <= risk * answered:
            covered = answered
    return covered / questions if questions else 0.0


def limit_at(answerable: Sequence[float], price: float) -> float:
    """The highest limit on confidence under which no more than `price` of the answerable lie.

    What is surer, or as sure, is answered. 1 or more where all may be refused.

    Of four, one may be refused: the least sure, so that the limit is the next one's confidence:
    >>> limit_at([0.9, 0.2, 0.6, 0.4], 0.25)
    0.4
    """
    ordered = sorted(answerable)
    may_go = int(price * len(ordered) + 1e-9)
    return ordered[may_go] if may_go < len(ordered) else float("inf")


def refused_at(answerable: Sequence[float], others: Sequence[float], price: float) -> float:
    """Share of `others` (questions without an answer) under `limit_at`: rightly refused when at
    most `price` of the answerable are refused wrongly.

    With the limit of 0.4, two of three are refused; one of them is as sure as the limit:
    >>> round(refused_at([0.9, 0.2, 0.6, 0.4], [0.1, 0.3, 0.4], 0.25), 4)
    0.6667
    """
    limit = limit_at(answerable, price)
    return sum(confidence < limit for confidence in others) / len(others) if others else 0.0


def _groups(confidences: Sequence[float]) -> list[list[int]]:
    """Positions by falling confidence; those of equal confidence together."""
    groups: dict[float, list[int]] = {}
    for at in sorted(range(len(confidences)), key=lambda at: -confidences[at]):
        groups.setdefault(confidences[at], []).append(at)
    return list(groups.values())
