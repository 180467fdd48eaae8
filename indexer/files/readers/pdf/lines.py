"""Glyphs to fragments (stretches without a gap) and fragments to lines. Knows no columns.

Spaces: those of the file, and those that a gap between Latin letters means. A gap between two Han
characters is justification, as long as it is less than a character wide.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.files.readers.pdf.engine import Glyph, Rule

GAP = 0.9
"""Widths of a character from which on a gap parts fragments: cells, columns, tabulators."""

_LEAST_SPACE = 0.15
_SAME_LINE = 0.6  # of the smaller one's height: superscripts stand on the line that they belong to
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\U00020000-\U000323af]")


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words on one baseline `y`; `x0` and `x1` are their edges, all in points."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Fragments side by side, from left to right."""

    parts: tuple[Fragment, ...]
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    text: str


def is_wide(char: str) -> bool:
    """Han, kana and full-width signs, which stand without spaces."""
    return bool(_WIDE.match(char))


def fragments(glyphs: Sequence[Glyph], rules: Sequence[Rule]) -> tuple[list[Fragment], list[str]]:
    """The fragments of upright text, and what is written aslant or sideways (watermarks)."""
    walls = sorted((rule.at, rule.start, rule.end) for rule in rules if rule.vertical)
    found: list[Fragment] = []
    aslant: dict[int, list[str]] = {}
    run: list[Glyph] = []
    for glyph in glyphs:
        if glyph.style.angle:
            aslant.setdefault(glyph.style.angle, []).append(
                " " * bool(glyph.after_space) + glyph.char
            )
            continue
        if run and _is_overprint(run[-1], glyph):
            continue
        if run and not _goes_on(run[-1], glyph, walls):
            found.append(_fragment(run))
            run = []
        run.append(glyph)
    if run:
        found.append(_fragment(run))
    return found, ["".join(chars).strip() for chars in aslant.values()]


def _is_overprint(last: Glyph, glyph: Glyph) -> bool:
    """The same character nearly at the same place: printed twice to look bold, or as a shadow."""
    near = abs(last.x0 - glyph.x0) < 0.2 * glyph.style.size
    return last.char == glyph.char and near and abs(last.style.y - glyph.style.y) < 2


def _goes_on(last: Glyph, glyph: Glyph, walls: Sequence[tuple[float, float, float]]) -> bool:
    size = max(last.style.size, glyph.style.size)
    if glyph.style is not last.style and abs(glyph.style.y - last.style.y) > 0.4 * size:
        return False
    gap = glyph.x0 - last.x1
    if gap > GAP * size or glyph.x0 < last.x0 - 0.3 * size:
        return False
    if not walls:
        return True
    low, high = last.x1 - 0.3 * size, glyph.x0 + 0.3 * size
    at = bisect_left(walls, (low, 0.0, 0.0))
    middle = glyph.style.y + 0.3 * size
    while at < len(walls) and walls[at][0] <= high:
        if walls[at][1] <= middle <= walls[at][2]:
            return False
        at += 1
    return True


def _fragment(run: Sequence[Glyph]) -> Fragment:
    main = max((glyph.style for glyph in run), key=lambda style: style.size)
    pieces = [run[0].char]
    for last, glyph in pairwise(run):
        if _has_space(last, glyph):
            pieces.append(" ")
        pieces.append(glyph.char)
    bold = sum(glyph.style.bold for glyph in run) * 2 > len(run)
    x0, x1 = min(glyph.x0 for glyph in run), max(glyph.x1 for glyph in run)
    return Fragment("".join(pieces), x0, x1, main.y, main.size, bold)


def _has_space(last: Glyph, glyph: Glyph) -> bool:
    if glyph.after_space == 2:
        return True
    if glyph.after_space == 0 or (is_wide(last.char) and is_wide(glyph.char)):
        return False
    return glyph.x0 - last.x1 > _LEAST_SPACE * glyph.style.size


