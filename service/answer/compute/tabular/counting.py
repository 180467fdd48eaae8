"""How many rows of a sheet there are, or how many different things they name. Knows no document."""

import re
from collections.abc import Sequence

from service.answer.compute.tabular.measured import MOST_PARTS, Reckoned
from service.answer.compute.tabular.sheet import Sheet, days_of
from service.answer.compute.tabular.words import MEASURES, alike
from service.answer.read.tables import Record
from service.answer.understand.aggregate import Wanted

_OF_THINGS = frozenset("台间趟辆架艘只头匹户棵株口支枚幅张件本份")
_QUANTITY = re.compile(r"数量|库存|存栏|[台间辆架艘只头匹户棵株口支枚幅张件本份]数")
BODIES = ("家", "所")
"""A body is one in however many rows it stands, and is counted where a column is of such bodies."""
_TIMES = ("次", "场", "期", "届", "回")
_TELLS_NO_NOUN = ("", "个", "人", "名", "位")


def count(
    wanted: Wanted, sheet: Sheet, rows: Sequence[Record], filtered: frozenset[str], chinese: bool
) -> Reckoned | None:
    """How many rows there are, or how many different things a column of theirs names.

    None where the question names one row: it asks for a number of that row, and not for 1.
    """
    label = sheet.label
    is_named = label is not None and label.heading in filtered and sheet.is_key(label)
    if is_named and len(rows) == 1:
        return None
    if not chinese:
        return _in_english(wanted, sheet, rows)
    unit = next((u for u in (wanted.behind[:2], wanted.behind[:1]) if u in (*MEASURES, "个人")), "")
    if not unit and wanted.behind:
        return None
    if sheet.table.is_log:
        if unit not in _TIMES:
            return None
        shown = f"{len(rows)}{unit}"
        return Reckoned(f"共{shown}" if chinese else f"{shown} in all", shown, tuple(rows))
    if sheet.is_list() or (unit in _OF_THINGS and not _are_things(sheet)):
        return None
    tells_no_noun = unit in (*_TELLS_NO_NOUN, *BODIES, *_OF_THINGS)
    noun = wanted.behind.removeprefix(unit) if tells_no_noun else wanted.behind
    field = sheet.field_of(noun[:4], filtered)[0] if noun else None
    if unit == "天":
        return _days(sheet, rows)
    if unit in BODIES and (field is None or noun[:2] not in field.heading):
        field = sheet.label
        if noun or field is None or not sheet.is_of_bodies(field):
            return None
    if unit in ("人", "名", "位", "个人"):
        people = [f for f in sheet.fields if f.is_of_people]
        field = next((f for f in people if sheet.is_key(f)), people[0] if people else None)
        if field is None:
            return None
    field = field or sheet.label
    if field is None:
        return None
    names = [record.at(field.heading) for record in rows]
    if not all(names):
        return None
    things = list(dict.fromkeys(names))
    is_row = unit not in BODIES and (field.is_of_people or field is sheet.label)
    if len(things) != len(names) and is_row:  # two of one name, if something else tells them apart
        things = names
        if not any(sheet.is_key(each) for each in sheet.fields):
            return None
    shown = f"{len(things)}{unit.removeprefix('个') or unit}"
    told = "、".join(things) if len(things) <= MOST_PARTS else ""
    text = f"共{shown}" if chinese else f"{shown} in all"
    text += (f"：{told}" if chinese else f": {told}") if told else ""
    return Reckoned(text, shown, tuple(rows))


def _are_things(sheet: Sheet) -> bool:
    """Whether each row is one thing: no person, no time, and no column says of how many it is."""
    label = sheet.label
    if label is None or label.is_of_people or label.is_period:
        return False
    return not any(f.column is not None and _QUANTITY.search(f.name) for f in sheet.fields)


def _days(sheet: Sheet, rows: Sequence[Record]) -> Reckoned | None:
    """How many rows there are, where each is of a day of its own."""
    told = [f for f in sheet.fields if f.is_period and sheet.is_key(f)]
    days = [days_of(record, told[:1]) for record in rows]
    if any(each is None or each.start != each.end for each in days):
        return None
    shown = f"{len(rows)}天"
    return Reckoned(f"共{shown}", shown, tuple(rows))


def _in_english(wanted: Wanted, sheet: Sheet, rows: Sequence[Record]) -> Reckoned | None:
    """How many rows there are, where the noun is that of a column: how many items."""
    words = [word for word in re.findall("[a-z]+", wanted.behind)[:2] if len(word) > 1]
    field = next((f for word in words if (f := sheet.field_of(word)[0]) is not None), None)
    lines = " ".join(sheet.scope)
    if any(other in lines for word in words for other in (word, *alike(word))):
        field = field or sheet.label
    if field is None or sheet.is_list() or sheet.table.is_log:
        return None
    names = [record.at(field.heading) for record in rows]
    things = names if field is sheet.label else list(dict.fromkeys(names))
    if not all(names):
        return None
    told = ", ".join(things) if len(things) <= MOST_PARTS else ""
    text = f"{len(things)} in all" + (f": {told}" if told else "")
    return Reckoned(text, str(len(things)), tuple(rows))
