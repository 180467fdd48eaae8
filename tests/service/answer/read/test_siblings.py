"""Other names of a kind, and the rule that none of them is the name itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answer.read.siblings import leads_with_another, others_of_kind

_CORES = st.sampled_from(["柳沟", "石坝", "青川", "白水", "东岭"])
_KINDS = st.sampled_from(["村", "县"])


@pytest.mark.parametrize(
    ("name", "text", "others"),
    [
        ("石坝村", "柳沟村帮扶简报", ["柳沟村"]),
        ("石坝村", "一所在柳沟村,一所在石坝村。", ["柳沟村"]),
        ("石坝村卫生室", "柳沟村帮扶简报", ["柳沟村"]),
        ("石坝村", "白水县帮扶简报", []),
        ("白水县", "退出村三十二个,各县均已验收。", []),
    ],
)
def test_others_of_the_kind_are_found(name: str, text: str, others: list[str]) -> None:
    assert [entity.text for entity in others_of_kind(name, text)] == others


@pytest.mark.parametrize(
    ("name", "text", "leads"),
    [
        ("石坝村", "柳沟村的问题有三十一个。", True),
        ("石坝村", "- 柳沟村: 三十一个问题", True),
        ("石坝村", "问题最多的是柳沟村。", False),
        ("白水县", "县: 东岭 | 退出村: 8个", True),
        ("白水县", "县: 白水 | 退出村: 8个", False),
    ],
)
def test_a_line_is_about_what_it_begins_with(name: str, text: str, leads: bool) -> None:
    assert leads_with_another(name, text) is leads


@given(_CORES, _KINDS, st.lists(st.tuples(_CORES, _KINDS), max_size=4))
def test_no_name_is_its_own_sibling(core: str, kind: str, others: list[tuple[str, str]]) -> None:
    text = ",".join(f"{each}{end}有三户" for each, end in [(core, kind), *others])
    assert all(core not in entity.text for entity in others_of_kind(core + kind, text))
