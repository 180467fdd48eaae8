"""Noise sets: questions with passages that answer them and passages that don't, JSON lines.

The form of RGB (Chen et al. 2023, "Benchmarking Large Language Models in Retrieval-Augmented
Generation") and the like: {id, question|query, answers|answer, positive, negative}.
"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import Any

from eval.gold import Evidence, GoldQuestion, Kind, Line, read_lines
from eval.metrics.answers import holds_any
from eval.sets.records import Documents, QuestionSet, SetQuestion
from indexer.errors import InvalidGold
from indexer.text.sentences import split_sentences

_HINT = "one JSON object a line: id, question (or query), answers (or answer), positive, negative"
_KNOWN = ("id", "question", "query", "answers", "answer", "positive", "negative")


def load_given(path: Path) -> QuestionSet:
    """Read a noise set. Equal passages become one document.

    `answers` as a list of texts are alternatives, as in SQuAD; `answer` as a list of texts are all
    required, as RGB judges them; lists in a list are required groups of alternatives. Other fields
    are passed over and told. Raises: InvalidGold, naming line and field.
    """
    documents = Documents("given/")
    questions: dict[str, SetQuestion] = {}
    first_use: dict[str, int] = {}
    passed_over: set[str] = set()
    unproven = mixed = 0
    for number, text in read_lines(path):
        line = Line(path, number, _HINT)
        row = line.parse(text)
        passed_over |= row.keys() - set(_KNOWN)
        id_ = _id(line, row)
        if id_ in first_use:
            raise line.wrong("id", f"{id_!r} is already the id of line {first_use[id_]}")
        first_use[id_] = number
        answers = _answers(line, row)
        positive, negative = (_passages(line, row, name) for name in ("positive", "negative"))
        if answers and not positive:
            raise line.wrong("positive", "is empty, but the question has answers")
        if not positive and not negative:
            raise line.wrong("negative", "is empty as well: there is nothing to read")
        proven = [passage for passage in positive if holds_any(passage, answers)]
        unproven += bool(answers) and not proven
        mixed += any(holds_any(passage, answers) for passage in negative)
        sources = {text: documents.add(text) for text in (*positive, *negative)}
        gold = GoldQuestion(
            id=id_,
            kind=Kind.FACT if answers else Kind.NO_ANSWER,
            question=line.text(*_one_of(line, row, "question", "query")),
            answers=answers,
            evidence=tuple(
                Evidence(sources[passage], quote)
                for passage in (proven or positive if answers else ())
                for quote in _quotes(passage, answers)
            ),
            line=number,
        )
        questions[id_] = SetQuestion(
            gold,
            tuple(dict.fromkeys(sources[passage] for passage in positive)),
            tuple(dict.fromkeys(sources[passage] for passage in negative)),
        )
    if not questions:
        raise InvalidGold(f"{path}: holds no question", hint=_HINT)
    notes = (
        (unproven, "questions have no answer in any of their positive passages"),
        (mixed, "questions have an answer in a negative passage"),
    )
    told = [f"{path.name}: {count} {what}" for count, what in notes if count]
    if passed_over:
        told.append(f"{path.name}: fields passed over: {', '.join(sorted(passed_over))}")
    return QuestionSet(documents.texts, tuple(questions.values()), tuple(told))


def _one_of(line: Line, row: dict[str, Any], name: str, other: str) -> tuple[str, Any]:
    """The field that is there, by name and value. Raises: InvalidGold for none or both."""
    if name in row and other in row:
        raise line.wrong(other, f"means the same as {name}: give one of them")
    found = name if name in row else other
    if found not in row:
        raise line.wrong(name, "is missing")
    return found, row[found]


def _id(line: Line, row: dict[str, Any]) -> str:
    if "id" not in row:
        raise line.wrong("id", "is missing")
    value = row["id"]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else line.text("id", value)


def _answers(line: Line, row: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    name, value = _one_of(line, row, "answers", "answer")
    if isinstance(value, str):
        return ((line.text(name, value),),)
    if not isinstance(value, list):
        raise line.wrong(name, "must be a text or a list")
    if not any(isinstance(group, list) for group in value):
        texts = tuple(line.text(f"{name}[{n}]", text) for n, text in enumerate(value))
        if name == "answer":
            return tuple((text,) for text in texts)
        return (texts,) if texts else ()
    groups: list[tuple[str, ...]] = []
    for n, group in enumerate(value):
        alternatives = group if isinstance(group, list) else [group]
        if not alternatives:
            raise line.wrong(f"{name}[{n}]", "must hold at least one alternative")
        groups.append(
            tuple(line.text(f"{name}[{n}][{m}]", text) for m, text in enumerate(alternatives))
        )
    return tuple(groups)


def _passages(line: Line, row: dict[str, Any], name: str) -> list[str]:
    """Texts; of lists of texts (one for each part of a question) the first of each come first."""
    if name not in row:
        raise line.wrong(name, "is missing")
    value = row[name]
    if not isinstance(value, list):
        raise line.wrong(name, "must be a list of texts")
    columns = [
        [line.text(f"{name}[{n}][{m}]", text) for m, text in enumerate(group)]
        if isinstance(group, list)
        else [line.text(f"{name}[{n}]", group)]
        for n, group in enumerate(value)
    ]
    in_turn = (text for rank in zip_longest(*columns) for text in rank if text is not None)
    return list(dict.fromkeys(in_turn))


def _quotes(passage: str, answers: tuple[tuple[str, ...], ...]) -> list[str]:
    """The sentences that hold an answer; the whole passage where none does by itself."""
    found = [passage[start:end] for start, end in split_sentences(passage)]
    return [sentence for sentence in found if holds_any(sentence, answers)] or [passage]
