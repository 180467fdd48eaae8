"""Formulas without a stored value: plain ones are computed, all others say that they are not."""

import datetime
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed.builtin import BuiltinEmbedder
from indexer.files.readers.xlsx.cells import NOT_COMPUTED
from indexer.files.readers.xlsx.formulas import Computing, Formula, Held, Kind
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings
from tests.indexer.files.office_samples import lines, saved

CELLS: dict[tuple[int, int], Held] = {
    (1, 1): Decimal(12),
    (2, 1): Decimal("3.5"),
    (3, 1): Decimal(-4),
    (1, 2): Kind.TEXT,
    (2, 2): Kind.OTHER,
    (1, 3): Formula("A1*2"),
    (2, 3): Formula("C2+1"),
    (3, 3): Formula("C4"),
    (4, 3): Formula("C3"),
    (5, 3): Formula("B1"),
}


def _value(formula: str) -> Decimal | None:
    other: dict[tuple[int, int], Held] = {(1, 1): Decimal(100), (9, 9): Formula(formula)}
    sheets = {"表": CELLS, "二 季度": other}
    return Computing(lambda name: sheets.get(name, {})).value("二 季度", 9, 9)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(表!A1:A3)", "11.5"),
        ("SUM(表!$A$1:$A$3, 2)", "13.5"),
        ("AVERAGE(表!A1,表!A2)", "7.75"),
        ("MIN(表!A1:A9)", "-4"),
        ("MAX(表!A1:A9)", "12"),
        ("COUNT(表!A1:A9)", "3"),
        ("A1-表!A3", "104"),
        ("-表!A3*2+1", "9"),
        ("'二 季度'!A1/8", "12.5"),
        ("(表!A1-表!A2)*2-1-1", "15"),
        ("表!C1+1", "25"),
        ("10/3", "3.33333333333333"),
        ("0.1+0.2", "0.3"),
    ],
)
def test_plain_formulas(formula: str, expected: str) -> None:
    assert _value(formula) == Decimal(expected)


@pytest.mark.parametrize(
    "formula",
    [
        *("SUM(表!A1:B1)", "表!B1+1", "表!B2-1", "表!Z9", "表!A1/0", "表!C2", "表!C3", "表!C5"),
        *("SUM(无!A1:A3)", "#REF!+1", "SUM(#REF!)", "IF(A1>1,2,3)", "A1^2", "10%", "A1&A1", "I9"),
        *("SUM(A1", "A1:A3", "SUM()", "A1 A1", "VLOOKUP(1,A1:A3,1)", "ROUND(A1,0)", "[1]表!A1", ""),
        *("SUM(A1:A3*2)", "SUBTOTAL(9,A1:A3)", "(" * 500 + "A1" + ")" * 500, "AVERAGE(表!D1:D9)"),
    ],
)  # fmt: skip
def test_what_is_not_plain_has_no_value(formula: str) -> None:
    assert _value(formula) is None


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30))
def test_sums_and_differences_are_those_of_the_numbers(numbers: list[int]) -> None:
    cells: dict[tuple[int, int], Held] = {(at, 1): Decimal(n) for at, n in enumerate(numbers, 1)}
    last = len(numbers)
    cells[1, 2] = Formula(f"SUM(A1:A{last})")
    cells[2, 2] = Formula("-".join(f"A{at}" for at in range(1, last + 1)))
    cells[3, 2] = Formula(f"MAX(A1:A{last})-MIN(A1:A{last})")
    computing = Computing(lambda _: cells)
    assert computing.value("x", 1, 2) == sum(numbers)
    assert computing.value("x", 2, 2) == numbers[0] - sum(numbers[1:])
    assert computing.value("x", 3, 2) == max(numbers) - min(numbers)


def _workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "用水"
    for row in (
        ("片区", "一月", "二月", "合计", "均值", "备注"),
        ("东片", 120, 135.5, "=B2+C2", "=AVERAGE(B2:C2)", "=IF(B2>1,1,0)"),
        ("西片", 80, 90, "=SUM(B3:C3)", "=D3/2", "=F2+1"),
        ("合计", "=SUM(B2:B3)", "=SUM(C2:C3)", "=SUM(D2:D3)", "=D4/0", "=#REF!+1"),
    ):
        sheet.append(row)
    sheet["D2"].number_format = "#,##0.00"
    other = book.create_sheet("汇总")
    for row in (("年份", "总量", "竣工"), ("2021", "=用水!D4*10", "=DATE(2021,1,1)")):
        other.append(row)
    other["C3"] = "=C4+30"
    other["A3"], other["B3"], other["C4"] = "2022", 7, datetime.date(2022, 3, 1)
    return book


def test_a_workbook_whose_formulas_were_never_computed() -> None:
    told = [line for line in lines("a.xlsx", saved(_workbook())) if "=" not in line]
    none = NOT_COMPUTED
    assert told[:6] == [
        "用水",
        f"片区：东片 | 一月：120 | 二月：135.5 | 合计：255.50 | 均值：127.75 | 备注：{none}",
        f"片区：西片 | 一月：80 | 二月：90 | 合计：170 | 均值：85 | 备注：{none}",
        f"片区：合计 | 一月：200 | 二月：225.5 | 合计：425.5 | 均值：{none} | 备注：{none}",
        "汇总",
        f"年份：2021 | 总量：4255 | 竣工：{none}",
    ]
    assert told[6] == f"年份：2022 | 总量：7 | 竣工：{none}"


def test_a_computed_total_is_answered_and_a_missing_one_told(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    buffer = io.BytesIO(saved(_workbook()))
    (tmp_path / "docs" / "用水量.xlsx").write_bytes(buffer.getvalue())
    build([tmp_path / "docs"], tmp_path / "index", BuiltinEmbedder())
    archive = Archive.open(tmp_path / "index", Settings())
    assert "合计：255.50" in archive.ask("东片的用水合计是多少？").answer
    missing = archive.ask("合计的均值是多少？")
    assert missing.abstained or "均值：（未在文件中计算）" in missing.answer
    assert missing.short_answer is None or not any(map(str.isdigit, missing.short_answer))
