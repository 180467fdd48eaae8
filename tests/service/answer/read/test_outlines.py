"""Numbered items and dated entries as rows."""

import pytest

from service.answer.read.outlines import outlines_of

WORKS = (
    "2023年安排水利工程三项：\n"
    "1. 南桥加固：总投资320万元，由水务站负责，4月开工。\n"
    "2. 北渠清淤：总投资85万元，由灌区所负责，9月开工。\n"
    "3. 西塘护坡：总投资140万元，由水务站负责。\n"
)
MINUTES = (
    "院务会议纪要\n2023年1月9日　第一次院务会\n主持：院长郭岱。出席12人。通过年度预算。\n"
    "2023年3月2日　第二次院务会\n主持：副院长倪桐。出席9人。\n"
)
BOARD = (
    "Minutes\n3 March 2024. Present: 7. Chair: Ms Ida Brand. The budget was adopted.\n"
    "9 June 2024. Present: 5. Chair: Mr Tom Ferris. Nothing was decided.\n"
)


def test_an_item_is_a_row_of_what_most_items_tell() -> None:
    (table,) = outlines_of(WORKS)
    assert table.lead == "2023年安排水利工程三项:"
    assert [dict(record.cells) for record in table.records] == [
        {"序号": "1", "名称": "南桥加固", "总投资": "320万元", "负责": "水务站", "开工": "4月"},
        {"序号": "2", "名称": "北渠清淤", "总投资": "85万元", "负责": "灌区所", "开工": "9月"},
        {"序号": "3", "名称": "西塘护坡", "总投资": "140万元", "负责": "水务站"},
    ]


def test_an_entry_goes_on_in_the_line_below_its_date() -> None:
    (table,) = outlines_of(MINUTES)
    assert [dict(record.cells) for record in table.records] == [
        {"日期": "2023年1月9日", "名称": "第一次院务会", "主持": "院长郭岱", "出席": "12人"},
        {"日期": "2023年3月2日", "名称": "第二次院务会", "主持": "副院长倪桐", "出席": "9人"},
    ]
    first = table.records[0]
    assert MINUTES[first.start : first.end].endswith("通过年度预算。")


def test_english_entries_have_labels() -> None:
    (table,) = outlines_of(BOARD)
    assert [record.at("Present") for record in table.records] == ["7", "5"]
    assert [record.at("Chair") for record in table.records] == ["Ms Ida Brand", "Mr Tom Ferris"]


@pytest.mark.parametrize(
    "text",
    [
        "1. 今天下雨，路很滑。\n2. 明天也许放晴，可以出门走走看看。\n",  # nothing is labelled
        "1. 南桥加固：总投资320万元。\n",  # one item alone
        "5月1日　晴。巡山十四公里。\n5月3日　雨，没有出门，在站里修理工具。\n",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    assert outlines_of(text) == []
