"""Reading-comprehension sets in SQuAD form: every paragraph a document of its own.

Knows the form and nothing of indexes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.gold import Evidence, GoldQuestion, Kind
from eval.sets.files import Place, read_json
from eval.sets.records import Documents, QuestionSet, SetQuestion
from indexer.errors import InvalidGold
from indexer.text.sentences import split_sentences

_HINT = "SQuAD form: data[].paragraphs[] with context and qas[] of id, question, answers[].text"


def load_squad(path: Path, folder: str = "paragraphs/", *, strict: bool = False) -> QuestionSet:
    """Read a file in SQuAD form, .json or .json.xz. Equal paragraphs become one document.

    A question without answers (SQuAD 2) must be refused. An answer that does not stand in its
    paragraph is told of, or an error when `strict`. Raises: InvalidGold, naming the field.
    """
    documents = Documents(folder)
    questions: dict[str, SetQuestion] = {}
    blank = strayed = 0
    for number, title, paragraph in _paragraphs(path):
        context = paragraph.get("context").text()
        source = documents.add(context)
        for row in paragraph.get("qas").items():
            asked = row.get("question")
            # Some sets hold blank questions.
            if isinstance(asked.value, str) and not any(c.isalnum() for c in asked.value):
                blank += 1
                continue
            gold, holds = _question(row, context, source)
            if strict and not holds:
                raise row.get("answers").wrong("hold a text that is not in the paragraph")
            if gold.id in questions:
                raise row.get("id").wrong(f"{gold.id!r} is the id of a question before it as well")
            strayed += not holds
            questions[gold.id] = SetQuestion(gold, (source,), title=title, paragraph=number)
    if not questions:
        raise InvalidGold(f"{path}: is not in SQuAD form, or holds no question", hint=_HINT)
    notes = (
        (blank, "blank questions were left out"),
        (strayed, "questions have an answer that does not stand in their paragraph"),
    )
    told = tuple(f"{path.name}: {count} {what}" for count, what in notes if count)
    return QuestionSet(documents.texts, tuple(questions.values()), told)


def _paragraphs(path: Path) -> Iterator[tuple[int, str, Place]]:
    """(number from 1, title of its article, paragraph)."""
    root = read_json(path, "SQuAD form", _HINT)
    if not isinstance(root.value, dict) or "data" not in root.value:
        raise root.wrong("is not in SQuAD form: the field data is missing")
    number = 0
    for article in root.get("data").items():
        paragraphs = article.get("paragraphs").items()
        title = article.value.get("title") or ""
        for paragraph in paragraphs:
            number += 1
            yield number, str(title), paragraph


def _question(row: Place, context: str, source: str) -> tuple[GoldQuestion, bool]:
    """The question, and whether its paragraph holds each of its answers."""
    is_impossible = row.value.get("is_impossible")
    answers = [] if is_impossible is True else row.get("answers").items()
    if is_impossible is False and not answers:
        raise row.get("answers").wrong("is empty, but is_impossible is not true")
    texts = [answer.get("text").text() for answer in answers]
    starts = [answer.value.get("answer_start") for answer in answers]
    quotes = [_quote(context, text, start) for text, start in zip(texts, starts, strict=True)]
    gold = GoldQuestion(
        id=row.get("id").name_text(),
        kind=Kind.FACT if texts else Kind.NO_ANSWER,
        question=row.get("question").text(),
        answers=(tuple(dict.fromkeys(texts)),) if texts else (),
        evidence=tuple(Evidence(source, quote or texts[0]) for quote in dict.fromkeys(quotes)),
    )
    return gold, all(quotes)


def _quote(context: str, answer: str, start: object) -> str:
    """The sentence (or sentences) in which an answer stands; empty if it stands nowhere.

    Some sets count `answer_start` otherwise: then it is the first place.
    """
    if not isinstance(start, int) or context[start : start + len(answer)] != answer:
        start = context.find(answer)
    if start < 0:
        return ""
    end = start + len(answer)
    spans = [(a, b) for a, b in split_sentences(context) if a < end and start < b]
    return context[spans[0][0] : spans[-1][1]] if spans else answer
