"""Lists by hand: what leads their items, on lines and within a paragraph."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.structure.lists import find_lists


def _found(text: str) -> list[tuple[str, str]]:
    return [(text[led.start : led.end], led.lead) for led in find_lists(text, 0, len(text))]


def test_items_on_lines_have_the_line_above_as_lead() -> None:
    items = "1. 身份证复印件\n2. 近期照片两张\n\n3. 申请表"
    text = f"会议开始。\n申请材料包括：\n{items}\n办理地点在二楼。"
    assert _found(text) == [(items, "申请材料包括")]


def test_only_the_last_sentence_before_the_colon_leads() -> None:
    text = "馆舍去年翻新。今年新增三项服务：\n- 夜间借阅\n- 送书上门"
    assert _found(text) == [("- 夜间借阅\n- 送书上门", "今年新增三项服务")]


def test_items_in_a_paragraph() -> None:
    text = "全年做了三件事：一是修路十公里；二是打井五眼；三是建校一所。\n别的不提。"
    assert _found(text) == [("一是修路十公里；二是打井五眼；三是建校一所。", "全年做了三件事")]


def test_one_item_is_no_list_and_a_full_stop_does_not_lead() -> None:
    assert _found("安排如下：\n1. 上午报到\n下午散会。") == []
    assert _found("会议结束。\n1. 上午报到\n2. 下午散会") == []
    assert _found("版本是：1.2.3，不是列表。") == []


@given(st.text(st.sampled_from("一二是要第、：；。\n1.2（）()-甲乙 "), max_size=80))
def test_lists_lie_in_the_text_and_have_a_lead(text: str) -> None:
    for led in find_lists(text, 0, len(text)):
        assert 0 <= led.start < led.end <= len(text)
        assert led.lead
        assert led.lead in text[: led.start]
