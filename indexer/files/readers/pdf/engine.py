"""What stands on a page of a PDF, as pypdfium2 sees it: glyphs with their boxes, and ruled lines.

The only file that calls pypdfium2. PDFium is one state for the whole process and not thread-safe:
each method of `Pdf` holds a lock, and all handles are closed under it, never by the collector.
Knows no reading order, no words, no tables.
"""

import ctypes
import math
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from indexer.errors import UnreadableFile

MAX_PAGE_CHARS = 100_000
"""Characters on one page: a dense newspaper page has 15,000. More is not read from the page."""

MAX_PAGE_OBJECTS = 20_000
"""Drawn objects that are looked at for ruled lines: maps have a million, tables a few hundred."""

_LOCK = threading.Lock()
_RULE_WIDTH = 2.5  # points: a drawn box that is thinner is a line
_LEAST_RULE = 4.0  # points: shorter strokes are parts of drawings
_MAX_SEGMENTS = 2_000  # of one path: a grid drawn at one go has a few hundred
_MAX_RULES = 6_000
_BOLD = 600
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-"}  # what PDFium makes of a hyphen at a line's end
_BULLETS = frozenset("\uf0b7\uf06c\uf06e\uf0a7\uf0d8\uf0fc\uf075\uf09f")
_PASSWORD, _SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


@dataclass(frozen=True, slots=True)
class Style:
    """What neighbouring glyphs share: the baseline, the size in points, the direction."""

    y: float
    size: float
    bold: bool
    angle: int  # degrees, counter-clockwise


class Glyph(NamedTuple):  # made a thousand times a page: a third of a dataclass' time
    """A character with its left and right edge. `after_space`: 2 behind a space of the text's
    own, 1 behind one that PDFium saw in a gap.
    """

    char: str
    x0: float
    x1: float
    style: Style
    after_space: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line: it stands at `at` and goes from `start` to `end`."""

    vertical: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class PageContent:
    """One page. `failed`: it can't be loaded; `cut`: it holds more characters than are read."""

    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    height: float = 0.0
    unmapped: int = 0  # glyphs of which the file does not say which characters they are
    has_image: bool = False
    covered: float = 0.0  # by pictures: a share of the page, more than 1 where they overlap
    needs_ocr: bool = False
    failed: bool = False
    cut: bool = False


class Pdf:
    """An open file. Close it, or use it in a `with`."""

    def __init__(self, data: bytes) -> None:
        """Raises: UnreadableFile, reason `encrypted` or `damaged`."""
        import pypdfium2  # 60 ms and a native library; not at import
        import pypdfium2.raw as raw

        self._raw: Any = raw
        with _LOCK:
            try:
                self._document = pypdfium2.PdfDocument(data)
                self.page_count = len(self._document)
            except pypdfium2.PdfiumError as error:
                raise _refused(getattr(error, "err_code", None)) from error

    def __enter__(self) -> "Pdf":
        return self

    def __exit__(self, *_: object) -> None:
        with _LOCK:
            self._document.close()

    def properties(self) -> dict[str, str]:
        """Title, Author, CreationDate and so on, as the file has them; often empty."""
        with _LOCK:
            return dict(self._document.get_metadata_dict(skip_empty=True))

    def page(self, index: int) -> PageContent:
        """The page with this index, from 0."""
        raw = self._raw
        content = PageContent()
        with _LOCK:
            page = raw.FPDF_LoadPage(self._document.raw, index)
            if not page:
                content.failed = True
                return content
            text = raw.FPDFText_LoadPage(page)
            try:
                content.height = float(raw.FPDF_GetPageHeightF(page))
                if text:
                    _read_glyphs(raw, text, content)
                else:
                    content.failed = True
                area = content.height * float(raw.FPDF_GetPageWidthF(page))
                _read_objects(raw, page, content, area)
            finally:
                if text:
                    raw.FPDFText_ClosePage(text)
                raw.FPDF_ClosePage(page)
        _set_upright(content)
        return content

    def drawn(self, index: int, longest_side: int) -> tuple[Any, float]:
        """The page as a picture in RGB that is so long at its longer side, and points a pixel."""
        with _LOCK:
            page = self._document[index]
            try:
                scale = longest_side / max(*page.get_size(), 1.0)
                bitmap = page.render(scale=scale, rev_byteorder=True)
                try:
                    return bitmap.to_numpy()[:, :, :3].copy(), 1 / scale
                finally:
                    bitmap.close()
            finally:
                page.close()


