"""A table with what each of its columns holds and what stands above it. Knows no question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from indexer.text.normalise import fold
from service.answer.compute import times
from service.answer.compute.tabular.columns import Column, column_of, figure_of, is_empty
from service.answer.compute.tabular.words import as_typed
from service.answer.compute.times import Days
from service.answer.read.tables import FIGURE, NAME, Record, Table

_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_TIME_HEADING = re.compile(
    r"日期|时间|年份|月份|年度|季度|^[年月日]$|\b(?:date|month|year|quarter)\b"
)
_PERIOD = re.compile(
    r"(?:年份|月份|年度|季度|日期|时间|年月|[年月日]|会议日期|date|month|year|quarter)"
)
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)")
_WHOLE = re.compile(r"全[㐀-鿿]{1,4}|整体|总体|all|overall")
_MEAN_ROW = re.compile(r"平均(?:值|数)?|均值|average|mean")
_COUNTER = re.compile(r"序号|编号|no\.?|id|#")
_NAMES = re.compile(
    r"姓名|名称|名字|品名|名$|标题|题目|项目|工程|单位|设备|物品|\b(?:name|title|item|product)\b"
)
_PEOPLE = re.compile(
    r"姓名|名字|人员|职工|员工|学生|教师|球员|队员|^人|人$|者$|长$|主$|主任$|员$|医生|护士|法官|司机|书记|支书|管家|\b(?:name|keeper|player)\b"
)
_RANKS = (
    "级",
    "等",
    "号",
    "类",
    "班",
    "届",
    "层",
    "楼",
    "路",
    "组",
)  # what numbers a sort, and no amount
_MEASURES = tuple("个条件名位种项次张份户家")  # of 哪条线 the noun is 线
_NIGHT = 4  # o'clock
_NAMES_BODY = re.compile(
    r"[㐀-鿿](?:省|市|县|区|镇|乡|村|局|院|校|学|厂|馆|站|所|苑|园|司|社|部|会|队|场|中心)(?![㐀-鿿]{0,1}[号长])"
    r"|\b(?:institute|council|school|hospital|company|library|society|union|club)\b"
)
_LEAST_YEAR, _MOST_YEAR = 1000, 2200


class Holds(StrEnum):
    FIGURES = "figures"
    TIMES = "times"
    CLOCK = "clock"  # a time of the day
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Field:
    """A column. `name` is its heading folded and without brackets, `said` with them."""

    heading: str
    name: str
    said: str
    holds: Holds
    column: Column | None  # of FIGURES

    @property
    def is_period(self) -> bool:
        """Whether it tells the time of a row and nothing else: 月份, never 入职年份."""
        return self.holds is Holds.TIMES and _PERIOD.fullmatch(self.name) is not None

    @property
    def is_of_people(self) -> bool:
        return self.holds is Holds.WORDS and _PEOPLE.search(self.name) is not None

    @property
    def is_counter(self) -> bool:
        return _COUNTER.fullmatch(self.name) is not None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that tell one thing each, the rows that sum them up, and the lines above, nearest first.

    `years` are those that the nearest line with any tells, empty where none does.
    """

    table: Table
    records: tuple[Record, ...]
    totals: tuple[Record, ...]
    fields: tuple[Field, ...]
    scope: tuple[str, ...]
    years: frozenset[str]
    unit: str
    nearby: tuple[str, ...] = ()  # titles of its folder, where nothing above names a body or place

    @property
    def label(self) -> Field | None:
        """The column that names a row."""
        words = [f for f in self.fields if f.holds is Holds.WORDS and not f.is_counter]
        words = [f for f in words if all(r.at(f.heading) for r in self.records)]
        single = [f for f in words if self.is_key(f)]
        named = [f for f in single if _NAMES.search(f.name)]
        periods = [f for f in self.fields if f.is_period and self.is_key(f)]
        found = named or single or periods or words or [f for f in self.fields if f.is_period]
        return found[0] if found else None

    def field_of(
        self, noun: str, without: frozenset[str] = frozenset()
    ) -> tuple[Field | None, str]:
        """The column of words or times whose heading shares the most with a noun, and what it
        shares: 科室 of 科, 树种 of 什么树. None where none does, or two do.
        """
        best: list[Field] = []
        most = ""
        for field in self.fields:
            if field.holds is Holds.FIGURES or field.heading in without or field.is_counter:
                continue
            shared = _shared(noun, field.name)
            is_short = len(shared) == 1 and len(noun) > 2 and not noun.startswith(shared)
            if is_short or (shared in _MEASURES and field.name != shared):
                shared = ""
            if len(shared) > len(most):
                best, most = [field], shared
            elif shared and len(shared) == len(most):
                best.append(field)
        if len(best) > 1:
            best = [f for f in best if self.is_key(f)] or best
        if not best and not noun.isascii():
            best = [f for f in self.fields if f.heading not in without and self._ends_in(f, noun)]
            most = ""
        return (best[0], most) if len(best) == 1 else (None, "")

    def _ends_in(self, field: Field, noun: str) -> bool:
        """Whether the cells of a column are of a sort by their endings: 临溪镇 and 石臼镇 of 镇."""
        cells = [r.at(field.heading) for r in self.records if r.at(field.heading)]
        ending = sum(as_typed(fold(cell)).endswith(noun[:1]) for cell in cells)
        return field.holds is Holds.WORDS and 2 * ending > len(cells) > 0

    def is_key(self, field: Field) -> bool:
        """Whether no two rows have the same in a column."""
        values = [record.at(field.heading) for record in self.records]
        return all(values) and len(set(values)) == len(values)

    def is_of_bodies(self, field: Field) -> bool:
        """Whether the cells of a column name offices, companies, places."""
        cells = [fold(r.at(field.heading)) for r in self.records]
        return all(_NAMES_BODY.search(cell) for cell in cells)

    def is_list(self) -> bool:
        return any(f.heading == NAME for f in self.fields)


