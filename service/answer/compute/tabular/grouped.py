"""The totals of several groups of rows, each under its name: 各科室一共多少. Knows no document."""

from service.answer.compute.tabular.link import Linked
from service.answer.compute.tabular.measured import Reckoned, measured_of
from service.answer.compute.tabular.rows import Chosen
from service.answer.compute.tabular.sheet import Field, Holds, Sheet
from service.answer.compute.tabular.target import named_fields
from service.answer.read.tables import Record

_MOST_GROUPS = 30
_MOST_ALONE = 4  # so many totals may stand alone


def of_each(
    linked: Linked, field: Field, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """The total of each named side, or of each value of a column that the question names; None
    where nothing groups the rows, a sum means nothing, or a figure is missing."""
    groups = dict(chosen.sides) if len(chosen.sides) > 1 else _groups(linked, sheet, chosen)
    is_sum = any(len(rows) > 1 for rows in groups.values())
    if not 1 < len(groups) <= _MOST_GROUPS or field.column is None:
        return None
    if is_sum and not field.column.is_surely_additive:
        return None
    told = {name: measured_of(field, rows, sheet) for name, rows in groups.items()}
    said = [(name, m.said(m.sum)) for name, m in told.items() if m is not None and not m.missing]
    if len(said) < len(told):
        return None
    text = ("；" if chinese else "; ").join(f"{name} {total}" for name, total in said)
    return Reckoned(text, text if len(said) <= _MOST_ALONE else None, chosen.rows)


def _groups(linked: Linked, sheet: Sheet, chosen: Chosen) -> dict[str, tuple[Record, ...]]:
    named = [f for f in named_fields(linked, sheet) if f.holds is not Holds.FIGURES]
    if len(named) != 1 or named[0].heading in chosen.filtered:
        return {}
    found: dict[str, tuple[Record, ...]] = {}
    for record in chosen.rows:
        name = record.at(named[0].heading)
        found[name] = (*found.get(name, ()), record)
    return {} if "" in found else found
