"""What a column of a table holds: figures of one unit, times, or words. Knows no question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indexer.kept import Kept
from indexer.text.figures.records import Number, plain
from indexer.text.figures.units import UNIT
from indexer.text.normalise import fold, normalise
from indexer.text.numbers import NumberKind, find_numbers
from service.answer.read.tables import NAME, Record

_IN_BRACKETS = re.compile(r"[(（]\s*(?:单位\s*[:：]?)?\s*([^()（）]+?)\s*[)）]\s*$")
_IDENTIFIES = re.compile(
    r"序号|编号|号码|电话|手机|工号|学号|邮编|代码|编码|门牌|房号|车牌|身份证|账号|版本|备注|"
    r"日期|时间|年份|月份|年度|季度|^[年月日号]$|期$|^(?:no|id|code|date|year|month|phone|tel|zip)\.?$"
)
_DURATION = re.compile(r"秒|分钟?|小时|天|个?月")
_EMPTY = re.compile(r"[-—–/、\s]*|无|暂无|未知|未统计|不详|n/?a|待定|空", re.IGNORECASE)
_UNIT_BEHIND = re.compile(r"[^\d.,，０-９%百千万亿萬億余多\s一二三四五六七八九十两兩零〇-]*$")
_IS_UNIT = re.compile(
    rf"[百千万亿]*(?:{UNIT}|[㐀-鿿])(?:/.*)?|[a-z%°℃㎡㎥³²/ ]{{1,8}}", re.IGNORECASE
)
_UNIT_OF_NAME = re.compile(r"(?P<unit>[户人株件册台名场])数$|(?P<times>人次|台次|场次|例次)$")
_OF_OTHER_UNIT = re.compile(
    r"[户人株件册台名场次天个家份篇张]数$|人次$|[台场例]次$|率$|占比|比例|比重|同比|增长|增幅|年龄|工龄|排名|名次"
)
_SHARE_OF_FIGURES = 0.5
_TENS = re.compile(r"[百千万亿]")
_ADDITIVE = re.compile(
    r"额|量|数|投资|收入|支出|费|款|金|面积|人次|编制|长|里程|产|销|重|total|amount|sales|count|cost"
)
_NOT_ADDITIVE = re.compile(
    r"率|单价|均|龄|占比|比例|比重|指数|排名|名次|分数|温|价$|%|rate|price|age"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell's value: in units of 1 for 万元 and 元 alike. `written` is the cell's own figure."""

    value: Decimal
    unit: str
    written: str
    approximate: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures. `unit` is that of every figure, or ""; `name` its heading without it."""

    heading: str
    name: str
    unit: str
    shown_unit: str  # as the heading writes it: 万元

    @property
    def adds_up(self) -> bool:
        """Whether the sum of its figures means something: of money, and never of shares."""
        named = fold(self.name)
        return self.unit not in ("%", "percent", "岁") and not _NOT_ADDITIVE.search(named)

    @property
    def is_surely_additive(self) -> bool:
        return self.adds_up and bool(_ADDITIVE.search(fold(self.name)) or self.unit)


# One question reads each cell of the tables that may be meant three times.
_FIGURES: Kept[tuple[str, str], Figure | None] = Kept(2_000_000)


def base(heading: str) -> str:
    """A heading without the unit in its brackets, folded."""
    return fold(_IN_BRACKETS.sub("", heading)).strip()


def unit_of(heading: str) -> str:
    """What a heading tells its figures in: 万元 of 投资（万元）, nothing of 七年级（初一）."""
    bracket = _IN_BRACKETS.search(heading)
    told = bracket.group(1) if bracket else ""
    return told if _IS_UNIT.fullmatch(told) else ""


def unit_for(heading: str, unit: str) -> str:
    """The unit of a column in a table that is all in one: 元 of 支出, never of 人数 beside it."""
    own = unit_of(heading)
    return own or ("" if _OF_OTHER_UNIT.search(base(heading)) else unit)


def is_empty(cell: str) -> bool:
    return _EMPTY.fullmatch(fold(cell).strip()) is not None


def figures(heading: str, records: Sequence[Record], unit: str = "") -> list[Figure | None]:
    """The figure of each record's cell; None where it is empty, or no single figure."""
    unit = unit_for(heading, unit)
    return [figure_of(record.at(heading), unit) for record in records]


