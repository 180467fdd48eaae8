"""The numbers that Word writes before paragraphs by itself: 一、 第三条 1.2 ① and the like.

They stand in no paragraph's text, yet every reader of the document sees them and refers to them.
Knows numbering.xml; whatever paragraph has a number is told from outside.
"""

import re
from dataclasses import dataclass, field

from indexer.files.readers.office.ooxml import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_LEVELS = 9
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_COUNTING = re.compile(r"(chinese|japanese|taiwanese)(Counting|CountingThousand)$")
_CLOSED = re.compile(r"[、）)．，：。】〕》]$")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    style: str


@dataclass(slots=True)
class Numbering:
    """Counts as Word does: a level goes on until one above it moves."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # by numId
    lists: dict[str, str] = field(default_factory=dict)  # numId → the list that is counted
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    counters: dict[str, list[int | None]] = field(default_factory=dict)

    def level_of_style(self, number: str, style: str) -> int:
        """The level that a list gives to a paragraph style."""
        levels = self.levels.get(number, {})
        return next((at for at, level in levels.items() if level.style == style), 0)

    def label(self, number: str, at: int) -> str:
        """The next number of a list on a level, with a space behind it where it needs one."""
        level = self.levels.get(number, {}).get(at)
        if level is None:
            return ""
        counters = self.counters.setdefault(self.lists[number], [None] * _LEVELS)
        restart = self.restarts.pop((number, at), None)
        before = counters[at]
        if restart is not None:
            counters[at] = restart
        else:
            counters[at] = level.start if before is None else before + 1
        for below in range(at + 1, _LEVELS):
            counters[below] = None
        if level.format == "bullet":
            return "• "
        label = re.sub(r"%([1-9])", lambda match: self._part(number, int(match[1]) - 1), level.text)
        return label if not label or _CLOSED.search(label) else label + " "

    def _part(self, number: str, at: int) -> str:
        level = self.levels[number].get(at)
        if level is None:
            return ""
        counter = self.counters[self.lists[number]][at]
        return format_number(level.start if counter is None else counter, level.format)


def read_numbering(root: Element | None) -> Numbering:
    """The lists of a document; without the part, none."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract = {
        each.get(f"{W}abstractNumId"): dict(map(_level, each.iterfind(f"{W}lvl")))
        for each in root.iterfind(f"{W}abstractNum")
    }
    for each in root.iterfind(f"{W}num"):
        number = each.get(f"{W}numId") or ""
        reference = each.find(f"{W}abstractNumId")
        of = reference.get(f"{W}val") if reference is not None else None
        numbering.lists[number] = of or number
        numbering.levels[number] = dict(abstract.get(of, {}))
        for override in each.iterfind(f"{W}lvlOverride"):
            at = _number(override.get(f"{W}ilvl"), 0)
            start = override.find(f"{W}startOverride")
            if start is not None:
                numbering.restarts[number, at] = _number(start.get(f"{W}val"), 1)
            for replaced in override.iterfind(f"{W}lvl"):
                numbering.levels[number].update([_level(replaced)])
    return numbering


def _level(element: Element) -> tuple[int, _Level]:
    def value(name: str, otherwise: str) -> str:
        found = element.find(f"{W}{name}")
        return otherwise if found is None else found.get(f"{W}val") or otherwise

    level = _Level(
        _number(value("start", "0"), 0), value("numFmt", "decimal"), value("lvlText", ""),
        value("pStyle", ""),
    )  # fmt: skip
    return min(_number(element.get(f"{W}ilvl"), 0), _LEVELS - 1), level


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def format_number(number: int, kind: str) -> str:
    """A count in one of Word's number formats; in those that are not known here, as digits."""
    if _COUNTING.match(kind):
        return _chinese(number)
    if kind in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if kind in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    if kind in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letter.upper() if kind == "upperLetter" else letter
    return _as_sign(number, kind)


def _as_sign(number: int, kind: str) -> str:
    if kind == "none":
        return ""
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind == "decimalFullWidth":
        return "".join(chr(ord("０") + int(digit)) for digit in str(number))
    if kind == "ideographTraditional" and 0 < number <= len(_STEMS):
        return _STEMS[number - 1]
    if kind == "ideographZodiac" and 0 < number <= len(_BRANCHES):
        return _BRANCHES[number - 1]
    if kind == "chineseLegalSimplified" and 0 < number < 10:
        return _LEGAL[number]
    if kind.startswith("decimalEnclosed") and 0 < number <= 20:
        first = "⒈" if "Fullstop" in kind else "⑴" if "Paren" in kind else "①"
        return chr(ord(first) + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    """十二, 一百零五; from 10,000 on digit by digit, as no list comes so far."""
    if not 0 < number < 10_000:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    text, gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + unit
        gap = digit == 0
    return text.removeprefix("一") if 10 <= number < 20 else text


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text
