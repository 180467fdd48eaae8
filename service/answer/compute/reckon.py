"""The arithmetic on bound rows, and how its result is said. Knows no document."""

from collections.abc import Sequence
from decimal import Decimal

from indexer.text.figures.records import plain
from service.answer.compute.binding import Bound, figures_of, fits, label_of, measure_of
from service.answer.compute.columns import Column, Figure
from service.answer.compute.measured import (
    LEAST_ROWS,
    MOST_PARTS,
    Measured,
    Reckoned,
    measured_of,
)
from service.answer.compute.ordering import difference, extreme
from service.answer.compute.remaining import remainder
from service.answer.read.tables import FIGURE, Record
from service.answer.understand.aggregate import Aggregate, Limit, Wanted
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Question

_HEADS = ("人", "名", "位", "个人")
_THINGS = frozenset("个项家次回场种类条份件期届批门名位人户笔所座处站部本篇张")
_TIMES = ("次", "场", "期", "届", "回")


def reckon(question: Question, wanted: Wanted, bound: Bound) -> Reckoned | None:
    """What an operation gives of bound rows; None where it isn't certain."""
    chinese = is_chinese(question.text)
    rows: Sequence[Record] = bound.rows
    if wanted.limit is not None:
        rows = _limited(wanted.limit, bound)
        if not rows:
            return None
        if wanted.aggregate in (Aggregate.TOTAL, Aggregate.COUNT):
            return _count(wanted, bound, rows, chinese)
    match wanted.aggregate:
        case Aggregate.TOTAL | Aggregate.COUNT:
            return _total_or_count(wanted, bound, chinese)
        case Aggregate.MEAN:
            return _mean(wanted, bound, rows, chinese)
        case Aggregate.HIGHEST | Aggregate.LOWEST:
            return extreme(wanted, bound, rows, chinese)
        case Aggregate.SHARE:
            return _share(wanted, bound, chinese)
        case Aggregate.DIFFERENCE:
            return difference(wanted, bound, chinese)
        case Aggregate.REMAINDER:
            return remainder(wanted, bound, chinese)
    return None


def _total_or_count(wanted: Wanted, bound: Bound, chinese: bool) -> Reckoned | None:
    column = measure_of(bound, wanted)
    if column is None and not bound.named and wanted.counts:
        sole = bound.columns[0] if len(bound.columns) == 1 else None
        counted = wanted.unit in _THINGS or wanted.unit in _HEADS
        if sole is not None and not counted and not (wanted.unit and sole.unit):
            column = sole
    if column is None or (wanted.unit and not _agrees(wanted.unit, column)):
        return _count(wanted, bound, bound.rows, chinese) if wanted.counts else None
    if not column.is_surely_additive:
        return None
    if len(bound.rows) < LEAST_ROWS and not bound.filters:
        return None
    if len(bound.rows) == 1:
        return None  # it is written down
    return _total(bound, column, chinese)


def _agrees(unit: str, column: Column) -> bool:
    """Whether a column may be told in a unit: 个 of 编制, never 人 of 元."""
    if fits(column, unit):
        return True
    if unit in ("元", "钱", "块", "块钱", "万元", "亿元"):
        return False
    return not column.unit or column.unit == unit or unit not in _THINGS


def _total(bound: Bound, column: Column, chinese: bool) -> Reckoned | None:
    measured = measured_of(bound, column, bound.rows)
    if measured is None:
        return None
    total = measured.said(measured.sum)
    parts = _parts(measured)
    remark = _remark(measured, bound, chinese)
    value: str | None = total if not measured.missing else None
    text = f"合计{total}{parts}{remark}" if chinese else f"In total {total}{parts}{remark}"
    records = [record for record, _ in measured.rows]
    own = [record for record in bound.table.records if record.is_total]
    if len(own) == 1 and not bound.filters:
        stated = figures_of(bound, column, own)[0]
        records.append(own[0])
        if stated is not None and stated.value == measured.sum:
            said = "，与表中合计行一致" if chinese else ", as the table's own total says"
            return Reckoned(text + said, measured.said(stated.value), tuple(records))
        if stated is not None:
            shown = measured.said(stated.value)
            rows = f"{total}{parts}{remark}"
            text = f"The table's own total is {shown}, but its rows add up to {rows}"
            if chinese:
                text = f"表中合计行为{shown}，但各行相加为{rows}"
            return Reckoned(text, None, tuple(records))
    whole = Figure(measured.sum, column.unit, total, False) if not bound.filters else None
    return Reckoned(text, value, tuple(records), whole)


def _parts(measured: Measured) -> str:
    if len(measured.rows) > MOST_PARTS:
        return ""
    return " = " + " + ".join(figure.written for figure in measured.figures)


