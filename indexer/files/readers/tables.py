"""A table's cells, and a row as one line of text: each cell behind its column's heading.

Knows no format.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SPACE = re.compile(r"[ \t\n\r\f]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af"
_YEAR = re.compile(r"(19|20)\d\d$|(19|20)\d\d\s*年\D*$|\d{1,2}\s*月份?$|第?\d季度$")
_FIGURE = re.compile(r"[约近超逾共第]?\s*[-+−(（¥￥$]?\s*[\d０-９]")
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\n\r\f]*(?=[{_WIDE}])")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text on one line. `across`: it is the same cell as the one to its left."""

    text: str = ""
    across: bool = False


Row = Sequence[Cell]


def is_figure(text: str) -> bool:
    """Whether a cell holds a number, an amount or a date; 2019年退出村 heads a column."""
    return bool(_FIGURE.match(text)) and not is_year(text)


def is_year(text: str) -> bool:
    """Whether a cell is a stretch of time that may head a column: 2019年, 3月, 第2季度."""
    return bool(_YEAR.match(text))


def tidy(text: str) -> str:
    """One line; a line break between two wide characters is the source's wrapping, no space."""
    if " " not in text and text.isprintable():
        return text  # most cells are one word
    return _SPACE.sub(" ", _WRAPPED.sub("", text)).strip()


def row_text(header: Sequence[str], cells: Sequence[str]) -> str:
    """`县：雷波 | 退出村：12`. Empty cells go, and all names where some are missing."""
    if len(header) < len(cells):
        return " | ".join(cell for cell in cells if cell)
    pairs = zip(header, cells, strict=False)
    return " | ".join(f"{name}：{cell}" if name else cell for name, cell in pairs if cell)
