"""A number as a sheet shows it: 0.153 under `0.0%` is 15.3%, 43979 under a date format is a day.

Dates are written 2020-05-28 whatever the sheet's taste; of a format that shows no day the month is
given. Colours, conditions and padding are dropped. Knows number formats, no cells.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

# ECMA-376 part 1, 18.8.30, with the ones that a Chinese Excel means by 27 to 36 and 50 to 58.
BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-m-d h:mm", 27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy",
    31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒", 34: "h时mm分", 35: "h时mm分ss秒",
    36: "yyyy年m月", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "¥#,##0", 43: "#,##0.00", 44: "¥#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: "yyyy年m月",
    51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "h时mm分", 56: "h时mm分ss秒",
    57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip

_GENERAL_DIGITS = 11
_MOST_DIGITS = 30
_CONTEXT = Context(prec=100)
_LATEST = 2_958_466  # the day after 9999-12-31: beyond it a sheet shows no date
_GENERAL = re.compile("general", re.IGNORECASE)
_SECTIONS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.'
    r"|(?P<exponent>[Ee][+-]0+)|(?P<digit>[0#?])|(?P<other>.)",
    re.DOTALL,
)
_LITERALS = re.compile(r'"[^"]*"|[\\!_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_EPOCH_1900 = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)


def shown(value: str, code: str, from_1904: bool = False) -> str:
    """How a stored number looks under a format. What is no number stays as it is."""
    try:
        number = _CONTEXT.create_decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return value
    if is_date(code) and 0 <= number < _LATEST:
        return _date(float(number), code, from_1904)
    section, writes_sign = _section(number, code)
    number = abs(number) if writes_sign else number
    if section in ("", "@"):
        return _general(number)
    parts = _GENERAL.split(section, maxsplit=1)
    if len(parts) > 1:
        before, behind = ("".join(text for _, text in _tokens(part)[0]) for part in parts)
        return f"{before}{_general(number)}{behind}".strip()
    return _numeric(number, section)


@lru_cache(maxsize=1024)
def is_date(code: str) -> bool:
    """Whether a format shows days or hours."""
    bare = _bare(code)
    if "general" in bare or re.search(r"[0#?]", re.sub(r"\.0+", "", bare)):
        return False
    return bool(re.search(r"[dmyhs]|aaa", bare))


@lru_cache(maxsize=1024)
def _bare(code: str) -> str:
    """The letters of a format that stand for something, in lower case."""
    return _LITERALS.sub("", _SECTIONS.split(code)[0]).lower().replace("am/pm", "")


def _date(days: float, code: str, from_1904: bool) -> str:
    bare = _bare(code)
    if "[" in bare:  # hours past 24
        seconds = round(days * 86400)
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if not from_1904 and days < 60:
        days += 1  # Excel counts a 29 February 1900 that never was
    moment = (_EPOCH_1904 if from_1904 else _EPOCH_1900) + timedelta(seconds=round(days * 86400))
    has_clock = "h" in bare or "s" in bare
    has_day, has_year, has_month = "d" in bare or "aaa" in bare, "y" in bare, "m" in bare
    day = ""
    if has_day:
        day = moment.strftime("%Y-%m-%d")
    elif has_year:
        day = moment.strftime("%Y-%m") if has_month else str(moment.year)
    elif has_month and not has_clock:
        day = f"{moment.month}月"
    if not has_clock or (day and (moment.hour, moment.minute, moment.second) == (0, 0, 0)):
        return day
    return f"{day} {moment.strftime('%H:%M:%S' if moment.second else '%H:%M')}".strip()


def _section(number: Decimal, code: str) -> tuple[str, bool]:
    """The part of a format for this number, and whether that part writes the sign itself."""
    sections = _SECTIONS.split(code)
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(number, condition[1], Decimal(condition[2])):
                return section, False
    if number < 0 and len(sections) > 1:
        return sections[1] or sections[0], bool(sections[1])
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _holds(number: Decimal, sign: str, limit: Decimal) -> bool:
    if sign in ("=", "<>"):
        return (number == limit) == (sign == "=")
    if number == limit:
        return "=" in sign
    return (number > limit) == sign.startswith(">")


def _general(number: Decimal) -> str:
    if number == number.to_integral_value():
        return f"{number:.0f}"
    text = f"{Decimal(f'{float(number):.{_GENERAL_DIGITS}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _numeric(number: Decimal, section: str) -> str:
    """Fill the digits into their places; what stands between and around them stays."""
    tokens, has_exponent = _tokens(section)
    texts = "".join(text for kind, text in tokens if not kind)
    digits = [at for at, (kind, _) in enumerate(tokens) if kind and kind in "0#?"]
    if not digits:
        return texts.strip()  # a format that says the same of every number
    if "/" in texts and any(kind == "?" for kind, _ in tokens):
        return _general(number)  # a fraction: its decimal says the same
    point = next((at for at, (kind, _) in enumerate(tokens) if kind == "."), len(tokens))
    front = "".join(tokens[at][0] for at in digits if at < point)
    decimals = "".join(tokens[at][0] for at in digits if at > point)[:_MOST_DIGITS]
    commas = [at for at, (kind, _) in enumerate(tokens) if kind == ","]
    number = number.scaleb(2 * texts.count("%"), _CONTEXT)
    number = number.scaleb(-3 * sum(at > digits[-1] for at in commas), _CONTEXT)
    if has_exponent:
        return f"{number:.{len(decimals)}E}"
    step = Decimal(1).scaleb(-len(decimals))
    rounded = f"{abs(number).quantize(step, ROUND_HALF_UP, _CONTEXT):f}"
    whole, _, part = rounded.partition(".")
    least = len(decimals.rstrip("#?"))
    part = part[:least] + part[least:].rstrip("0")
    whole = whole.lstrip("0").rjust(len(front.lstrip("#?")), "0")
    is_grouped = any(at < digits[-1] for at in commas) and whole != ""
    minus = "-" if number < 0 and rounded.strip("0.") else ""
    whole = f"{int(whole):,}" if is_grouped else whole
    return minus + _fill(tokens, _slots(whole, len(front), is_grouped), whole, part)


def _slots(whole: str, places: int, is_grouped: bool) -> list[str]:
    """What each place in front of the point takes: from the right, the first one all the rest."""
    if places == 0 or is_grouped:
        return [whole, *[""] * (places - 1)] if places else []
    cut = max(0, len(whole) - places)
    slots = [digit.strip() for digit in whole[cut:].rjust(places)]
    slots[0] = whole[:cut] + slots[0]
    return slots


def _fill(tokens: Sequence[tuple[str, str]], slots: list[str], whole: str, part: str) -> str:
    waiting, behind = iter(slots), iter(part)
    text, is_behind = "", False
    for kind, literal in tokens:
        if kind == ".":
            text += "" if slots or is_behind else whole
            text += "." if part and not is_behind else ""
            is_behind = True
        elif kind and kind in "0#?":
            text += next(behind if is_behind else waiting, "")
        else:
            text += literal
    return text.strip()


@lru_cache(maxsize=1024)
def _tokens(section: str) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Places (0 # ? . ,) as (place, ""), literal text as ("", text); whether it has an exponent."""
    tokens: list[tuple[str, str]] = []
    has_exponent = False
    for match in _TOKEN.finditer(section):
        kind = match.lastgroup
        text = match[kind] if kind else ""
        if kind == "exponent":
            has_exponent = True
        elif kind == "digit" or (kind == "other" and text in ".,"):
            tokens.append((text, ""))
        elif text:
            tokens.append(("", text))
    return tuple(tokens), has_exponent
