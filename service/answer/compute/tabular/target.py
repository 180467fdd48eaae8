"""Which column a linked question asks for: one of figures to reckon with, one of words that names.

Knows no operation.
"""

import re
from collections.abc import Sequence, Set

from service.answer.compute.tabular.link import Linked
from service.answer.compute.tabular.mention import Kind
from service.answer.compute.tabular.mentions import tells_unit
from service.answer.compute.tabular.sheet import Field, Holds, Sheet
from service.answer.compute.tabular.words import as_typed
from service.answer.understand.aggregate import Wanted

# What an adjective orders by, where the question names no column.
_LENGTH, _PRICE, _SIZE = (
    "[里航路全]程|长|距离|期|时|length",
    "价|费|price|cost",
    "面积|规模|area|size",
)
_ORDERS = {
    **dict.fromkeys("长短", _LENGTH),
    **dict.fromkeys(("贵", "便宜"), _PRICE),
    **dict.fromkeys("大小", _SIZE),
    **dict.fromkeys("重轻", "重|weight"),
    **dict.fromkeys("快慢", "速|speed"),
    "远": "[里航路全]程|距离|distance",
    "宽": "宽",
    "深": "深",
    "高": "高",
}
_PLACE = re.compile(r"地点|地址|位置|场地|楼层|存放|住址|所在|place|location|address|room")
_NAME = re.compile(r"名称|姓名|\bname\b", re.IGNORECASE)
_CODE = re.compile(r"[编序代账]号|编码|代码|号$|\b(?:no|id|code)\b", re.IGNORECASE)
_AGE = re.compile(r"出生|生日|年龄|岁|born|birth|age")


def measures(linked: Linked, wanted: Wanted, sheet: Sheet) -> list[list[Field]]:
    """The columns of figures that are asked for, one list for each that the question names; a list
    of several columns is one that it names unclearly. Empty where it names none."""
    figures = {f.heading: f for f in sheet.fields if f.holds is Holds.FIGURES}
    groups = _named_sets(linked, figures.keys())
    units = [m.fields for m in linked.of(Kind.UNIT)]
    for group in groups:
        for unit in units:
            if len(group) > 1 and group & unit:
                group.intersection_update(unit)
    for group in groups:  # 卖了多少茶叶 asks for no money, 卖了多少钱 for nothing else
        money = {h for h in group if tells_unit(figures[h], "元")}
        if len(group) > 1 and money and money != group:
            asks_money = re.match("元|钱|块|万元|亿元", wanted.behind or wanted.unit) is not None
            group.intersection_update(money if asks_money else group - money)
    if not groups:
        groups = [set(unit & figures.keys()) for unit in units[:1]]
    if not groups and wanted.adjective in _ORDERS:
        pattern = re.compile(_ORDERS[wanted.adjective])
        groups = [{h for h, f in figures.items() if pattern.search(f.said)}]
    return [[figures[h] for h in figures if h in group] for group in groups if group]


def one_of(groups: Sequence[Sequence[Field]]) -> Field | None:
    """The column, where one is asked for and it is named clearly."""
    return groups[0][0] if len(groups) == 1 and len(groups[0]) == 1 else None


def is_told(linked: Linked, field: Field) -> bool:
    """Whether the question names the column itself, and not only its unit."""
    return any(field.heading in m.fields for m in linked.of(Kind.FIELD))


def sole_measure(sheet: Sheet, unit: str) -> Field | None:
    """The one column of figures that adds up, where there is only one, and its unit agrees."""
    found = [f for f in sheet.fields if f.column is not None and not f.is_counter]
    if len(found) != 1 or found[0].column is None or not found[0].column.adds_up:
        return None
    return found[0] if not unit or tells_unit(found[0], unit) or not found[0].column.unit else None


def age_of(sheet: Sheet) -> Field | None:
    found = [f for f in sheet.fields if _AGE.search(f.name)]
    return found[0] if len(found) == 1 else None


def asked_fields(
    linked: Linked, wanted: Wanted, sheet: Sheet, filtered: frozenset[str]
) -> list[Field]:
    """The columns whose cells are asked for; empty where the row as a whole is, or none fits."""
    named = [f for f in named_fields(linked, sheet) if f.heading not in filtered]
    asked = as_typed(wanted.asked)
    if asked == "谁":
        words = [f for f in named if f.holds is Holds.WORDS and not sheet.is_key(f)]
        people = _people(sheet, filtered)
        return [f for f in words if f.is_of_people][:1] or people or words[:1]
    if asked == "#time":
        timed = [f for f in named if f.holds in (Holds.TIMES, Holds.CLOCK)]
        own = [f for f in sheet.fields if f.holds in (Holds.TIMES, Holds.CLOCK)]
        return timed or (own if len(own) == 1 else [f for f in own if f.is_period][:1])
    if asked == "#place":
        places = [f for f in sheet.fields if _PLACE.search(f.name) and f.heading not in filtered]
        return [f for f in named if f in places] or (places if len(places) == 1 else [])
    if asked and not asked.startswith("#"):
        noun, _ = sheet.field_of(asked, filtered)
        if noun is not None:
            return [noun]
    return named


def label_of(
    linked: Linked, wanted: Wanted, sheet: Sheet, filtered: frozenset[str]
) -> Field | None:
    """The column that names what is counted, listed or ordered."""
    found = [
        f for f in asked_fields(linked, wanted, sheet, filtered) if f.holds is not Holds.FIGURES
    ]
    return found[0] if found else sheet.label


def _people(sheet: Sheet, filtered: frozenset[str]) -> list[Field]:
    people = [f for f in sheet.fields if f.is_of_people and f.heading not in filtered]
    if len(people) > 1:
        people = [f for f in people if sheet.is_key(f)] or people
    if sheet.is_list():
        return [f for f in sheet.fields if f.heading == "#name"]
    return people if len(people) == 1 else []


def named_fields(linked: Linked, sheet: Sheet) -> list[Field]:
    """The columns that the question names, in its order; one of each that it names unclearly."""
    sets = _named_sets(linked, {f.heading for f in sheet.fields})
    return [f for each in sets if len(each) == 1 for f in sheet.fields if f.heading in each]


def _named_sets(linked: Linked, headings: Set[str]) -> list[set[str]]:
    """The columns that each mention may mean, those of one column together; of two words that
    touch, the clear one tells the other: 实发|工资 beside 基本工资 and 绩效工资."""
    sets: list[set[str]] = []
    end = -1
    for mention in linked.of(Kind.FIELD):
        own = (mention.fields & headings) - linked.lacks
        names = {heading for heading in own if _NAME.search(heading)}
        if names and all(_CODE.search(heading) for heading in own - names):
            own = frozenset(names)  # 设备 is 设备名称 beside 设备编号
        if not own:
            continue
        meeting = [each for each in sets if each & own]
        touches, end = mention.start == end, mention.end
        if meeting:
            meeting[-1].intersection_update(own)
        elif touches and len(own) != len(sets[-1]) and 1 in (len(own), len(sets[-1])):
            sets[-1] = set(own) if len(own) == 1 else sets[-1]
        else:
            sets.append(set(own))
    return sets
