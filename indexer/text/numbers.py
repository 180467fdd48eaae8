"""Figures, percentages and dates in normalised text, however they are spelled.

三千四百二十八, 3,428 and 3428 are one number; 二〇二〇年五月二十八日 and 2020-05-28 one
date. Narrow on purpose: a numeral inside a word (统一, 第一书记, 三农, 万一, 十三五) is no number.
Knows no words, no conversion of units and no index.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indexer.text.numerals import parse_chinese


class NumberKind(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"
    FRACTION = "fraction"
    ORDINAL = "ordinal"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Number:
    """A figure at [start, end) of the normalised text, its unit and 余 or 多 included.

    `value` is exact: 21.1 for 21.1 %, 650000 for 65万, year × 10000 + month × 100 + day for a date
    (0 for what is not named), the share for 三分之一. `approximate`: 约, 近, 余 or 以上 stands with
    it. `date` is ISO 8601: 2020-05-28, 2020-05, 2020, --05-28 or --05; empty for anything else.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    approximate: bool
    kind: NumberKind
    date: str = ""


def find_numbers(text: str) -> list[Number]:
    """The figures of normalised text in order, never overlapping."""
    found: list[Number] = []
    for match in _FIGURE.finditer(text):
        found.extend(_read(text, match))
    return found


def canonical(number: Number) -> str:
    """One term for one value: `#3428`, `#21.1%`, `#2020-05-28`, `#第3`, `#1/3`."""
    if number.kind is NumberKind.DATE:
        return "#" + number.date
    if number.kind is NumberKind.FRACTION:
        return "#" + number.unit
    value = format(number.value, "f")
    if "." in value:
        value = value.rstrip("0").rstrip(".")
    if number.kind is NumberKind.PERCENT:
        return f"#{value}%"
    return f"#第{value}" if number.kind is NumberKind.ORDINAL else f"#{value}"


def canonical_terms(number: Number) -> list[str]:
    """`canonical`, and for a whole date its month and its day of the year as well.

    So that a question for 5月28日 or 2020年5月 meets 2020年5月28日.
    """
    terms = [canonical(number)]
    if number.kind is NumberKind.DATE and len(number.date) == 10 and number.date[0] != "-":
        terms += ["#" + number.date[:7], "#-" + number.date[4:]]
    return terms


# -- what a figure looks like ---------------------------------------------------------------------

_DIGITS = "〇零一二三四五六七八九"
_NUMERALS = _DIGITS + "十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
_YEAR = rf"(?:[12]\d{{3}}|[一二][{_DIGITS}]{{3}})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = (
    r"(?:3[01]|[12]\d|0?[1-9]|(?:二十|廿)[一二三四五六七八九]?|三十一?|十[一二三四五六七八九]?"
    r"|[一二三四五六七八九])"
)
_TO = r"\s?(?:-|–|—|~|～|至|到)\s?"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_MULTIPLIER = r"(?:[十百千]?万亿|[十百千]?亿|[十百千]?万|千(?![瓦米克伏卡帕赫])|百(?!分))"
_UNITS = """
人民币 美元 欧元 港元 港币 英镑 日元 元 块钱 人次 人(?!民|大|力|工|口|才|员) 名 位 户 口
个百分点 百分点 个小时 个月 个 家 所 台 套 件 场 次(?!性) 期 项 条(?!龙) 本 册 辆 架 座 栋 幢 间
盏 支 只 头 匹 棵 株 门 份 批 轮 届 组 篇 部(?!分|署|队|门) 种 类 处 片 级 层 代 天 日 年 月 周
小时 分钟 秒 岁 倍 成 度 平方公里 平方千米 平方米 立方米 公里 千米 厘米 毫米 米 公顷 亩 千克
公斤 毫克 克 吨 斤 毫升 升 千瓦时 千瓦 千伏 千卡 千帕 千赫 床 张 页 票
km2 km kg m2 m3 cm mm m(?![a-z]) kwh kw mb gb tb °c
"""
# Behind digits these are plain units (4县); behind numerals they make names and slogans: 一村一幼,
# 三角, 十字.
_DIGIT_UNITS = "县 市 村 乡 镇 省 州 国 校 分 角 字 瓦 伏"
_LOOKAHEAD = re.compile(r"\(\?!.*\)")


def _alternatives(units: str) -> str:
    """One of the units, the longest that fits."""
    return "(?:" + "|".join(sorted(units.split(), key=_longest_first)) + ")"


def _longest_first(unit: str) -> tuple[int, str]:
    return -len(_LOOKAHEAD.sub("", unit)), unit