def lines(parts: Iterable[Fragment]) -> list[Line]:
    """The fragments as lines from top to bottom."""
    rows: list[list[Fragment]] = []
    mains: list[Fragment] = []
    for part in sorted(parts, key=lambda part: (-part.y, part.x0)):
        # A superscript comes before the line that it stands on: two rows back is far enough.
        for at in range(len(rows) - 1, max(-1, len(rows) - 3), -1):
            if _same_line(mains[at], part):
                rows[at].append(part)
                mains[at] = max(mains[at], part, key=lambda each: each.size)
                break
        else:
            rows.append([part])
            mains.append(part)
    return sorted(map(line_of, rows), key=lambda line: -line.y)


def _same_line(a: Fragment, b: Fragment) -> bool:
    bottom = max(a.y - 0.2 * a.size, b.y - 0.2 * b.size)
    top = min(a.y + 0.8 * a.size, b.y + 0.8 * b.size)
    return top - bottom >= _SAME_LINE * min(a.size, b.size)


def line_of(row: Sequence[Fragment]) -> Line:
    """Fragments of one line, in any order, as a line."""
    parts = sorted(row, key=lambda part: part.x0)
    main = max(parts, key=lambda part: (part.size, part.x1 - part.x0))
    text = parts[0].text
    for last, part in pairwise(parts):
        near = part.x0 - last.x1 < _LEAST_SPACE * part.size
        text += ("" if near else " ") + part.text
    return Line(
        parts=tuple(parts),
        x0=parts[0].x0,
        x1=max(part.x1 for part in parts),
        y=main.y,
        size=main.size,
        bold=main.bold,
        text=text,
    )


# -- joining lines --------------------------------------------------------------------------------

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SPACED = re.compile(r"(?<=[\u3400-\u9fff\uf900-\ufaff])[ \u3000]+(?=[\u3400-\u9fff\uf900-\ufaff])")
_HAN_PAIR = re.compile(r"(?=[\u3400-\u9fff\uf900-\ufaff]{2})")
_LONE_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]( [\u2e80-\u9fff\uf900-\ufaff])+$")
_PROSE_MARKS = re.compile(r"[，。；：！？,;]")
_RARE = 12  # in prose that is set densely, a space after so many characters or more is an accident


def join(above: str, below: str, compounds: frozenset[str] = frozenset()) -> str:
    """Two lines of one paragraph as one.

    `compounds` are the words with a hyphen that stand elsewhere in the text: those keep it.
    """
    if not above or not below:
        return above + below
    last, first = above[-1], below[0]
    if last == "-" and len(above) > 1 and _LATIN.match(above[-2]) and first.islower():
        word = re.split(r"\s", above)[-1] + re.split(r"[^\w-]", below, maxsplit=1)[0]
        return above + below if word.lower() in compounds else above[:-1] + below
    if last == "-" and above[-2:-1].isalnum():
        return above + below
    if is_wide(last) or is_wide(first):
        return above + below
    if last.isdigit() and first.isdigit() and _is_chinese(above):
        return above + below  # set character by character, a number is cut like a word
    return f"{above} {below}"


def _is_chinese(text: str) -> bool:
    return sum(map(is_wide, text)) * 2 > len(text)


def without_stray_spaces(text: str) -> str:
    """Take out spaces inside Chinese words (脱 贫).

    Where every character of a line stands by itself (通 知), or where prose is set densely but for
    a few places. Spaces between the names of a list and behind 第一章 stay.
    """
    if " " not in text and "\u3000" not in text:
        return text
    spaces = len(_SPACED.findall(text))
    if not spaces:
        return text
    dense = len(_HAN_PAIR.findall(text))
    if _LONE_HAN.match(text) or spaces > dense * 2:
        return _SPACED.sub("", text)
    if _PROSE_MARKS.search(text) and dense >= spaces * _RARE:
        return _SPACED.sub("", text)
    return text
