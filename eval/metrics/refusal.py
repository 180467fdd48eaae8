"""What confidence is worth: risk against coverage. Knows confidences and outcomes alone."""

from collections.abc import Sequence


def risk_coverage(confidences: Sequence[float], wrong: Sequence[bool]) -> list[float]:
    """The risk (share that is wrong) among the k most confident, for k = 1 to n.

    El-Yaniv & Wiener 2010. Answers of equal confidence come in together: each gets the group's
    mean, so that no order among them is pretended.

    The surest is right, so are half of the two that come next, the last is wrong:
    >>> risk_coverage([0.9, 0.5, 0.5, 0.1], [False, True, False, True])
    [0.0, 0.25, 0.3333333333333333, 0.5]
    """
    order = sorted(range(len(wrong)), key=lambda at: -confidences[at])
    risks: list[float] = []
    errors = 0.0
    at = 0
    while at < len(order):
        group = [i for i in order[at:] if confidences[i] == confidences[order[at]]]
        share = sum(wrong[i] for i in group) / len(group)
        for _ in group:
            errors += share
            risks.append(errors / (len(risks) + 1))
        at += len(group)
    return risks


def risk_coverage_area(confidences: Sequence[float], wrong: Sequence[bool]) -> float:
    """The mean of `risk_coverage`: AURC (Geifman & El-Yaniv 2017). 0 is best; 0 for no answers.

    Risks 0, 1/2 and 1/3 have the mean 5/18, for the second surest is wrong:
    >>> round(risk_coverage_area([0.9, 0.8, 0.7], [False, True, False]), 4)
    0.2778
    """
    risks = risk_coverage(confidences, wrong)
    return sum(risks) / len(risks) if risks else 0.0