_UNIT = _alternatives(_UNITS)
_FIGURE = re.compile(
    rf"""
    (?=[\d{_NUMERALS}第])(?<![a-z\d_])(?<!\d[.,])(?<![a-z]-)(?:
      (?P<year>{_YEAR})(?:{_TO}(?P<year2>{_YEAR}))?年
        (?:(?P<month>{_MONTH})月(?:(?P<day>{_DAY})(?:[日号]?{_TO}(?P<day2>{_DAY}))?[日号])?)?
    | (?P<iso_year>[12]\d{{3}})(?P<sep>[-/.])(?P<iso_month>{_MONTH})(?P=sep)(?P<iso_day>{_DAY})
        (?![\d.])
    | (?P<years>(?:19|20)\d\d)(?:-|–|—|~|至|到)(?P<years2>(?:19|20)\d\d)(?!\d|-\d|\.\d)
    | (?P<md_month>{_MONTH})月(?P<md_day>{_DAY})(?:[日号]?{_TO}(?P<md_day2>{_DAY}))?[日号]
    | (?P<only_month>{_MONTH})月(?!球|亮|饼|光|子|经|薪|票|供)
    | (?P<part>[{_NUMERALS}]+)分之(?P<of>[{_NUMERALS}]+(?:点[{_DIGITS}]+)?|{_ARABIC})
    | (?P<ordinal>第\s?)?(?P<body>{_ARABIC}|[{_NUMERALS}]+(?:点[{_DIGITS}]+)?)
        (?P<more>[余多]|来(?={_UNIT}))?(?P<times>{_MULTIPLIER})?(?P<more2>[余多])?
        (?:\s?(?P<unit>%|‰|{_UNIT})|(?<=\d)(?P<digit_unit>{_alternatives(_DIGIT_UNITS)}))?
    )""",
    re.VERBOSE,
)
_BEFORE_APPROXIMATE = re.compile(r"(?:约|近|逾|超过?|不到|不足|不少于|至少|最多|多达|大概)\s?$")
_AFTER_APPROXIMATE = re.compile(r"\s?(?:左右|以上|以下|以内|上下|余|多|许(?!多))")
_ROW_GOES_ON = re.compile(r"\d|\.\d|[a-z]\d")
# 3至5万元: what multiplies the second figure multiplies the first
_RANGE = re.compile(rf"{_TO}(?P<high>{_ARABIC})[余多]?(?P<times>{_MULTIPLIER})")
_VAGUE = tuple("几数上成")
_MAX_DIGITS = 24
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_ROUND = {
    spelling: Decimal(value)
    for spelling, value in (("百万", 10**6), ("千万", 10**7), ("百亿", 10**10), ("千亿", 10**11))
} | {"万亿": Decimal(10**12)}
_ONE_IN_A_WORD = "统唯同逐专单万每某任这那哪有另进"


# -- reading a match ------------------------------------------------------------------------------


def _read(text: str, match: re.Match[str]) -> Iterator[Number]:
    groups = match.groupdict()
    if match.group()[-1].isdigit() and _ROW_GOES_ON.match(text, match.end()):
        return  # a piece of a longer row of digits: an address, a version, a code
    if groups["body"]:
        yield from _read_figure(text, match)
    elif groups["part"]:
        yield from _read_share(text, match)
    else:
        yield from _read_dates(match)


def _read_dates(match: re.Match[str]) -> Iterator[Number]:
    group = match.groupdict()
    if group["years"]:
        yield _date(match, "years", "years", group["years"], None, None)
        yield _date(match, "years2", "years2", group["years2"], None, None)
        return
    if group["iso_year"]:
        parts = (group["iso_year"], group["iso_month"], group["iso_day"])
        yield _date(match, "iso_year", "iso_day", *parts)
        return
    if group["only_month"]:
        yield _date(match, "only_month", None, None, group["only_month"], None)
        return
    prefix = "" if group["year"] else "md_"
    year, month = group["year"], group[prefix + "month"]
    day, second = group[prefix + "day"], group[prefix + "day2"]
    if group["year2"]:
        yield _date(match, "year", "year", year, None, None)
        yield _date(match, "year2", None, group["year2"], month, day)
        return
    first = "year" if year else "md_month"
    yield _date(match, first, prefix + "day" if second else None, year, month, day)
    if second:
        yield _date(match, prefix + "day2", None, year, month, second)


