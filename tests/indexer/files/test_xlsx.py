"""What the reader makes of workbooks: tables, numbers as they are shown, and what has no value."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.files.readers import read
from indexer.files.readers.xlsx import cells as xlsx_cells
from indexer.files.readers.xlsx.formats import is_date, shown
from indexer.records import LeftOutReason
from tests.indexer.files.office_samples import (
    edited,
    headings,
    left_out,
    lines,
    places,
    saved,
)
from tests.source import ROOT


def workbook(*rows: Sequence[Any], title: str = "汇总") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def test_the_corpus_file_reads_as_it_was_written() -> None:
    from eval.corpus_office import DONATIONS, NOTES

    (path,) = ROOT.glob("corpus/2020-zhaojue/*.xlsx")
    content = read(path.name, path.read_bytes())
    names = ("捐赠单位", "受赠方", "形式", "金额（元）", "用途")
    rows = [
        " | ".join(
            f"{name}：{f'{value:,}' if isinstance(value, int) else value}"
            for name, value in zip(names, donation, strict=True)
            if value is not None
        )
        for donation in DONATIONS
    ]
    notes = ["：".join(note) for note in NOTES]
    assert content.text.split("\n") == ["捐赠汇总", *rows, "说明", *notes]
    assert headings(content) == [(1, "捐赠汇总"), (1, "说明")]
    assert (content.date, content.author) == ("2020-08-31", "对口帮扶工作档案组")
    assert places(content)[4] == (None, "捐赠汇总!A5:E5", rows[3])
    assert places(content)[-1] == (None, "说明!A3:B3", notes[2])


def test_titles_units_notes_and_several_tables() -> None:
    book = workbook(
        ("2019年贫困村退出情况表",),
        ("单位：个",),
        ("县", "2018年", "2019年"),
        ("雷波县", 10, 12),
        ("昭觉县", 8, 9),
        ("注：数据来自县扶贫办。",),
        (),
        ("培训情况",),
        ("班次", "人数"),
        ("一期", 40),
    )
    book.active.merge_cells("A1:C1")
    content = read("a.xlsx", saved(book))
    assert content.text.split("\n") == [
        "汇总",
        "2019年贫困村退出情况表",
        "单位：个",
        "县：雷波县 | 2018年：10 | 2019年：12",
        "县：昭觉县 | 2018年：8 | 2019年：9",
        "注：数据来自县扶贫办。",
        "培训情况",
        "班次：一期 | 人数：40",
    ]
    assert headings(content) == [(1, "汇总"), (2, "2019年贫困村退出情况表"), (2, "培训情况")]
    assert content.title == "2019年贫困村退出情况表"
    assert [name for _, name, _ in places(content)] == [
        *(
            "汇总",
            "汇总!A1",
            "汇总!A2",
            "汇总!A4:C4",
            "汇总!A5:C5",
            "汇总!A6",
            "汇总!A8",
            "汇总!A10:B10",
        )
    ]


def test_an_empty_row_within_a_table() -> None:
    rows = [("县", "户数"), ("雷波县", 340), (), ("昭觉县", 210), (), ("制表", "张三")]
    assert lines("a.xlsx", saved(workbook(*rows))) == [
        *("汇总", "县：雷波县 | 户数：340", "县：昭觉县 | 户数：210", "制表 | 张三")
    ]


def test_merged_cells() -> None:
    book = workbook(
        ("县", "2019年", None, "备注"),
        (None, "退出村", "户数", None),
        ("雷波县", 12, 340, "已验收"),
        (None, 3, 50, None),
        ("合计", None, 390, None),
    )
    for merged in ("A1:A2", "B1:C1", "D1:D2", "A3:A4", "A5:B5"):
        book.active.merge_cells(merged)
    assert lines("a.xlsx", saved(book)) == [
        "汇总",
        "县：雷波县 | 2019年 退出村：12 | 2019年 户数：340 | 备注：已验收",
        "县：雷波县 | 2019年 退出村：3 | 2019年 户数：50",
        "县：合计 | 2019年 户数：390",
    ]


def test_hidden_sheets_come_last_and_answer_nothing() -> None:
    book = workbook(("县", "户数"), ("雷波县", 340))
    other = book.create_sheet("底稿", 0)
    other.append(("县", "户数"))
    other.append(("雷波县", 999))
    other.sheet_state = "hidden"
    content = read("a.xlsx", saved(book))
    assert left_out(content) == [
        (LeftOutReason.HIDDEN, "底稿"),
        (LeftOutReason.HIDDEN, "县：雷波县 | 户数：999"),
    ]
    assert content.text.startswith("汇总\n县：雷波县 | 户数：340\n底稿")


def test_formulas_are_read_by_their_stored_value() -> None:
    book = workbook(("县", "户数", "占比"), ("雷波县", 340, "=B2/B4"), ("昭觉县", 210, 0.25))
    data = saved(book)
    content = read("a.xlsx", data)
    assert content.text.split("\n")[1:] == [
        "县：雷波县 | 户数：340 | 占比：（未在文件中计算）",
        "汇总!C2：=B2/B4",
        "县：昭觉县 | 户数：210 | 占比：0.25",
    ]
    assert left_out(content) == [(LeftOutReason.NOT_COMPUTED, "汇总!C2：=B2/B4")]
    part = "xl/worksheets/sheet1.xml"
    computed = edited(
        data,
        part,
        lambda xml: (
            xml.replace("<v />", "<v>0.618</v>")
            .replace("<v></v>", "<v>0.618</v>")
            .replace("<v/>", "<v>0.618</v>")
        ),
    )
    assert lines("a.xlsx", computed)[1] == "县：雷波县 | 户数：340 | 占比：0.618"
    broken = edited(
        computed,
        part,
        lambda xml: xml.replace('r="C2"', 'r="C2" t="e"').replace("0.618", "#DIV/0!"),
    )
    assert left_out(read("a.xlsx", broken)) == [(LeftOutReason.NOT_COMPUTED, "汇总!C2：#DIV/0!")]


def test_numbers_read_as_they_are_shown() -> None:
    book = workbook(("指标", "数值", "日期"), ("就诊率", 0.153, datetime.date(2020, 5, 28)))
    book.active["B2"].number_format = "0.0%"
    book.active.append(("捐款", 1234567.891, datetime.datetime(2020, 5, 28, 14, 30)))
    book.active["B3"].number_format = "#,##0.00"
    book.active.append(("编号", 7, 43979))
    book.active["B4"].number_format = "000"
    data = saved(book)
    assert lines("a.xlsx", data)[1:] == [
        "指标：就诊率 | 数值：15.3% | 日期：2020-05-28",
        "指标：捐款 | 数值：1,234,567.89 | 日期：2020-05-28 14:30",
        "指标：编号 | 数值：007 | 日期：43979",
    ]
    # A Chinese Excel stores its own date formats by number alone; openpyxl takes them for General.
    chinese = edited(
        data, "xl/styles.xml", lambda xml: xml.replace('numFmtId="14"', 'numFmtId="31"')
    )
    assert lines("a.xlsx", chinese)[1].endswith("日期：2020-05-28")


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        ("0.15300000000000002", "0.00%", "15.30%"),
        ("0.30000000000000004", "General", "0.3"),
        ("510213199901011234", "General", "510213199901011234"),
        ("1500", 'General"元"', "1500元"),
        ("1234567", '0!.0,"万"', "123.5万"),
        ("500", '[>=10000]0!.0,"万";0', "500"),
        ("-1234.5", "#,##0.00_);[Red](#,##0.00)", "(1,234.50)"),
        ("-5", "[$¥-804]#,##0", "-¥5"),
        ("-0.001", "0.0", "0.0"),
        ("0", '#,##0;-#,##0;"-"', "-"),
        ("13812345678", "000-0000-0000", "138-1234-5678"),
        (".5", "#.00", ".50"),
        ("2.5", "0", "3"),
        ("43979", 'yyyy"年"m"月"', "2020-05"),
        ("43979", "m月d日", "2020-05-28"),
        ("1.5", "[h]:mm", "36:00:00"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("文字", "0.00", "文字"),
    ],
)
def test_number_formats(value: str, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def test_days_are_counted_from_1904_where_the_file_says_so() -> None:
    assert shown("42517", "yyyy-m-d", from_1904=True) == "2020-05-28"


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12
    )
)
def test_two_decimals_say_the_number(number: Decimal) -> None:
    assert Decimal(shown(str(number), "#,##0.00").replace(",", "")) == number


@given(st.text(max_size=30), st.floats() | st.text(max_size=10))
def test_any_format_gives_a_text(code: str, value: float | str) -> None:
    assert isinstance(shown(str(value), code), str)
    assert is_date(code) in (True, False)


def test_wide_and_sparse_sheets() -> None:
    book = workbook(tuple(f"列{at}" for at in range(10_000)), tuple(range(10_000)))
    row = lines("a.xlsx", saved(book))[1]
    assert row.startswith("列0：0 | 列1：1 | ")
    assert row.endswith("列9999：9999")
    sparse = workbook(("县", "户数"), ("雷波县", 340))
    sparse.active["XFD1048576"] = "角落"
    vast = edited(
        saved(sparse),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            "</sheetData>",
            '</sheetData><mergeCells count="1"><mergeCell ref="A2:XFC1048000"/></mergeCells>',
        ),
    )
    assert lines("a.xlsx", vast) == ["汇总", "县：雷波县 | 户数：340", "角落"]


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_cells, "MAX_CELLS", 10)
    book = workbook(*[("县", "户数")] * 6)
    with pytest.raises(UnreadableFile) as caught:
        read("a.xlsx", saved(book))
    assert caught.value.reason == "too_large"


def test_a_sheet_that_only_exists_is_no_text() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read("a.xlsx", saved(workbook()))
    assert caught.value.reason == "no_text"
