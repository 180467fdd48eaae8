"""What a document's text holds of records: tables, marked lists, enumerations and dated lines.

A row of a table is a line of named cells: `县：雷波 | 退出村：12`. An item of a list or an
enumeration is read as a row of two: a name and a figure. Knows no index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.kept import remembered
from indexer.text.normalise import fold, normalise
from indexer.text.numbers import NumberKind, find_numbers
from service.answer.evidence import Evidence
from service.answer.understand.question import Question

NAME, FIGURE = "#name", "#figure"
"""The headings of what has none: an item, and a figure that no word stands before."""
_BETWEEN = " | "
_CELL = re.compile(r"(?P<name>[^：|]{1,24})：(?P<value>.*)", re.DOTALL)
_TOTAL = re.compile(
    r"[㐀-鿿\d]{0,8}?(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*和|总数|总额)"
    r"(?:数|额|金额|人数)?\s*(?:[(:].*)?|[a-z ]{0,12}\b(?:sub-?)?totals?"
)
_ITEM = re.compile(
    r"\s*(?:[-*+•·▪●◆■–—]\s+|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]\s*|\d{1,2}[.、．]\s?(?!\d)|[①-⑳]\s*)"
)
_SAYS_ALL = re.compile(r"累计|合计|共|总计|总数|总额|\btotal\b")
_DATED = re.compile(
    r"\s*(?:[-*•]\s+)?(?:(?:19|20)\d\d|[一二〇○零]{1}[\d一二三四五六七八九〇○零]{3})\s*[年./-]"
)
_SAID_OF = re.compile(r"[，,:：]\s*|\s+")
_PAGE = re.compile(
    r"[-—–\s]*(?:第?\s*\d{1,4}\s*页?|page \d+)[\s/共]*\d*\s*页?[-—–\s]*", re.IGNORECASE
)
_OPEN = re.compile(r"其中|例如|比如|等[，。；]?$|等等|[?？]|约|近|左右")
_LEAST_ROWS = 2
_LONGEST_ABOVE = 120  # characters of a line that introduces a table
_LONGEST_NAME = 24
_MOST_REMEMBERED = 2_000_000  # characters of documents whose tables are kept: some 20 bytes each


@dataclass(frozen=True, slots=True)
class Record:
    """`cells` are (heading, value) as written; `document.text[start:end]` is the record."""

    start: int
    end: int
    cells: tuple[tuple[str, str], ...]

    @property
    def is_total(self) -> bool:
        return any(_TOTAL.fullmatch(fold(value)) for _, value in self.cells)

    def at(self, column: str) -> str:
        """The value of a column as it is written; "" where the cell is empty."""
        return next((value for name, value in self.cells if name == column), "")


@dataclass(frozen=True, slots=True)
class Table:
    """Records of one kind that stand together, and the line above that introduces them."""

    records: tuple[Record, ...]
    lead: str
    is_log: bool = False  # lines that begin with a date
    is_prose: bool = False  # figures of sentences, whose rows are no things to be counted

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for record in self.records for name, _ in record.cells))


@remembered(_MOST_REMEMBERED)
def tables_of(text: str) -> tuple[Table, ...]:
    """Every table, list, enumeration and log of a document, in the order of its text."""
    lines = [span for span in _lines(text) if not _PAGE.fullmatch(text, *span)]
    found: list[Table] = []
    for kind, group in groupby(enumerate(lines), key=lambda each: _kind(text, *each[1])):
        numbered = list(group)
        lead = _lead(text, lines[: numbered[0][0]])
        spans = [span for _, span in numbered]
        if kind == "row":
            found += _cell_tables(text, spans, lead)
        elif kind == "dated":
            rows = tuple(Record(a, b, ((NAME, text[a:b]),)) for a, b in spans)
            found += [Table(rows, lead, is_log=True)] if len(rows) >= _LEAST_ROWS else []
        elif kind == "item":
            items = [_item(text, span) for span in spans]
            rows = tuple(item for item in items if item is not None)
            found += [Table(rows, lead)] if len(rows) == len(items) >= _LEAST_ROWS else []
        if kind != "row":
            found += [each for span in spans for each in _enumerations(text, span)]
    return tuple(found)


def cells_of(line: str) -> list[tuple[str, str]] | None:
    """(heading, value) of each cell; None where a line is no row whose cells all have headings."""
    found = [_CELL.fullmatch(cell.strip()) for cell in line.strip().split(_BETWEEN)]
    cells = [(cell["name"].strip(), cell["value"].strip()) for cell in found if cell is not None]
    is_row = len(cells) == len(found) and len({name for name, _ in cells}) == len(cells)
    return cells if is_row and len(cells) > 1 else None


def is_record(line: str) -> bool:
    """Whether a line is a row, or one of several figures: of a list, a log or an enumeration.

    One that says itself what all of them come to is none.
    """
    kind, whole = _kind(line, 0, len(line)), (0, len(line))
    if kind == "row" or _SAYS_ALL.search(line):
        return kind == "row"
    is_item = kind == "item" and _item(line, whole) is not None
    return kind == "dated" or is_item or bool(_enumerations(line, whole))


def names_told(question: Question, evidence: Evidence) -> bool:
    """Whether a sentence or what stands above it tells every name of the question."""
    told = fold(f"{evidence.hit.passage.context}\n{evidence.quote}")
    return all(name in told for name in names_of(question))


def names_of(question: Question) -> list[str]:
    """The entities of a question, without the end of a time that is written right before one."""
    if not question.periods:
        return list(question.entities)
    return [name.lstrip("年月日") for name in question.entities]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines that are not blank, without the blanks around them."""
    for match in re.finditer(r"[^\n]+", text):
        line = match.group()
        if line.strip():
            start = match.start() + len(line) - len(line.lstrip())
            yield start, start + len(line.strip())


