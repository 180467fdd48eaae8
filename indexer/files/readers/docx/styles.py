"""What a Word document's styles make of a paragraph: a heading, the title, a table of contents.

Also what they hide and number. Knows styles.xml; names are understood in Chinese and English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.files.readers.office.ooxml import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])(?:\D.*)?$", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|标题|標題|文档标题|公文标题|文章标题)$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录|目錄)\s*([1-9]|heading|标题)?$", re.IGNORECASE)
_BODY_OUTLINE = 9
_DEEPEST = 20  # styles above a style; a circle ends here


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    outline: int | None
    is_hidden: bool | None
    list_number: str
    list_level: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set. `level`: 1 to 9 for a heading; `number`, `list_level`: its list."""

    level: int = 0
    is_title: bool = False
    is_contents: bool = False
    is_hidden: bool = False
    number: str = ""
    list_level: int | None = None
    number_style: str = ""


class Styles:
    """The styles of a document by identifier."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._looks: dict[str, Look] = {}
        self._default = ""
        for element in root.iterfind(f"{W}style") if root is not None else ():
            identifier = element.get(f"{W}styleId") or ""
            self._styles[identifier] = _read(element)
            if element.get(f"{W}type") == "paragraph" and is_on(element.get(f"{W}default") or "0"):
                self._default = identifier

    def look(self, properties: Element | None) -> Look:
        """The look that a paragraph's own properties and its style give it."""
        identifier = value(properties, "pStyle") or self._default
        look = self._looks.get(identifier)
        if look is None:
            look = self._looks[identifier] = self._of_style(identifier)
        if properties is None:
            return look
        outline = integer(value(properties, "outlineLvl"))
        if outline is not None and not look.is_title and not look.is_contents:
            look = replace(look, level=_level(outline))
        own = properties.find(f"{W}numPr")
        if own is not None and value(own, "numId"):
            level = integer(value(own, "ilvl")) or 0
            look = replace(look, number=value(own, "numId"), list_level=level, number_style="")
        return look

    def _of_style(self, identifier: str) -> Look:
        level, is_title, is_contents = 0, False, False
        for style in self._chain(identifier):
            heading, title = _HEADING.match(style.name), _TITLE.match(style.name)
            is_contents = is_contents or bool(_CONTENTS.match(style.name))
            if heading or title or style.outline is not None:
                is_title = bool(title)
                level = int(heading[1]) if heading else _level(style.outline)
                break
        chain = self._chain_with_names(identifier)
        name, listed = next((each for each in chain if each[1].list_number), ("", None))
        return Look(
            level=0 if is_title or is_contents else level,
            is_title=is_title,
            is_contents=is_contents,
            is_hidden=self.hides(identifier),
            number=listed.list_number if listed else "",
            list_level=listed.list_level if listed else None,
            number_style=name,
        )

    def hides(self, identifier: str) -> bool:
        each = (style.is_hidden for style in self._chain(identifier))
        return next((hidden for hidden in each if hidden is not None), False)

    def _chain(self, identifier: str) -> Iterator[_Style]:
        for _, style in self._chain_with_names(identifier):
            yield style

    def _chain_with_names(self, identifier: str) -> Iterator[tuple[str, _Style]]:
        for _ in range(_DEEPEST):
            style = self._styles.get(identifier)
            if style is None:
                return
            yield identifier, style
            identifier = style.based_on


def _read(element: Element) -> _Style:
    paragraph, run = element.find(f"{W}pPr"), element.find(f"{W}rPr")
    listed = paragraph.find(f"{W}numPr") if paragraph is not None else None
    return _Style(
        name=value(element, "name").strip(),
        based_on=value(element, "basedOn"),
        outline=integer(value(paragraph, "outlineLvl")),
        is_hidden=hidden(run),
        list_number=value(listed, "numId"),
        list_level=integer(value(listed, "ilvl")),
    )


def _level(outline: int | None) -> int:
    return 0 if outline is None or outline >= _BODY_OUTLINE else outline + 1


def hidden(run_properties: Element | None) -> bool | None:
    """Whether these properties hide a text; None where they don't say."""
    mark = run_properties.find(f"{W}vanish") if run_properties is not None else None
    return None if mark is None else is_on(mark.get(f"{W}val") or "1")


def is_on(switch: str) -> bool:
    return switch.lower() not in ("0", "false", "off", "none")


def value(parent: Element | None, name: str) -> str:
    """The `val` of a child element, or nothing."""
    child = parent.find(f"{W}{name}") if parent is not None else None
    return "" if child is None else child.get(f"{W}val") or ""


def integer(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
