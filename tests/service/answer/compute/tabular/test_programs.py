"""Invariants of questions over tables, and questions over tables of several kinds through the front
door: what is told, and what is not there."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from indexer.text.numbers import find_numbers
from service.answer.compute.tabular.programs import best_program
from service.answer.compute.tabular.sheet import Sheet, sheet_of
from service.answer.read.tables import tables_of
from service.answer.understand.aggregate import readings_of
from service.answer.understand.question import analyse
from service.archive import Archive
from service.settings import Settings

FERRIES = (
    ("航线", "出发码头", "首航", "末航", "航程（海里）", "票价（元）", "船员（人）"),
    ("1线", "东澳", "06:30", "19:20", 12, 25, 6),
    ("2线", "东澳", "07:10", "18:05", 31, 60, 9),
    ("7线", "南屿", "06:50", "21:40", 8, 15, 5),
    ("11线", "南屿", "05:55", "20:10", 24, 48, 8),
)
STAFF = (
    ("编号", "姓名", "性别", "专业", "职称", "到馆年份", "月接待（批）"),
    ("B01", "齐望", "男", "陶瓷", "一级讲解员", 2011, 22),
    ("B02", "卫棠", "女", "书画", "二级讲解员", 2019, 31),
    ("B03", "阮青", "女", "陶瓷", "高级讲解员", 1998, 18),
    ("B04", "石磊", "男", "青铜", "二级讲解员", 2021, 27),
)
VISITS = {
    "2022年": (("月份", "成人", "儿童"), ("1月", 300, 120), ("2月", 410, "闭馆"), ("3月", 505, 90)),
    "2023年": (("月份", "成人", "儿童"), ("1月", 350, 160), ("2月", 390, 140), ("3月", 620, 210),
              ("一季度小计", 1360, 510), ("4月", 480, 170)),
}  # fmt: skip
ENGLISH = (
    ("Plot", "Crop", "Area (ha)", "Harvest (t)", "Tenant"),
    ("P-04", "Barley", 12, 66, "M. Quayle"),
    ("P-07", "Oats", 9, 41, "H. Stott"),
    ("P-11", "Barley", 15, 80, "H. Stott"),
)

WORKS = (
    "清浦镇2023年水利工程安排\n\n安排水利工程三项：\n"
    "1. 南桥加固：总投资320万元，由水务站负责，4月开工。\n"
    "2. 北渠清淤：总投资85万元，由灌区所负责，9月开工。\n"
    "3. 西塘护坡：总投资140万元，由水务站负责，6月开工。\n"
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, index = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("index")
    _write(folder / "澜湾轮渡航线表.xlsx", {"航线": ("澜湾轮渡公司航线一览", FERRIES)})
    _write(folder / "赭石博物馆讲解员名册.xlsx", {"名册": ("赭石博物馆讲解员名册", STAFF)})
    visits = {year: (f"赭石博物馆{year}观众人次", rows) for year, rows in VISITS.items()}
    _write(folder / "赭石博物馆观众.xlsx", visits)
    _write(folder / "carrow-farm-plots.xlsx", {"Plots": ("Carrow Farm plots 2024", ENGLISH)})
    (folder / "清浦水利工程安排.txt").write_text(WORKS, encoding="utf-8")
    build([folder], index, load_embedder("builtin"))
    return Archive.open(index, Settings(index=index))


def _write(path: Path, sheets: dict[str, tuple[str, Sequence[Sequence[object]]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, (title, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append([title])
        for row in rows:
            sheet.append(list(row))
    book.save(path)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("澜湾轮渡11线末航几点", "20:10"),
        ("澜灣輪渡７線票價多少", "15元"),
        ("澜湾轮渡哪条线最长", "2线"),
        ("澜湾轮渡末航在晚上八点以前的是哪几条线", "1线、2线"),
        ("澜湾轮渡2线和11线哪个票价高，高多少", "2线，12元"),
        ("从东澳出发的澜湾轮渡一共多少船员", "15人"),
        ("赭石博物馆女讲解员有几个", "2个"),
        ("赭石博物馆谁进馆最早", "阮青"),
        ("赭石博物馆二级讲解员有哪些", "卫棠、石磊"),
        ("赭石博物馆B03是谁", "阮青"),
        ("赭石博物馆石磊是什么专业", "青铜"),
        ("赭石博物馆2023年成人一共多少人次", "1840"),
        ("赭石博物馆3月成人2023年比2022年多多少", "115"),
        ("赭石博物馆2023年儿童最多的是哪个月", "3月"),
        ("赭石博物馆女讲解员占百分之几", "50%"),
        ("清浦镇2023年总投资最多的水利工程是哪个", "南桥加固"),
        ("清浦镇2023年水务站负责的水利工程有几个", "2个"),
        ("清浦镇2023年水利工程总投资合计多少", "545万元"),
        ("清浦镇2023年水利工程第2项是什么", "北渠清淤"),
        ("What is the harvest of plot P-07 at Carrow Farm?", "41 t"),
        ("Which crop had the largest harvest at Carrow Farm in 2024?", "Barley"),
        ("total area of the barley plots at Carrow Farm", "27 ha"),
    ],
)
def test_what_a_table_tells(archive: Archive, question: str, value: str) -> None:
    assert archive.ask(question).short_answer == value


@pytest.mark.parametrize(
    "question",
    [
        "澜湾轮渡5线末航几点",  # no such line
        "北港轮渡11线末航几点",  # of another company
        "清浦镇2023年水利工程第5项是什么",
        "清浦镇2022年水利工程总投资合计多少",
        "北屿出发的澜湾轮渡一共多少船员",  # 南屿 is another island
        "赭石博物馆B09是谁",
        "赭石博物馆2021年成人一共多少人次",
        "赭石博物馆退休的讲解员有几个",  # nothing tells who is retired
        "赭石博物馆5月成人多少人次",
        "赭石博物馆2022年儿童一共多少人次",  # one month is closed: it does not stand alone
        "total area of the wheat plots at Carrow Farm",
    ],
)
def test_what_no_table_tells_has_no_value(archive: Archive, question: str) -> None:
    assert archive.ask(question).short_answer is None


ROWS = st.lists(
    st.tuples(
        st.text("甲乙丙丁戊己", min_size=2, max_size=4),
        st.sampled_from(["东区", "西区", "南区"]),
        st.integers(1, 10**6),
    ),
    min_size=3,
    max_size=12,
    unique_by=lambda row: row[0],
)


def sheet(rows: Sequence[tuple[str, str, int]], order: Sequence[int] = (0, 1, 2)) -> Sheet:
    lines = [(f"单位：{n}", f"片区：{area}", f"捐款（元）：{value}") for n, area, value in rows]
    (table,) = tables_of("\n".join(" | ".join(line[n] for n in order) for line in lines))
    return sheet_of(table, ["捐款表"])


def asked(question: str, *sheets: Sheet) -> tuple[str, str | None]:
    best = best_program(readings_of(analyse(question)), sheets, chinese=True)
    if best is None or best.result is None:
        return "", None
    return best.result.text, best.result.value


def figure(value: str | None) -> Decimal:
    return sum((number.value for number in find_numbers(value or "")), Decimal(0))


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_the_totals_of_groups_add_up_to_the_total(rows: list[tuple[str, str, int]]) -> None:
    whole = figure(asked("捐款一共多少元", sheet(rows))[1])
    assert whole == sum(value for _, _, value in rows)
    areas = sorted({area for _, area, _ in rows})
    parts = [figure(asked(f"{area}捐款一共多少元", sheet(rows))[1]) for area in areas]
    assert sum(parts) == whole


@settings(max_examples=25, deadline=None)
@given(ROWS, st.permutations((0, 1, 2)))
def test_neither_the_order_of_rows_nor_of_columns_matters(
    rows: list[tuple[str, str, int]], order: list[int]
) -> None:
    shuffled = sorted(rows, key=lambda row: (row[2] % 7, row[0]))
    for question in ("捐款一共多少元", "东区捐款的单位有几个", "捐款平均多少元"):
        told = asked(question, sheet(rows))[1]
        assert asked(question, sheet(shuffled))[1] == told
        assert asked(question, sheet(rows, order))[1] == told


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_an_unrelated_table_changes_nothing(rows: list[tuple[str, str, int]]) -> None:
    (other,) = tables_of("车牌：A1 | 里程（公里）：20\n车牌：A2 | 里程（公里）：35")
    for question in ("捐款一共多少元", "西区捐款一共多少元", "捐款最多的是哪个单位"):
        alone = asked(question, sheet(rows))
        assert asked(question, sheet(rows), sheet_of(other, ["车辆表"])) == alone
