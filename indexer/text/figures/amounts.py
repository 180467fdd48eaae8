"""Shares, counts and ordinals: 百分之三, 三成, 1/3, 3.5万元, 1亿2千万, 一年半, 第3批, 5-6万人."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from indexer.text.figures.dates import TO
from indexer.text.figures.records import Bound, Number, NumberKind
from indexer.text.figures.units import CURRENCIES, DIGIT_UNITS, UNIT, canonical_unit
from indexer.text.numerals import DIGITS, NUMERALS, parse_chinese, value_of

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
# 3 428 人: groups of three apart by spaces, only where a unit follows
_SPACED = rf"[1-9]\d{{0,2}}(?:[ ]\d{{3}})+(?=\s?(?:万|亿|{UNIT}))"
# 五千千瓦: the second 千 belongs to the unit
_NUMERAL = rf"(?:[{NUMERALS.replace('千', '')}]|千(?![瓦米克伏卡帕赫]))"
_CHINESE = rf"(?:{_NUMERAL}++(?:点[{DIGITS}]++)?)"
_MULTIPLIER = r"(?:[十百千]?万亿|[十百千]?亿|[十百千]?万|千(?![瓦米克伏卡帕赫])|百(?!分))"
# 1亿2000万, 3千5百, 1万5000; 3万5 where nothing is counted
_TAIL = (
    rf"(?:(?:\d{{1,4}}(?:\.\d+)?(?:[百千]?万|千(?![瓦米克伏卡帕赫])|百(?!分)))+(?:(?<=千)\d{{3}}(?!\d))?"
    rf"|(?<=万)(?!(?:19|20)\d\d年)\d{{4}}(?!\d)|(?<=千)\d{{3}}(?!\d)"
    rf"|(?<=\d[万千])\d(?!\d|[.,年月日]|\s?{UNIT}))"
)
_TIMED = "小时|月|钟头|星期|学期|世纪"
_HALVED = (
    "年|天|月|小时|周|斤|公斤|亩|倍|里|公里|世纪|米|吨|岁|学期|个小时|个月|个世纪|个学期|个钟头"
)
_NO_TENTHS = "不立为功员果都本人年长品分绩就交熟语效因型形千行片事套灾法例全百群对双家"

_SHARES = "|".join(
    f"{above}/(?:{'|'.join(str(below) for below in (*range(12, above, -1), 16, 20, 25, 50, 100))})"
    for above in range(1, 10)
)

FIGURES = rf"""
    (?P<code>\d{{3,4}}-\d{{7,8}}(?!\d)|400-\d{{3,4}}-\d{{3,4}}(?!\d)|1[3-9]\d{{9}}(?!\d)|\d{{15,}}+)
  | (?P<part>[{NUMERALS}]{{1,8}})分之(?P<of>[{NUMERALS}]{{1,12}}(?:点[{DIGITS}]{{1,12}})?|{_ARABIC})
  | (?<![\d.第{NUMERALS}])(?P<tenths>[一二三四五六七八九十两\d])成(?![{_NO_TENTHS}])
    (?P<twentieth>[半一二三四五六七八九](?![{NUMERALS}]))?
  | (?<![另大过])(?P<half>一半)
  | (?<![\d./第])(?P<mixed>\d{{1,3}}\s)?(?P<share>{_SHARES})(?![\d/.%]|[页月日号])
  | (?P<sign>[{"".join(CURRENCIES)}])?\s?(?P<ordinal>第\s?)?
    (?P<body>{_SPACED}|{_ARABIC}|{_CHINESE})(?!\d|几)
    (?P<more>[余多](?!少)|来(?={UNIT}))?(?:(?P<times>{_MULTIPLIER})(?P<tail>{_TAIL})?)?
    (?P<more2>[余多](?!少))?
    (?:个半(?P<timed>{_TIMED})|\s?(?P<unit>%|‰|{UNIT})(?P<and_half>半(?![价山数径载]))?
      |(?<=\d)(?P<digit_unit>[{"".join(DIGIT_UNITS)}]))?
  | (?<=[们弟妹妻母父子女他它她友家口])(?P<pair>[俩仨])(?:个人|人)?
  | q(?P<quarter_year>[1-4])(?![a-z\d])
  | (?<![一多大过近对夜前后上下小各分每第折])半个?(?P<half_of>{_HALVED})(?![度报谈板形载前])
