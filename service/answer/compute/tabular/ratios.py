"""Means, and what the named rows have of all, or one column of another. Knows no document."""

from collections.abc import Sequence
from decimal import Decimal

from indexer.text.figures.records import plain
from service.answer.compute.tabular.link import Linked
from service.answer.compute.tabular.measured import LEAST_ROWS, Reckoned, measured_of, rounded
from service.answer.compute.tabular.order import two_columns
from service.answer.compute.tabular.rows import Chosen
from service.answer.compute.tabular.sheet import Sheet
from service.answer.compute.tabular.target import measures, one_of, sole_measure
from service.answer.compute.tabular.tell import remark
from service.answer.read.tables import Record
from service.answer.understand.aggregate import Wanted


def mean(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    field = one_of(measures(linked, wanted, sheet)) or sole_measure(sheet, wanted.unit)
    measured = measured_of(field, chosen.rows, sheet) if field is not None else None
    if measured is None or len(measured.rows) < LEAST_ROWS:
        return None
    count = len(measured.rows)
    exact = measured.sum / count
    shown = exact if wanted.digits is None else rounded(exact, wanted.digits, 0)
    average, total = measured.said(shown), measured.said(measured.sum)
    about = ""
    if exact != rounded(exact, wanted.digits, 4):
        about = "约" if chinese else "about "
    note = remark(measured, chosen.filters, chinese)
    text = f"平均{about}{average} = {total} ÷ {count}{note}"
    if not chinese:
        text = f"On average {about}{average} = {total} / {count}{note}"
    value = None if measured.missing else f"{about}{average}"
    return Reckoned(text, value, tuple(record for record, _ in measured.rows))


def share(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """What the named rows have of all that the column adds up to, or of all rows."""
    groups = measures(linked, wanted, sheet)
    if len(groups) == 2 and (two := two_columns(groups, sheet, chosen)) is not None:
        part, whole = sorted(two, key=lambda each: each.sum)
        names = (part.column.name, whole.column.name)
        said = (f"{part.said(part.sum)} ({names[0]})", f"{whole.said(whole.sum)} ({names[1]})")
        return _quotient(part.sum, whole.sum, said, "", wanted, chosen.rows, chinese)
    if len(chosen.rows) == len(chosen.everything):
        return None
    field = one_of(groups)
    if groups and field is None:
        return None
    label = sheet.label
    if field is None and label is not None and label.heading in chosen.filtered:
        return None  # 制造业 of 全社会: what these rows tell, not how many they are
    if field is None:
        first, second = Decimal(len(chosen.rows)), Decimal(len(chosen.everything))
        both, rows = (str(first), str(second)), len(chosen.everything)
        records = chosen.rows
    else:
        own = measured_of(field, chosen.rows, sheet)
        all_of = measured_of(field, chosen.everything, sheet)
        if field.column is None or not field.column.is_surely_additive:
            return None
        if own is None or all_of is None or own.missing or all_of.missing:
            return None
        first, second = own.sum, all_of.sum
        both, rows = (own.said(first), all_of.said(second)), len(all_of.rows)
        records = tuple(record for record, _ in all_of.rows)
    note = f"（{'、'.join(chosen.filters)}占全部{rows}行）" if chinese else f" ({rows} rows)"
    return _quotient(first, second, both, note, wanted, records, chinese)


def _quotient(
    one: Decimal, whole: Decimal, said: tuple[str, str], note: str, wanted: Wanted,
    records: Sequence[Record], chinese: bool,
) -> Reckoned | None:  # fmt: skip
    if not whole:
        return None
    exact = 100 * one / whole
    percent = rounded(exact, wanted.digits, 2)
    value = f"{'' if percent == exact or not chinese else '约'}{plain(percent)}%"
    return Reckoned(
        f"{value} = {said[0]} {'÷' if chinese else '/'} {said[1]}{note}", value, tuple(records)
    )
