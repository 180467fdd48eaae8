"""Which rows a linked question means, by its cells and its times. Knows no operation."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from service.answer.compute.tabular.columns import is_empty
from service.answer.compute.tabular.link import Linked
from service.answer.compute.tabular.mention import Kind, Mention
from service.answer.compute.tabular.sheet import Field, Holds, Sheet, days_of
from service.answer.compute.times import Days
from service.answer.read.tables import Record

_EVER = "9999"


@dataclass(frozen=True, slots=True)
class Chosen:
    """`rows` keep all that is asked; `everything` keeps the times alone. `sides` are the rows of
    each of several cells of one column or of several times, under the words that name it."""

    rows: tuple[Record, ...]
    everything: tuple[Record, ...]
    sides: tuple[tuple[str, tuple[Record, ...]], ...]
    filters: tuple[str, ...]
    filtered: frozenset[str]  # the headings whose cells choose rows


def choose_rows(linked: Linked, sheet: Sheet) -> Chosen | None:
    """None where a time contradicts the sheet, can't be told of a row, or nothing is left."""
    timed = _by_times(linked, sheet)
    if timed is None:
        return None
    kept = [r for r in sheet.records if not timed or any(r in rows for _, rows in timed)]
    everything = tuple(kept)
    sides = [(said, tuple(rows)) for said, rows in timed if len(rows) < len(sheet.records)]
    filters = [said for said, _ in sides]
    filtered = {f.heading for f in timed_by(linked, sheet)} if sides else set()
    named = {h for m in linked.of(Kind.FIELD) for h in m.fields}
    for group in _groups([_of_named(mention, named) for mention in linked.of(Kind.CELL)]):
        own = [(_said(m), tuple(r for r in kept if _keeps(r, m.cells))) for m in group]
        kept = [r for r in kept if any(r in rows for _, rows in own)]
        if len(own) > 1 or not sides:
            sides = own
        sides = [(said, tuple(r for r in rows if r in kept)) for said, rows in sides]
        filters += [said for said, _ in own]
        filtered.update(heading for m in group for heading, _ in m.cells)
    for heading in sorted(linked.lacks):
        kept = [r for r in kept if is_empty(r.at(heading)) or r.at(heading).startswith("未")]
        filters.append(f"{heading}：—")
        filtered.add(heading)
    if not kept:
        return None
    return Chosen(tuple(kept), everything, tuple(sides), tuple(filters), frozenset(filtered))


def _of_named(mention: Mention, named: Set[str]) -> Mention:
    """A cell of several columns as one of the column that the question names beside it."""
    own = tuple(cell for cell in mention.cells if cell[0] in named)
    return replace(mention, cells=own or mention.cells)


def _said(mention: Mention) -> str:
    values = dict.fromkeys(value for _, value in mention.cells)
    return next(iter(values)) if len(values) == 1 else _common(list(values))


def _common(values: Sequence[str]) -> str:
    """What all of several cells share: the word that chose them is a part of each."""
    first = values[0]
    for length in range(len(first), 0, -1):
        for at in range(len(first) - length + 1):
            if all(first[at : at + length] in value for value in values):
                return first[at : at + length]
    return "、".join(values[:3])


def _keeps(record: Record, cells: Iterable[tuple[str, str]]) -> bool:
    return any(record.at(heading) == value for heading, value in cells)


def _groups(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Cells of the same columns are alternatives, those of different ones conditions."""
    groups: dict[frozenset[str], list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(frozenset(h for h, _ in mention.cells), []).append(mention)
    return list(groups.values())


def merged_days(days: Sequence[Days]) -> list[Days]:
    """A month and a year that stand apart are one time: 8月的成人观众2023."""
    years = [d for d in days if d.has_year and d.start[4:] == "-01-01" and d.end[4:] == "-12-31"]
    bare = [d for d in days if not d.has_year]
    if len(years) == 1 and bare and len(years) + len(bare) == len(days):
        year = years[0]
        return [Days(f"{year.start[:4]}{d.start[4:]}", f"{year.start[:4]}{d.end[4:]}", d.said)
                for d in bare]  # fmt: skip
    return list(days)


def _by_times(linked: Linked, sheet: Sheet) -> list[tuple[str, list[Record]]] | None:
    found = []
    for days in merged_days(linked.days):
        rows = _of_days(days, linked, sheet)
        if not rows:
            return None
        found.append((days.said, rows))
    return found


def timed_by(linked: Linked, sheet: Sheet) -> list[Field]:
    """The columns that tell the time of a row: the one named, those of the row, or the only one."""
    if sheet.table.is_log:
        return list(sheet.fields)
    fields = [f for f in sheet.fields if f.holds is Holds.TIMES]
    clear = {h for m in linked.of(Kind.FIELD) for h in m.fields if len(m.fields) == 1}
    named = [f for f in fields if f.heading in clear and not f.is_period]
    if len(named) == 1:
        return named
    return [f for f in fields if f.is_period] or (fields if len(fields) == 1 else [])


def _of_days(days: Days, linked: Linked, sheet: Sheet) -> list[Record]:
    """The rows of one time; empty where it contradicts the sheet or can't be told."""
    fields = timed_by(linked, sheet)
    mentioned = {h for m in linked.of(Kind.FIELD) for h in m.fields}
    is_of_rows = any(f.is_period or f.heading in mentioned for f in fields)
    is_of_scope = days.has_year and days.start[:4] in sheet.years and not days.end.startswith(_EVER)
    if is_of_scope and not is_of_rows and not sheet.table.is_log:
        is_year = days.start[4:] == "-01-01" and days.end[4:] == "-12-31"
        if is_year or any(days.said in line for line in sheet.scope):
            return list(sheet.records)
    if not fields and not days.has_year and any(days.said in line for line in sheet.scope):
        return list(sheet.records)  # 三季度, of all that is below
    return _held(days, fields, sheet) if fields else []


def _held(days: Days, fields: Sequence[Field], sheet: Sheet) -> list[Record]:
    rows, years = [], set()
    sole = next(iter(sheet.years)) if len(sheet.years) == 1 else ""
    for record in sheet.records:
        told = days_of(record, fields)
        if told is None:
            continue
        if days.has_year and not told.has_year:
            if not sole:
                return []
            told = told.of_year(sole)
        wanted = days if days.has_year or not told.has_year else days.of_year(told.start[:4])
        if wanted.holds(told):
            rows.append(record)
            years.add(told.start[:4])
        elif wanted.meets(told):
            return []  # a year's figure, where a month is asked for
    return rows if days.has_year or len(years) < 2 else []
