"""What 学校, 该村 and 我局 stand for, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.structure.subjects import Subjects


def _of(text: str, part: str, *heads: str, headings: tuple[str, ...] = ()) -> str | None:
    start = text.index(part)
    return Subjects(text, heads).of(start, start + len(part), headings)


def test_the_title_names_what_the_text_calls_school() -> None:
    text = "帮扶工作顺利。\n学校派出教师六人，捐书三千册。"
    part = "学校派出教师六人，捐书三千册。"
    assert _of(text, part, "南昌大学对口支援纪实") == "南昌大学"
    assert _of(text, part, "对口支援纪实") is None


def test_headings_come_before_the_title() -> None:
    part = "我局派驻干部五名。"
    found = _of(part, part, "市民政局会议材料汇编", headings=("交流发言", "市水利局"))
    assert found == "市水利局"


def test_what_the_passage_says_itself_is_not_added() -> None:
    part = "南昌大学派出教师六人，学校还捐书。"
    assert _of(part, part, "南昌大学纪实") is None


def test_that_village_is_the_one_named_last() -> None:
    text = "工作队先到大湾村看茶园。又走访了清水村两户人家。\n该村去年修路三公里。"
    assert _of(text, "该村去年修路三公里。", "大湾村走访记") == "清水村"


def test_without_a_heading_the_name_most_often_told() -> None:
    text = (
        "南昌大学今年对口支援三个县。南昌大学附近的企业也捐了款。井冈山大学参加。\n"
        "学校每年拨款五十万元。"
    )
    assert _of(text, "学校每年拨款五十万元。") == "南昌大学"


@pytest.mark.parametrize(
    "part",
    ["孩子们住进寄宿制学校，不再走山路。", "全省供电区内电价下调。", "村民人均收入增加。"],
)
def test_words_of_others_stand_for_nothing(part: str) -> None:
    found = _of(f"南昌大学与清水村结对。\n{part}", part, "南昌大学与清水村结对")
    assert found is None


@given(st.text(st.sampled_from("学校大小村县该我局院，。南昌医省里\n"), max_size=60))
def test_any_text_gives_names_of_its_own_or_none(text: str) -> None:
    subjects = Subjects(text, ("南昌大学",))
    for start in range(0, len(text), 7):
        found = subjects.of(start, len(text), ())
        for name in (found or "").split("、") if found else ():
            assert name in text or name == "南昌大学"
            assert name not in text[start:]
