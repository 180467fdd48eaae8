"""Word tables that were split in two, and tables that only stand below one another."""

import docx

from tests.indexer.files.office_samples import lines, saved


def _split(*parts: list[tuple[str, ...]], between: str = "") -> list[str]:
    document = docx.Document()
    for at, rows in enumerate(parts):
        if at:
            document.add_paragraph(between)
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    return lines("a.docx", saved(document))


def test_a_table_that_is_split_goes_on_behind_its_headings() -> None:
    head, first, second = ("设备", "台数", "状态"), ("水泵", "3", "完好"), ("风机", "5", "待修")
    whole = ["设备：水泵 | 台数：3 | 状态：完好", "设备：风机 | 台数：5 | 状态：待修"]
    assert _split([head, first], [second]) == whole
    assert _split([head], [first, second]) == whole
    assert _split([head, first], [head, second]) == whole


def test_a_table_of_its_own_keeps_its_own_headings() -> None:
    first = [("设备", "台数"), ("水泵", "3"), ("风机", "5")]
    assert _split(first, [("部门", "人数"), ("档案科", "4")])[2:] == ["部门：档案科 | 人数：4"]
    assert _split(first, [("油料", "20")], between="另有：")[2:] == ["另有：", "油料 | 20"]
