"""几点 asks for a time of day, which no date answers."""

import pytest

from service.answer.read.value import may_answer, short_answer
from service.answer.understand.question import analyse


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("11月3日起末班渡轮为晚上九点半。", "晚上九点半"),
        ("末班渡轮21:30开出。", "21:30"),
        ("末班渡轮下午5点开。", "下午5点"),
    ],
)
def test_the_time_of_day_is_taken(quote: str, value: str) -> None:
    question = analyse("末班渡轮是几点？")
    assert may_answer(question, quote)
    assert short_answer(question, quote) == value


def test_a_date_is_no_time_of_day() -> None:
    assert not may_answer(analyse("末班渡轮是几点？"), "11月3日起末班渡轮改点。")
    assert may_answer(analyse("末班渡轮是什么时候？"), "11月3日起末班渡轮改点。")