def _remark(measured: Measured, bound: Bound, chinese: bool) -> str:
    """How many rows it is of, what chose them, and how many of them have no figure."""
    rows, missing = len(measured.rows), measured.missing
    chosen = "、".join(bound.filters)
    if chinese:
        of = f"{chosen}，" if chosen else ""
        left = f"，另有{missing}行没有数值，未计入" if missing else ""
        return f"（{of}共{rows}行{left}）"
    of = f"{chosen}: " if chosen else ""
    left = f"; {missing} without a figure left out" if missing else ""
    return f" ({of}{rows} rows{left})"


def _count(wanted: Wanted, bound: Bound, rows: Sequence[Record], chinese: bool) -> Reckoned | None:
    """How many rows there are, or how many different things a column of theirs names."""
    unit = wanted.unit
    if unit not in _THINGS and unit not in _HEADS:
        return None
    if unit in _HEADS and any(record.at(FIGURE).endswith(_HEADS) for record in rows):
        return None  # 减贫三千一百人 tells people in its figure, and names none
    if bound.by_words and not bound.table.is_log:
        return None  # 几家医院: others may be hospitals that aren't called so
    if bound.table.is_log:
        if unit not in _TIMES:
            return None
        shown = f"{len(rows)}{unit}"
        return Reckoned(f"共{shown}" if chinese else f"{shown} in all", shown, tuple(rows))
    heading = label_of(bound, "谁" if unit in _HEADS else "")
    if heading is None:
        return None
    names = [record.at(heading) for record in rows]
    if not all(names):
        return None
    things = list(dict.fromkeys(names))
    is_column_asked = heading in bound.linked
    if len(things) != len(names) and not is_column_asked:
        return None  # is it rows or names that are counted?
    shown = f"{len(things)}{unit}"
    listed = "、".join(things) if len(things) <= MOST_PARTS else ""
    text = f"共{shown}" if chinese else f"{shown} in all"
    text += (f"：{listed}" if chinese else f": {listed}") if listed else ""
    return Reckoned(text, shown, tuple(rows))


def _limited(limit: Limit, bound: Bound) -> list[Record]:
    """The rows whose figure keeps a bound, of the one column that is named or has its unit.

    Empty where that isn't certain.
    """
    number = limit.number
    candidates = [c for c in bound.columns[: bound.named] if c.unit in (number.unit, "")]
    if not candidates:
        candidates = [c for c in bound.columns if number.unit and c.unit == number.unit]
    if len(candidates) != 1:
        return []
    column = candidates[0]
    measured = measured_of(bound, column, bound.rows)
    if measured is None or measured.missing:
        return []
    keeps = {
        ">=": Decimal.__ge__, ">": Decimal.__gt__, "<=": Decimal.__le__, "<": Decimal.__lt__,
    }[limit.sign]  # fmt: skip
    return [record for record, figure in measured.rows if keeps(figure.value, number.value)]


def _mean(wanted: Wanted, bound: Bound, rows: Sequence[Record], chinese: bool) -> Reckoned | None:
    column = measure_of(bound, wanted)
    measured = measured_of(bound, column, rows) if column is not None else None
    if measured is None or len(measured.rows) < LEAST_ROWS:
        return None
    count = len(measured.rows)
    exact = measured.sum / count
    mean = measured.said(exact)
    is_rounded = exact != exact.quantize(Decimal("0.0001"))
    total = measured.said(measured.sum)
    about = ("约" if chinese else "about ") if is_rounded else ""
    remark = _remark(measured, bound, chinese)
    text = (
        f"平均{about}{mean} = {total} ÷ {count}{remark}"
        if chinese
        else f"On average {about}{mean} = {total} / {count}{remark}"
    )
    value = None if measured.missing else f"{about}{mean}"
    return Reckoned(text, value, tuple(record for record, _ in measured.rows))


def _share(wanted: Wanted, bound: Bound, chinese: bool) -> Reckoned | None:
    """What the named rows have of all that the column adds up to."""
    column = measure_of(bound, wanted)
    if column is None or not column.is_surely_additive or len(bound.rows) == len(bound.everything):
        return None
    part = measured_of(bound, column, bound.rows)
    whole = measured_of(bound, column, bound.everything)
    if part is None or whole is None or part.missing or whole.missing or not whole.sum:
        return None
    share = (100 * part.sum / whole.sum).quantize(Decimal("0.01"))
    exact = Decimal(share) * whole.sum == 100 * part.sum
    value = f"{'' if exact else '约'}{plain(share)}%" if chinese else f"{plain(share)}%"
    both, rows = (part.said(part.sum), whole.said(whole.sum)), len(whole.rows)
    text = f"{value} = {both[0]} / {both[1]} ({rows} rows)"
    if chinese:
        text = f"{value} = {both[0]} ÷ {both[1]}（{'、'.join(bound.filters)}占全部{rows}行）"
    return Reckoned(text, value, tuple(record for record, _ in whole.rows))
