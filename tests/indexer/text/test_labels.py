"""Labels by hand; every label stands where it says, and names itself."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.text.labels import _PATTERNS, find_labels, name_other_things, shares_label
from indexer.text.normalise import fold


def names(text: str) -> list[str]:
    return [label.name for label in find_labels(fold(text))]


def test_labels_have_one_name_in_all_spellings() -> None:
    assert names("三号楼") == names("3号楼") == names("３ 號樓") == ["3号"]
    assert names("第十二组") == names("第12组") == ["12组"]
    assert names("Wi-Fi 6") == names("WiFi6") == ["wifi6"]
    assert names("TX-900-B") == names("tx900-b") == ["tx900b"]


def test_values_and_days_are_no_labels() -> None:
    for text in ("共3栋楼", "5月3号", "in 2020", "3.5公里", "一号召集"):
        assert names(text) == [], text


def test_two_labels_of_one_sort_name_two_things() -> None:
    assert name_other_things(fold("2号仓库存粮"), fold("三号仓库存粮"))
    assert name_other_things("c语言", "c++")
    assert not name_other_things(fold("2号仓库"), fold("二号仓库和3号仓库"))
    assert not name_other_things(fold("2号仓库"), fold("仓库"))
    assert shares_label(fold("二号库"), fold("2号库"))


@given(st.text("第三3号楼组月栋bc+#.-6 十", max_size=20))
def test_a_label_stands_in_its_text_and_differs_from_no_text_with_itself(text: str) -> None:
    for label in find_labels(text):
        assert text[label.start : label.end]
    assert not name_other_things(text, text)


@given(st.text("三3第十组班队期号楼单元车间标段座区栋甲a- #0", max_size=20))
def test_a_text_is_passed_over_only_where_nothing_stands_in_it(text: str) -> None:
    for pattern, core in _PATTERNS:
        assert core.search(text) or not pattern.search(text)
