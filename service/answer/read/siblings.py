"""Other places and bodies of a name's kind: who is told of 柳沟村 is nobody of 石坝村.

    柳沟村帮扶简报           another village in a heading
    第一书记带大家改问题     hers, as the nearest village above is 柳沟村
    县: 白水 | 村: 柳沟      another cell of the column

Pure folded text; whether a text tells the name itself is for `standing.py`.
"""

import re
from functools import lru_cache

from indexer.text.segment import tagged
from service.answer.understand.entities import Entity, EntityKind, find_entities
from service.answer.understand.kinds import ending_of

_HAN = "㐀-鿿"
_NO_CORE = ("v", "r", "d", "p", "c", "u", "f")  # 退出村 and 各县 are no names
_LEADS_IN = 3  # characters before what a line is about: -, 1. and (


def others_of_kind(name: str, folded: str) -> list[Entity]:
    """The other names of the kind in a folded text, in order: for 石坝村卫生室 villages as well."""
    core = name.removesuffix(ending_of(name))
    found = _others(name, folded)
    if core != name and ending_of(core):
        found += _others(core, folded)
    return sorted(found, key=lambda entity: entity.start)


def _others(name: str, folded: str) -> list[Entity]:
    ending = ending_of(name)
    if not ending or ending not in folded:
        return []
    core = name.removesuffix(ending)
    return [
        entity
        for entity in _names(folded)
        if ending_of(entity.text) == ending
        and core not in entity.text
        and entity.text.removesuffix(ending) not in name
    ]


def leads_with_another(name: str, folded: str) -> bool:
    """Whether a line is about another of the kind: it begins so, or has it in the kind's column."""
    first = next(iter(others_of_kind(name, folded)), None)
    if first is not None and first.start <= _LEADS_IN + len(folded) - len(folded.lstrip("-*•· \t")):
        return True
    ending = ending_of(name)
    core = name.removesuffix(ending)
    if not ending:
        return False
    column = re.search(rf"(?:^|\|)\s*[{_HAN}]{{0,2}}{ending}\s*[:：]\s*([{_HAN}]{{2,12}})", folded)
    return column is not None and core not in column[1] and column[1] not in name


@lru_cache(maxsize=2048)
def _names(folded: str) -> tuple[Entity, ...]:
    return tuple(
        entity
        for entity in find_entities(folded)
        if entity.kind in (EntityKind.PLACE, EntityKind.ORGANISATION)
        and not next(iter(tagged(entity.text)), ("", ""))[1].startswith(_NO_CORE)
    )
