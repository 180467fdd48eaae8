"""A file in SQuAD form as documents and gold questions. Knows that form and no index."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.gold import Evidence, GoldQuestion, Kind
from eval.making.kinds import kind_of
from indexer.errors import InvalidGold
from indexer.text.sentences import split_sentences

_FORM = (
    "data[].paragraphs[] with context and qas[] of id, question, answers[] of text, answer_start"
)


@dataclass(frozen=True)
class SquadSet:
    """The paragraphs by their path as documents, the questions, and how many had no words."""

    documents: dict[str, str] = field(default_factory=dict)
    questions: list[GoldQuestion] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)


def read_squad(path: Path) -> SquadSet:
    """A .json or .json.xz file. Equal paragraphs are one document; blank questions are left out.

    Raises: InvalidGold, naming the place in the file, such as data[0].paragraphs[3].qas[1].id.
    """
    reader = _Reader(path)
    found = SquadSet()
    document_of: dict[str, str] = {}
    taken: dict[str, str] = {}
    root = _Place(path, "data", reader.data())
    for article in root.items():
        for paragraph in article.child("paragraphs").items():
            context = paragraph.child("context").text()
            document = document_of.setdefault(context, f"{_letters(len(document_of))}.txt")
            found.documents[document] = context
            for qa in paragraph.child("qas").items():
                id_ = str(qa.child("id").scalar())
                if id_ in taken:
                    raise qa.child("id").wrong(f"{id_!r} is the id of {taken[id_]} already")
                taken[id_] = qa.name
                words = qa.child("question").text(blank=True)
                if any(letter.isalnum() for letter in words):
                    found.questions.append(_question(qa, id_, words.strip(), document, context))
                else:
                    found.blank.append(id_)
    if not found.questions:
        raise InvalidGold(f"{path}: holds no question", hint=_FORM)
    return found


def _question(qa: _Place, id_: str, words: str, document: str, context: str) -> GoldQuestion:
    given = qa.value.get("answers", [])
    if qa.value.get("is_impossible") is True or (
        qa.value.get("is_impossible") is None and not given
    ):
        return GoldQuestion(id_, Kind.NO_ANSWER, words, (), ())
    texts: list[str] = []
    quotes: list[str] = []
    for answer in qa.child("answers").items():
        text = answer.child("text").text()
        texts.append(text.strip())
        quotes.append(_sentence(answer, context, text))
    if not texts:
        raise qa.child("answers").wrong("is empty, but is_impossible is not true")
    return GoldQuestion(
        id=id_,
        kind=kind_of(texts[0]),
        question=words,
        answers=(tuple(dict.fromkeys(texts)),),
        evidence=tuple(Evidence(document, quote) for quote in dict.fromkeys(quotes)),
    )


def _sentence(answer: _Place, context: str, text: str) -> str:
    """The sentence, or sentences, that the answer stands in: where it says, else where it first is.

    Raises: InvalidGold when the paragraph does not hold the answer.
    """
    start = answer.value.get("answer_start")
    if not isinstance(start, int) or context[start : start + len(text)] != text:
        start = context.find(text)
    if start < 0:
        raise answer.child("text").wrong(f"{text!r} does not occur in its paragraph")
    spans = [
        span for span in split_sentences(context) if span[0] < start + len(text) and start < span[1]
    ]
    return context[spans[0][0] : spans[-1][1]] if spans else text.strip()


def _letters(number: int) -> str:
    """A number in letters. A file's name is its title: digits there would answer for figures."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:06d}")


@dataclass(frozen=True)
class _Reader:
    path: Path

    def data(self) -> Any:
        """What stands under `data`. Raises: InvalidGold."""
        try:
            content = self.path.read_bytes()
            unpacked = lzma.decompress(content) if self.path.suffix == ".xz" else content
            root = json.loads(unpacked.decode("utf-8-sig"))
        except OSError as error:
            raise self._wrong(str(error.strerror)) from error
        except lzma.LZMAError as error:
            raise self._wrong(f"can't be unpacked ({error})") from error
        except UnicodeDecodeError as error:
            raise self._wrong(f"is not UTF-8 ({error.reason})") from error
        except json.JSONDecodeError as error:
            raise InvalidGold(
                f"{self.path}:{error.lineno}: column {error.colno}: is not JSON ({error.msg})",
                hint="give a whole .json or .json.xz file in SQuAD form",
            ) from error
        except RecursionError as error:
            raise self._wrong("is nested too deeply") from error
        if not isinstance(root, dict) or "data" not in root:
            raise self._wrong("data: is missing: this is not SQuAD form")
        return root["data"]

    def _wrong(self, what: str) -> InvalidGold:
        return InvalidGold(f"{self.path}: {what}", hint=_FORM)


@dataclass(frozen=True)
class _Place:
    """A value in the file with the way to it, for errors."""

    path: Path
    name: str
    value: Any

    def wrong(self, what: str) -> InvalidGold:
        return InvalidGold(f"{self.path}: {self.name}: {what}", hint=_FORM)

    def child(self, name: str) -> _Place:
        if not isinstance(self.value, dict):
            raise self.wrong("must be an object")
        if name not in self.value:
            raise _Place(self.path, f"{self.name}.{name}", None).wrong("is missing")
        return _Place(self.path, f"{self.name}.{name}", self.value[name])

    def items(self) -> Iterator[_Place]:
        if not isinstance(self.value, list):
            raise self.wrong("must be a list")
        for position, value in enumerate(self.value):
            place = _Place(self.path, f"{self.name}[{position}]", value)
            if not isinstance(value, dict):
                raise place.wrong("must be an object")
            yield place

    def text(self, *, blank: bool = False) -> str:
        if not isinstance(self.value, str) or not (blank or self.value.strip()):
            raise self.wrong("must be a text" if blank else "must be a text that is not empty")
        return self.value

    def scalar(self) -> str | int:
        if (
            isinstance(self.value, bool)
            or not isinstance(self.value, str | int)
            or self.value == ""
        ):
            raise self.wrong("must be a text or a number")
        return self.value
