"""The text within one Word paragraph: what its runs show, what they hide, and what hangs on it.

Tracked insertions are shown, tracked deletions are not; of a field its result is. Knows inline
elements; paragraphs, tables and their order are docx.py's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.files.readers.docx.styles import Styles, hidden, value
from indexer.files.readers.office.inline import ALTERNATIVES, FORMULAS, alternative, formula
from indexer.files.readers.office.ooxml import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_SILENT = frozenset(
    f"{W}{name}"
    for name in (
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "del", "moveFrom", "delText", "instrText", "rt"),
        *("delInstrText", "annotationRef", "footnoteRef", "endnoteRef", "separator", "softHyphen"),
        *("continuationSeparator", "pgNum", "fldData", "ffData", "rubyPr", "smartTagPr"),
    )
)
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
# Forms tick their boxes with signs of these fonts, whose codes mean something else elsewhere.
_SYMBOLS = {
    "wingdings": {
        0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
        0xFE: "☑", 0xE0: "→",
    },
    "wingdings 2": {0x2A: "□", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x54: "☒", 0xA3: "□"},
    "symbol": {0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠"},
}  # fmt: skip


@dataclass(slots=True)
class Inline:
    """One paragraph. `notes` are the kinds and identifiers of its notes, `boxes` its text boxes."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.shown)


@dataclass(slots=True)
class InlineReader:
    """Reads paragraph after paragraph: a field may begin in one and end in another."""

    styles: Styles
    fields: list[str] = field(default_factory=list)  # `code` or `result`, innermost last

    def read(self, paragraph: Element, is_hidden: bool) -> Inline:
        inline = Inline()
        self._children(paragraph, inline, is_hidden)
        if "code" in self.fields:
            self.fields.clear()  # a field's code ends with its paragraph, or the file is broken
        return inline

    def _children(self, parent: Element, inline: Inline, is_hidden: bool) -> None:
        for child in parent:
            self._element(child, inline, is_hidden)

    def _element(self, element: Element, inline: Inline, is_hidden: bool) -> None:
        tag = element.tag
        if tag in _SILENT:
            return
        if tag == f"{W}r":
            self._children(element, inline, self._hides(element, is_hidden))
        elif tag == f"{W}fldChar":
            self._field(element.get(f"{W}fldCharType") or "")
        elif tag == f"{W}t" or tag in _SIGNS or tag == f"{W}sym":
            if "code" not in self.fields:
                target = inline.hidden if is_hidden else inline.shown
                target.append(_characters(element))
        elif tag in _NOTES:
            inline.notes.append((_NOTES[tag], element.get(f"{W}id") or ""))
        elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            inline.boxes.extend(_boxes(element))
        elif tag in FORMULAS:
            inline.shown.append(formula(element))
        elif tag == ALTERNATIVES:
            for chosen in alternative(element):
                self._element(chosen, inline, is_hidden)
        elif not (tag == f"{W}sdt" and is_placeholder(element)):
            self._children(element, inline, is_hidden)

    def _hides(self, run: Element, is_hidden: bool) -> bool:
        properties = run.find(f"{W}rPr")
        own = hidden(properties)
        style = value(properties, "rStyle")
        return own if own is not None else is_hidden or (bool(style) and self.styles.hides(style))

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append("code")
        elif kind == "separate" and self.fields:
            self.fields[-1] = "result"
        elif kind == "end" and self.fields:
            self.fields.pop()


def is_placeholder(control: Element) -> bool:
    """Whether a content control shows nothing but the request to fill it in."""
    return control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def _characters(element: Element) -> str:
    if element.tag == f"{W}t":
        return element.text or ""
    if element.tag != f"{W}sym":
        return _SIGNS[element.tag]
    code = element.get(f"{W}char") or ""
    try:
        number = int(code, 16) & 0xFFFF
    except ValueError:
        return ""
    if 0xF000 <= number <= 0xF0FF:
        font = (element.get(f"{W}font") or "").lower()
        return _SYMBOLS.get(font, {}).get(number & 0xFF, "")
    return chr(number) if 0x20 <= number < 0xD800 else ""


def _boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == ALTERNATIVES:
            for chosen in alternative(child):
                yield from _boxes(chosen)
        else:
            yield from _boxes(child)
