"""Chinese numerals to values: 三千四百二十八 → 3428, 二〇二〇 → 2020. Knows nothing of prose."""

from decimal import Decimal
from functools import lru_cache

DIGITS = "〇零一二三四五六七八九"
NUMERALS = DIGITS + "十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
_MAX_DIGITS = 24
_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGIT |= {char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_PLACE = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_GROUP = {"万": 10**4, "亿": 10**8}


def parse_chinese(numeral: str) -> Decimal | None:
    """The value, or None for a row of characters that is no number (十三五, 万一, 三三两两).

    A digit behind a place without 零 counts one place lower, as it is said: 三千二 is 3200.
    """
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    whole, point, decimals = numeral.partition("点")
    is_row = all(char in _DIGIT for char in whole)
    value = _parse_row(whole) if is_row else _parse_places(whole)
    if value is None or not point:
        return value
    if not decimals or any(char not in _DIGIT for char in decimals):
        return None
    return value + Decimal("0." + "".join(str(_DIGIT[char]) for char in decimals))


def _parse_row(digits: str) -> Decimal | None:
    """二〇二〇, a digit a place; 两 is none of them unless it stands alone."""
    if not digits or (len(digits) > 1 and "两" in digits):
        return None
    return Decimal("".join(str(_DIGIT[char]) for char in digits))


def _parse_places(numeral: str) -> Decimal | None:
    total = group = 0  # what stands before 亿 or 万, and the up to four places now being read
    digit: int | None = None
    place, lowest = 10**5, 10**13  # the last place and the last 万 or 亿: they only fall
    zero = False
    for char in numeral:
        if char in _DIGIT:
            if digit is not None:  # two digits side by side: 二三十, 十三五
                return None
            if _DIGIT[char] == 0:
                zero = True
            else:
                digit = _DIGIT[char]
        elif char in _PLACE:
            if _PLACE[char] >= place or (digit is None and (char != "十" or group or total)):
                return None
            place = _PLACE[char]
            group += (1 if digit is None else digit) * place
            digit, zero = None, False
        else:
            size = _GROUP[char]
            group += digit or 0
            if size >= lowest and not (char == "亿" and lowest == 10**4 and total):
                return None
            if group == 0 and not (char == "亿" and total):
                return None
            total = (total + group) * size if char == "亿" else total + group * size
            lowest, place, digit, group, zero = size, 10**5, None, 0, False
    if digit is not None:
        total += _last_digit(digit, numeral, zero)
    return Decimal(total + group)


def _last_digit(digit: int, numeral: str, zero: bool) -> int:
    before = numeral[-2]
    size = _PLACE.get(before, _GROUP.get(before, 0))
    return digit * size // 10 if size > 10 and not zero else digit


@lru_cache(maxsize=4096)  # the same few come again and again
def value_of(spelling: str) -> Decimal | None:
    """Of digits with or without separators, or of a Chinese numeral; None where it is neither."""
    if spelling[0].isdigit():
        digits = spelling.replace(",", "").replace(" ", "")
        return Decimal(digits) if len(digits) <= _MAX_DIGITS else None
    return parse_chinese(spelling) if len(spelling) <= _MAX_DIGITS else None
