"""The totals of several groups of rows, each under its name: 各科室一共多少. Knows no document."""

from service.answer.compute.tabular.link import Linked
from service.answer.compute.tabular.measured import Reckoned, measured_of, missing
from service.answer.compute.tabular.rows import Chosen
from service.answer.compute.tabular.sheet import Field, Holds, Sheet
from service.answer.compute.tabular.target import named_fields
from service.answer.read.tables import Record
from service.answer.understand.aggregate import Aggregate, Wanted

_MOST_GROUPS = 30
_MOST_ALONE = 4  # so many totals may stand alone


def of_each(
    wanted: Wanted, linked: Linked, field: Field, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """The total of each named side, or of each value of a column that the question names; None
    where nothing groups the rows, or a sum means nothing."""
    is_sided = len(chosen.sides) > 1
    groups = dict(chosen.sides) if is_sided else _groups(wanted, linked, sheet, chosen)
    is_sum = any(len(rows) > 1 for rows in groups.values())
    if not is_sum and not is_sided and wanted.aggregate is Aggregate.TOTAL:
        return None  # each row is a group: 各村一共 is of all of them
    if not 1 < len(groups) <= _MOST_GROUPS or field.column is None:
        return None
    if is_sum and not field.column.is_surely_additive:
        return None
    told = {name: measured_of(field, rows, sheet) for name, rows in groups.items()}
    said = [
        f"{name} {m.said(m.sum)}{missing(m, chinese)}" for name, m in told.items() if m is not None
    ]
    if len(said) < len(told):
        return None
    text = ("；" if chinese else "; ").join(said)
    is_whole = len(said) <= _MOST_ALONE and not any(m.missing for m in told.values() if m)
    return Reckoned(text, text if is_whole else None, chosen.rows)


def _groups(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen
) -> dict[str, tuple[Record, ...]]:
    named = [f for f in named_fields(linked, sheet) if f.holds is not Holds.FIGURES]
    whole, shared = sheet.field_of(wanted.each)
    by = whole if whole is not None and shared == wanted.each else None
    by = by or sheet.field_of(wanted.each[:1])[0] or (named[0] if len(named) == 1 else None)
    if by is None or by.heading in chosen.filtered:
        return {}
    found: dict[str, tuple[Record, ...]] = {}
    for record in chosen.rows:
        name = record.at(by.heading)
        found[name] = (*found.get(name, ()), record)
    return {} if "" in found else found