"""

_RANGE = re.compile(TO)
_NEXT = re.compile(FIGURES, re.VERBOSE)
_BEFORE = re.compile(
    r"(?:(?P<about>大?约|将?近|大概|接近|左右)|(?P<least>超过?|逾|高于|多于|大于|不少于|不低于|至少|多达)"
    r"|(?P<most>不到|不足|不超过|不高于|不多于|低于|少于|小于|至多|最多|未满))\s?$"
)
_AFTER = re.compile(
    r"\s?(?:(?P<about>左右|上下|许(?!多))|(?P<least>以上|及以上|余|多(?!少|次|种|个|元))"
    r"|(?P<most>以下|及以下|以内|之内))"
)
_BOUNDS = {"about": Bound.ABOUT, "least": Bound.AT_LEAST, "most": Bound.AT_MOST}
_ORDINAL_ALONE = re.compile(r"\s*(?:[,、。;:!?)\]》」”的是]|$)")
_LONGEST_ORDINALS = 50
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_ROUND = {
    spelling: Decimal(value)
    for spelling, value in (("百万", 10**6), ("千万", 10**7), ("百亿", 10**10), ("千亿", 10**11))
} | {"万亿": Decimal(10**12)}
_ONE_IN_A_WORD = "统唯同逐专单万每某任这那哪有另进"
_NO_COUNT_OF_ONE = frozenset("起度代口头块片部")  # 一起, 一度, 一代
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)$")
_PARTS = re.compile(rf"(\d+(?:\.\d+)?)({_MULTIPLIER})?")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A match of the last kind, read: what it is worth by itself."""

    start: int
    end: int
    body: str
    value: Decimal
    multiplier: str
    unit: str
    kind: NumberKind
    more: bool


def read_amounts(text: str, match: re.Match[str]) -> tuple[list[Number], int]:
    """The figures of a match of `FIGURES`, and where they end: a range goes beyond the match."""
    end = match.end()
    if match["body"]:
        return _read_figures(text, match)
    if match["code"]:
        return [], end
    if match["part"]:
        return list(_read_parts(text, match)), end
    if match["tenths"]:
        return [_read_tenths(text, match)], end
    if match["half"] or match["share"]:
        return list(_read_share(text, match)), end
    if match["pair"]:
        value = Decimal(2 if match["pair"] == "俩" else 3)
        return [Number(*match.span(), value, "人", NumberKind.NUMBER)], end
    if match["quarter_year"]:
        value = Decimal(match["quarter_year"])
        return [Number(*match.span(), value, "季度", NumberKind.ORDINAL)], end
    unit = _unit_of(match["half_of"])
    return [Number(match.start(), end, Decimal("0.5"), unit, NumberKind.NUMBER)], end


def _read_parts(text: str, match: re.Match[str]) -> Iterator[Number]:
    """百分之二十一点一 as 21.1 percent, 三分之一 as a fraction."""
    whole, share = parse_chinese(match["part"]), value_of(match["of"])
    if match["part"] in ("百", "千", "万"):
        whole = Decimal(_TIMES[match["part"]])
    if match["of"] == "百":
        share = Decimal(100)
    if not whole or share is None:
        return
    bound = bound_of(text, *match.span())
    if whole in (100, 1000, 10_000):
        value, unit, kind = share * 100 / whole, "%", NumberKind.PERCENT
    else:
        value, unit, kind = share / whole, f"{share}/{whole}", NumberKind.FRACTION
    yield Number(*match.span(), value, unit, kind, bound=bound)


def _read_tenths(text: str, match: re.Match[str]) -> Number:
    """三成, 六成五 and 三成半 as percent."""
    value = (value_of(match["tenths"]) or Decimal(0)) * 10
    if match["twentieth"]:
        value += 5 if match["twentieth"] == "半" else value_of(match["twentieth"]) or 0
    bound = bound_of(text, *match.span())
    return Number(*match.span(), value, "%", NumberKind.PERCENT, bound=bound)


def _read_share(text: str, match: re.Match[str]) -> Iterator[Number]:
    above, _, below = (match["share"] or "1/2").partition("/")
    value = Decimal(above) / Decimal(below)
    bound = bound_of(text, *match.span())
    if match["mixed"]:
        yield Number(*match.span(), int(match["mixed"]) + value, "", NumberKind.NUMBER, bound=bound)
    else:
        unit = f"{above}/{below}"
        yield Number(*match.span(), value, unit, NumberKind.FRACTION, bound=bound)


def _read_figures(text: str, match: re.Match[str]) -> tuple[list[Number], int]:
    """The figure, or both ends of the range that it begins: what one end leaves out, both have."""
    low = _figure(text, match)
    through = _RANGE.match(text, match.end())
    upper = _NEXT.match(text, through.end()) if through and match["body"] else None
    high = _figure(text, upper, counted=True) if upper and upper["body"] else None
    if (
        high is None
        or not (high.unit or high.multiplier)
        or not (low is None or low.unit in ("", high.unit))
    ):
        return ([_number(text, low)] if low else []), match.end()
    low = low or _figure(text, match, counted=True)
    if low is None:
        return [], match.end()
    if not low.multiplier and low.value < high.value / (_size(high.multiplier) or 1):
        low = replace(low, value=low.value * _size(high.multiplier))
    kind = NumberKind.ORDINAL if low.kind is NumberKind.ORDINAL else high.kind
    if low.value > high.value:
        return [_number(text, low)], match.end()
    low, high = replace(low, unit=high.unit, kind=kind), replace(high, kind=kind)
    inside: tuple[str, ...] = ()
    if kind is NumberKind.ORDINAL and high.value - low.value <= _LONGEST_ORDINALS:
        inside = tuple(str(n) for n in range(int(low.value) + 1, int(high.value)))
    return [replace(_number(text, low), inside=inside), _number(text, high)], high.end


