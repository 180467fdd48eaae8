"""A table's row as one line of text: each cell behind its column's heading. Knows no format."""

import re
from collections.abc import Sequence

_SPACE = re.compile(r"[ \t\n\r\f]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af"
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\n\r\f]*(?=[{_WIDE}])")


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
