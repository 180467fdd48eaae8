"""Drafts: proposed gold questions that count for nothing until a person accepts them.

A drafts file is JSONL: the fields of a gold line, `status`, `proposed_by`, and for the reviewer
`title` and `note`. Knows no document and no question's wording.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from eval.gold import GoldQuestion, Line, as_row, read_lines
from eval.writing import write_lines
from indexer.errors import InvalidGold


class Status(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal. `question` may lack answers or evidence while it is not accepted.

    `gold_id` is the id that it has, or is about to have, in the gold file.
    """

    question: GoldQuestion
    status: Status
    proposed_by: str
    title: str = ""
    note: str = ""
    gold_id: str = ""

    @property
    def id(self) -> str:
        return self.question.id


_OWN = ("status", "proposed_by", "title", "note", "gold_id")
_HINT = "mend this line; eval/gold/README.md describes drafts"


def load_drafts(path: Path) -> list[Draft]:
    """Raises: InvalidGold, naming file, line and field."""
    drafts: list[Draft] = []
    first_use: dict[str, int] = {}
    for number, text in read_lines(path):
        draft = _read(Line(path, number, _HINT), text)
        if draft.id in first_use:
            raise Line(path, number, _HINT).wrong(
                "id", f"{draft.id!r} is already the id of line {first_use[draft.id]}"
            )
        first_use[draft.id] = number
        drafts.append(draft)
    if not drafts:
        raise InvalidGold(
            f"{path}: holds no draft", hint="make some: python -m eval draft --index DIR --out FILE"
        )
    return drafts


def _read(line: Line, text: str) -> Draft:
    row = line.parse(text)
    own = {name: row.pop(name) for name in _OWN if name in row}
    for name in ("status", "proposed_by"):
        if name not in own:
            raise line.wrong(name, "is missing: this is no file of drafts")
    for name in own.keys() - {"status"}:
        if not isinstance(own[name], str):
            raise line.wrong(name, "must be a text")
    status = own.pop("status")
    if status not in list(Status):
        raise line.wrong("status", f"{status!r} is none (known: {', '.join(Status)})")
    question = line.question(row, complete=status == Status.ACCEPTED)
    line.text("proposed_by", own["proposed_by"])
    return Draft(question=question, status=Status(status), **own)


def save_drafts(path: Path, drafts: Sequence[Draft]) -> None:
    """Write the file anew, whole or not at all. Raises: StorageFull."""
    write_lines(path, [json.dumps(_as_row(draft), ensure_ascii=False) for draft in drafts])


def _as_row(draft: Draft) -> dict[str, Any]:
    own = {name: str(getattr(draft, name)) for name in _OWN}
    return as_row(draft.question) | {name: value for name, value in own.items() if value}
