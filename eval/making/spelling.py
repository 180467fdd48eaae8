"""One value in its usual spellings: 3428户, 3,428户, 三千四百二十八户. Knows no question."""

from decimal import Decimal

from eval.matching import holds
from indexer.text.numbers import Number, NumberKind

_DIGITS = "零一二三四五六七八九"
_MOST_IN_DIGITS = 10**8  # beyond, nobody counts the zeros of 30000000000元
_LARGEST_SPELLED = Decimal(10**12)


def spellings(number: Number, written: str) -> tuple[str, ...]:
    """The value as it was written, then as it is written otherwise; all of them the same value."""
    others = _dates(number) if number.kind is NumberKind.DATE else _figures(number)
    found = dict.fromkeys([written, *others])
    return tuple(other for other in found if other == written or _same(written, other))


def _same(one: str, other: str) -> bool:
    """Whether both are one value; a day is the same with and without its year."""
    return holds(one, other) or holds(other, one)


def _dates(number: Number) -> list[str]:
    yearless = number.date.startswith("--")
    parts = [int(part) for part in number.date.removeprefix("--").split("-")]
    names = "月日" if yearless else "年月日"
    pairs = list(zip(parts, names, strict=False))
    forms = ["".join(f"{part}{name}" for part, name in pairs), "".join(map(_chinese_date, pairs))]
    if len(pairs) == 3:  # whoever says the day has said enough: the question names the year
        forms.append("".join(f"{part}{name}" for part, name in pairs[1:]))
    return forms


def _chinese_date(pair: tuple[int, str]) -> str:
    part, name = pair
    if name == "年":
        return "".join("〇" if digit == "0" else _DIGITS[int(digit)] for digit in str(part)) + name
    return chinese_numeral(part) + name


def _figures(number: Number) -> list[str]:
    if number.value != number.value.to_integral_value() or number.value >= _LARGEST_SPELLED:
        return []
    value = int(number.value)
    if number.kind is NumberKind.PERCENT:
        return [f"{value}%", f"百分之{chinese_numeral(value)}"]
    if number.kind is not NumberKind.NUMBER:
        return []
    digits = [f"{value}{number.unit}"] if value < _MOST_IN_DIGITS else []
    return [*digits, f"{chinese_numeral(value)}{number.unit}"]


def chinese_numeral(value: int) -> str:
    """A whole number from 0 below 10^12 in Chinese numerals: 10015 is 一万零一十五."""
    if value < 10:
        return _DIGITS[value]
    if value < 20:
        return "十" + (_DIGITS[value % 10] if value % 10 else "")
    for size, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            head, rest = divmod(value, size)
            zero = "零" if rest and rest < size // 10 else ""
            return chinese_numeral(head) + name + (zero + _inside(rest) if rest else "")
    raise ValueError(f"{value} is no whole number that this can spell")


def _inside(value: int) -> str:
    """Within a longer numeral ten is 一十."""
    return "一" + chinese_numeral(value) if 10 <= value < 20 else chinese_numeral(value)
