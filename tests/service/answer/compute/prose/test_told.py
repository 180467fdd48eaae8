"""What the figures of a sentence are of, and what they changed from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answer.compute.prose.told import Role, told_in


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("门诊量12.4万人次，比上年增长8.5%。",
         [("value", "12.4万人次", "门诊量", ""), ("change", "8.5%", "门诊量", "上年")]),
        ("参保人数从45人增至52人。",
         [("before", "45人", "参保人数", ""), ("after", "52人", "参保人数", "")]),
        ("门票原为30元，现调整为45元。",
         [("before", "30元", "门票", "原"), ("after", "45元", "门票", "原")]),
        ("女职工28名，占62.2%。",
         [("value", "28名", "女职工", ""), ("share", "62.2%", "女职工", "")]),
        ("外銷柚子由260公噸增至415公噸。",
         [("before", "260", "外销柚子", ""), ("after", "415公噸", "外销柚子", "")]),
        ("The council employs 418 people, up from 395 in 2021.",
         [("before", "395", "council employs", "2021"),
          ("after", "418 people", "council employs", "2021")]),
    ],
)  # fmt: skip
def test_each_figure_has_its_role(sentence: str, expected: list[tuple[str, ...]]) -> None:
    found = [(t.role.value, t.written, t.subject, t.base) for t in told_in(sentence)]
    assert found == expected


def test_parts_are_marked_and_the_whole_is_none() -> None:
    whole, *parts = told_in("总投资4500万元，其中中央资金2000万元、省级资金1500万元。")
    assert not whole.is_part
    assert [(part.subject, part.is_part) for part in parts] == [
        ("中央资金", True),
        ("省级资金", True),
    ]


_PIECES = ["门诊量", "由", "3人", "增至", "50元", "，", "比上年", "增长", "8%", "其中", "、",
           "2024年", "本月", "1,203人次", "。", "up from ", " 395", "（", "）"]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_every_figure_stands_where_it_is_said_to(sentence: str) -> None:
    for told in told_in(sentence):
        assert sentence[told.start : told.end].strip() == told.written
        assert (told.rises is None) == (told.role in (Role.VALUE, Role.SHARE))
