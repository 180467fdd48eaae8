"""Figures, percentages, dates and times in normalised text, however they are spelled.

三千四百二十八, 3,428 and 3428 are one number; 二〇二〇年五月廿八日, 民国109年5月28日 and 2020-05-28
one date; 三成, 30% and 百分之三十 one share. Narrow on purpose: a numeral inside a word (统一,
第一书记, 三农, 万一, 十三五) is no number, nor is a telephone number, a version or 几十 and 十几,
which have no value. Knows no words, no conversion of units and no index.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from indexer.kept import remembered
from indexer.text.figures.amounts import FIGURES, read_amounts
from indexer.text.figures.dates import DATES, read_dates
from indexer.text.figures.records import Bound, Number, NumberKind, plain
from indexer.text.figures.units import CURRENCIES, canonical_unit
from indexer.text.normalise import edited
from indexer.text.numerals import NUMERALS

__all__ = [
    "Bound",
    "Number",
    "NumberKind",
    "canonical",
    "canonical_terms",
    "canonical_unit",
    "find_numbers",
    "respelled",
    "uniform_figures",
]

_SIGNS = "".join(CURRENCIES)
# A figure may begin at these, unless it is the rest of a word or number before it. Looked for apart
# from the whole pattern, which takes three times as long to pass over a text.
_BEGINNING = re.compile(
    rf"[\d{NUMERALS}半{_SIGNS}](?<![a-z\d_^].)|第(?=\s?[\d{NUMERALS}])|(?<=民国)元|[俩仨]|(?<=\dt)\d(?=\d:)"
    r"|(?<![a-z\d])q(?=[1-4])"
)
_FIGURE = re.compile(
    rf"(?<!\d\.)(?<!\d,(?=\d{{3}}(?!\d)))(?<![a-z]-)(?:{DATES} | {FIGURES})", re.VERBOSE
)
# A piece of a longer row of digits: an address, a version, a code, a power of ten.
_ROW_GOES_ON = re.compile(r"\d|\.\d|(?!t\d\d:)[a-z]\d")
_POWER = re.compile(r"\^\d")
_MOST_REMEMBERED = 500_000  # characters of texts whose figures are kept: some 20 bytes each
_DEEPEST_INDENT = 8
_LIST_NUMBER = re.compile(r"\d{1,2}[.、)](?!\d)")


def find_numbers(text: str) -> list[Number]:
    """The figures of normalised text in order, never overlapping."""
    return list(_found(text))


@remembered(_MOST_REMEMBERED)
def _found(text: str) -> tuple[Number, ...]:
    found: list[Number] = []
    at = 0
    while (beginning := _BEGINNING.search(text, at)) is not None:
        match = _FIGURE.match(text, beginning.start())
        if match is None:
            at = beginning.end()
            continue
        at = match.end()
        if match.group()[-1].isdigit() and _ROW_GOES_ON.match(text, at):
            continue
        if match["body"] == "10" and _POWER.match(text, at):
            continue
        if _is_amount(match):
            if _is_list_number(text, match):
                continue
            numbers, at = read_amounts(text, match)
            found += numbers
        else:
            found += read_dates(text, match)
    return tuple(found)


_AMOUNTS = ("code", "part", "tenths", "half", "share", "half_of", "pair", "quarter_year")


def _is_amount(match: re.Match[str]) -> bool:
    return bool(match["body"] or any(match.group(*_AMOUNTS)))


def _is_list_number(text: str, match: re.Match[str]) -> bool:
    """Whether it only numbers a line: 1. or 2、 at its start."""
    start = match.start()
    indent = (
        "\n" + text[:start] if start < _DEEPEST_INDENT else text[start - _DEEPEST_INDENT : start]
    )
    return indent.rstrip(" \t").endswith("\n") and bool(_LIST_NUMBER.match(text, start))


def canonical(number: Number) -> str:
    """One term for one value: `#3428`, `#21.1%`, `#2020-05-28`, `#15:30`, `#第3`, `#1/3`."""
    kind = number.kind
    if kind is NumberKind.NUMBER:
        return f"#{_shown(number.value)}"
    if kind is NumberKind.DATE:
        return "#" + number.date
    if kind is NumberKind.TIME:
        hour, minute = divmod(int(number.value), 100)
        return f"#{hour:02d}:{minute:02d}"
    if kind is NumberKind.FRACTION:
        return "#" + number.unit
    value = _shown(number.value)
    return f"#{value}%" if kind is NumberKind.PERCENT else f"#第{value}"


def canonical_terms(number: Number) -> list[str]:
    """`canonical`; with its unit if it has one; what a range says besides; a date's larger parts.

    So that a question for 5月28日, 5月 or 2020年 meets 2020年5月28日, one for 5月27日 meets
    5月26-28日, and 20亩 is nearer to 20亩 than to 20公顷.
    """
    terms = [canonical(number)]
    if number.kind is NumberKind.DATE:
        for date in (number.date, *number.inside):
            terms += _date_terms(date)
    elif number.kind is NumberKind.ORDINAL:
        terms += [f"#第{value}" for value in number.inside]
    if number.unit and number.kind in (NumberKind.NUMBER, NumberKind.ORDINAL):
        terms.append(terms[0] + number.unit)
    return list(dict.fromkeys(terms))


def _date_terms(date: str) -> list[str]:
    """The date, and the larger ones that it is in: the month and the year, the day of any year."""
    terms = [date]
    if date[0] != "-":
        terms += [date[:7], date[:4]]
        terms += ["-" + date[4:], "-" + date[4:7]] if len(date) > 4 else []
    elif len(date) > 4:
        terms.append(date[:4])
    return ["#" + term for term in terms]


@lru_cache(maxsize=4096)  # a text is full of the same years and small counts
def _shown(value: Decimal) -> str:
    return plain(value)


def respelled(text: str, numbers: Sequence[Number]) -> list[tuple[int, int, str]]:
    """The places of figures that are written otherwise than in digits, and how they are in digits.

    `numbers` are figures of the normalised text, in order.
    """
    found = []
    for number in numbers:
        written = text[number.start : number.end]
        if (digits := _digits(number, written)) != written:
            found.append((number.start, number.end, digits))
    return found


def uniform_figures(text: str, numbers: Sequence[Number] | None = None) -> str:
    """Normalised text with every figure in digits: 三千四百二十八人 → 3428人, 1.2万元 → 12000元.

    For comparing texts by their characters; offsets are lost, and so is 约, 余 or 多. `numbers` are
    some of its figures, in order: only these, then.
    """
    return edited(text, respelled(text, find_numbers(text) if numbers is None else numbers))


def _digits(number: Number, written: str) -> str:
    if number.kind is NumberKind.DATE:
        yearless = number.date.startswith("--")
        parts = number.date.removeprefix("--").split("-")
        names = "月日" if yearless else "年月日"
        return "".join(f"{int(part)}{name}" for part, name in zip(parts, names, strict=False))
    shown = canonical(number)[1:]
    if number.kind in (NumberKind.NUMBER, NumberKind.ORDINAL):
        # the lower end of a range has its unit from the upper one: 3至5万元
        is_bare = written[-1] in NUMERALS or (
            written[-1].isdigit() and written[0] not in CURRENCIES
        )
        return shown + ("" if is_bare and written[0] != "q" else number.unit)
    return shown
