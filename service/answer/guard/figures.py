"""Whether a figure of a sentence is a figure of its source: value, unit, kind and bound.

Also what stands in no figure but is made of digits or vague numerals. Knows no clauses.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from indexer.text.numbers import Bound, Number, NumberKind, canonical, canonical_terms
from indexer.text.numerals import parse_chinese
from service.answer.guard.reading import ReadText

# Which units count the same: 3428人 is 3428名 and 3428位.
_PERSONS = frozenset({"人", "名", "位", "口"})
_DAYS = frozenset({"天", "日"})
# Measure words of things, which differ from writer to writer: 两所学校, 两个学校.
_THINGS = frozenset("个家所台套件场项条本册辆架座栋幢间盏支只头匹棵株门篇部处片款枚艘例起宗桩块")
_OF_PLACES = frozenset("县市村乡镇省州国校区")
# Units of one dimension, by how many of the smallest each is; 里 and 亩 have no exact factor.
_SIZES: dict[str, tuple[str, Decimal]] = {
    unit: (dimension, Decimal(size))
    for dimension, sizes in {
        "length": {"毫米": "1", "厘米": "10", "米": "1000", "公里": "1000000"},
        "area": {"平方米": "1", "公顷": "10000", "平方公里": "1000000"},
        "mass": {"毫克": "1", "克": "1000", "斤": "500000", "公斤": "1000000", "吨": "1000000000"},
        "volume": {"毫升": "1", "升": "1000", "立方米": "1000000"},
        "time": {"秒": "1", "分钟": "60", "小时": "3600"},
        "energy": {"千瓦": "1", "兆瓦": "1000"},
    }.items()
    for unit, size in sizes.items()
}

_DIGITS = re.compile(r"[a-z]*\d[\d.,:/\-]*(?<![.,:/\-])[a-z]*")
_VAGUE = re.compile(
    r"[几数][十百千万亿]+|十[几余多]|上[百千万亿]+|成[千百]上[万千]|[百千万亿][百千万亿]?余|"
    r"[二三四五六七八九]?十[余几多]|[两三几]百[多余]|近?半数|大半|多半|过半|全部|所有|绝大多数|大多数|大部分|"
    r"少数|个别|部分|翻了?[一两二三几]番|翻番|倍增|减半|若干|[两二三四五六七八九][两二三四五六七八九](?=[十百千万个名人户])"
)
_TO = re.compile(r"[年月日号]?\s?(?:-|–|—|~|～|∼|至|到)\s?")
_ONE = "一"
_NUMERALS = re.compile(
    r"[一二三四五六七八九两十百千万亿零]{2,}(?:点[一二三四五六七八九零]+)?|"
    r"[壹贰叁肆伍陆柒捌玖拾佰仟万亿]+(?=[元人户亩])"
)
_LOOSE_ONE = re.compile(rf"一(?P<unit>个人|[{''.join(sorted(_THINGS | _PERSONS | {'户'}))}])")


def is_same(own: Number, other: Number, text: str, source: str) -> bool:
    """Whether `own` of `text` says no other value than `other` of `source`, bounds apart."""
    if own.kind is NumberKind.DATE or other.kind is NumberKind.DATE:
        return own.kind is other.kind and canonical(own) in canonical_terms(other)
    shares = {NumberKind.PERCENT, NumberKind.FRACTION}
    if own.kind in shares and other.kind in shares:
        return _share(own) == _share(other)
    if own.kind is not other.kind:
        return False
    if own.unit == other.unit:
        return canonical(own) == canonical(other)
    if own.kind is not NumberKind.NUMBER:
        return False
    if own.unit in _SIZES and other.unit in _SIZES:
        (dimension, size), (its_dimension, its_size) = _SIZES[own.unit], _SIZES[other.unit]
        return dimension == its_dimension and own.value * size == other.value * its_size
    return own.value == other.value and _counts_the_same(own, other, text, source)


def family(number: Number) -> str:
    """Figures of one family can be mistaken for each other: those of persons, of money, …"""
    if number.kind is not NumberKind.NUMBER:
        return "%" if number.kind is NumberKind.FRACTION else number.kind.value
    return _family_of(number.unit)


def _family_of(unit: str) -> str:
    if unit in _PERSONS or unit == "个人":
        return "人"
    if unit in _SIZES:
        return _SIZES[unit][0]
    return "个" if unit in _THINGS or unit in _OF_PLACES else unit


def _share(number: Number) -> Decimal:
    if number.kind is NumberKind.PERCENT:
        return number.value
    above, _, below = number.unit.partition("/")
    return (Decimal(above) * 100 / Decimal(below)).normalize()


def _counts_the_same(own: Number, other: Number, text: str, source: str) -> bool:
    units = {own.unit, other.unit}
    if units <= _PERSONS or units <= _DAYS:
        return True
    after, its_after = text[own.end : own.end + 2], source[other.end : other.end + 2]
    for unit, thing in ((own.unit, its_after), (other.unit, after)):
        # 3县 and 3个县: the unit of one is the thing behind the measure word of the other.
        if unit in _OF_PLACES and thing.startswith(unit) and units & _THINGS:
            return True
    is_one_thing = len(after) == 2 and after == its_after and not set(after) & set(",。;、!?|()")
    countable = _THINGS | (_PERSONS if "个" in units else frozenset())
    return units <= countable and is_one_thing


def bound_agrees(own: Bound, other: Bound) -> bool:
    """约3000 may be said of 3000, but 3000 not of 约3000, of 超过3000 or of 不足3000."""
    return own is other or (own is Bound.ABOUT and other is Bound.EXACT)


def range_end(number: Number, read: ReadText) -> str:
    """Which end of a range the figure is, low or high; empty for a figure that stands alone."""
    at = read.numbers.index(number) if number in read.numbers else -1
    if at < 0:
        return ""
    if at + 1 < len(read.numbers):
        following = read.numbers[at + 1]
        if _TO.fullmatch(read.text[number.end : following.start]):
            return "low"
    if at and _TO.fullmatch(read.text[read.numbers[at - 1].end : number.start]):
        return "high"
    return ""


def are_ends_of_one(read: ReadText, number: Number, other: Number) -> bool:
    """Whether two figures of one text are the ends of one range."""
    first, second = sorted((number, other), key=lambda each: each.start)
    return _TO.fullmatch(read.text[first.end : second.start]) is not None


def is_idle_one(number: Number, read: ReadText, sources: Sequence[ReadText]) -> bool:
    """Whether 一 is the article of 一所学校: the source counts nothing of its family."""
    if number.value != 1 or not read.text.startswith(_ONE, number.start):
        return False
    if read.text.endswith("每", 0, number.start):
        return True
    if number.kind is not NumberKind.NUMBER or number.unit not in (_THINGS | _PERSONS | {"次"}):
        return False
    return not (
        _counts(family(number), sources) or _is_another_one(read, number.start, number.end, sources)
    )


def wrong_ones(read: ReadText, sources: Sequence[ReadText]) -> list[str]:
    """一个 and its like that are no figure (有一个), where the source counts others."""
    return [
        match.group()
        for match in _LOOSE_ONE.finditer(read.text)
        if not any(n.start <= match.start() < n.end for n in read.numbers)
        and not read.text.endswith("每", 0, match.start())
        and not any(match.group() in source.text for source in sources)
        and (
            _counts(_family_of(match["unit"]), sources)
            or _is_another_one(read, *match.span(), sources)
        )
        and not _counts(_family_of(match["unit"]), sources, value=1)
    ]


def _is_another_one(read: ReadText, start: int, end: int, sources: Sequence[ReadText]) -> bool:
    """Whether the source has 一户一法 for 一人一法, or 一个人就业 for 一个户就业."""
    said, after = read.text[start:end], read.text[end : end + 2]
    behind = read.text[end + 1 : end + 3]
    patterns = [rf"一[㐀-鿿]{re.escape(after)}", rf"{re.escape(said)}[㐀-鿿]{re.escape(behind)}"]
    told = [
        pattern for pattern, rest in zip(patterns, (after, behind), strict=True) if len(rest) > 1
    ]
    return not any(said + after in source.text for source in sources) and any(
        re.search(pattern, source.text) for pattern in told for source in sources
    )


def loose_numerals(read: ReadText, sources: Sequence[ReadText]) -> list[str]:
    """Chinese numerals that were taken for no figure (送上十五万), and that the source has not."""
    known = {number.value for source in sources for number in source.numbers}
    return [
        match.group()
        for match in _NUMERALS.finditer(read.text)
        if not any(n.start < match.end() and match.start() < n.end for n in read.numbers)
        and not any(match.group() in source.text for source in sources)
        and parse_chinese(match.group()) not in known
    ]


def _counts(own: str, sources: Sequence[ReadText], value: int | None = None) -> bool:
    return any(
        family(other) == own and (value is None or other.value == value)
        for source in sources
        for other in source.numbers
    )


def loose_digits(read: ReadText) -> list[str]:
    """Runs of digits that are in no figure: G318, 0830-3165000, 3.5.1."""
    return [
        match.group()
        for match in _DIGITS.finditer(read.text)
        if not any(n.start < match.end() and match.start() < n.end for n in read.numbers)
    ]


def vague_figures(read: ReadText) -> list[str]:
    """Numerals without a value, and words for how many: 几十, 上百, 十余, 大多数, 全部."""
    return [
        match.group()
        for match in _VAGUE.finditer(read.text)
        if not any(n.start < match.end() and match.start() < n.end for n in read.numbers)
    ]
