"""The figure guard: what may be said on the strength of a quote, and what may not."""

import pytest

from service.answer.guard.verify import support_of
from service.records import Support

QUOTE = "2019年底，帮扶的99个村已经脱贫，帮助就业3428人，贫困发生率从29.3%降至21.1%。"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("帮助就业3428人", Support.QUOTED),
        ("幫助就業3428人", Support.QUOTED),
        ("帮扶单位帮助就业三千四百二十八人。", Support.VERIFIED),
        ("帮扶单位帮助就业3429人。", Support.UNVERIFIED),
        ("帮扶单位帮助就业3428户。", Support.UNVERIFIED),
        ("贫困发生率降至21.1%。", Support.VERIFIED),
        ("贫困发生率降至21.1。", Support.UNVERIFIED),
        ("贫困发生率升到30%。", Support.UNVERIFIED),
        ("2018年底99个村已经脱贫。", Support.UNVERIFIED),
        ("并未帮助就业3428人。", Support.UNVERIFIED),
        ("帮扶的99个村在《扶贫条例》后脱贫。", Support.UNVERIFIED),
        ("雷波县修建了公路和桥梁。", Support.UNVERIFIED),
    ],
)
def test_support(sentence: str, expected: Support) -> None:
    assert support_of(sentence, [QUOTE]) is expected


def test_nothing_cited_proves_nothing() -> None:
    assert support_of("帮助就业3428人", []) is Support.UNVERIFIED


def test_direction_words_must_agree() -> None:
    assert support_of("就业人数减少3428人。", ["就业人数增加3428人。"]) is Support.UNVERIFIED
