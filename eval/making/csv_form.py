"""A table of questions, as CSV out of a spreadsheet, as gold questions. Knows no index."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from eval.gold import GoldQuestion, Kind, Line
from eval.making.answers import read_answers
from eval.making.kinds import kind_of
from indexer.errors import InvalidGold, UnreadableFile

COLUMNS = {
    "id": ("id", "编号", "序号"),
    "kind": ("kind", "类型"),
    "question": ("question", "问题"),
    "answers": ("answers", "answer", "答案"),
    "document": ("document", "文档", "文件"),
    "quote": ("quote", "原文"),
}
_NEEDED = ("question", "answers", "document", "quote")
_KINDS = {
    "事实": Kind.FACT,
    "数字": Kind.FIGURE,
    "日期": Kind.DATE,
    "人物": Kind.PERSON,
    "地点": Kind.PLACE,
    "列举": Kind.LIST,
    "换说法": Kind.REWORDED,
    "换写法": Kind.SPELLED_OTHERWISE,
    "多文档": Kind.SEVERAL_DOCUMENTS,
    "冲突": Kind.CONFLICT,
    "计算": Kind.COMPUTED,
    "无答案": Kind.NO_ANSWER,
}
_HINT = (
    "columns: question, answers, document, quote, and if wanted id and kind (or 问题, 答案, 文档, "
    "原文, 编号, 类型); | between spellings of one answer, || between answers that are all needed"
)


def read_csv(path: Path) -> list[GoldQuestion]:
    """The questions of a table with a header, parted by commas, tabs or semicolons.

    Raises: InvalidGold, naming line and column.
    """
    rows = _rows(path)
    try:
        number, header = next(rows)
    except StopIteration:
        raise InvalidGold(f"{path}: holds no question", hint=_HINT) from None
    columns = _columns(Line(path, number, _HINT), header)
    questions: list[GoldQuestion] = []
    first_use: dict[str, int] = {}
    for number, cells in rows:
        line = Line(path, number, _HINT)
        if len(cells) != len(header):
            raise line.wrong(
                "columns", f"there are {len(cells)} cells, but {len(header)} in the header"
            )
        row = {name: cells[position].strip() for name, position in columns.items()}
        names = {name: header[position].strip() for name, position in columns.items()}
        question = _question(line, row, names, f"q{len(questions) + 1:03d}")
        if question.id in first_use:
            raise line.wrong(
                names.get("id", "id"),
                f"{question.id!r} is already the id of line {first_use[question.id]}",
            )
        first_use[question.id] = number
        questions.append(question)
    if not questions:
        raise InvalidGold(f"{path}: holds no question", hint=_HINT)
    return questions


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line it begins in. Raises: InvalidGold."""
    from indexer.files.decode import decode

    try:
        text = decode(path.read_bytes()).text
    except OSError as error:
        raise InvalidGold(f"{path}: {error.strerror}", hint="give a .csv file") from error
    except UnreadableFile as error:
        raise InvalidGold(f"{path}: {error.message}", hint=error.hint) from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Line(path, begins, _HINT).wrong("row", f"can't be read as CSV ({error})") from error


def _delimiter(text: str) -> str:
    """The one that parts the header best."""
    header = text.lstrip().split("\n", 1)[0]
    return max((",", "\t", ";"), key=header.count)


def _columns(line: Line, header: list[str]) -> dict[str, int]:
    """Where each field stands. Raises: InvalidGold for a column unknown, doubled or missing."""
    found: dict[str, int] = {}
    for position, title in enumerate(header):
        name = next((n for n, known in COLUMNS.items() if title.strip().lower() in known), None)
        if name is None:
            raise line.wrong(title.strip() or f"column {position + 1}", "is not a known column")
        if name in found:
            raise line.wrong(title.strip(), "stands twice in the header")
        found[name] = position
    for name in _NEEDED:
        if name not in found:
            raise line.wrong(name, f"the column is missing (or {COLUMNS[name][-1]})")
    return found


def _question(line: Line, row: dict[str, str], names: dict[str, str], id_: str) -> GoldQuestion:
    answers = read_answers(row["answers"])
    kind = _kind(line, row.get("kind", ""), names, answers)
    needed = ("question",) if kind is Kind.NO_ANSWER else _NEEDED
    for name in needed:
        if not row[name]:
            raise line.wrong(names[name], "is empty")
    documents, quotes = _several(row["document"]), _several(row["quote"])
    if len(documents) == 1:
        documents *= len(quotes)
    if len(documents) != len(quotes):
        raise line.wrong(
            names["quote"], f"there are {len(quotes)} quotes for {len(documents)} documents"
        )
    return line.question(
        {
            "id": row.get("id") or id_,
            "kind": kind,
            "question": row["question"],
            "answers": [list(group) for group in answers],
            "evidence": [
                {"document": document, "quote": quote}
                for document, quote in zip(documents, quotes, strict=True)
            ],
        }
    )


def _kind(
    line: Line, given: str, names: dict[str, str], answers: tuple[tuple[str, ...], ...]
) -> Kind:
    """As it is given, else guessed from the answers: several are a list, none are no answer."""
    if not given:
        if not answers:
            return Kind.NO_ANSWER
        return Kind.LIST if len(answers) > 1 else kind_of(answers[0][0])
    kind = _KINDS.get(given)
    if kind is None and given in list(Kind):
        kind = Kind(given)
    if kind is None:
        known = ", ".join([*Kind, *_KINDS])
        raise line.wrong(names["kind"], f"{given!r} is not a kind (known: {known})")
    if kind is Kind.FOLLOW_UP:
        raise line.wrong(names["kind"], "a table has no room for the history of a follow_up")
    return kind


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("||") if part.strip()]
