"""Which has the most, the least or the next, and by how much one of two has more."""

from collections.abc import Sequence
from decimal import Decimal

from service.answer.compute.binding import Bound, label_of, measure_of
from service.answer.compute.columns import Column, Figure
from service.answer.compute.measured import (
    LEAST_ROWS,
    MOST_PARTS,
    Measured,
    Reckoned,
    measured_of,
    missing,
)
from service.answer.read.tables import Record
from service.answer.understand.aggregate import Aggregate, Wanted

_ORDERS = {"贵": "价费", "便宜": "价费", "长": "长期龄时程", "短": "长期龄时程", "重": "重",
           "轻": "重", "宽": "宽", "深": "深", "快": "速", "慢": "速"}  # fmt: skip
_LESS = "低少小短轻"


def extreme(wanted: Wanted, bound: Bound, rows: Sequence[Record], chinese: bool) -> Reckoned | None:
    """Which has the most or the least, or the next but that, among at least two."""
    column = _ordered_by(wanted, bound)
    heading = label_of(bound, wanted.asked)
    measured = measured_of(bound, column, rows) if column is not None else None
    if column is None or measured is None or heading is None:
        return None
    by_name: dict[str, list[tuple[Record, Figure]]] = {}
    for record, figure in measured.rows:
        by_name.setdefault(record.at(heading), []).append((record, figure))
    is_grouped = any(len(each) > 1 for each in by_name.values())
    if "" in by_name or len(by_name) < LEAST_ROWS or (is_grouped and not column.is_surely_additive):
        return None
    if is_grouped and measured.missing:
        return None
    totals = {name: sum((f.value for _, f in each), Decimal(0)) for name, each in by_name.items()}
    is_low = wanted.aggregate is Aggregate.LOWEST
    values = sorted(set(totals.values()), reverse=not is_low)
    if wanted.rank > len(values):
        return None
    if wanted.rank > 1 and any(list(totals.values()).count(v) > 1 for v in values[: wanted.rank]):
        return None  # who is second behind two firsts?
    best = [name for name in totals if totals[name] == values[wanted.rank - 1]]
    order = sorted(totals.items(), key=lambda each: each[1], reverse=not is_low)
    shown = [f"{name} {measured.said(value)}" for name, value in order[:MOST_PARTS]]
    sign = " < " if is_low else " > "
    more = len(order) - len(shown)
    rest = (f"……（共{len(order)}个）" if chinese else f" … ({len(order)} in all)") if more else ""
    remark = missing(measured, chinese)
    among = "、".join(bound.filters)
    names = ("、" if chinese else ", ").join(best)
    value = measured.said(values[wanted.rank - 1])
    of = f"（{among}）" if among and chinese else ""
    joined = _joined(order, shown, sign)
    text = (
        f"{names}：{value}{of}。{joined}{rest}{remark}"
        if chinese
        else f"{names}: {value}. {joined}{rest}{remark}"
    )
    is_sure = not measured.missing and len(best) <= 2
    return Reckoned(text, names if is_sure else None, tuple(r for r, _ in measured.rows))


def _joined(order: Sequence[tuple[str, Decimal]], shown: Sequence[str], sign: str) -> str:
    """`a 3 > b 2 = c 2`."""
    text = shown[0]
    for n in range(1, len(shown)):
        text += (" = " if order[n][1] == order[n - 1][1] else sign) + shown[n]
    return text


def _ordered_by(wanted: Wanted, bound: Bound) -> Column | None:
    """The column that an adjective orders by, where the question names none: 价 for 最贵."""
    hints = _ORDERS.get(wanted.adjective, "")
    if bound.named > 1:
        return None
    if bound.named == 1:
        return bound.columns[0]
    if hints:
        found = [c for c in bound.columns if any(h in c.name for h in hints)]
        return found[0] if len(found) == 1 else None
    return measure_of(bound, wanted) or (bound.columns[0] if len(bound.columns) == 1 else None)


def difference(wanted: Wanted, bound: Bound, chinese: bool) -> Reckoned | None:
    """By how much one of two has more, or which of them has more; each is one row, or
    the sum of as many."""
    column = _ordered_by(wanted, bound)
    if column is None or len(bound.groups) != 2:
        return None
    counts = {len(rows) for _, rows in bound.groups}
    if len(counts) != 1 or (counts != {1} and not column.is_surely_additive):
        return None  # a year's sum may be compared with another's of as many quarters
    measured = [measured_of(bound, column, rows) for _, rows in bound.groups]
    one, other = measured
    if one is None or other is None or (counts != {1} and (one.missing or other.missing)):
        return None
    names = [name for name, _ in bound.groups]
    first, second = one.sum, other.sum
    both = Measured(column, (*one.rows, *other.rows), 0)
    records = tuple(record for record, _ in both.rows)
    if first == second:
        same = f"一样：{both.said(first)}" if chinese else f"the same: {both.said(first)}"
        return Reckoned(same, "一样" if chinese else "the same", records)
    high, low = (0, 1) if first > second else (1, 0)
    values = (first, second)
    apart = both.said(values[high] - values[low])
    if column.unit == "%":
        apart = apart.removesuffix("%") + ("个百分点" if chinese else " percentage points")
    sides = [f"{names[n]} {both.said(values[n])}" for n in (high, low)]
    if wanted.asked:
        is_low = wanted.adjective in _LESS
        won = names[low if is_low else high]
        return Reckoned(f"{won}{wanted.adjective}：{sides[0]} > {sides[1]}", won, records)
    said = "相差" if chinese else "A difference of "
    is_turned = bool(wanted.adjective) and (wanted.adjective in _LESS) != (first < second)
    text = f"{said}{apart} = {sides[0]} - {sides[1]}"
    return Reckoned(text, None if is_turned else apart, records)
