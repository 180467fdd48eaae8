"""Tables in PDFs: ruled, open at the sides, aligned, merged, over several pages; and an answer."""

from pathlib import Path
from typing import Any

import pytest

from indexer.embed.builtin import BuiltinEmbedder
from indexer.files.readers import read
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings
from tests.indexer.files.pdf_samples import (
    LONG,
    READ_ROWS,
    ROWS,
    drawing,
    finished,
    flowing,
    pages_of,
    paragraph,
    put,
    put_lines,
    said,
    table,
)

RULED: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
OPEN: list[Any] = [
    ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
    ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black"),
    ("LINEBELOW", (0, -1), (-1, -1), 1, "black"),
]
NO_SIDES: list[Any] = [("INNERGRID", (0, 0), (-1, -1), 0.5, "black"), *OPEN]
ALIGNED: list[Any] = [("ALIGN", (1, 0), (1, -1), "RIGHT")]


@pytest.mark.parametrize("style", [RULED, OPEN, NO_SIDES, ALIGNED])
def test_tables(style: list[Any]) -> None:
    story = [paragraph(LONG), table(ROWS, style), paragraph(LONG)]
    assert said(read("x.pdf", flowing(story))) == [LONG, *READ_ROWS, LONG]


def test_merged_headings_and_cells_of_several_lines() -> None:
    rows = [
        ["地区", "2019年", "", "说明"],
        ["", "计划", "完成", ""],
        ["雷波县", "12", "11", paragraph(LONG, 11, indent=False)],
        ["昭觉县", "30", "28", ""],
    ]
    spans = [(0, 0, 0, 1), (1, 0, 2, 0), (3, 0, 3, 1)]
    style = [*RULED, *(("SPAN", (a, b), (c, d)) for a, b, c, d in spans)]
    content = read("x.pdf", flowing([table(rows, style, colWidths=[70, 60, 60, 220])]))
    assert said(content) == [
        f"地区：雷波县 | 2019年 计划：12 | 2019年 完成：11 | 说明：{LONG}",
        "地区：昭觉县 | 2019年 计划：30 | 2019年 完成：28",
    ]


@pytest.mark.parametrize("repeat", [0, 1])
def test_a_table_over_several_pages_keeps_its_headings(repeat: int) -> None:
    rows = [["县", "退出村"], *([f"第{at}县", str(at * 3)] for at in range(1, 90))]
    content = read("x.pdf", flowing([table(rows, repeatRows=repeat)]))
    assert said(content) == [f"县：第{at}县 | 退出村：{at * 3}" for at in range(1, 90)]
    assert pages_of(content, "县：第1县") == [1]
    assert pages_of(content, "县：第89县") == [3]


def _drawn(canvas: Any, rows: list[list[str]], bottom: float, style: list[Any]) -> None:
    flowable = table(rows, style, colWidths=[120, 80, 80])
    flowable.wrapOn(canvas, 400, 700)
    flowable.drawOn(canvas, 72, bottom)


@pytest.mark.parametrize("style", [RULED, []])
@pytest.mark.parametrize("again", [False, True])
def test_headings_alone_at_the_foot_of_a_page(style: list[Any], again: bool) -> None:
    head, *rows = [*ROWS, ["龙沟乡敬老院", "9万元", "购买棉被"]]
    canvas = drawing()
    put_lines(canvas, 72, 740, [LONG[:40], LONG[40:80]])
    _drawn(canvas, [head], 80, style)
    canvas.showPage()
    _drawn(canvas, [head, *rows] if again else rows, 600, style)
    content = read("x.pdf", finished(canvas))
    assert said(content)[-4:] == [*READ_ROWS, "受赠方：龙沟乡敬老院 | 金额：9万元 | 用途：购买棉被"]
    assert pages_of(content, "受赠方：龙沟乡卫生院") == [2]


@pytest.mark.parametrize("between", ["续表", "表3 捐赠（续）", "单位：元", "(continued)"])
@pytest.mark.parametrize("alone", [True, False])
def test_a_line_that_says_so_lets_a_table_go_on(between: str, alone: bool) -> None:
    canvas = drawing()
    _drawn(canvas, ROWS[:1] if alone else ROWS[:2], 80, RULED)
    canvas.showPage()
    put_lines(canvas, 72, 740, [between])
    _drawn(canvas, ROWS[1:] if alone else ROWS[2:], 600, RULED)
    told = [line for line in said(read("x.pdf", finished(canvas))) if " | " in line]
    assert told == READ_ROWS


def test_another_table_at_the_head_of_a_page_keeps_its_own_headings() -> None:
    canvas = drawing()
    _drawn(canvas, ROWS, 80, RULED)
    canvas.showPage()
    _drawn(canvas, [["部门", "人数", "负责人"], ["档案科", "4", "孟川"]], 600, RULED)
    assert said(read("x.pdf", finished(canvas))) == [
        *READ_ROWS,
        "部门：档案科 | 人数：4 | 负责人：孟川",
    ]


def test_the_answer_is_in_a_cell_on_the_second_page(tmp_path: Path) -> None:
    canvas = drawing()
    put(canvas, 72, 780, "2020年捐赠情况", 20)
    put_lines(canvas, 72, 740, ["捐赠由学校工会经手，物资逐笔登记入账，年底公布结余。"])
    canvas.showPage()
    flowable = table(ROWS)
    flowable.wrapOn(canvas, 400, 400)
    flowable.drawOn(canvas, 72, 600)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "捐赠.pdf").write_bytes(finished(canvas))
    build([tmp_path / "docs"], tmp_path / "index", BuiltinEmbedder())
    answer = Archive.open(tmp_path / "index", Settings()).ask("龙沟乡卫生院受赠金额是多少？")
    assert "5万元" in answer.answer
    assert {(each.source, each.page) for each in answer.citations} == {("捐赠.pdf", 2)}
