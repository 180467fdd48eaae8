"""Forms read label by label, blanks in place, in every format; and tables that are none."""

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed.builtin import BuiltinEmbedder
from indexer.files.readers import read
from indexer.files.readers.table_grid import lines_of
from indexer.files.readers.tables import Cell
from indexer.pipeline import build
from indexer.records import BLANK_CELL
from service.archive import Archive
from service.settings import Settings
from tests.indexer.files.office_samples import lines, saved
from tests.indexer.files.pdf_samples import flowing, said, table

CARD = [
    ["姓名", "孟川", "性别", "男"],
    ["籍贯", "", "学位", "硕士"],
    ["部门", "档案科", "职务", "负责人"],
    ["邮箱", "", "婚否", ""],
]
READ_CARD = [
    "姓名：孟川 | 性别：男",
    "姓名：孟川 | 籍贯：（空） | 学位：硕士",
    "姓名：孟川 | 部门：档案科 | 职务：负责人",
    "姓名：孟川 | 邮箱：（空） | 婚否：（空）",
]


def _grid(rows: Sequence[str]) -> list[list[Cell]]:
    """`a | b | <`: the third cell is the second one going on."""
    grid = []
    for row in rows:
        cells: list[Cell] = []
        for text in map(str.strip, row.split("|")):
            cells.append(Cell(cells[-1].text, across=True) if text == "<" else Cell(text))
        grid.append(cells)
    return grid


def _lines(*rows: str) -> list[str]:
    return [line for _, line in lines_of(_grid(rows))]


def _word_file(rows: Sequence[Sequence[str]]) -> bytes:
    document = docx.Document()
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return saved(document)


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([text or None for text in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _page(rows: Sequence[Sequence[str]], label: str = "td") -> bytes:
    body = "".join(
        "<tr>"
        + "".join(
            f"<{tag}>{text}</{tag}>"
            for tag, text in ((("td", label)[at % 2 == 0], text) for at, text in enumerate(row))
        )
        + "</tr>"
        for row in rows
    )
    return f"<html><body><table>{body}</table></body></html>".encode()


def test_a_form_reads_the_same_in_every_format() -> None:
    assert lines("a.docx", _word_file(CARD)) == READ_CARD
    assert lines("a.xlsx", _workbook(CARD)) == READ_CARD
    assert lines("a.html", _page(CARD))[1:] == READ_CARD
    assert lines("a.html", _page(CARD, label="th"))[1:] == READ_CARD
    assert said(read("a.pdf", flowing([table(CARD)]))) == READ_CARD
    commas = "\n".join(",".join(row) for row in CARD)
    assert lines("a.csv", commas.encode()) == READ_CARD
    ruled = ["|".join(row) for row in CARD]
    markdown = "\n".join([ruled[0], "--|--|--|--", *ruled[1:]])
    assert [line for line in lines("a.md", markdown.encode()) if line] == READ_CARD


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (  # blank columns stand between the pairs
            ["姓名|孟川||年龄|41|", "民族|||学历|大专|"],
            ["姓名：孟川 | 年龄：41", "姓名：孟川 | 民族：（空） | 学历：大专"],
        ),
        (["出生年份|1990", "年龄|41", "工龄|8"], ["出生年份：1990", "年龄：41", "工龄：8"]),
        (  # parts with headings over the whole width
            [
                "基本情况|<|<|<",
                "姓名|孟川|学历|大专",
                "家属|<|<|<",
                "称谓|姓名|职务|电话",
                "父亲|孟山|退休|",
                "审批|<|<|<",
                "负责人|何英|日期|",
            ],
            [
                "基本情况",
                "姓名：孟川 | 学历：大专",
                "家属",
                "称谓：父亲 | 姓名：孟山 | 职务：退休",
                "审批",
                "姓名：孟川 | 负责人：何英 | 日期：（空）",
            ],
        ),
        (  # here blanks stand where there is a merged cell in the other rows
            ["姓名|孟川|<|性别|男|<", "籍贯|||学历|大专|", "住址|柳巷3号|<|<|<|<"],
            [
                "姓名：孟川 | 性别：男",
                "姓名：孟川 | 籍贯：（空） | 学历：大专",
                "姓名：孟川 | 住址：柳巷3号",
            ],
        ),
        (  # set wide, with colons; six columns
            ["姓  名：|孟川|性　别：|男|年  龄：|41", "籍  贯：||特 长：|书法|电  话：|"],
            [
                "姓名：孟川 | 性别：男 | 年龄：41",
                "姓名：孟川 | 籍贯：（空） | 特长：书法 | 电话：（空）",
            ],
        ),
        (  # a value over several columns, a picture at the side
            ["姓名|孟川|性别|男|照片", "籍贯|青溪|学历|大专|照片", "住址|柳巷3号|<|<|<"],
            [
                "照片 | 姓名：孟川 | 性别：男",
                "姓名：孟川 | 籍贯：青溪 | 学历：大专",
                "姓名：孟川 | 住址：柳巷3号",
            ],
        ),
        (  # a table within the form, behind a cell over its rows
            [
                "姓名|孟川|性别|男|年龄|41",
                "电话|123|邮箱||婚否|已婚",
                "家属|称谓|姓名|年龄|职务|电话",
                "家属|父亲|孟山|70|退休|",
                "家属|母亲|何英|68||456",
            ],
            [
                "姓名：孟川 | 性别：男 | 年龄：41",
                "姓名：孟川 | 电话：123 | 邮箱：（空） | 婚否：已婚",
                "孟川 家属 称谓：父亲 | 姓名：孟山 | 年龄：70 | 职务：退休",
                "孟川 家属 称谓：母亲 | 姓名：何英 | 年龄：68 | 电话：456",
            ],
        ),
        (
            ["額定功率|3000|轉速|5.5", "重量|120|電壓|380"],
            ["額定功率：3000 | 轉速：5.5", "重量：120 | 電壓：380"],
        ),
        (
            ["Name|Ann Lee|Gender|F", "Phone||E-mail|a@b.c"],
            ["Name：Ann Lee | Gender：F", "Name：Ann Lee | Phone：（空） | E-mail：a@b.c"],
        ),
        (
            ["姓名|孟川", "年龄|41", "电话|"],
            ["姓名：孟川", "姓名：孟川 | 年龄：41", "姓名：孟川 | 电话：（空）"],
        ),
        (
            ["申请单位（盖章）|青溪水务公司|<|<", "法定代表人|何英|联系电话|", "审批意见||<|<"],
            [
                "申请单位（盖章）：青溪水务公司",
                "法定代表人：何英 | 联系电话：（空）",
                "审批意见：（空）",
            ],
        ),
    ],
)
def test_forms(rows: list[str], expected: list[str]) -> None:
    assert _lines(*rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ["姓名|部门|职务|电话", "孟川|档案科|科长|123", "何英|人事科||456"],
            [
                "姓名：孟川 | 部门：档案科 | 职务：科长 | 电话：123",
                "姓名：何英 | 部门：人事科 | 电话：456",
            ],
        ),
        (
            ["指标|2022年", "收入|300", "合计|320"],
            ["指标：收入 | 2022年：300", "指标：合计 | 2022年：320"],
        ),
        (
            ["部门|人数", "财务部门|12", "人事部门|9"],
            ["部门：财务部门 | 人数：12", "部门：人事部门 | 人数：9"],
        ),
        (  # set in columns side by side
            ["姓名|电话|姓名|电话", "孟川|111|何英|222", "程可|333||"],
            ["姓名：孟川 | 电话：111", "姓名：何英 | 电话：222", "姓名：程可 | 电话：333"],
        ),
        (["项目|金额", "木料|6", "合计|8"], ["项目：木料 | 金额：6", "项目：合计 | 金额：8"]),
        (["姓名|语文|数学|英语", "孟川|90|80|70"], ["姓名：孟川 | 语文：90 | 数学：80 | 英语：70"]),
    ],
)
def test_a_table_with_headings_is_no_form(rows: list[str], expected: list[str]) -> None:
    assert _lines(*rows) == expected