def _number(text: str, figure: _Figure) -> Number:
    bound = Bound.AT_LEAST if figure.more else bound_of(text, figure.start, figure.end)
    return Number(figure.start, figure.end, figure.value, figure.unit, figure.kind, bound=bound)


def _figure(text: str, match: re.Match[str], *, counted: bool = False) -> _Figure | None:
    """What a match is worth. `counted`: a unit stands elsewhere, so short numerals are meant."""
    body, end = match["body"], match.end()
    unit = match["unit"] or match["digit_unit"] or _unit_of(match["timed"] or "")
    value = value_of(body)
    if value is None and match["unit"] and body in _ROUND:
        value = _ROUND[body]
    more = bool(match["more"] or match["more2"])
    if value is None or (
        not body[0].isdigit()
        and not _is_meant(text, match, more or counted or bool(match["timed"]))
    ):
        return None
    if body[0] == "0" and body[1:2].isdigit():  # 024-…, 007: a code, no figure
        return None
    multiplier = match["times"] or ""
    if match["tail"]:
        value = _compound(text[match.start("body") : match.end("tail")])
        if value is None:
            return None
    elif multiplier:
        value *= _size(multiplier)
    if match["timed"] or (match["and_half"] and unit in _HALVED.split("|")):
        value += Decimal("0.5")
    elif match["and_half"]:
        end = match.start("and_half")
    kind = NumberKind.NUMBER
    if match["ordinal"] or (unit == "季度" and value <= 4):
        kind = NumberKind.ORDINAL
    elif unit in ("%", "‰"):
        kind = NumberKind.PERCENT
        value, unit = (value / 10 if unit == "‰" else value), "%"
    if match["sign"] and not unit:
        unit = CURRENCIES[match["sign"]]
    return _Figure(match.start(), end, body, value, multiplier, canonical_unit(unit), kind, more)


def _compound(spelling: str) -> Decimal | None:
    """1亿2000万, 3千5百万, 1万5000, 3万5: the parts in falling order, or None."""
    total = section = Decimal(0)
    last = last_large = Decimal(10**20)  # sizes only fall, those of 万 and 亿 by themselves
    multiplier = ""
    for digits, times in _PARTS.findall(spelling):
        small = times.rstrip("万亿")
        large = _size(times[len(small) :])
        value = Decimal(digits) * _size(small)
        if not times and multiplier and len(digits) == 1:  # 3万5 is 35000
            value *= _size(multiplier) / 10
        if value >= last or large >= last_large:
            return None
        section += value
        last = _size(small) if small else last
        if large > 1:
            total, section = total + section * large, Decimal(0)
            last = last_large = large
        multiplier = times
    return total + section


@cache
def _size(multiplier: str) -> Decimal:
    size = Decimal(1)
    for char in multiplier:
        size *= _TIMES[char]
    return size


def _unit_of(half: str) -> str:
    """两个半月 and 半月 are counted in 个月."""
    return "个月" if half == "月" else canonical_unit(half)


def _is_meant(text: str, match: re.Match[str], is_counted: bool) -> bool:
    """Whether Chinese numerals are meant as a figure: short ones only with a unit."""
    body, unit = match["body"], match["unit"]
    before = text[match.start() - 1 : match.start()]
    if before and before in "几数上成好" and body[0] in "十百千万亿":
        return False
    if body == "一" and before and before in _ONE_IN_A_WORD:
        return False
    if len(body) == 1 and _WEEKDAY.search(text, max(0, match.start() - 2), match.start()):
        return False
    if body == "一" and unit and unit in _NO_COUNT_OF_ONE:
        return False
    if len(body) == 1 and body in "零〇壹贰叁肆伍陆柒捌玖":
        return False
    if len(body) > 2 and ("点" in body or any(char in body for char in "十百千万亿")):
        return True
    if len(body) > 1 and all(char in DIGITS for char in body):
        return bool(unit) and (len(body) > 2 or "〇" in body or "零" in body)
    if match["ordinal"] and not unit:
        return bool(_ORDINAL_ALONE.match(text, match.end()))
    return bool(unit or match["times"] or is_counted)


def bound_of(text: str, start: int, end: int) -> Bound:
    """What the words before and behind a figure make of it."""
    for found in (
        _BEFORE.search(text, max(0, start - 4), start),
        _AFTER.match(text, end),
    ):
        if found is not None:
            return _BOUNDS[found.lastgroup or "about"]
    return Bound.EXACT