def _refused(code: int | None) -> UnreadableFile:
    if code in (_PASSWORD, _SECURITY):
        return UnreadableFile(
            "it is encrypted and opens only with a password",
            reason="encrypted",
            hint="save a copy without a password (print it to PDF) and index that",
        )
    return UnreadableFile(
        "it is no PDF, or a broken or cut one",
        reason="damaged",
        hint="open it in a viewer; if that shows it, print it to a new PDF, else fetch it again",
    )


# -- glyphs ---------------------------------------------------------------------------------------


def _read_glyphs(raw: Any, text: Any, content: PageContent) -> None:
    """The glyphs in the order of the file. One call into PDFium takes 0.6 µs: few are made."""
    count = raw.FPDFText_CountChars(text)
    content.cut = count > MAX_PAGE_CHARS
    box = raw.FS_RECTF()
    reader = _StyleReader(raw, text)
    style: Style | None = None
    bottom = right = 0.0
    space = 0
    for at in range(min(max(count, 0), MAX_PAGE_CHARS)):
        code = raw.FPDFText_GetUnicode(text, at)
        char = _character(code)
        if char.isspace():
            if char not in "\r\n":
                space = max(space, 1 if raw.FPDFText_IsGenerated(text, at) else 2)
            continue
        if not char:
            content.unmapped += code != 0xFEFF
            continue
        if char == "\ufffd" or (0xE000 <= code <= 0xF8FF and char != "•"):
            content.unmapped += 1
        raw.FPDFText_GetLooseCharBox(text, at, box)
        if style is None or box.bottom != bottom or not -1 < box.left - right < 60:
            style = reader.style(at)
        bottom, right = box.bottom, box.right
        if style.angle in (90, 270):  # what runs up the page is measured along the page
            content.glyphs.append(Glyph(char, box.bottom, box.top, style, space))
        else:
            content.glyphs.append(Glyph(char, box.left, box.right, style, space))
        space = 0


@lru_cache(maxsize=20_000)
def _character(code: int) -> str:
    """What a code point stands for; nothing for control characters and half characters."""
    if code in _HYPHENS:
        return _HYPHENS[code]
    if code < 0x20 and code not in (9, 10, 13):
        return ""
    if 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or code == 0xFEFF:
        return ""
    char = chr(code)
    return "•" if char in _BULLETS else char


class _StyleReader:
    """Asks for a glyph's style; buffers are made once."""

    def __init__(self, raw: Any, text: Any) -> None:
        self._raw = raw
        self._text = text
        self._x = ctypes.c_double()
        self._y = ctypes.c_double()
        self._matrix = raw.FS_MATRIX()

    def style(self, at: int) -> Style:
        raw, text, matrix = self._raw, self._text, self._matrix
        raw.FPDFText_GetCharOrigin(text, at, self._x, self._y)
        size = float(raw.FPDFText_GetFontSize(text, at))
        angle = 0
        if raw.FPDFText_GetMatrix(text, at, matrix):
            size *= math.hypot(matrix.c, matrix.d)
            angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
        bold = raw.FPDFText_GetFontWeight(text, at) >= _BOLD
        x, y = self._x.value, self._y.value
        if not all(map(math.isfinite, (x, y, size))) or size <= 0:
            x, y, size = 0.0, 0.0, 1.0
        return Style(x if angle in (90, 270) else y, min(size, 1000.0), bold, angle)


