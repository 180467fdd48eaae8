"""The gold question set: one JSON object a line, read strictly. Knows no index and no metric.

The format is described in eval/gold/README.md.
"""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from indexer.errors import InvalidGold
from service.records import Turn


class Kind(StrEnum):
    """What a question tries; figures are also reported by kind."""

    FACT = "fact"
    FIGURE = "figure"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    LIST = "list"
    REWORDED = "reworded"
    SPELLED_OTHERWISE = "spelled_otherwise"
    SEVERAL_DOCUMENTS = "several_documents"
    CONFLICT = "conflict"
    COMPUTED = "computed"
    FOLLOW_UP = "follow_up"
    NO_ANSWER = "no_answer"

    @property
    def needs_every_group(self) -> bool:
        """Whether each answer group needs proof of its own; else any one evidence proves all."""
        return self in (Kind.SEVERAL_DOCUMENTS, Kind.CONFLICT)

    @property
    def may_follow(self) -> bool:
        """Whether a question of this kind can be asked after a history."""
        return self in (Kind.FOLLOW_UP, Kind.COMPUTED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an answer stands: a document by its source path, and its exact words."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One question. `answers` holds the required groups, each with its accepted alternatives.

    `history` is what was said before a question that follows on, oldest first; else it is empty.
    """

    id: str
    kind: Kind
    question: str
    answers: tuple[tuple[str, ...], ...]
    evidence: tuple[Evidence, ...]
    history: tuple[Turn, ...] = ()
    line: int = field(compare=False, default=0)  # where it stands in its file, from 1

    @property
    def answerable(self) -> bool:
        return self.kind is not Kind.NO_ANSWER

    @property
    def digest(self) -> str:
        """Names what is asked and accepted, whatever its id and line: 16 hexadecimal digits.

        Two versions of a gold set are compared by it, question by question.
        """
        content = {key: value for key, value in as_row(self).items() if key != "id"}
        canonical = json.dumps(
            {"history": [], **content}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def as_row(question: GoldQuestion) -> dict[str, Any]:
    """The JSON object that `load_gold` reads as this question."""
    history = [{"role": turn.role, "content": turn.content} for turn in question.history]
    return {
        "id": question.id,
        "kind": question.kind.value,
        **({"history": history} if history else {}),
        "question": question.question,
        "answers": [list(group) for group in question.answers],
        "evidence": [
            {"document": evidence.document, "quote": evidence.quote}
            for evidence in question.evidence
        ],
    }


_REQUIRED = ("id", "kind", "question", "answers", "evidence")
_FIELDS = (*_REQUIRED, "history")
_ROLES = ("user", "assistant")
_DRAFT_FIELDS = frozenset(("status", "proposed_by"))


def load_gold(path: Path) -> list[GoldQuestion]:
    """All questions of a file, in its order. Blank lines are skipped.

    Raises: InvalidGold, naming file, line and field, at the first thing that is wrong.
    """
    questions: list[GoldQuestion] = []
    first_use: dict[str, int] = {}
    for number, text in read_lines(path):
        line = Line(path, number)
        row = line.parse(text)
        if row.keys() >= _DRAFT_FIELDS:
            raise InvalidGold(
                f"{path}:{number}: status: this is a file of drafts, which count for nothing",
                hint=f"accept some: python -m eval review --drafts {path} --gold GOLD.jsonl",
            )
        question = line.question(row)
        if question.id in first_use:
            raise InvalidGold(
                f"{path}:{number}: id: {question.id!r} is already the id of line "
                f"{first_use[question.id]}",
                hint="give every question an id of its own",
            )
        first_use[question.id] = number
        questions.append(question)
    if not questions:
        raise InvalidGold(
            f"{path}: holds no question", hint="see eval/gold/README.md for the format"
        )
    return questions


def read_lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a UTF-8 file that are not blank, each with its number, from 1.

    Raises: InvalidGold.
    """
    try:
        # Some editors put a byte order mark in front: utf-8-sig takes it off.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise InvalidGold(f"{path}: no such file", hint="give the path of a .jsonl file") from error
    except UnicodeDecodeError as error:
        raise InvalidGold(
            f"{path}: is not UTF-8 ({error.reason})", hint="save it as UTF-8"
        ) from error
    except OSError as error:
        raise InvalidGold(
            f"{path}: {error.strerror}", hint="give a file that can be read"
        ) from error
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, which knows where it stands, so that every error can say so."""

    path: Path
    number: int
    hint: str = "mend this line; eval/gold/README.md describes the format"

    def wrong(self, name: str, what: str) -> InvalidGold:
        return InvalidGold(f"{self.path}:{self.number}: {name}: {what}", hint=self.hint)

    def parse(self, text: str) -> dict[str, Any]:
        """The JSON object of this line. Raises: InvalidGold."""
        try:
            row = json.loads(text, object_pairs_hook=self._object)
        except json.JSONDecodeError as error:
            raise self.wrong(f"column {error.colno}", f"is not JSON ({error.msg})") from error
        except RecursionError as error:
            raise self.wrong("line", "is nested too deeply") from error
        if not isinstance(row, dict):
            raise self.wrong("line", "is not a JSON object")
        return row

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """A field given twice would silently be the second one."""
        row = dict(pairs)
        if len(row) < len(pairs):
            names = [name for name, _ in pairs]
            raise self.wrong(next(name for name in names if names.count(name) > 1), "stands twice")
        return row

    def question(self, row: dict[str, Any], *, complete: bool = True) -> GoldQuestion:
        """The question that a row holds. Answers and evidence may be wanting if not `complete`.

        Raises: InvalidGold.
        """
        for name in row:
            if name not in _FIELDS:
                raise self.wrong(name, f"is not a known field (known: {', '.join(_FIELDS)})")
        for name in _REQUIRED:
            if name not in row:
                raise self.wrong(name, "is missing")
        kind = self._kind(row["kind"])
        answers = self._answers(row["answers"])
        evidence = self._evidence(row["evidence"])
        for name, given in (("answers", answers), ("evidence", evidence)):
            if kind is Kind.NO_ANSWER and given:
                raise self.wrong(name, "must be empty for kind no_answer")
            if kind is not Kind.NO_ANSWER and complete and not given:
                raise self.wrong(name, f"is empty, but kind {kind} has an answer")
        history = self._history(row.get("history", []))
        if history and not kind.may_follow:
            raise self.wrong("history", f"does not go with kind {kind}")
        if kind is Kind.FOLLOW_UP and not history:
            raise self.wrong("history", f"is empty, but kind {kind} follows on something")
        return GoldQuestion(
            id=self.text("id", row["id"]),
            kind=kind,
            question=self.text("question", row["question"]),
            answers=answers,
            evidence=evidence,
            history=history,
            line=self.number,
        )

    def text(self, name: str, value: Any) -> str:
        """A text that says something. Raises: InvalidGold."""
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(name, "must be a text that is not empty")
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise self.wrong(name, "holds half a character (a lone surrogate)")
        return value

    def _kind(self, value: Any) -> Kind:
        if value not in list(Kind):
            raise self.wrong("kind", f"{value!r} is not a kind (known: {', '.join(Kind)})")
        return Kind(value)

    def _answers(self, value: Any) -> tuple[tuple[str, ...], ...]:
        if not isinstance(value, list):
            raise self.wrong("answers", "must be a list of groups")
        groups: list[tuple[str, ...]] = []
        for position, group in enumerate(value):
            name = f"answers[{position}]"
            if not isinstance(group, list) or not group:
                raise self.wrong(name, "must be a list of at least one alternative")
            groups.append(
                tuple(self.text(f"{name}[{n}]", answer) for n, answer in enumerate(group))
            )
        return tuple(groups)

    def _evidence(self, value: Any) -> tuple[Evidence, ...]:
        if not isinstance(value, list):
            raise self.wrong("evidence", "must be a list")
        found: list[Evidence] = []
        for position, item in enumerate(value):
            name = f"evidence[{position}]"
            if not isinstance(item, dict) or set(item) != {"document", "quote"}:
                raise self.wrong(name, "must be an object with the fields document and quote")
            found.append(
                Evidence(
                    document=self.text(f"{name}.document", item["document"]),
                    quote=self.text(f"{name}.quote", item["quote"]),
                )
            )
        return tuple(found)

    def _history(self, value: Any) -> tuple[Turn, ...]:
        """Begins with what the user asked; the last answer may be left out, if any will do."""
        if not isinstance(value, list):
            raise self.wrong("history", "must be a list of turns")
        turns: list[Turn] = []
        for position, item in enumerate(value):
            name = f"history[{position}]"
            if not isinstance(item, dict) or set(item) != {"role", "content"}:
                raise self.wrong(name, "must be an object with the fields role and content")
            if item["role"] not in _ROLES:
                raise self.wrong(f"{name}.role", f"must be one of: {', '.join(_ROLES)}")
            turns.append(Turn(item["role"], self.text(f"{name}.content", item["content"])))
        if turns and turns[0].role != "user":
            raise self.wrong("history[0].role", "must be user: a conversation begins with one")
        return tuple(turns)
