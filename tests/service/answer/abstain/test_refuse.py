"""When an answer is refused, and which reason is given."""

import pytest

from indexer.records import Passage
from service.answer.abstain.refuse import REFUSE_AT, judge
from service.answer.evidence import Evidence, Reading
from service.records import AbstentionReason, Hit

QUOTE = "“育蕾基金”奖励学生80名。"


def reading(confidence: float, treated: float = 0.9) -> Reading:
    hit = Hit(1, 1.0, Passage("a", "a", 0, len(QUOTE), QUOTE, "小结"), "", None, None, None, None)
    return Reading((Evidence(hit, 0, len(QUOTE), QUOTE, 0.5),), confidence, treated=treated)


def test_what_is_sure_enough_is_answered() -> None:
    assert judge(reading(0.9)) is None
    assert judge(reading(REFUSE_AT)) is None


@pytest.mark.parametrize(
    ("treated", "reason"),
    [
        (0.9, AbstentionReason.FACT_NOT_FOUND),
        (0.1, AbstentionReason.NO_RELEVANT_DOCUMENT),
    ],
)
def test_the_reason_tells_whether_the_subject_is_there(
    treated: float, reason: AbstentionReason
) -> None:
    assert judge(reading(REFUSE_AT - 0.01, treated)) is reason


def test_the_operator_names_the_price() -> None:
    assert judge(reading(0.5), refuse_at=0.6) is AbstentionReason.FACT_NOT_FOUND
    assert judge(reading(0.01), refuse_at=0.0) is None


def test_without_evidence_there_is_never_an_answer() -> None:
    said = judge(Reading((), 1.0), refuse_at=0.0)
    assert said is AbstentionReason.NO_RELEVANT_DOCUMENT