def _set_upright(content: PageContent) -> None:
    """Turn a page so that most of its text runs from left to right."""
    votes: dict[int, int] = {}
    for glyph in content.glyphs:
        votes[glyph.style.angle] = votes.get(glyph.style.angle, 0) + 1
    turn = max(votes, key=lambda angle: votes[angle], default=0)
    if turn not in (90, 180, 270):
        return
    styles: dict[int, Style] = {}
    turned: list[Glyph] = []
    for glyph in content.glyphs:
        old = glyph.style
        if id(old) not in styles:
            y = old.y if turn == 270 else -old.y
            styles[id(old)] = Style(y, old.size, old.bold, (old.angle - turn) % 360)
        x0, x1 = (glyph.x0, glyph.x1) if turn == 90 else (-glyph.x1, -glyph.x0)
        turned.append(Glyph(glyph.char, x0, x1, styles[id(old)], glyph.after_space))
    content.glyphs = turned
    content.rules = [_turned(rule, turn) for rule in content.rules]


def _turned(rule: Rule, turn: int) -> Rule:
    """(x, y) becomes (y, -x) for 90, (-x, -y) for 180, (-y, x) for 270 degrees."""
    if turn == 180:
        return Rule(rule.vertical, -rule.at, -rule.end, -rule.start)
    # A line at x becomes one at -x (90) or x (270) across; one at y becomes one at y or -y.
    flips_at = rule.vertical == (turn == 90)
    at = -rule.at if flips_at else rule.at
    start, end = (rule.start, rule.end) if flips_at else (-rule.end, -rule.start)
    return Rule(not rule.vertical, at, start, end)


# -- ruled lines ----------------------------------------------------------------------------------


def _read_objects(raw: Any, page: Any, content: PageContent, page_area: float) -> None:
    """`page_area`: in square points."""
    box = [ctypes.c_float() for _ in range(4)]
    for at in range(min(raw.FPDFPage_CountObjects(page), MAX_PAGE_OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page, at)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_SHADING):
            content.has_image = True
            if page_area > 0 and raw.FPDFPageObj_GetBounds(drawn, *box):
                x0, y0, x1, y1 = (value.value for value in box)
                area = abs((x1 - x0) * (y1 - y0))
                content.covered += area / page_area  # scanners cut a page into strips
        elif kind == raw.FPDF_PAGEOBJ_PATH and len(content.rules) < _MAX_RULES:
            if not raw.FPDFPageObj_GetBounds(drawn, *box):
                continue
            left, bottom, right, top = (value.value for value in box)
            if right - left <= _RULE_WIDTH or top - bottom <= _RULE_WIDTH:
                _add_rule(content.rules, left, bottom, right, top)
            else:
                _add_segments(raw, drawn, content.rules)


def _add_rule(rules: list[Rule], x0: float, y0: float, x1: float, y1: float) -> None:
    left, right = min(x0, x1), max(x0, x1)
    bottom, top = min(y0, y1), max(y0, y1)
    if not all(map(math.isfinite, (left, right, bottom, top))):
        return
    if right - left <= _RULE_WIDTH and top - bottom >= _LEAST_RULE:
        rules.append(Rule(True, (left + right) / 2, bottom, top))
    elif top - bottom <= _RULE_WIDTH and right - left >= _LEAST_RULE:
        rules.append(Rule(False, (bottom + top) / 2, left, right))


def _add_segments(raw: Any, drawn: Any, rules: list[Rule]) -> None:
    """The straight strokes of a path: the edges of a box, or a grid drawn at one go."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(drawn, fill, stroke) or not stroke.value:
        return  # a shaded area
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(drawn, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for at in range(min(raw.FPDFPath_CountSegments(drawn), _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(drawn, at)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            with suppress(OverflowError):
                _add_rule(rules, *last, *point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            _add_rule(rules, *last, *first)
            last = first
