"""What all Office formats share inside a line: formulas, and content spelled in two ways.

Knows markup of its own name spaces alone.
"""

from collections.abc import Iterator

from indexer.files.readers.office.ooxml import Element

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

ALTERNATIVES = f"{_MC}AlternateContent"
FORMULAS = frozenset((f"{_M}oMath", f"{_M}oMathPara"))


def alternative(element: Element) -> Iterator[Element]:
    """What is in the newer of two spellings of the same thing, else in the older one."""
    choice = element.find(f"{_MC}Choice")
    yield from choice if choice is not None else element.iterfind(f"{_MC}Fallback/*")


def formula(element: Element) -> str:
    """A formula on one line: 1/2 must not read as 12."""
    name = element.tag.rpartition("}")[2]
    if name == "t":
        return element.text or ""
    parts = {child.tag.rpartition("}")[2]: child for child in element}
    if name == "f" and {"num", "den"} <= parts.keys():
        above, below = formula(parts["num"]), formula(parts["den"])
        return f"{_grouped(above)}/{_grouped(below)}"
    if name in ("sSup", "sSub", "sSubSup") and "e" in parts:
        low = f"_{_grouped(formula(parts['sub']))}" if "sub" in parts else ""
        high = f"^{_grouped(formula(parts['sup']))}" if "sup" in parts else ""
        return formula(parts["e"]) + low + high
    if name == "rad":
        return f"√({formula(parts['e'])})" if "e" in parts else ""
    return "".join(map(formula, element))


def _grouped(text: str) -> str:
    return text if text.isalnum() else f"({text})"
