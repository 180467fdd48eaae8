"""Figures of one form that sentences tell of several things or times, read as the rows of a table.

`内科接诊312人次。外科接诊245人次。` is a table of 科 and 接诊; twelve monthly bulletins with
`本月接诊…` are one of 时间 and 接诊. Knows no question and no index.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.records import Passage
from indexer.text.normalise import fold, letters
from indexer.text.numbers import NumberKind
from indexer.text.segment import tagged
from indexer.text.sentences import split_sentences
from service.answer.compute.prose.told import Role, Told, told_in, without_times
from service.answer.compute.prose.when import own_time, when
from service.answer.compute.times import Days
from service.answer.read.tables import Record, Table

_TIME = "时间"
_NAME = "名称"
_MARKED = re.compile(r"\s*(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.、．]|[①-⑳•·*-])")
_ALL = re.compile(
    r"^(?:全|各|合计|总计|共计|总|累计|上述|以上|[两三四五六七八九十]\S?合)|合计$|总计$"
)
_SORTS = {"科": "科室", "校": "学校", "店": "门店", "站": "站点", "部": "部门", "班": "班级"}
"""What things of these endings are called together."""
_LEAST_ROWS = 2
_LEAST_LETTERS = 2  # of what a measure is called
_LONGEST_TEXT = 300_000  # characters of a document that is looked through
_ISSUE = re.compile(r"[(（]?第?[\d一二三四五六七八九十百零〇]+[期号次辑][)）]?|\d+")


@dataclass(frozen=True, slots=True)
class Item:
    """One figure of a sentence, `text[start:end]`, with the words that it is of and its time."""

    start: int
    end: int
    words: tuple[str, ...]
    written: str
    told: Told
    days: Days | None


def form_of(title: str) -> str:
    """A title without its time and number, as all bulletins of one kind have it; "" without any."""
    folded = fold(title)
    bare, days, relative = without_times(folded)
    has_time = days is not None or bool(relative) or _ISSUE.search(bare) is not None
    bare = letters(_ISSUE.sub("", bare))
    return bare if has_time and len(bare) >= _LEAST_LETTERS else ""


def items_of(
    text: str, passages: Sequence[Passage], title: str, date: str | None
) -> Iterator[Item]:
    """The values that the sentences of a document tell, parts of others left out."""
    if len(text) > _LONGEST_TEXT:
        return
    for start, end in split_sentences(text):
        sentence = text[start:end]
        if (
            " | " in sentence
            or _MARKED.match(sentence)
            or not re.search(r"\d|[一-十百千万]", sentence)
        ):
            continue
        headings = next((p.headings for p in passages if p.start <= start < p.end), ())
        own = own_time(title, headings, date)
        for told in told_in(sentence):
            is_value = told.role is Role.VALUE and not told.is_part
            is_counted = bool(told.number.unit) or bool(told.noun)
            if (
                is_value
                and is_counted
                and told.number.kind in (NumberKind.NUMBER, NumberKind.PERCENT)
            ):
                words = _words(told)
                if words and len("".join(words)) >= _LEAST_LETTERS:
                    yield Item(start, end, words, _figure(told), told, when(told, own))


def _figure(told: Told) -> str:
    """A figure as a cell of a column is written: an English unit is told by its heading."""
    unit = told.number.unit
    is_word = unit.isascii() and unit.isalpha() and told.written.lower().endswith(f" {unit}")
    return told.written[: -len(unit)].rstrip() if is_word else told.written


def _words(told: Told) -> tuple[str, ...]:
    if told.words.isascii():
        return tuple(f"{told.words} {told.number.unit}".split())
    words = [word for word, _ in tagged(told.subject) if word.strip()]
    return (*words, told.noun) if told.noun else tuple(words)


def tables_from(items: Sequence[Item]) -> list[Table]:
    """A table of each measure that several items tell of different things or times."""
    return [table for table, _ in tables_with_items(items)]


def tables_with_items(items: Sequence[Item]) -> list[tuple[Table, list[Item]]]:
    """The same, with the item that each row is made of."""
    groups: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        groups[item.told.number.unit, item.words[-1]].append(item)
    found: list[tuple[Table, list[Item]]] = []
    for group in groups.values():
        alike = Counter(item.words for item in group)
        for words, count in alike.items():  # one measure at several times
            if count >= _LEAST_ROWS:
                found += _table([item for item in group if item.words == words])
        if len(alike) >= _LEAST_ROWS:
            found += _table(group)
    return found


def _table(items: Sequence[Item]) -> list[tuple[Table, list[Item]]]:
    """The items as one table; none where two of one name and time differ, or a name is missing."""
    prefix, suffix = _shared([item.words for item in items])
    names = [_joined(item.words[prefix : len(item.words) - suffix]) for item in items]
    tail = list(items[0].words[len(items[0].words) - suffix :])
    is_named = any(names)
    if is_named:
        kept = [(i, n) for i, n in zip(items, names, strict=True) if n and not _ALL.search(n)]
        if len(kept) < _LEAST_ROWS or len(kept) < sum(map(bool, names)) - 1:
            return []
        items, names = [i for i, _ in kept], [n for _, n in kept]
    if is_named and len(tail) > 1 and not tail[0].isascii() and _is_noun(tail[0]):
        names = [name + tail[0] for name in names]  # 东城|分馆, 西城|分馆
        tail = tail[1:]
    heading = _heading(names, tail) if is_named else ""
    if heading and tail[0] == heading and len(tail) > 1:
        tail = tail[1:]
    label = _joined(tail)
    rows: dict[tuple[tuple[str, str], ...], Item] = {}
    is_timed = all(item.days is not None for item in items)
    for item, name in zip(items, names, strict=True):
        cells = [(heading, name)] if is_named else []
        if is_timed and item.days is not None:
            cells.append((_TIME, said_of(item.days)))
        key = tuple(cells)
        if key in rows and rows[key].told.number.value != item.told.number.value:
            return []
        rows.setdefault(key, item)
    if len(rows) < _LEAST_ROWS:
        return []
    kept_rows = _without_sum(list(rows.items()))
    records = [Record(i.start, i.end, (*key, (label, i.written))) for key, i in kept_rows]
    lead = _joined(items[0].words[:prefix])
    return [(Table(tuple(records), lead, is_prose=True), [item for _, item in kept_rows])]


def _shared(several: Sequence[tuple[str, ...]]) -> tuple[int, int]:
    """How many words all begin with, and how many all end in, which do not overlap."""
    least = min(map(len, several))
    first = several[0]
    suffix = 0
    while suffix < least and len({words[-1 - suffix] for words in several}) == 1:
        suffix += 1
    prefix = 0
    while prefix < least - suffix and all(words[prefix] == first[prefix] for words in several):
        prefix += 1
    return prefix, suffix


def _is_noun(word: str) -> bool:
    return tagged(word)[0][1].startswith(("n", "s"))


def _heading(names: Sequence[str], tail: Sequence[str]) -> str:
    """What the named things are: the end of all their names, 科 of 内科 and 外科."""
    if names[0].isascii():
        return tail[0] if len(tail) > 1 else "Name"
    for length in (2, 1):
        endings = {name[-length:] for name in names}
        if len(endings) == 1 and all(len(name) > length for name in names):
            ending = endings.pop()
            return _SORTS.get(ending, ending)
    return _NAME


def _without_sum(
    rows: list[tuple[tuple[tuple[str, str], ...], Item]],
) -> list[tuple[tuple[tuple[str, str], ...], Item]]:
    """The rows without the one that all others add up to."""
    total = sum(item.told.number.value for _, item in rows)
    sums = [row for row in rows if 2 * row[1].told.number.value == total]
    return [row for row in rows if row not in sums] if len(sums) == 1 and len(rows) > 2 else rows


def said_of(days: Days) -> str:
    """A time in the form that columns of times have: 2024年3月."""
    year, month = days.start[:4], int(days.start[5:7])
    span = (days.start[5:], days.end[5:])
    if span == ("01-01", "12-31") and year == days.end[:4]:
        return f"{year}年"
    if days.start == days.end:
        return f"{year}年{month}月{int(days.start[8:])}日"
    if days.start[:7] == days.end[:7]:
        return f"{year}年{month}月"
    if span in (("01-01", "06-31"), ("01-01", "06-30")):
        return f"{year}年上半年"
    if span == ("07-01", "12-31"):
        return f"{year}年下半年"
    if year == days.end[:4] and int(days.end[5:7]) - month == 2 and month % 3 == 1:
        return f"{year}年{'一二三四'[month // 3]}季度"
    return days.said or f"{days.start}至{days.end}"


def _joined(words: Sequence[str]) -> str:
    return (" " if all(map(str.isascii, words)) else "").join(words)
