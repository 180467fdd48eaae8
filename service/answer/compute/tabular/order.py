"""Which has the most, the least or the next, the first or last in time, and by how much one of two
has more. Knows no document."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from service.answer.compute.tabular.columns import Figure
from service.answer.compute.tabular.link import Linked
from service.answer.compute.tabular.measured import (
    LEAST_ROWS,
    MOST_PARTS,
    Measured,
    Reckoned,
    measured_of,
    missing,
)
from service.answer.compute.tabular.mention import Kind
from service.answer.compute.tabular.rows import Chosen, timed_by
from service.answer.compute.tabular.sheet import Field, Holds, Sheet, days_of
from service.answer.compute.tabular.target import (
    age_of,
    asked_fields,
    is_told,
    label_of,
    measures,
    sole_measure,
)
from service.answer.read.tables import Record
from service.answer.understand.aggregate import Aggregate, Wanted

_LESS = "低少小短轻便降减下近早"
_DURATION = re.compile("时间|用时|耗时|时长|分钟|小时|秒|天|time|duration")
_MOST_NAMES = 2  # so many may share a place and still be shown alone


def extreme(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, rows: Sequence[Record],
    chinese: bool,
) -> Reckoned | None:  # fmt: skip
    """Which has the most or the least, or the next but that, among at least two."""
    field = _ordered_by(wanted, linked, sheet)
    label = _labelled(wanted, linked, sheet, chosen)
    measured = measured_of(field, rows, sheet) if field is not None else None
    if field is None or field.column is None or measured is None or label is None:
        return None
    if wanted.adjective in ("快", "慢") and _DURATION.search(field.said):  # the fastest needs least
        is_low = wanted.aggregate is Aggregate.HIGHEST
        wanted = replace(wanted, aggregate=Aggregate.LOWEST if is_low else Aggregate.HIGHEST)
    by_name: dict[str, list[tuple[Record, Figure]]] = {}
    for record, figure in measured.rows:
        by_name.setdefault(record.at(label.heading), []).append((record, figure))
    is_grouped = any(len(each) > 1 for each in by_name.values())
    if "" in by_name or len(by_name) < LEAST_ROWS:
        return None
    if is_grouped and wanted.asked in ("谁", "#any", "", "#time"):  # the row, not its group
        return _of_row(wanted, measured, label, chinese)
    if is_grouped and (measured.missing or not field.column.is_surely_additive):
        return None
    totals = {name: sum((f.value for _, f in each), Decimal(0)) for name, each in by_name.items()}
    return _ranked(wanted, totals, measured, chosen, chinese)


def _of_row(wanted: Wanted, measured: Measured, label: Field, chinese: bool) -> Reckoned | None:
    """Who stands in the one row that has the most: 观众最多的那场对手."""
    is_low = wanted.aggregate is Aggregate.LOWEST
    order = sorted(measured.rows, key=lambda each: each[1].value, reverse=not is_low)
    best = [(r, f) for r, f in order if f.value == order[0][1].value]
    if len(best) > 1 or wanted.rank > 1 or wanted.first > 1:
        return None
    name = best[0][0].at(label.heading)
    shown = [f"{r.at(label.heading)} {measured.said(f.value)}" for r, f in order[:3]]
    joined = (" < " if is_low else " > ").join(shown)
    note = missing(measured, chinese)
    text = f"{name}：{measured.said(best[0][1].value)}。{joined}……{note}"
    if not chinese:
        text = f"{name}: {measured.said(best[0][1].value)}. {joined} …{note}"
    return Reckoned(text, None if measured.missing else name, tuple(r for r, _ in measured.rows))


def _labelled(wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen) -> Field | None:
    """The column that is asked for; of the rows, where it says how much as well."""
    label = label_of(linked, wanted, sheet, chosen.filtered)
    if label is not None and wanted.asked in ("", "#any") and label is not sheet.label:
        words = [
            f
            for f in asked_fields(linked, wanted, sheet, chosen.filtered)
            if f.holds is Holds.WORDS
        ]
        label = words[-1] if words else sheet.label
    return label


def _ranked(
    wanted: Wanted, totals: dict[str, Decimal], measured: Measured, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    is_low = wanted.aggregate is Aggregate.LOWEST
    values = sorted(set(totals.values()), reverse=not is_low)
    counts = [list(totals.values()).count(value) for value in values]
    last = max(wanted.rank, wanted.first)
    if wanted.rank > len(values) or wanted.first > len(totals):
        return None
    if last > 1 and any(count > 1 for count in counts[:last]):
        return None  # who is second behind two firsts?
    order = sorted(totals.items(), key=lambda each: each[1], reverse=not is_low)
    best = [name for name in totals if totals[name] == values[wanted.rank - 1]]
    if wanted.first > 1:
        best = [name for name, _ in order[: wanted.first]]
    shown = [f"{name} {measured.said(value)}" for name, value in order[:MOST_PARTS]]
    more = len(order) - len(shown)
    rest = (f"……（共{len(order)}个）" if chinese else f" … ({len(order)} in all)") if more else ""
    among = "、".join(chosen.filters)
    of = f"（{among}）" if among and chinese else ""
    names = ("、" if chinese else ", ").join(best)
    joined = _joined(order, shown, " < " if is_low else " > ")
    value = measured.said(values[wanted.rank - 1])
    note = missing(measured, chinese)
    text = f"{names}：{value}{of}。{joined}{rest}{note}"
    if not chinese:
        text = f"{names}: {value}. {joined}{rest}{note}"
    if wanted.first > 1:
        text = f"{names}。{joined}{rest}{note}" if chinese else f"{names}. {joined}{rest}{note}"
    is_sure = not measured.missing and len(best) <= max(_MOST_NAMES, wanted.first)
    return Reckoned(text, names if is_sure else None, tuple(r for r, _ in measured.rows))


def _joined(order: Sequence[tuple[str, Decimal]], shown: Sequence[str], sign: str) -> str:
    """`a 3 > b 2 = c 2`."""
    text = shown[0]
    for n in range(1, len(shown)):
        text += (" = " if order[n][1] == order[n - 1][1] else sign) + shown[n]
    return text


def _ordered_by(wanted: Wanted, linked: Linked, sheet: Sheet) -> Field | None:
    groups = measures(linked, wanted, sheet)
    if len(groups) == 1 and len(groups[0]) == 1:
        return groups[0][0]
    return None if groups else sole_measure(sheet, wanted.unit)


def in_time(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """The first or the last in time, or the youngest, who is born last."""
    is_last = wanted.aggregate is Aggregate.LATEST
    fields = _timed(wanted, linked, sheet)
    if len(fields) == 1 and fields[0].holds is Holds.FIGURES:  # an age
        kind = Aggregate.LOWEST if is_last else Aggregate.HIGHEST
        label = sheet.label
        measured = measured_of(fields[0], chosen.rows, sheet)
        if label is None or measured is None or not sheet.is_key(label):
            return None
        totals = {r.at(label.heading): f.value for r, f in measured.rows}

        return _ranked(replace(wanted, aggregate=kind), totals, measured, chosen, chinese)
    timed = [(r, _point(r, fields)) for r in chosen.rows]
    told = [(r, at) for r, at in timed if at]
    if not fields or len(told) < len(timed) or not told:
        return None
    best = max(at for _, at in told) if is_last else min(at for _, at in told)
    rows = [r for r, at in told if at == best]
    asked = asked_fields(linked, wanted, sheet, chosen.filtered)
    asked = [f for f in asked if wanted.asked == "#time" or f not in fields][:1]
    label = asked[0] if asked else sheet.label
    if label is None or sheet.table.is_log:
        return None
    names = list(dict.fromkeys(r.at(label.heading) for r in rows))
    joined = ("、" if chinese else ", ").join(names)
    when = " ".join(rows[0].at(f.heading) for f in fields)
    order = sorted(told, key=lambda each: each[1], reverse=is_last)[:3]
    said = [f"{r.at(label.heading)} {' '.join(r.at(f.heading) for f in fields)}" for r, _ in order]
    text = (
        f"{joined}（{when}）。{'，'.join(said)}……"
        if chinese
        else f"{joined} ({when}). {', '.join(said)} …"
    )
    is_sure = all(names) and len(names) <= _MOST_NAMES
    return Reckoned(text, joined if is_sure else None, tuple(rows), at=best)


def _timed(wanted: Wanted, linked: Linked, sheet: Sheet) -> list[Field]:
    """The columns that order in time: those named, of the row, or the only ones."""
    if wanted.adjective == "年龄":
        age = age_of(sheet)
        return [age] if age is not None else []
    clocks = [f for f in sheet.fields if f.holds is Holds.CLOCK and is_told(linked, f)]
    return clocks if len(clocks) == 1 else timed_by(linked, sheet)


def _point(record: Record, fields: Sequence[Field]) -> str:
    """A time that can be compared as text; "" where none is told."""
    if len(fields) == 1 and fields[0].holds is Holds.CLOCK:
        return record.at(fields[0].heading).strip().rjust(5, "0")
    days = days_of(record, fields)
    return days.start if days is not None else ""


def difference(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """By how much one of two has more, or which of them has more; each is one row, or
    the sum of as many."""
    groups = measures(linked, wanted, sheet)
    if len(groups) == 2 and len(chosen.sides) < 2 and not wanted.asked:
        two = two_columns(groups, sheet, chosen)
        if two is None:
            return None
        values = (two[0].sum, two[1].sum)
        return apart(wanted, [m.column.name for m in two], values, two[0], chosen.rows, chinese)
    field = _ordered_by(wanted, linked, sheet)
    if field is None or field.column is None or len(chosen.sides) != 2:
        return None
    counts = {len(rows) for _, rows in chosen.sides}
    if len(counts) != 1 or (counts != {1} and not field.column.is_surely_additive):
        return None  # a year's sum may be compared with another's of as many quarters
    one, other = (measured_of(field, rows, sheet) for _, rows in chosen.sides)
    if one is None or other is None or one.missing or other.missing:
        return None
    both = Measured(field.column, (*one.rows, *other.rows), 0)
    records = tuple(record for record, _ in both.rows)
    names = [name for name, _ in chosen.sides]
    return apart(wanted, names, (one.sum, other.sum), both, records, chinese)


def days_between(linked: Linked, sheet: Sheet, chosen: Chosen) -> Reckoned | None:
    """How many days lie between two named dates of the one row that is meant."""
    of_times = {f.heading: f for f in sheet.fields if f.holds is Holds.TIMES}
    named = dict.fromkeys(
        h for m in linked.of(Kind.FIELD) if len(own := m.fields & of_times.keys()) == 1 for h in own
    )
    if len(named) != 2 or len(chosen.rows) != 1 or not chosen.filters:
        return None
    (row,) = chosen.rows
    told = [days_of(row, [of_times[heading]]) for heading in named]
    days = [d for d in told if d is not None and d.has_year and d.start == d.end]
    if len(days) != 2:
        return None
    first, last = sorted(date.fromisoformat(each.start) for each in days)
    shown = f"{(last - first).days}天"
    cells = " — ".join(row.at(heading) for heading in named)
    return Reckoned(f"相隔{shown}：{cells}", shown, chosen.rows)


def two_columns(
    groups: Sequence[Sequence[Field]], sheet: Sheet, chosen: Chosen
) -> tuple[Measured, Measured] | None:
    """What the chosen rows have in each of two columns of one unit; None where one has a gap."""
    if any(len(group) != 1 for group in groups):
        return None
    one, other = (measured_of(group[0], chosen.rows, sheet) for group in groups)
    if one is None or other is None or one.missing or other.missing:
        return None
    is_sum = len(chosen.rows) > 1 and not all(m.column.is_surely_additive for m in (one, other))
    units = {m.column.unit for m in (one, other) if m.column.unit}
    return None if is_sum or len(units) > 1 else (one, other)


def apart(
    wanted: Wanted, names: Sequence[str], values: tuple[Decimal, Decimal], both: Measured,
    records: tuple[Record, ...], chinese: bool,
) -> Reckoned:  # fmt: skip
    """How two figures differ; nothing stands alone where 多 is asked and it is less."""
    first, second = values
    if first == second:
        same = f"一样：{both.said(first)}" if chinese else f"the same: {both.said(first)}"
        return Reckoned(same, "一样" if chinese else "the same", records)
    high, low = (0, 1) if first > second else (1, 0)
    gap = both.said(values[high] - values[low])
    if both.column.unit == "%":
        gap = gap.removesuffix("%") + ("个百分点" if chinese else " percentage points")
    sides = [f"{names[n]} {both.said(values[n])}" for n in (high, low)]
    wants_less = wanted.adjective[:1] in tuple(_LESS) or wanted.adjective in ("less", "fewer")
    if wanted.asked:
        won = names[low if wants_less else high]
        text = f"{won}{wanted.adjective}：{sides[0]} > {sides[1]}"
        if not wanted.counts:
            return Reckoned(text, won, records)
        return Reckoned(
            f"{won}{wanted.adjective}{gap}：{sides[0]} > {sides[1]}", f"{won}，{gap}", records
        )
    said = "相差" if chinese else "A difference of "
    is_turned = bool(wanted.adjective) and wants_less != (first < second)
    return Reckoned(f"{said}{gap} = {sides[0]} - {sides[1]}", None if is_turned else gap, records)
