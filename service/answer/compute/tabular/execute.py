"""Operations on the chosen rows of one sheet: what they give, and how it is said.

    Linked → rows → column → Reckoned; None wherever one of them isn't certain

Knows no document.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from service.answer.compute.tabular.columns import Figure, is_empty
from service.answer.compute.tabular.counting import BODIES, count
from service.answer.compute.tabular.grouped import of_each
from service.answer.compute.tabular.link import Linked
from service.answer.compute.tabular.measured import (
    LEAST_ROWS,
    MOST_PARTS,
    Measured,
    Reckoned,
    figure_at,
    measured_of,
)
from service.answer.compute.tabular.mention import Kind
from service.answer.compute.tabular.mentions import tells_unit
from service.answer.compute.tabular.order import days_between, difference, extreme, in_time
from service.answer.compute.tabular.ratios import mean, share
from service.answer.compute.tabular.remaining import remainder
from service.answer.compute.tabular.rows import Chosen
from service.answer.compute.tabular.sheet import Field, Holds, Sheet, minutes_of
from service.answer.compute.tabular.target import (
    asked_fields,
    is_told,
    label_of,
    measures,
    one_of,
    sole_measure,
)
from service.answer.compute.tabular.tell import listed, looked_up, remark
from service.answer.compute.tabular.words import MEASURES
from service.answer.read.tables import Record
from service.answer.understand.aggregate import Aggregate, Wanted
from service.answer.understand.limits import Limit

_OF_EACH = re.compile(r"^(?:[周月日]|每|人均|户均|亩均|单)(?!份|期)")  # hours a week of each
_OF_PART = re.compile(r"小\s*计|季|月|半年|平均|均值|sub-?total|average", re.IGNORECASE)
_OF_ALL = (Aggregate.LOOKUP, Aggregate.COUNT, Aggregate.TOTAL, Aggregate.MEAN)
_RANGE = re.compile(r"\bbetween\b.+\band\b|\bfrom\b.+\b(?:to|until)\b")
_PRICE = re.compile(r"^(?:价格|价值|总价|原价|购价|买价|估价|price|cost|value)")


def execute(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """What an operation gives of a sheet; None where it isn't certain."""
    rows: Sequence[Record] = chosen.rows
    if len(chosen.sides) > 1 and wanted.aggregate in _OF_ALL and _RANGE.search(wanted.rest):
        return None  # what lies between is asked for, too
    if wanted.limit is not None:
        rows = _limited(wanted.limit, wanted, linked, sheet, chosen)
        if not rows:
            return None
        if wanted.aggregate in (Aggregate.TOTAL, Aggregate.COUNT):
            return count(wanted, sheet, rows, chosen.filtered, chinese)
        if wanted.aggregate in (Aggregate.LIST, Aggregate.LOOKUP):
            return listed(label_of(linked, wanted, sheet, chosen.filtered), rows, chinese)
    match wanted.aggregate:
        case Aggregate.LOOKUP:
            return _look_up(wanted, linked, sheet, chosen, chinese)
        case Aggregate.LIST:
            return _list(wanted, linked, sheet, chosen, chinese)
        case Aggregate.TOTAL | Aggregate.COUNT:
            return _total_or_count(wanted, linked, sheet, chosen, chinese)
        case Aggregate.MEAN:
            return mean(wanted, linked, sheet, chosen, chinese)
        case Aggregate.HIGHEST | Aggregate.LOWEST:
            return extreme(wanted, linked, sheet, chosen, rows, chinese)
        case Aggregate.EARLIEST | Aggregate.LATEST:
            return in_time(wanted, linked, sheet, chosen, chinese)
        case Aggregate.SHARE:
            return share(wanted, linked, sheet, chosen, chinese)
        case Aggregate.DIFFERENCE:
            return difference(wanted, linked, sheet, chosen, chinese)
        case Aggregate.REMAINDER:
            return remainder(wanted, linked, sheet, chosen, chinese)
    return None


