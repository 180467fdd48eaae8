"""Numbered items and dated entries of one form, read as the rows of a table.

`1. 南桥加固：投资320万元，由水务站负责，4月开工。` seven times has a column for each label that
most of the items have. Knows no question and no index.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.text.normalise import fold
from service.answer.read.tables import Record, Table

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_NUMBERED = re.compile(
    rf"\s*(?:(?:(?P<n>\d{{1,2}})[.、．](?!\d)|[（(](?P<m>\d{{1,2}}|{_NUMERAL})[)）]|[①-⑳])\s*"
    rf"|(?P<item>议题|议案|项目|案例)(?:\d{{1,2}}|{_NUMERAL})[\s　：:、]+)"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATED = re.compile(
    r"\s*(?:(?P<nth>第[一二三四五六七八九十\d]{1,3}[次届期回])[（(])?"
    r"(?P<date>(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}-\d\d-\d\d|"
    rf"\d{{1,2}} (?:{_MONTHS}) \d{{4}})"
    r"[）)]?[\s　.。,，:：]*"
)
_NAME = re.compile(r"(?P<name>[^：:。，,；;\d][^：:。，,；;]{1,23})(?:[：:。]|$)")
_CLAUSE = re.compile(r"[^，,。；;\n]+")
_SENTENCE = re.compile(r"(?:[^.;\n]|\.(?! ))+")
_LABELLED = (
    re.compile(r"(?P<label>[^\d：:]{2,12})[：:]\s*(?P<value>.+)"),
    re.compile(r"由(?P<value>.{2,14}?)(?P<label>负责|实施|牵头|承办|施工|主持|主办)"),
    re.compile(r"(?P<label>[㐀-鿿]{2,8}?)(?P<value>\d[\d,.]*\s*[百千万亿]*(?:[㐀-鿿]{1,3}|%))"),
    re.compile(r"(?P<value>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?)(?P<label>[㐀-鿿]{2,4})"),
)
_STATE = re.compile(r"[㐀-鿿]{2,4}")
_STATES = "情况"  # the heading of what has none: 续建, 通过
_LEAST_ITEMS = 2
_SHARE = 0.5  # of the items must have a label that is a column
_LONGEST_LEAD = 120  # characters


@dataclass(frozen=True, slots=True)
class _Item:
    start: int
    end: int
    kind: str
    cells: tuple[tuple[str, str], ...]


def outlines_of(text: str) -> list[Table]:
    """The lists of one form in a document's text, in their order."""
    lines = [m.span() for m in re.finditer(r"[^\n]+", text) if m.group().strip()]
    found: list[Table] = []
    items: list[_Item] = []
    lead = before = ""
    for n, (start, end) in enumerate(lines):
        line = text[start:end]
        kind = "dated" if _DATED.match(line) else "numbered" if _NUMBERED.match(line) else ""
        if kind and items and items[-1].kind != kind:
            found += _tables(items, lead)
            items = []
        if kind:
            lead = lead if items else before
            till = _till(text, lines, n, kind)
            items.append(_Item(start, till, kind, tuple(_cells(text[start:till], kind))))
        elif not items or start >= items[-1].end:
            found += _tables(items, lead)
            items = []
        before = line
    return [*found, *_tables(items, lead)]


def _till(text: str, lines: Sequence[tuple[int, int]], n: int, kind: str) -> int:
    """The end of an item: a dated head that says little goes on in the next line."""
    start, end = lines[n]
    if kind == "dated" and n + 1 < len(lines) and not re.search("[。；;]|: ", text[start:end]):
        following = text[slice(*lines[n + 1])]
        if not _DATED.match(following) and not _NUMBERED.match(following):
            return lines[n + 1][1]
    return end


def _cells(item: str, kind: str) -> Iterator[tuple[str, str]]:
    head = (_DATED if kind == "dated" else _NUMBERED).match(item)
    if head is None:
        return
    is_latin = item.isascii() or re.search(r"[㐀-鿿]", item) is None
    groups = head.groupdict()
    if groups.get("date"):
        yield ("Date" if is_latin else "日期"), groups["date"]
    if number := groups.get("n") or groups.get("m"):
        yield "序号", number
    if groups.get("nth"):
        yield "次序", groups["nth"]
    rest = item[head.end() :]
    name = _NAME.match(rest.split("\n", 1)[0])
    if name is not None and not is_latin and not _is_labelled(name["name"]):
        is_label = kind == "dated" and rest[name.end() - 1 : name.end()] in "：:"
        if not is_label or name.end() == len(name["name"]):
            yield groups.get("item") or "名称", name["name"].strip()
            rest = rest[name.end() :]
    for clause in (_SENTENCE if is_latin else _CLAUSE).findall(rest):
        if (told := _labelled(clause.strip())) is not None:
            yield told


def _is_labelled(clause: str) -> bool:
    return any(pattern.fullmatch(clause) for pattern in _LABELLED)


def _labelled(clause: str) -> tuple[str, str] | None:
    for pattern in _LABELLED:
        if (match := pattern.fullmatch(clause)) is not None:
            return match["label"].strip(), match["value"].strip()
    return (_STATES, clause) if _STATE.fullmatch(clause) else None


def _tables(items: Sequence[_Item], lead: str) -> list[Table]:
    if len(items) < _LEAST_ITEMS:
        return []
    counted = Counter(label for item in items for label in dict.fromkeys(h for h, _ in item.cells))
    least = max(_LEAST_ITEMS, _SHARE * len(items))
    columns = {label for label, count in counted.items() if count >= least}
    states = Counter(value for item in items for label, value in item.cells if label == _STATES)
    if max(states.values(), default=0) < _LEAST_ITEMS:
        columns.discard(_STATES)  # phrases, and no sorts
    if not columns - {"名称", "日期", "Date", "次序", "序号"}:
        return []
    records = []
    for item in items:
        cells: dict[str, str] = {}
        for label, value in item.cells:
            if label in columns:
                cells.setdefault(label, value)
        records.append(Record(item.start, item.end, tuple(cells.items())))
    is_lead = len(lead) <= _LONGEST_LEAD and " | " not in lead
    return [Table(tuple(records), fold(lead) if is_lead else "")]