_LABELS = [
    "姓名",
    "性别",
    "民族",
    "籍贯",
    "学历",
    "职务",
    "部门",
    "邮箱",
    "住址",
    "备注",
    "联系电话",
    "工号",
]
_VALUES = st.sampled_from(["", "", "甲", "松鹤楼", "42", "B7730", "二级", "1999年3月"])


@given(
    st.integers(1, 4), st.lists(_VALUES, min_size=11, max_size=11), st.sampled_from(["", "：", ":"])
)
def test_no_blank_shifts_a_value(pairs: int, values: list[str], colon: str) -> None:
    """Each label of a form is read with the value right beside it, and with no other."""
    told = list(zip(_LABELS, ("程可", *values), strict=True))
    rows = [told[at : at + pairs] for at in range(0, len(told), pairs)]
    grid = [[Cell(text) for label, value in row for text in (label + colon, value)] for row in rows]
    expected = [
        " | ".join(f"{label}：{value or BLANK_CELL}" for label, value in row) for row in rows
    ]
    expected[1:] = [f"姓名：程可 | {line}" for line in expected[1:]]
    assert [line for _, line in lines_of(grid)] == expected


@given(st.lists(st.tuples(*[_VALUES] * 4), min_size=2, max_size=9))
def test_headings_are_never_taken_for_labels(body: list[tuple[str, ...]]) -> None:
    """Below headings each value stands behind the heading of its own column."""
    names = ["姓名", "部门", "职务", "工号"]
    grid = [[Cell(text) for text in row] for row in (names, *body)]
    expected = [
        " | ".join(f"{name}：{value}" for name, value in zip(names, row, strict=True) if value)
        for row in body
        if any(row)
    ]
    assert [line for _, line in lines_of(grid)] == expected


def test_a_row_without_words_above_a_ruler_heads_nothing() -> None:
    table = "| | |\n|--|--|\n| 产品名称 | 水泵 |\n| 额定功率 | 5千瓦 |\n| 保修期 | 两年 |"
    assert lines("a.md", table.encode()) == ["产品名称 | 水泵", "额定功率 | 5千瓦", "保修期 | 两年"]


def test_a_form_answers_by_its_labels(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "人员卡.docx").write_bytes(_word_file(CARD))
    build([tmp_path / "docs"], tmp_path / "index", BuiltinEmbedder())
    archive = Archive.open(tmp_path / "index", Settings())
    assert archive.ask("孟川的学位是什么？").answer == "姓名：孟川 | 籍贯：（空） | 学位：硕士[1]"
    for question in ("孟川的籍贯是哪里？", "孟川的邮箱是什么？"):
        asked = archive.ask(question)
        assert (asked.abstained, asked.short_answer) == (True, None)