def _kind(text: str, start: int, end: int) -> str:
    line = text[start:end]
    if _BETWEEN in line and cells_of(line) is not None:
        return "row"
    if _DATED.match(line):
        return "dated"
    return "item" if _ITEM.match(line) else "prose"


def _lead(text: str, before: Sequence[tuple[int, int]]) -> str:
    if not before:
        return ""
    start, end = before[-1]
    line = text[start:end]
    is_lead = end - start <= _LONGEST_ABOVE and _BETWEEN not in line and not _ITEM.match(line)
    return fold(line) if is_lead else ""


def _cell_tables(text: str, spans: Sequence[tuple[int, int]], lead: str) -> list[Table]:
    """Rows that share headings and have no blank line between them are one table, as are those of
    the very same headings."""
    tables: list[list[Record]] = []
    for start, end in spans:
        cells = tuple(cells_of(text[start:end]) or ())
        last = tables[-1][-1] if tables else None
        names = {name for name, _ in tables[-1][0].cells} if tables else set()
        is_next = (
            last is not None
            and names & {name for name, _ in cells}
            and (text.count("\n", last.end, start) == 1 or names == {name for name, _ in cells})
        )
        if is_next:
            tables[-1].append(Record(start, end, cells))
        else:
            tables.append([Record(start, end, cells)])
    return [
        Table(tuple(rows), lead if n == 0 else "")
        for n, rows in enumerate(tables)
        if len(rows) >= _LEAST_ROWS
    ]


def _item(text: str, span: tuple[int, int]) -> Record | None:
    """`- 云溪书店：120册` as a name and a figure."""
    line = text[slice(*span)]
    mark = _ITEM.match(line)
    named = _named(line[mark.end() if mark else 0 :].rstrip("。；;，,"))
    return Record(*span, named) if named else None


def _enumerations(text: str, span: tuple[int, int]) -> list[Table]:
    """`甲，投资46万元；乙，投资120万元` behind a colon: each part a name and a figure."""
    found = []
    for match in re.finditer(r"[^。！!？?\n]+", text[slice(*span)]):
        sentence = match.group().strip()
        start = span[0] + match.start() + match.group().index(sentence)
        led = re.match(r"(?P<lead>[^：:]{2,60}?)[：:]", sentence)
        if led is None or _OPEN.search(sentence):
            continue
        body = sentence[led.end() :].strip()
        for sign in ("[；;]", "、", "[，,]"):
            parts = [part.strip() for part in re.split(sign, body) if part.strip()]
            rows = _all_named(parts) if len(parts) >= _LEAST_ROWS else []
            if rows:
                end = start + len(sentence)
                records = tuple(Record(start, end, row) for row in rows)
                if len({tuple(name for name, _ in r.cells) for r in records}) == 1:
                    found.append(Table(records, fold(led["lead"])))
                break
    return found


def _all_named(parts: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
    """Each part as a name and a figure; empty where one is none, which is mostly the first."""
    rows: list[tuple[tuple[str, str], ...]] = []
    for part in parts:
        row = _named(re.sub(r"^(?:以?及|和)", "", part))
        if row is None:
            return []
        rows.append(row)
    return rows


def _named(part: str) -> tuple[tuple[str, str], ...] | None:
    """A name, and the one figure that ends a part, under the word before it: 甲，投资46万元."""
    normalised = normalise(part)
    numbers = [n for n in find_numbers(normalised.text) if n.kind is NumberKind.NUMBER]
    if len(numbers) != 1:
        return None
    start, end = normalised.original_span(numbers[0].start, numbers[0].end)
    behind = part[end:].strip()
    if len(behind) > 2 or re.search(r"[，,：:]", behind):
        return None
    name, measure = part[:start].rstrip(" ，,:：有为是共"), ""
    cut = list(_SAID_OF.finditer(name))
    if cut:
        name, measure = name[: cut[-1].start()], name[cut[-1].end() :]
    is_name = 0 < len(name) <= _LONGEST_NAME and not find_numbers(fold(name)) and "，" not in name
    return ((NAME, name.strip()), (measure.strip() or FIGURE, part[start:])) if is_name else None