def figure_of(cell: str, unit: str = "") -> Figure | None:
    """The one figure that a cell is, in `unit` where it tells none: 65 of 金额（万元）."""
    return _FIGURES.get((cell, unit), lambda: _figure(cell, unit), lambda _: len(cell))


def _figure(cell: str, unit: str) -> Figure | None:
    if is_empty(cell):
        return None
    normalised = normalise(cell)
    text = normalised.text.strip()
    numbers = find_numbers(text)
    if len(numbers) != 1 or not _is_all(text, numbers[0]):
        return None
    number = numbers[0]
    bare = not number.unit and number.kind is NumberKind.NUMBER
    if bare and unit and not re.search(r"[百千万亿]", cell):
        told = find_numbers(re.sub(r"\s*$", "", text) + fold(unit))
        number = told[0] if len(told) == 1 else number
    if number.kind not in (NumberKind.NUMBER, NumberKind.PERCENT) or number.inside:
        return None
    sign = -1 if text.startswith("-") and number.value > 0 else 1
    name = "%" if number.kind is NumberKind.PERCENT else number.unit or unit
    return Figure(sign * number.value, name, cell.strip(), number.approximate)


def column_of(heading: str, records: Sequence[Record], unit: str = "") -> Column | None:
    """The column of figures under a heading; None where it holds words, times, or several units."""
    name = base(heading)
    is_duration = _DURATION.fullmatch(unit_of(heading)) is not None
    if heading == NAME or (_IDENTIFIES.search(name) and not is_duration):
        return None
    told = [r.at(heading) for r in records if not is_empty(r.at(heading))]
    found = [each for each in figures(heading, records, unit) if each is not None]
    if not found or len(found) <= _SHARE_OF_FIGURES * len(told):
        return None
    units = {figure.unit for figure in found}
    unit = shown = unit_for(heading, unit)
    if not shown:
        written = {_UNIT_BEHIND.search(f.written).group() for f in found}  # type: ignore[union-attr]
        shown = written.pop() if len(written) == 1 else ""
    if not shown and (of_name := _UNIT_OF_NAME.search(name)) is not None:
        shown = of_name["unit"] or of_name["times"]
    return Column(heading, name, units.pop(), shown) if len(units) == 1 else None


def written(value: Decimal, column: Column, told: Sequence[Figure]) -> str:
    """A result as its parts are written: in 万 or 亿 where all are, with the column's unit."""
    unit = column.shown_unit
    if column.unit == "%":
        return f"{plain(_rounded(value))}%"
    for sign, worth in (("亿", Decimal(10**8)), ("万", Decimal(10**4))):
        of_heading = unit.startswith(sign)
        if of_heading:
            return f"{plain(_rounded(value / worth))}{unit}"
        if told and all(sign in figure.written for figure in told):
            return f"{plain(_rounded(value / worth))}{sign}{unit.lstrip('万亿')}"
    shown = plain(_rounded(value))
    if any("," in figure.written or "，" in figure.written for figure in told):
        whole, _, rest = shown.partition(".")
        shown = f"{int(whole):,}" + (f".{rest}" if rest else "")
    if unit.isascii() and unit:
        return f"{shown} {unit}"
    return shown + (unit if not _TENS.search(unit) else "")


def _rounded(value: Decimal) -> Decimal:
    """To four places at most: a mean may have no end."""
    short = value.quantize(Decimal("0.01"))
    return value if value == value.quantize(Decimal("0.0001")) else short


def _is_all(text: str, number: Number) -> bool:
    rest = text[: number.start] + text[number.end :]
    return re.fullmatch(r"[\s+\-¥￥$]*[㐀-鿿]{0,2}\s*", rest) is not None
