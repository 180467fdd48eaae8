"""How cells, rows and their remarks are said. Knows no operation."""

from collections.abc import Sequence

from service.answer.compute.tabular.columns import Figure, is_empty
from service.answer.compute.tabular.measured import Measured, Reckoned, figure_at
from service.answer.compute.tabular.sheet import Field, Sheet
from service.answer.read.tables import Record

_MOST_LISTED = 30
_MOST_VALUES = 4  # so many names may stand alone


def looked_up(
    fields: Sequence[Field], rows: Sequence[Record], sheet: Sheet, chinese: bool
) -> Reckoned | None:
    """The cells of rows under some columns; None where one is empty or rows disagree."""
    told = [list(dict.fromkeys(r.at(f.heading) for r in rows)) for f in fields]
    if any(len(values) != 1 or is_empty(values[0]) for values in told):
        return None
    values = [with_unit(f, rows[0], sheet) for f in fields]
    cells = [rows[0].at(f.heading) for f in fields]
    # As the row has it, so that its figure stands where the answer says it does.
    named = [f"{f.heading}：{cell}" for f, cell in zip(fields, cells, strict=True)]
    is_plain = values == cells[:1] or fields[0].heading.startswith("#")
    text = values[0] if len(values) == 1 and is_plain else ("，" if chinese else ", ").join(named)
    figure = figure_at(fields[0], rows[0], sheet) if len(fields) == 1 else None
    return Reckoned(
        text, values[0] if len(values) == 1 else None, tuple(rows),
        figure=figure, column=fields[0].column,
    )  # fmt: skip


def with_unit(field: Field, record: Record, sheet: Sheet) -> str:
    """A cell with the unit of its column, where it tells none itself."""
    cell = record.at(field.heading)
    column = field.column
    figure: Figure | None = figure_at(field, record, sheet)
    if column is None or figure is None or not column.shown_unit:
        return cell
    unit = column.shown_unit
    return cell if cell.endswith(unit) else f"{cell}{'' if _is_wide(unit) else ' '}{unit}"


def _is_wide(unit: str) -> bool:
    return not unit.isascii() or unit == "%"


def listed(label: Field | None, rows: Sequence[Record], chinese: bool) -> Reckoned | None:
    """The names of rows."""
    if label is None or len(rows) > _MOST_LISTED:
        return None
    names = list(dict.fromkeys(r.at(label.heading) for r in rows))
    if not all(names):
        return None
    joined = ("、" if chinese else ", ").join(names)
    text = f"共{len(names)}个：{joined}" if chinese else f"{len(names)} in all: {joined}"
    value = joined if len(names) <= _MOST_VALUES else None
    return Reckoned(names[0] if len(names) == 1 else text, value, tuple(rows))


def remark(measured: Measured, filters: Sequence[str], chinese: bool) -> str:
    """How many rows it is of, what chose them, and how many of them have no figure."""
    rows, missing = len(measured.rows), measured.missing
    chosen = "、".join(filters)
    if chinese:
        of = f"{chosen}，" if chosen else ""
        left = f"，另有{missing}行没有数值，未计入" if missing else ""
        return f"（{of}共{rows}行{left}）"
    of = f"{chosen}: " if chosen else ""
    left = f"; {missing} without a figure left out" if missing else ""
    return f" ({of}{rows} rows{left})"
