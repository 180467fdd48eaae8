"""A grid of cells to lines: which rows are headings, and each row behind them. Knows no format.

A table is read with its first row as headings only where something says that it is one: the file
marks it, figures stand below words, or the words are such as head columns. A wrong heading is worse
than none. What is a form, whose labels stand beside their values, forms.py knows.
"""

import re
from collections.abc import Iterator, Sequence

from indexer.files.readers.forms import LABEL, form_lines, is_form
from indexer.files.readers.tables import Row, is_figure, is_year, row_text

_LONGEST_NAME = 40
_MOST_HEADER_ROWS = 4
_SAMPLE_ROWS = 50
_LEAST_FILLED = 0.6
_FIGURES = 0.6  # of a column's cells, from which on it is a column of figures

_SENTENCE = re.compile(r"[。！？；：:!?;]$")


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
    if _has_labels(rows[0], body):
        return 0
    names = names_of(rows[:count])
    given = [name for cell, name in zip(rows[0], names, strict=False) if name and not cell.across]
    if len(set(given)) < len(given) and _unit(given) == len(given):
        return 0
    many = sum(bool(name) for name in names) > 2 and len(body) > 1
    known = sum(bool(LABEL.match(text)) for text in words(rows[0])) > 1
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


def lines_of(rows: Sequence[Row], marked: int = 0) -> Iterator[tuple[Row, str]]:
    """A table's rows with their lines: titles over its whole width as they are, a form's labels
    with their values, other rows behind headings. Headings and empty rows have no line.
    """
    at = 0
    while at < len(rows) and is_one_cell(rows[at]):
        yield rows[at], words(rows[at])[0]
        at += 1
    if is_form(rows[at:]):
        yield from ((rows[at + row], line) for row, line in form_lines(rows[at:]))
        return
    count = header_rows(rows[at:], max(0, marked - at))
    yield from _behind(rows[at : at + count], rows[at + count :])


def rows_behind(headings: Sequence[Row], rows: Sequence[Row]) -> Iterator[str]:
    """The lines of rows below headings that are known."""
    return (line for _, line in _behind(headings, rows))


def _behind(headings: Sequence[Row], rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    names = names_of(headings)
    unit = _unit(names)
    for row in rows:
        if is_one_cell(row):
            yield row, words(row)[0]
            continue
        parts = [row]
        if unit < len(names):
            parts = [row[at : at + unit] for at in range(0, len(row), unit)]
        for part in parts:
            line = line_of(names[:unit], part)
            if line:
                yield part, line


def _unit(names: Sequence[str]) -> int:
    """How many of the names come again and again, in a table set in columns side by side."""
    for unit in range(2, len(names) // 2 + 1):
        times = len(names) // unit
        if all(names[:unit]) and list(names) == list(names[:unit]) * times:
            return unit
    return len(names)


def same_words(rows: Sequence[Row], others: Sequence[Row]) -> bool:
    """Whether rows say the same, however they are wrapped and spaced."""
    return len(rows) == len(others) and all(
        "".join("".join(words(a)).split()) == "".join("".join(words(b)).split())
        for a, b in zip(rows, others, strict=True)
    )


def has_known_headings(rows: Sequence[Row]) -> bool:
    """Whether the words of the first row are such as head columns."""
    return sum(bool(LABEL.match(text)) for text in words(rows[0])) > 1


def joined(tables: Sequence[tuple[Sequence[Row], int]]) -> Iterator[tuple[list[Row], int]]:
    """Tables that follow each other with nothing between, each with how many rows are marked as
    headings: one that has no headings of its own goes on from the one before.
    """
    before: list[Row] = []
    marked = 0
    for rows, own in tables:
        head = _head(before, marked)
        if head and same_words(rows[: len(head)], head):
            before += rows[len(head) :]  # they are printed again
        elif head and own == 0 and goes_on(before, len(head), rows):
            before += rows
        else:
            if before:
                yield before, marked
            before, marked = list(rows), own
    if before:
        yield before, marked


def _head(rows: Sequence[Row], marked: int) -> Sequence[Row]:
    """The heading rows of a table, which may be all that it has."""
    if is_form(rows):
        return []
    if len(rows) == 1:
        return rows if _may_be_names(rows[0]) else []
    return rows[: header_rows(rows, marked)]


def goes_on(before: Sequence[Row], headings: int, rows: Sequence[Row]) -> bool:
    """Whether rows without headings belong below those of a table with so many heading rows.

    They are as wide, hold figures in the same columns, and do not begin with headings or a form.
    """
    if not rows or max(map(len, rows)) != max(map(len, before)) or is_form(rows):
        return False
    if has_known_headings(rows):
        return False
    figures, expected = figure_columns(rows), figure_columns(before[headings:])
    if figures and not figure_columns(rows[:1]) and len(rows) > 1:
        return False  # words above figures are headings
    return figures == expected or len(before) == headings


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


def _has_labels(first: Row, body: Sequence[Row]) -> bool:
    """Whether the first column holds labels all the way down: 姓名 | 张三, 性别 | 男."""
    left = [row[0].text for row in body if row and row[0].text]
    labels = sum(bool(LABEL.match(text)) for text in left)
    if all(LABEL.match(text) or is_year(text) for text in words(first)):
        return False  # 项目 | 金额 over a row of 合计
    return bool(first[0].text) and labels > 0 and labels * 2 >= len(left)
