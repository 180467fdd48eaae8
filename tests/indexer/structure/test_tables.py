"""What stands above a table goes with each of its rows, and no passage mixes two tables."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed.builtin import BuiltinEmbedder
from indexer.files.lines import split_lines
from indexer.pipeline import build
from indexer.structure.tables import find_tables
from service.archive import Archive
from service.settings import Settings

YEARS = """| 年份 | 上半年 | 下半年 |
| --- | --- | --- |
| 2021 | {} | {} |
| 2022 | {} | {} |
"""


def _leads(text: str) -> list[tuple[str, ...]]:
    return [table.leads for table in find_tables(split_lines(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "表3 粮食产量\n单位：吨\n乡：甲 | 小麦：3\n乡：乙 | 小麦：4",
            [("表3 粮食产量", "单位：吨")],
        ),
        ("表3 糧食產量\n（單位：噸）\n鄉：甲 | 小麥：3", [("表3 糧食產量", "（單位：噸）")]),
        ("Wheat by county, in tonnes:\ncounty：A | wheat：3", [("Wheat by county, in tonnes:",)]),
        ("县：甲 | 户：3\n注：含外来户。\n乡：乙 | 人：4", [(), ()]),
        (
            "产量（吨）\n年：1 | 麦：3\n面积（亩）\n年：1 | 麦：9",
            [("产量（吨）",), ("面积（亩）",)],
        ),
        (
            "单位：万元\n项：灯 | 款：3\n二、其他\n项：桌 | 款：4",
            [("单位：万元",), ("单位：万元", "二、其他")],
        ),
        ("县：甲 | 户：3\n镇：乙 | 人：4", [(), ()]),
    ],
)
def test_leads(text: str, expected: list[tuple[str, ...]]) -> None:
    assert _leads(text) == expected


def test_of_a_long_paragraph_the_sentence_that_announces_the_table() -> None:
    long = "前些年雨水偏少，各乡收成不好，储备也不足，只能从外地调运，运费由县里承担，" * 3 + "。"
    assert _leads(f"{long}各乡产量见下表，单位为吨。\n乡：甲 | 小麦：3") == [
        ("各乡产量见下表，单位为吨。",)
    ]


def test_no_lead_is_taken_from_above_a_heading() -> None:
    lines = split_lines("各户收入如下：\n第二章\n乡：甲 | 小麦：3")
    assert find_tables(lines, {lines[1].start})[0].leads == ()


@given(
    st.lists(
        st.sampled_from(
            ["县：甲 | 户：3", "县：乙 | 户：4", "乡：丙 | 人：5", "单位：户", "正文。"]
        )
    )
)
def test_every_row_is_in_one_table(picked: list[str]) -> None:
    text = "\n".join(picked)
    tables = find_tables(split_lines(text))
    for line in split_lines(text):
        holding = [table for table in tables if table.first <= line.start < table.end]
        assert len(holding) == (" | " in line.text)


def test_tables_of_one_shape_are_told_apart_by_what_stands_above_them(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "年报.md").write_text(
        "# 松鹤水厂年报\n\n以下为松鹤水厂2021年和2022年的供水量，单位为万吨。\n\n"
        + YEARS.format(310, 325, 333, 348)
        + "\n以下为松鹤水厂2021年和2022年的漏损量，单位为万吨。\n\n"
        + YEARS.format(21, 26, 19, 17),
        encoding="utf-8",
    )
    build([tmp_path / "docs"], tmp_path / "index", BuiltinEmbedder())
    archive = Archive.open(tmp_path / "index", Settings())
    assert archive.ask("2021年下半年漏损量是多少？").answer == (
        "26万吨。[1]\n年份：2021 | 上半年：21 | 下半年：26[1]"
    )
    assert archive.ask("松鹤水厂2022年上半年的供水量是多少？").answer == (
        "333万吨。[1]\n年份：2022 | 上半年：333 | 下半年：348[1]"
    )


@pytest.mark.parametrize("count", [64, 2000])
def test_each_row_of_a_long_table_is_found_with_its_caption(tmp_path: Path, count: int) -> None:
    (tmp_path / "docs").mkdir()
    rows = "".join(f"| Q{at:04d}号井 | {at * 7 % 991 + 10} |\n" for at in range(count))
    text = f"# 水井普查\n\n表2 各井深度，单位：米\n\n| 井号 | 深度 |\n| --- | --- |\n{rows}"
    (tmp_path / "docs" / "井.md").write_text(text, encoding="utf-8")
    build([tmp_path / "docs"], tmp_path / "index", BuiltinEmbedder())
    archive = Archive.open(tmp_path / "index", Settings())
    for at in (0, count // 2, count - 1):
        hit = archive.search(f"Q{at:04d}号井的深度是多少米？").hits[0]
        assert f"井号：Q{at:04d}号井 | 深度：{at * 7 % 991 + 10}" in hit.passage.text
        assert "表2 各井深度，单位：米" in hit.passage.context
