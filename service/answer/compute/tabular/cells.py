"""The cells that a question names: whole, by half of their words, in a list, as a number with 号.

Knows no operation.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from indexer.text.normalise import fold
from indexer.text.segment import tagged
from service.answer.compute.tabular.mention import Kind, Mention, cuts, mention_of
from service.answer.compute.tabular.sheet import Field, Holds, Sheet
from service.answer.compute.tabular.words import LIGHT, as_typed

_NO_CATEGORY = frozenset("是否有无个大中小一二三四五六七八九十年月日上下元人主客")
_MOST_CATEGORIES = 4  # different values of one character: 男, 女
_LONGEST_CELL = 30
_LONG_ENOUGH = 3  # characters that a cell begins with, to stand for all of it: 布洛芬
_OFFICE = re.compile(r"^[㐀-鿿]{0,8}(?:长|经理|主任|书记|秘书|总监|教授|老师)(?=[㐀-鿿])")
_NAME = 4  # characters
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_LIST = re.compile(r"[、,，;；/]\s*")


def cells_told(text: str, sheet: Sheet) -> Iterator[Mention]:
    """Cells told whole, by half of their words, as a part of a list, or as a number with 号."""
    found: dict[tuple[int, int], dict[bool, list[tuple[str, str]]]] = defaultdict(
        lambda: {True: [], False: []}
    )
    pairs = {text[n : n + 2] for n in range(len(text) - 1)}
    for field in sheet.fields:
        values = dict.fromkeys(r.at(field.heading) for r in sheet.records)
        spelled = {value: as_typed(fold(value)).strip() for value in values if value}
        if field.holds is Holds.FIGURES:  # 未验收 among shares
            spelled = {v: said for v, said in spelled.items() if not re.search(r"[\d—–-]", said)}
        elif field.holds is not Holds.WORDS:
            continue
        for value, said in spelled.items():
            cell = (field.heading, value)
            for part in _parts(said):
                for start in _places(text, part, _is_category(part, spelled)):
                    found[start, start + len(part)][True].append(cell)
            if len(said) > _LONGEST_CELL or field.is_of_people:
                continue  # 永年 may be another's name
            for start, end in _halves(text, pairs, said):
                if _tells_alone(text[start:end], said, list(spelled.values()), sheet, field):
                    found[start, end][False].append(cell)
            if len(said) == 1 and len(field.name) > 1 and said in field.name:  # 客场 of 主客场：客
                for start in _places(text, said + field.name[-1], False):
                    found[start, start + 2][True].append(cell)
            if field.is_counter:
                for match in re.finditer(rf"第{said}[个项条名号]", text):
                    found[match.span()][True].append(cell)
            if said.isdigit():
                for match in re.finditer(rf"(?<!\d){said}(?P<of>[㐀-鿿])", text):
                    if match["of"] in field.said:
                        found[match.span()][True].append(cell)
    for (start, end), cells in found.items():
        whole = cells[True]
        told = tuple(dict.fromkeys(whole or cells[False]))
        yield mention_of(Kind.CELL, start, end, bool(whole), cells=told)


def _parts(said: str) -> set[str]:
    """A cell, the same without brackets, its items, and a name without its office."""
    bare = _IN_BRACKETS.sub("", said).strip()
    parts = {said, bare, *_LIST.split(bare)}
    return parts | {name for part in parts if 2 <= len(name := _OFFICE.sub("", part)) <= _NAME}


def lines_told(text: str, sheet: Sheet) -> Iterator[Mention]:
    """Words of a log: they choose the lines that tell them; what all lines tell chooses none."""
    (field,) = sheet.fields
    lines = {r.at(field.heading): as_typed(fold(r.at(field.heading))) for r in sheet.records}
    at = 0
    for word, _ in tagged(text):
        start, at = at, at + len(word)
        telling = [line for line, said in lines.items() if word in said]
        if len(word) < 2 or LIGHT.fullmatch(word) or not telling:
            continue
        if len(telling) == len(lines):
            yield mention_of(Kind.SCOPE, start, at)
        else:
            cells = tuple((field.heading, line) for line in telling)
            yield mention_of(Kind.CELL, start, at, is_whole=True, cells=cells)


def _is_category(part: str, spelled: dict[str, str]) -> bool:
    few = len(set(spelled.values())) <= _MOST_CATEGORIES
    return few and part not in _NO_CATEGORY and re.match("[㐀-鿿a-z]", part) is not None


def _places(text: str, part: str, is_category: bool) -> Iterator[int]:
    """Where a cell stands in the text, not as a part of another number or Latin word."""
    if len(part) < 2 and not (part and is_category):
        return
    at = text.find(part)
    while at >= 0:
        if not cuts(text, at, at + len(part)):
            yield at
        at = text.find(part, at + 1)


def _halves(text: str, pairs: set[str], said: str) -> Iterator[tuple[int, int]]:
    """The parts of a cell in the text: half of it, or three characters it begins with."""
    n = 0
    while n < len(said) - 1:
        last = n
        while last < len(said) - 1 and said[last : last + 2] in pairs:
            last += 1
        first, n = n, max(last, n + 1)
        last += last > first
        while last - first >= 2 and said[first:last] not in text:
            last -= 1
        length = last - first
        is_short = 2 * length < len(said) and (length < _LONG_ENOUGH or first > 0)
        if length < 2 or is_short or length == len(said) or cuts(said, first, last):
            continue
        start = text.find(said[first:last])
        if not cuts(text, start, start + length):
            yield start, start + length


def _tells_alone(part: str, said: str, values: list[str], sheet: Sheet, field: Field) -> bool:
    """Whether a part of a cell can stand for it: no other cell has it, or it leads all that do."""
    if (
        LIGHT.fullmatch(part.strip())
        or part != part.strip()
        or part in field.said
        or part.isdigit()
    ):
        return False
    having = [value for value in values if part in value]
    if len(having) == 1:
        return said.startswith(part) or said.endswith(part)
    if len(having) == len(values):
        return False
    is_before_sign = all(re.match(r"[\d(（\s·-]", value[len(part) :]) for value in having)
    leads = all(value.startswith(part) for value in having)
    return leads and (is_before_sign or not sheet.is_key(field))
