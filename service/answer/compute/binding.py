"""Which rows and which column of a table a question means, if it is sure of every word.

    question's words → times, cells, headings, what stands above → nothing may be left over

Knows no index.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.text.normalise import fold
from indexer.text.numbers import canonical_unit
from indexer.text.segment import tagged
from service.answer.compute import times
from service.answer.compute.columns import Column, Figure, base, column_of, figure_of
from service.answer.compute.linking import (
    LIGHT,
    Rest,
    cells_named,
    columns_named,
    is_of_time,
    left_over,
    takes_heading,
)
from service.answer.compute.times import Days
from service.answer.read.tables import FIGURE, NAME, Record, Table
from service.answer.understand.aggregate import Wanted
from service.answer.understand.cues import MONEY
from service.answer.understand.question import Question

_PEOPLE = re.compile(r"姓名|名字|人员|职工|员工|学生|教师|^人|人$|者$|name")
_VERBS = (("[卖售]", "销量|销售量|数量"), ("产", "产量"), ("[花支]", "支出|花费|费用|金额"))
_COUNTED_ROWS = re.compile(r"(?P<n>[两二三四五六七八九])(?:笔|家|个|项|次|批|人|名|所|户|村|县)")
_FEW = {sign: n for n, sign in enumerate("二三四五六七八九", start=2)} | {"两": 2}
_GENERIC = re.compile(r"名称|名字|品名|标题|题目|项目|单位|name|title|item")
_FOLK = re.compile(r"职工|员工|工作人员|人员|同志|成员")
_HEADCOUNT = re.compile(r"人数|人次|员额|headcount")


@dataclass(frozen=True, slots=True)
class Bound:
    """The rows that are meant and the column, or None where the rows themselves are counted.

    `groups` are the rows of each of several things or times that the question names side by side,
    under the words that it names them by; `everything` are the rows without these names.
    """

    table: Table
    rows: tuple[Record, ...]
    columns: tuple[Column, ...]  # of figures, those that the question names first
    named: int  # how many of `columns` the question names
    groups: tuple[tuple[str, tuple[Record, ...]], ...]
    everything: tuple[Record, ...]
    filters: tuple[str, ...]
    by_words: bool  # whether words within cells, and not whole cells, choose rows
    linked: tuple[str, ...]  # the headings of words that the question names
    unit: str
    nearness: int  # characters of the question's words in the line that introduces the table


def bind(question: Question, wanted: Wanted, table: Table, above: Sequence[str]) -> Bound | None:
    """What of a table is asked for; None where a word is left over or may mean several things.

    `above` are the folded lines above it, nearest first.
    """
    rest = Rest(wanted.rest)
    table = _long(table)
    records = tuple(record for record in table.records if not record.is_total)
    unit = _unit_above(above)
    figured = [c for h in table.columns if (c := column_of(h, records, unit)) is not None]
    headings = {column.heading for column in figured}
    words = [h for h in table.columns if h not in headings]
    asked_days = times.days_in(rest.text)
    if any(period.relative for period in question.periods):
        return None
    linked = cells_named(
        rest, records, [h for h in words if not is_of_time(h, records)], table.is_log
    )
    if linked is None:
        return None
    for days in asked_days:
        rest.take(days.said)
    by_time = _of_times(records, table, asked_days, above)
    if by_time is None:
        return None
    kept = [record for _, rows in by_time for record in rows] if asked_days else list(records)
    everything = tuple(dict.fromkeys(kept))
    named_first, count = columns_named(rest, figured)
    of_words = tuple(h for h in words if takes_heading(rest, base(h)))
    groups = [
        (days.said, tuple(rows)) for days, (_, rows) in zip(asked_days, by_time, strict=False)
    ]
    filters = [days.said for days in asked_days]
    for heading, values in linked.items():
        sides = [(v, tuple(r for r in kept if fold(r.at(heading)).strip() == v)) for v in values]
        kept = [record for record in kept if any(record in rows for _, rows in sides)]
        groups = [(v, tuple(r for r in rows if r in kept)) for v, rows in sides]
        filters += values
    told = _COUNTED_ROWS.search(rest.text)
    if told is not None:
        rest.take(told.group())
    if any(_PEOPLE.search(base(h)) for h in words):
        rest.text = _FOLK.sub("  ", rest.text)
    left = left_over(rest, above, table, kept)
    if left is None:
        return None
    for word in left:
        kept = [r for r in kept if any(word in fold(value) for _, value in r.cells)]
        groups = [(name, tuple(r for r in rows if r in kept)) for name, rows in groups]
    if not kept or (told is not None and _FEW[told["n"]] != len(kept)):
        return None
    return Bound(
        table, tuple(kept), tuple(named_first), count, tuple(groups), everything,
        (*filters, *left), bool(left), of_words, unit, _near(wanted.rest, table.lead),
    )  # fmt: skip


def measure_of(bound: Bound, wanted: Wanted) -> Column | None:
    """The one column of figures that is asked for; None where several may be."""
    if bound.named:
        return bound.columns[0] if bound.named == 1 else None
    fitting = [c for c in bound.columns if fits(c, wanted.unit)]
    hinted = [
        c
        for verbs, name in _VERBS
        if not wanted.unit and re.search(verbs, wanted.rest)
        for c in bound.columns
        if re.search(name, c.name)
    ]
    if len(hinted) == 1:
        return hinted[0]
    if wanted.unit and wanted.unit in (*MONEY, "元"):
        return fitting[0] if len(fitting) == 1 else None
    if len(fitting) == 1:
        return fitting[0]
    return bound.columns[0] if len(bound.columns) == 1 and not wanted.unit else None


def fits(column: Column, unit: str) -> bool:
    """Whether the figures of a column are told in a unit."""
    if not unit:
        return False
    if unit in MONEY:
        return column.unit.startswith("元") or bool(
            not column.unit
            and re.search(r"金额|费|价|款|薪|工资|投资|造价|收入|支出|成本", column.name)
        )
    if unit in ("人", "名", "位"):
        return bool(_HEADCOUNT.search(column.name)) or column.unit in ("人", "名", "位")
    return column.unit in (unit, canonical_unit(unit)) or column.shown_unit == unit


def label_of(bound: Bound, asked: str) -> str | None:
    """The heading of the words that name a row, as `asked` (项目, 谁, 月); None where none does."""
    figured = {column.heading for column in bound.columns}
    words = [h for h in bound.table.columns if h not in figured and base(h) != "序号"]
    if not words:
        return None
    if asked == "谁":
        people = [h for h in words if _PEOPLE.search(base(h))]
        return people[0] if len(people) == 1 else (NAME if words == [NAME] else None)
    plain_words = [h for h in words if not is_of_time(h, bound.table.records)]
    tokens = []
    for token, _ in tagged(asked):
        if any(token in column.name for column in bound.columns):
            break
        tokens.append(token)
    told = [t for t in tokens if not LIGHT.fullmatch(t) or t in ("月", "年", "日")]
    if told:
        same = [h for h in words if any(t in base(h) for t in told)]
        if same:
            return same[0] if len(same) == 1 else None
        named = [h for h in plain_words if h == NAME or _GENERIC.fullmatch(base(h))]
        return named[0] if len(named) == 1 else None
    named = [h for h in bound.linked if h in plain_words]
    return (named or plain_words or words)[0]


def figures_of(bound: Bound, column: Column, rows: Iterable[Record]) -> list[Figure | None]:
    unit = column.shown_unit if re.search(r"[(（]", column.heading) else bound.unit
    return [figure_of(record.at(column.heading), unit) for record in rows]


def _long(table: Table) -> Table:
    """A table with a column for each month or quarter, with a row for each of them instead."""
    of_time = [heading for heading in table.columns if times.is_time(heading)]
    if len(of_time) < 2:
        return table
    rows = []
    for record in table.records:
        labels = tuple(cell for cell in record.cells if cell[0] not in of_time)
        rows += [
            replace(record, cells=(*labels, ("时间", heading), (FIGURE, record.at(heading))))
            for heading in of_time
        ]
    return replace(table, records=tuple(rows))


def _of_times(
    records: Sequence[Record], table: Table, asked: Sequence[Days], above: Sequence[str]
) -> list[tuple[Days, list[Record]]] | None:
    """The rows of each time that is asked for; None where it can't be told of one."""
    if not asked:
        return []
    headings = [h for h in table.columns if is_of_time(h, records)]
    year = next((d.start[:4] for line in above for d in times.days_in(line) if d.has_year), "")
    found: list[tuple[Days, list[Record]]] = []
    for days in asked:
        rows = []
        seen_years = set()
        for record in records:
            cells = [(h, record.at(h)) for h in headings if record.at(h)]
            if table.is_log:
                first = times.days_in(fold(record.at(NAME)))[:1]
                told = first[0] if first else None
            else:
                told = times.of_cells(cells)
            if told is None and not headings and not table.is_log:
                told = Days(f"{year}-01-01", f"{year}-12-31") if year else None
            if told is None:
                return None
            if days.has_year and not told.has_year:
                if not year:
                    return None
                told = told.of_year(year)
            wanted = days
            if told.has_year and not days.has_year:
                wanted = days.of_year(told.start[:4])
            if wanted.holds(told):
                rows.append(record)
                seen_years.add(told.start[:4])
            elif wanted.meets(told):
                return None  # a year's figure, where a month is asked for
        if not days.has_year and len(seen_years) > 1:
            return None
        found.append((days, rows))
    return found if all(rows for _, rows in found) else None


def _near(asked: str, lead: str) -> int:
    return sum(len(w) for w, _ in tagged(asked) if len(w) > 1 and w in lead and not w.isdigit())


def _unit_above(above: Sequence[str]) -> str:
    """The unit of a whole table: 单位：万元."""
    for line in above:
        found = re.search(r"单位\s*[:为]\s*([㐀-鿿%a-z]{1,5})", line)
        if found is not None:
            return found[1]
    return ""