def _look_up(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """The cells of the one row that is meant; rows that agree count as one."""
    if not chosen.filters or sheet.is_list():
        return None
    fields = asked_fields(linked, wanted, sheet, chosen.filtered)
    if not fields and wanted.asked not in ("", "#time", "#place"):
        label = sheet.label
        fields = [label] if label is not None and label.heading not in chosen.filtered else []
    if not fields:
        return None
    return looked_up(fields, chosen.rows, sheet, chinese)


def _list(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    if not chosen.filters:
        return None
    label = label_of(linked, wanted, sheet, chosen.filtered)
    if label is None or label.heading in chosen.filtered:
        return None  # the question names it already
    return listed(label, chosen.rows, chinese)


def _total_or_count(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    if wanted.behind.startswith("天") and (days := days_between(linked, sheet, chosen)) is not None:
        return days
    groups = measures(linked, wanted, sheet)
    if len(groups) > 1 and wanted.aggregate is Aggregate.TOTAL:
        return _across(groups, chosen, sheet, chinese)
    field = one_of(groups)
    if field is None and groups:
        return None
    is_count_of_rows = field is None or _counts_others(wanted, linked, field)
    if field is None and not wanted.counts:
        field = sole_measure(sheet, wanted.unit)
        is_count_of_rows = field is None
    if field is None and wanted.counts and wanted.behind[:1] not in MEASURES:
        field = sole_measure(sheet, wanted.behind[:2])
        is_count_of_rows = field is None
    if is_count_of_rows or field is None:
        if not wanted.counts:
            return None
        return _count(wanted, linked, sheet, chosen, chinese)
    if _contradicts(wanted, field):
        return None
    is_of_several = wanted.aggregate is Aggregate.COUNT and len(chosen.sides) > 1
    if wanted.each or is_of_several:
        each = of_each(wanted, linked, field, sheet, chosen, chinese)
        if each is not None or is_of_several:
            return each
    if len(chosen.rows) == 1:
        return looked_up([field], chosen.rows, sheet, chinese) if chosen.filters else None
    return _total(wanted, field, sheet, chosen, chinese)


def _count(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """How many rows there are; of a column that is filled in for some alone, those: 当班主任的.
    Not where the question names a column that chooses none of them: 破了几项纪录 beside a column
    破纪录. Of one row it is that column's cell.
    """
    noun = wanted.behind[1:5] if wanted.behind[:1] in MEASURES else wanted.behind[:4]
    of_noun = sheet.field_of(noun, chosen.filtered)[0] if noun else None
    counted = {f.heading for f in (of_noun, sheet.label) if f is not None}
    people = [f for f in sheet.fields if f.is_of_people]
    counted |= {f.heading for f in [f for f in people if sheet.is_key(f)] or people}
    others = [m for m in linked.of(Kind.FIELD) if not m.fields & (counted | chosen.filtered)]
    if not others or sheet.table.is_log or wanted.behind[:1] in BODIES:
        return count(wanted, sheet, chosen.rows, chosen.filtered, chinese)
    named = [f for f in sheet.fields if any(f.heading in m.fields for m in others)]
    if len(named) == 1 and len(chosen.rows) == 1 and chosen.filters:
        return looked_up(named, chosen.rows, sheet, chinese)
    filled = [r for r in chosen.rows if not any(is_empty(r.at(f.heading)) for f in named)]
    if people and len(named) == 1 and 0 < len(filled) < len(chosen.rows):
        return count(wanted, sheet, filled, chosen.filtered | {named[0].heading}, chinese)
    return None


def _counts_others(wanted: Wanted, linked: Linked, field: Field) -> bool:
    """Whether what is counted is not what the column measures: 多少家 of an amount in 元."""
    counted, column = wanted.behind[:1], field.column
    if not wanted.counts or column is None or counted not in MEASURES:
        return False
    if column.shown_unit and column.shown_unit[:1] != counted and counted in BODIES:
        return True
    is_of_anything = counted in ("个", "人", "名", "位")
    return is_of_anything and not is_told(linked, field) and column.shown_unit[:1] != counted


def _contradicts(wanted: Wanted, field: Field) -> bool:
    """Whether what is counted is surely not what the column measures: 几天 of millimetres."""
    counted, column = wanted.behind[:1], field.column
    if not wanted.counts or column is None or counted not in MEASURES:
        return False
    unit = column.unit or column.shown_unit
    if not unit or counted in unit or re.search("多少|几", wanted.behind):  # 几个人一共拿多少钱
        return False
    is_of_many = counted in "个次人名位家件" and unit[:1] not in "元%"
    return not is_of_many and not any(tells_unit(field, wanted.behind[:n]) for n in (1, 2))


def _across(
    groups: Sequence[Sequence[Field]], chosen: Chosen, sheet: Sheet, chinese: bool
) -> Reckoned | None:
    """The sum of several columns of one row: fees that are told apart."""
    if len(chosen.rows) != 1 or any(len(group) != 1 for group in groups):
        return None
    fields = [group[0] for group in groups]
    found = [measured_of(field, chosen.rows, sheet) for field in fields]
    units = {field.column.unit for field in fields if field.column}
    if len(units) != 1 or any(m is None or m.missing for m in found):
        return None
    told = [m for m in found if m is not None]
    total = sum((m.sum for m in told), Decimal(0))
    shown = told[0].said(total)
    parts = " + ".join(f"{f.column.name if f.column else f.name} {m.figures[0].written}"
                       for f, m in zip(fields, told, strict=True))  # fmt: skip
    text = f"合计{shown} = {parts}" if chinese else f"In total {shown} = {parts}"
    return Reckoned(text, shown, chosen.rows, figure=Figure(total, units.pop(), shown, False))


def _total(
    wanted: Wanted, field: Field, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    column = field.column
    if column is None or not adds_up(wanted, field, sheet):
        return None
    if len(chosen.rows) < LEAST_ROWS and not chosen.filters:
        return None
    measured = measured_of(field, chosen.rows, sheet)
    if measured is None:
        return None
    total = measured.said(measured.sum)
    note = remark(measured, chosen.filters, chinese)
    text = f"合计{total}{_parts(measured)}{note}"
    if not chinese:
        text = f"In total {total}{_parts(measured)}{note}"
    is_asked = wanted.aggregate is Aggregate.TOTAL or _is_of_times(sheet) or bool(chosen.filters)
    value = total if not measured.missing and is_asked else None
    records = tuple(record for record, _ in measured.rows)
    figure = Figure(measured.sum, column.unit, total, False)
    totals = [r for r in sheet.totals if not any(_OF_PART.search(v) for _, v in r.cells)]
    if len(totals) == 1 and not chosen.filters:
        own = figure_at(field, totals[0], sheet)
        records = (*records, totals[0])
        if own is not None and own.value != measured.sum:
            shown = measured.said(own.value)
            rows = f"{total}{_parts(measured)}{note}"
            text = f"The table's own total is {shown}, but its rows add up to {rows}"
            if chinese:
                text = f"表中合计行为{shown}，但各行相加为{rows}"
            return Reckoned(text, None, records)
        if own is not None:
            text += "，与表中合计行一致" if chinese else ", as the table's own total says"
            return Reckoned(text, total, records, figure=figure, column=column)
    whole = figure if not chosen.filters else None
    return Reckoned(text, value, records, whole, figure, column)


def adds_up(wanted: Wanted, field: Field, sheet: Sheet) -> bool:
    """Whether the sum of a column means something; where a total is asked for in so many words,
    also of what things cost, if there is one thing a row."""
    column = field.column
    if column is None:
        return False
    if wanted.aggregate is not Aggregate.TOTAL:
        return column.is_surely_additive and not _OF_EACH.search(field.name)
    has_numbers = any(re.search(r"数量|件数|台数|quantity|qty", f.name) for f in sheet.fields)
    is_price = _PRICE.search(field.name) is not None and not has_numbers
    return column.adds_up or is_price


def _is_of_times(sheet: Sheet) -> bool:
    return any(field.is_period for field in sheet.fields)


def _parts(measured: Measured) -> str:
    if len(measured.rows) > MOST_PARTS:
        return ""
    return " = " + " + ".join(figure.written for figure in measured.figures)


def _limited(
    limit: Limit, wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen
) -> list[Record]:
    """The rows whose figure, or time of the day, keeps a bound; empty where it isn't certain."""
    keeps = {
        ">=": Decimal.__ge__, ">": Decimal.__gt__, "<=": Decimal.__le__, "<": Decimal.__lt__,
    }[limit.sign]  # fmt: skip
    if limit.minutes is not None:
        clocks = [f for f in sheet.fields if f.holds is Holds.CLOCK]
        told = [f for f in clocks if is_told(linked, f)]
        clocks = told or clocks
        if len(clocks) != 1:
            return []
        bound = Decimal(limit.minutes)
        at = [(r, minutes_of(r.at(clocks[0].heading))) for r in chosen.rows]
        return [r for r, minutes in at if minutes is not None and keeps(Decimal(minutes), bound)]
    number = limit.number
    if number is None:
        return []
    groups = measures(linked, wanted, sheet)
    fitting = [g for g in groups if any(f.column and f.column.unit == number.unit for f in g)]
    field = one_of(groups) or (one_of(fitting) if number.unit else None)
    if field is None and not groups:
        alike = [
            f for f in sheet.fields if f.column and number.unit and f.column.unit == number.unit
        ]
        field = alike[0] if len(alike) == 1 else None
    measured = measured_of(field, chosen.rows, sheet) if field is not None else None
    if field is None or field.column is None or measured is None:
        return []
    if number.unit and field.column.unit and number.unit != field.column.unit:
        return []
    return [record for record, figure in measured.rows if keeps(figure.value, number.value)]
