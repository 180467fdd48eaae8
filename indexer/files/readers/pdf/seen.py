"""What was seen on a picture as a page of glyphs and rules, as a PDF's page is given.

So the order of columns, tables, running heads and paragraphs are found by the same rules. Where in
its line a character stands is reckoned from its width. Knows no engine.
"""

import math
import re
from collections.abc import Sequence
from statistics import median

from indexer.files.ocr import Seen, Stroke, Words
from indexer.files.readers.pdf.engine import Glyph, PageContent, Rule, Style
from indexer.files.readers.pdf.lines import is_wide

USUAL_SIZE = 10.5
"""Points: as large as the body's type is taken to be where a picture does not say its size."""

_BOX = 0.78  # of a line's box is its type
_LEAST_WIDE = 6  # characters, from which on their distance tells their size
_STEP = 1.2  # sizes closer than that are one: boxes vary by a tenth
_NARROW = 0.5  # of a character's size: figures and Latin letters
_BASELINE = 0.2  # of a line's box lies below it
_OPENERS, _CLOSERS = "“‘（《〈「『【〔", "，。、；：？！”’）》〉」』】〕"

_HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
_HALF = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
_BESIDE_HAN = re.compile(rf"(?<={_HAN})[,:;?!]|[,:;?!](?={_HAN})")
_PAIR = re.compile(r"[(（]([^()（）]*)[)）]")
_LONE_BRACKET = re.compile(rf"\((?={_HAN})|(?<={_HAN})\)")


def scale_of(pages: Sequence[Seen]) -> float:
    """Points to a pixel, by the size of the body's type over all pages."""
    sizes = [_size(words) for page in pages for words in page.words for _ in words.text]
    return USUAL_SIZE / median(sizes) if sizes else 1.0


def as_page(seen: Seen, scale: float) -> PageContent:
    """`scale`: points to a pixel."""
    sizes = [_size(words) for words in seen.words for _ in words.text]
    usual = median(sizes) if sizes else 0.0
    content = PageContent(height=seen.height * scale, has_image=True)
    for words in seen.words:
        steps = round(math.log(_size(words) / usual) / math.log(_STEP))
        _add_line(content, seen, words, usual * _STEP**steps, scale)
    content.rules = [_rule(stroke, seen.height, scale) for stroke in seen.strokes]
    return content


def _units(text: str) -> float:
    """How wide a text is, in characters that are as wide as high."""
    return sum(1.0 if is_wide(char) else _NARROW for char in text)


def _blank_ends(text: str) -> tuple[float, float]:
    """What a box lacks at its ends, in characters: half of a bracket or a full stop is blank."""
    return 0.5 * (text[0] in _OPENERS), 0.5 * (text[-1] in _CLOSERS)


def _size(words: Words) -> float:
    """The size of its type in pixels: from the distance of characters, else from its box."""
    by_box = _BOX * (words.bottom - words.top)
    wide = sum(map(is_wide, words.text))
    if wide >= _LEAST_WIDE and wide * 2 > len(words.text):
        units = _units(words.text) - sum(_blank_ends(words.text))
        by_distance = (words.right - words.left) / units
        if 0.75 * by_box < by_distance < 1.35 * by_box:
            return by_distance
    return by_box


def _add_line(content: PageContent, seen: Seen, words: Words, size: float, scale: float) -> None:
    text = in_chinese(words.text)
    baseline = seen.height - words.bottom + _BASELINE * (words.bottom - words.top)
    style = Style(baseline * scale, size * scale, False, 0)
    before, behind = _blank_ends(text)
    unit = (words.right - words.left) * scale / (_units(text) - before - behind)
    x, space = words.left * scale - before * unit, 0
    for char in text:
        wide = unit * (1.0 if is_wide(char) else _NARROW)
        if char.isspace():
            space = 2
        else:
            content.glyphs.append(Glyph(char, x, x + wide, style, space))
            space = 0
        x += wide


def in_chinese(text: str) -> str:
    """With full-width signs where Chinese stands beside them: a picture does not tell the width."""
    text = _BESIDE_HAN.sub(lambda found: _HALF[found[0]], text)
    text = _PAIR.sub(_one_width, text)
    return _LONE_BRACKET.sub(lambda found: "（" if found[0] == "(" else "）", text)


def _one_width(found: re.Match[str]) -> str:
    wide = "（" in found[0] or "）" in found[0] or re.search(_HAN, found[1])
    return f"（{found[1]}）" if wide else found[0]


def _rule(stroke: Stroke, height: float, scale: float) -> Rule:
    if stroke.is_vertical:
        at = (stroke.left + stroke.right) / 2 * scale
        return Rule(True, at, (height - stroke.bottom) * scale, (height - stroke.top) * scale)
    at = (height - (stroke.top + stroke.bottom) / 2) * scale
    return Rule(False, at, stroke.left * scale, stroke.right * scale)