def _date(
    match: re.Match[str],
    first: str,
    last: str | None,
    year: str | None,
    month: str | None,
    day: str | None,
) -> Number:
    """The date from the start of group `first` to the end of group `last`, or of the match."""
    end = match.end(last) if last else match.end()
    numbers = [int(_value(part) or 0) if part else 0 for part in (year, month, day)]
    date = f"{numbers[0]:04d}" if year else "-"
    date += "".join(f"-{number:02d}" for number in numbers[1:] if number)
    value = Decimal(numbers[0] * 10_000 + numbers[1] * 100 + numbers[2])
    return Number(match.start(first), end, value, "", False, NumberKind.DATE, date)


def _read_share(text: str, match: re.Match[str]) -> Iterator[Number]:
    """百分之二十一点一 as 21.1 percent, 三分之一 as a fraction."""
    whole, share = parse_chinese(match["part"]), _value(match["of"])
    if match["part"] in ("百", "千", "万"):
        whole = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000)}[match["part"]]
    if match["of"] == "百":
        share = Decimal(100)
    if not whole or share is None:
        return
    approximate = _is_approximate(text, match)
    if whole in (100, 1000, 10_000):
        value, unit, kind = share * 100 / whole, "%", NumberKind.PERCENT
    else:
        value, unit, kind = share / whole, f"{share}/{whole}", NumberKind.FRACTION
    yield Number(match.start(), match.end(), value, unit, approximate, kind)


def _read_figure(text: str, match: re.Match[str]) -> Iterator[Number]:
    body, unit = match["body"], match["unit"] or match["digit_unit"] or ""
    more = bool(match["more"] or match["more2"])
    value = _value(body)
    if value is None and match["unit"] and body in _ROUND:
        value = _ROUND[body]
    if value is None or (not body[0].isdigit() and not _is_figure(text, match, more)):
        return
    if body[0] == "0" and body[1:2].isdigit():  # 024-…, 007: a code, no figure
        return
    multiplier = match["times"] or ""
    if not (unit or multiplier) and body[0].isdigit():
        upper = _RANGE.match(text, match.end())
        if upper and value < (_value(upper["high"]) or 0):
            multiplier = upper["times"]
    for char in multiplier:
        value *= _TIMES[char]
    kind = NumberKind.NUMBER
    if match["ordinal"]:
        kind = NumberKind.ORDINAL
    elif unit in ("%", "‰"):
        kind = NumberKind.PERCENT
        value, unit = (value / 10 if unit == "‰" else value), "%"
    approximate = more or _is_approximate(text, match)
    yield Number(match.start(), match.end(), value, unit, approximate, kind)


def _is_figure(text: str, match: re.Match[str], more: bool) -> bool:
    """Whether Chinese numerals are meant as a figure: short ones only with a unit."""
    body, unit = match["body"], match["unit"]
    before = text[match.start() - 1 : match.start()]
    if before in _VAGUE or (body[0] == "一" and before and before in _ONE_IN_A_WORD):
        return False
    if len(body) == 1 and body in "零〇壹贰叁肆伍陆柒捌玖":
        return False
    if len(body) > 2 and ("点" in body or any(char in body for char in "十百千万亿")):
        return True
    if len(body) > 1 and all(char in _DIGITS for char in body):
        return bool(unit) and (len(body) > 2 or "〇" in body or "零" in body)
    return bool(unit or match["times"] or more)


def _value(spelling: str) -> Decimal | None:
    if spelling[0].isdigit():
        digits = spelling.replace(",", "")
        return Decimal(digits) if len(digits) <= _MAX_DIGITS else None
    return parse_chinese(spelling) if len(spelling) <= _MAX_DIGITS else None


def _is_approximate(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 4) : match.start()]
    return bool(_BEFORE_APPROXIMATE.search(before) or _AFTER_APPROXIMATE.match(text, match.end()))


def uniform_figures(text: str) -> str:
    """Normalised text with every figure in digits: 三千四百二十八人 → 3428人, 1.2万元 → 12000元.

    For comparing texts by their characters; offsets are lost, and so is 约, 余 or 多.
    """
    parts: list[str] = []
    last = 0
    for number in find_numbers(text):
        parts += [text[last : number.start], _digits(number)]
        last = number.end
    return "".join(parts) + text[last:]


def _digits(number: Number) -> str:
    if number.kind is NumberKind.DATE:
        yearless = number.date.startswith("--")
        parts = number.date.removeprefix("--").split("-")
        names = "月日" if yearless else "年月日"
        return "".join(f"{int(part)}{name}" for part, name in zip(parts, names, strict=False))
    shown = canonical(number).removeprefix("#")
    if number.kind in (NumberKind.PERCENT, NumberKind.FRACTION):
        return shown
    return shown + number.unit
