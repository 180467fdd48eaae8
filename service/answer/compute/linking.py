"""Ties the words of a question to a table's cells, headings and the lines above it.

Each word that is tied is taken away, so that what is left over shows. Knows no operation.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text.normalise import fold
from indexer.text.segment import tagged
from service.answer.compute import times
from service.answer.compute.columns import Column, base, is_empty
from service.answer.read.tables import FIGURE, Record, Table

# What asks, joins, or points at a table as a whole, and verbs of having and making.
LIGHT = re.compile(
    r"请问|请|麻烦|告诉我|帮我|查一下|算一下|统计一下|表[中里内上]?|表格|名单|清单|一览|登记|列出|目前|现在|当前|"
    r"东西|物品|收到|得到|获得|接受|进行|举办|举行|开展|组织|完成|实施|安排|生产|卖出|售出|销售|采购|购买|购置|发放|发生|使用|花费|花|买|卖|办|做|用|搞|开|产|"
    r"各个?|每[个家笔]?|所有|全部|全体|这些|那些|一起|数量|数目|数额|金额|总|共|分别|大概|大约|到底|究竟|"
    r"超过|达到|达|比较|相比|之间|当中|其中|全年|整年|(?<!第)一年|当年|当月|年度|年份|月份|季度|"
    r"多少|哪[一个些家种类]*|谁|什么|怎么|几|"
    r"[的了是有在里中内为和与及跟同或于由给从到对比把被就都呢吗啊吧么呀地得着过出上个名位人家件项次场种类条份笔批张台年月日元钱万亿共等之所占分属来去该本各每]|"
    r"\b(?:the|of|in|is|was|are|were|for|and|a|an|what|which|how|many|much|has|have|had|there|did|do|does|all|number|people|by|with|to|on|at|as|than|between|year|month)\b"
)
_TIME_HEADING = re.compile(
    r"日期|时间|年份|月份|年度|季度|^[年月日]$|date|month|year|quarter", re.IGNORECASE
)
_NO_CATEGORY = frozenset("是否有无个大中小一二三四五六七八九十年月日上下元人")
_MOST_CATEGORIES = 4  # of one character: 男, 女
_STEM = re.compile(r"(?:人数|数量|总额|总数|金额|名称|情况|姓名|额|量|数)$")


@dataclass
class Rest:
    """The words of the question that nothing is bound to yet."""

    text: str

    def take(self, word: str) -> bool:
        """Whether it is there; each place of it is blanked."""
        if not word or word not in self.text:
            return False
        self.text = self.text.replace(word, " " * len(word))
        return True


def is_of_time(heading: str, records: Sequence[Record]) -> bool:
    if _TIME_HEADING.search(base(heading)):
        return True
    told = [r.at(heading) for r in records if not is_empty(r.at(heading))]
    return bool(told) and all(times.is_time(cell) for cell in told)


def cells_named(
    rest: Rest, records: Sequence[Record], headings: Sequence[str], is_log: bool
) -> dict[str, list[str]] | None:
    """The cells that the question names, by heading; None where one may be of several columns."""
    if is_log:
        return {}
    found: dict[str, set[str]] = {}
    for heading in headings:
        values = {fold(record.at(heading)).strip() for record in records} - {""}
        is_kind = len(values) <= _MOST_CATEGORIES
        for value in values:
            if len(value) > 1 or (
                is_kind and value not in _NO_CATEGORY and re.match("[㐀-鿿a-z]", value)
            ):
                found.setdefault(value, set()).add(heading)
    linked: dict[str, list[tuple[int, str]]] = {}
    for value in sorted(found, key=lambda each: (-len(each), each)):
        at = rest.text.find(value)
        if at < 0 or not _is_whole(rest.text, at, value):
            continue
        rest.take(value)
        if len(found[value]) > 1:
            return None
        linked.setdefault(next(iter(found[value])), []).append((at, value))
    return {heading: [v for _, v in sorted(values)] for heading, values in linked.items()}


def _is_whole(text: str, at: int, value: str) -> bool:
    """Whether no letter or digit goes on with it: TH1 in TH12, 1号 in 11号."""
    before, behind = text[at - 1 : at], text[at + len(value) : at + len(value) + 1]
    latin = re.compile(r"[a-z0-9]")
    starts = latin.match(value[0]) and before and latin.match(before)
    ends = latin.match(value[-1]) and behind and latin.match(behind)
    return not (starts or ends)


def columns_named(rest: Rest, figured: Sequence[Column]) -> tuple[list[Column], int]:
    """The columns of figures, those whose heading the question names first, and how many."""
    full = [
        c
        for c in sorted(figured, key=lambda c: -len(c.name))
        if c.heading != FIGURE and rest.take(c.name)
    ]
    if not full:
        full = [c for c in figured if takes_heading(rest, c.name)]
    others = [c for c in figured if c not in full]
    return [*full, *others], len(full)


def takes_heading(rest: Rest, name: str) -> bool:
    if name.startswith("#") or not name:
        return False
    if rest.take(name):
        return True
    stem = _STEM.sub("", name)
    if len(stem) > 1 and rest.take(stem):
        return True
    for word, _ in tagged(rest.text):
        if len(word) > 1 and word in name and not LIGHT.fullmatch(word):
            return rest.take(word)
    return False


def left_over(
    rest: Rest, above: Sequence[str], table: Table, kept: Sequence[Record]
) -> list[str] | None:
    """The words that only some rows tell, and that choose these; None if one stays untied."""
    told = "\n".join(above)
    chosen: list[str] = []
    text = rest.text
    for word in sorted({w for w, _ in tagged(text) if len(w) > 1}, key=len, reverse=True):
        if LIGHT.fullmatch(word):
            continue
        if word in told or any(word in base(h) for h in table.columns):
            rest.take(word)
        elif any(word in fold(value) for record in kept for _, value in record.cells):
            rest.take(word)
            chosen.append(word)
    for run in re.findall(r"[㐀-鿿]+|[a-z0-9]+", LIGHT.sub(" ", rest.text)):
        if run not in told and not all(_is_told(part, told) for part in run):
            return None
    return chosen


def _is_told(character: str, told: str) -> bool:
    return character in told and not re.match(r"[a-z0-9]", character)
