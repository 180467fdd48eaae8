"""Rows of tables as material for questions: a thing in one cell, its figure beside it."""

import re

from eval.gold import Kind
from eval.making.asked import Wording
from eval.making.spelling import spellings
from indexer.text.normalise import normalise
from indexer.text.numbers import NumberKind, find_numbers

_NAME = re.compile(r"^[\u3400-\u9fff（）()、·A-Za-z“”]{4,24}$")


def table_wordings(row: str) -> list[Wording]:
    """The question of a row of two cells, `| 修建道路 | 160余公里 |`; none of any other row."""
    cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
    if len(cells) != 2 or not _NAME.match(cells[0]):
        return []
    normal = normalise(cells[1])
    numbers = find_numbers(normal.text)
    if len(numbers) != 1 or numbers[0].kind is not NumberKind.NUMBER or not numbers[0].unit:
        return []
    start, end = normal.original_span(numbers[0].start, numbers[0].end)
    if end - start < len(cells[1]) - 1:
        return []  # more than the figure stands there: a remark, a second value
    asked = f"{cells[0]}有多少{numbers[0].unit}"
    return [Wording(Kind.FIGURE, asked, (spellings(numbers[0], cells[1][start:end]),), sureness=6)]
