"""A grid of cells to lines: which rows are headings, and each row behind them. Knows no format.

A table is read with its first row as headings only where something says that it is one: the file
marks it, figures stand below words, or the words are such as head columns. A form, whose labels
stand in the first column, is read cell by cell: a wrong heading is worse than none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.files.readers.tables import row_text

_LONGEST_NAME = 40
_MOST_HEADER_ROWS = 4
_SAMPLE_ROWS = 50
_LEAST_FILLED = 0.6
_FIGURES = 0.6  # of a column's cells, from which on it is a column of figures

_YEAR = re.compile(r"(19|20)\d\d$|(19|20)\d\d\s*年\D*$|\d{1,2}\s*月份?$|第?\d季度$")
_FIGURE = re.compile(r"[约近超逾共第]?\s*[-+−(（¥￥$]?\s*[\d０-９]")
_SENTENCE = re.compile(r"[。！？；：:!?;]$")
_LABEL = re.compile(
    r"(序号|编号|代码|姓名|名称|项目|内容|类别|类型|性质|指标|单位|部门|单位名称|科室|学院|专业|班级|职务|职称|岗位"
    r"|性别|民族|籍贯|出生(日期|年月|地)?|年龄|学历|学位|政治面貌|身份证号?码?|(联系)?(电话|方式|人)|手机|邮箱|地址|住址"
    r"|(工作)?单位|(所在)?(地区|省份|市州|县区?|乡镇|村)|县市区?|时间|日期|年份|月份|地点|金额|数量|单价|合计|总计"
    r"|规格|型号|用途|来源|形式|方式|责任人|负责人|负责单位|牵头单位|受赠方|措施|目标|进度|状态|结果|说明|备注|附注"
    r"|标题|题目|作者|问题|答案|no\.?|name|date|type|item|amount|total|remarks?|notes?|title|unit)"
    r"\s*([(（].*[)）])?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text on one line. `across`: it is the same cell as the one to its left."""

    text: str = ""
    across: bool = False


Row = Sequence[Cell]


def is_figure(text: str) -> bool:
    """Whether a cell holds a number, an amount or a date; 2019年退出村 heads a column."""
    return bool(_FIGURE.match(text)) and not _YEAR.match(text)


def words(row: Row) -> list[str]:
    """The texts of a row's cells in order, each merged cell once."""
    return [cell.text for cell in row if cell.text and not cell.across]


def is_one_cell(row: Row) -> bool:
    """Whether a row is a single cell over the whole width: a title or a note."""
    return len(row) > 1 and len(words(row)) == 1 and all(cell.across for cell in row[1:])


def header_rows(rows: Sequence[Row], marked: int = 0) -> int:
    """How many of the first rows are headings. `marked`: how many the file itself calls so."""
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return 0
    if 0 < marked < len(rows):
        return min(marked, _MOST_HEADER_ROWS)
    if not _may_be_names(rows[0]):
        return 0
    count = 1
    while (
        count < min(len(rows) - 1, _MOST_HEADER_ROWS)
        and _is_parted(rows[count - 1])
        and _may_be_names(rows[count])
    ):
        count += 1
    body = rows[count : count + _SAMPLE_ROWS]
    if _is_form(rows[0], body):
        return 0
    names = names_of(rows[:count])
    given = [name for cell, name in zip(rows[0], names, strict=False) if name and not cell.across]
    if len(set(given)) < len(given):
        return 0
    many = sum(bool(name) for name in names) > 2 and len(body) > 1
    known = sum(bool(_LABEL.match(text)) for text in words(rows[0])) > 1
    return count if many or known or figure_columns(body) else 0


def names_of(rows: Sequence[Row]) -> list[str]:
    """Each column's name: the headings above it, outermost first, each once."""
    width = max(map(len, rows), default=0)
    names = []
    for column in range(width):
        parts = [row[column].text for row in rows if column < len(row) and row[column].text]
        name = " ".join(dict.fromkeys(parts))
        names.append(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…")
    return names


def figure_columns(rows: Sequence[Row]) -> frozenset[int]:
    """The columns whose filled cells are mostly figures."""
    found = set()
    for column in range(max(map(len, rows), default=0)):
        texts = [row[column].text for row in rows if column < len(row) and row[column].text]
        if texts and sum(map(is_figure, texts)) >= len(texts) * _FIGURES:
            found.add(column)
    return frozenset(found)


def line_of(names: Sequence[str], row: Row) -> str:
    """A row as its line: a cell over several columns once, behind the first of their names."""
    return row_text(names, ["" if cell.across else cell.text for cell in row])


def lines_of(rows: Sequence[Row], marked: int = 0) -> Iterator[str]:
    """The lines of a table: titles over its whole width as they are, other rows behind headings."""
    at = 0
    while at < len(rows) and is_one_cell(rows[at]):
        yield words(rows[at])[0]
        at += 1
    count = header_rows(rows[at:], max(0, marked - at))
    names = names_of(rows[at : at + count])
    for row in rows[at + count :]:
        yield words(row)[0] if is_one_cell(row) else line_of(names, row)


def _may_be_names(row: Row) -> bool:
    texts = words(row)
    filled = sum(bool(cell.text) for cell in row)
    return (
        len(texts) > 1
        and filled >= len(row) * _LEAST_FILLED
        and not any(
            len(text) > _LONGEST_NAME or is_figure(text) or _SENTENCE.search(text) for text in texts
        )
    )


def _is_parted(row: Row) -> bool:
    """Whether a heading stands over several columns, so that the next row parts them."""
    return any(cell.across and cell.text for cell in row)


def _is_form(first: Row, body: Sequence[Row]) -> bool:
    """Whether the first column holds labels all the way down: 姓名 | 张三, 性别 | 男."""
    left = [row[0].text for row in body if row and row[0].text]
    labels = sum(bool(_LABEL.match(text)) for text in left)
    return bool(first[0].text) and labels > 0 and labels * 2 >= len(left)