def sheet_of(table: Table, above: Sequence[str], nearby: Sequence[str] = ()) -> Sheet:
    """`above` are the folded lines above a table, nearest first, `nearby` the folded titles of
    other documents of its folder."""
    table = _long(table)
    totals = tuple(
        r for r in table.records if r.is_total or _is_mean(r) or _is_whole(r, table.records)
    )
    records = tuple(r for r in table.records if r not in totals)
    unit = _unit_above(above)
    fields = tuple(_field(h, records, unit, is_first=n == 0) for n, h in enumerate(table.columns))
    if table.is_log:
        fields = tuple(replace(field, holds=Holds.WORDS) for field in fields)
    scope = tuple(as_typed(line) for line in above)
    years: frozenset[str] = frozenset()
    for line in scope:
        days = [day for day in times.days_in(line) if day.has_year]
        told = {year for d in days for year in (d.start[:4], d.end[:4]) if "0001" < year < "9999"}
        told |= set(times.BARE_YEAR.findall(line))
        if told:
            years = frozenset(told)
            break
    named = any(_NAMES_BODY.search(line) for line in scope if "/" not in line)
    return Sheet(table, records, totals, fields, scope, years, unit, () if named else tuple(nearby))


def _shared(noun: str, name: str) -> str:
    """The longest run that both have; whole words of Latin letters."""
    if noun.isascii():
        stem = noun.removesuffix("s")
        return stem if stem and re.search(rf"\b{re.escape(stem)}", name) else ""
    for length in range(len(noun), 0, -1):
        for n in range(len(noun) - length + 1):
            if noun[n : n + length] in name:
                return noun[n : n + length]
    return ""


def days_of(record: Record, fields: Sequence[Field]) -> Days | None:
    """The time that the cells of these columns tell together."""
    cells = [(f.heading, record.at(f.heading)) for f in fields if record.at(f.heading)]
    return times.of_cells(cells) if cells else None


def minutes_of(cell: str) -> int | None:
    """Minutes since midnight of 19:40; None of anything else. Nights end at four: 01:00 is late."""
    told = _CLOCK.fullmatch(cell.strip())
    if told is None:
        return None
    hour = int(told[1]) + (24 if int(told[1]) < _NIGHT else 0)
    return 60 * hour + int(told[2])


def _field(heading: str, records: Sequence[Record], unit: str, is_first: bool) -> Field:
    said = as_typed(fold(heading)).strip()
    name = _BRACKETS.sub(" ", said).strip() or said
    name = re.sub(r"\s+", " ", name)
    told = [r.at(heading) for r in records if not is_empty(r.at(heading))]
    if told and all(minutes_of(cell) is not None for cell in told):
        return Field(heading, name, said, Holds.CLOCK, None)
    if told and _is_of_times(name, heading, told):
        return Field(heading, name, said, Holds.TIMES, None)
    column = column_of(heading, records, unit)
    if is_first and not _BRACKETS.search(heading) and len(set(told)) == len(records) > 1:
        column = None  # 6路 and 3号楼 name rows
    if column is not None and column.unit in _RANKS:
        column = None  # 一级, 二级教师
    return Field(heading, name, said, Holds.FIGURES if column else Holds.WORDS, column)


def _is_of_times(name: str, heading: str, told: Sequence[str]) -> bool:
    if all(re.fullmatch(r"\d{4}", cell.strip()) for cell in told):
        is_year = all(_LEAST_YEAR <= int(cell) <= _MOST_YEAR for cell in told)
        return is_year and not _BRACKETS.search(heading) and not re.search("额|量|数|价|费", name)
    if all(times.is_time(cell) for cell in told):
        return True
    return bool(_TIME_HEADING.search(name)) and all(
        times.of_cells([(heading, cell)]) is not None for cell in told
    )


def _is_mean(record: Record) -> bool:
    return any(_MEAN_ROW.fullmatch(fold(value).strip()) for _, value in record.cells)


def _is_whole(record: Record, records: Sequence[Record]) -> bool:
    """Whether a row of 全院 has in each column what all others come to."""
    if not any(_WHOLE.fullmatch(fold(value)) for _, value in record.cells):
        return False
    sums = []
    for heading, cell in record.cells:
        own = figure_of(cell)
        others = [figure_of(r.at(heading)) for r in records if r is not record]
        told = [other.value for other in others if other is not None]
        if own is not None and len(told) > 1:
            sums.append(own.value == sum(told))
    return bool(sums) and 2 * sum(sums) > len(sums)


def _long(table: Table) -> Table:
    """A table with columns for each month, quarter or year, with a row for each instead."""
    of_time = {h: told for h in table.columns if (told := _timed_heading(h))}
    by_time: dict[str, dict[str, str]] = {}
    for heading, (time, rest) in of_time.items():
        by_time.setdefault(time, {})[rest] = heading
    if len(by_time) < 2 or len({frozenset(each) for each in by_time.values()}) > 1:
        return table
    rows = []
    for record in table.records:
        labels = tuple(cell for cell in record.cells if cell[0] not in of_time)
        for time, parts in by_time.items():
            cells = tuple((rest, record.at(heading)) for rest, heading in parts.items())
            rows.append(replace(record, cells=(*labels, ("时间", time), *cells)))
    return replace(table, records=tuple(rows))


def _timed_heading(heading: str) -> tuple[str, str] | None:
    """The time that a heading is of, and of what: (2022年, 报到数) of 2022年 报到数."""
    bare = _BRACKETS.sub("", heading).strip()
    if times.is_time(bare):
        return bare, FIGURE + "".join(_BRACKETS.findall(heading))
    parts = heading.split(maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 and times.is_time(parts[0]) else None


def _unit_above(above: Sequence[str]) -> str:
    """The unit of a whole table: 单位：万元."""
    for line in above:
        found = re.search(
            r"单位\s*[:为]\s*((?:[百千万亿]*)(?:[元人户亩吨米头只件台套册个次场度]|公里|千米|公顷|平方米|立方米|人次|千瓦时)+|[%])(?!\s*[、,和])",
            line,
        )
        if found is not None:
            return found[1]
    return ""
