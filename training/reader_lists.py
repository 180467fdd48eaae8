"""Questions with the sentences that search finds for them: what the reader learns from.

Each question gives two lists: the sentences of the passages that search finds for it, from which
the right paragraph, or its whole subject, is sometimes taken away; and those of the right paragraph
alone. Knows no network.
"""

from __future__ import annotations

import json
import lzma
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

import numpy as np

from indexer.embed.builtin import BuiltinEmbedder
from indexer.text.normalise import fold
from indexer.text.segment import terms
from indexer.text.sentences import split_sentences
from service.answer.candidates import candidates
from service.answer.features import PassageText, features
from service.answer.question import analyse
from service.retrieve.fusion import mix, second_round
from service.retrieve.search import SECOND_ROUND
from training.bm25 import Bm25
from training.reword import Rewording

PASSAGES = 8
REWORDED = 0.6  # share of the training questions that are asked in other words
_MAX_CHARS = 320


@dataclass(frozen=True)
class Asked:
    """A question, its paragraph and the answer's words as the data set gives them."""

    question: str
    paragraph: int
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A passage of the pool: its paragraph (or -1 for news), title and words."""

    paragraph: int
    title: str
    text: str


def squad(
    data: Path, name: str, first: int, keep: Callable[[int], bool]
) -> tuple[list[Text], list[Asked]]:
    """Passages and questions of a SQuAD-form file; paragraphs are numbered from `first`."""
    with lzma.open(data / f"{name}.json.xz", "rt", encoding="utf-8") as stream:
        stored = json.load(stream)
    texts: list[Text] = []
    asked: list[Asked] = []
    number = 0
    for article in stored["data"]:
        for paragraph in article["paragraphs"]:
            number += 1
            if not keep(number):
                continue
            place = first + number
            texts += cut(paragraph["context"], article.get("title") or "", place)
            for row in paragraph["qas"]:
                answers = tuple({a["text"] for a in row["answers"] if a["text"].strip()})
                if answers:
                    asked.append(Asked(row["question"], place, answers))
    return texts, asked


def cut(text: str, title: str, paragraph: int) -> list[Text]:
    """Whole sentences up to about 320 characters, as the index cuts them."""
    found: list[Text] = []
    start: int | None = None
    last = 0
    for begin, end in split_sentences(text):
        if start is not None and end - start > _MAX_CHARS:
            found.append(Text(paragraph, title, text[start:last]))
            start = None
        start = begin if start is None else start
        last = end
    if start is not None:
        found.append(Text(paragraph, title, text[start:last]))
    return found


def news(data: Path, articles: int) -> list[Text]:
    found: list[Text] = []
    with lzma.open(data / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(articles), lines, strict=False):
            text = json.loads(line)["text"]
            found += cut(text, text[:24], -1)
    return found


class Absent(Enum):
    """What is taken out of the pool before a question is searched for."""

    NOTHING = "nothing"
    PARAGRAPH = "paragraph"  # the very subject stays: near misses
    SUBJECT = "subject"  # only news stays: nothing relevant
    ANSWER = "answer"  # of the right paragraph, every sentence that holds the answer
    CHANGED = "changed"  # nothing, but the question names another year, or another name


class Pool:
    """Passages with both legs of search over them, as the service runs them."""

    def __init__(self, texts: Sequence[Text], near: BuiltinEmbedder) -> None:
        self.texts = texts
        folded = [fold(f"{text.title}\n{text.text}") for text in texts]
        self._folded = folded
        self._bm25 = Bm25(folded)
        self.near = near
        self._is_news = np.asarray([text.paragraph < 0 for text in texts])
        self._vectors = near.embed_passages(folded)
        held: Counter[str] = Counter()
        for text in folded:
            held.update(set(terms(text)))
        self._held = held
        self._most = math.log((len(texts) + 1) / 0.5)

    def idf(self, asked: Sequence[str]) -> list[float]:
        count = len(self.texts)
        return [
            max(0.0, math.log((count + 1) / (self._held[term] + 0.5))) / self._most
            for term in asked
        ]

    def search(self, question: str, absent: Absent, paragraph: int) -> list[tuple[int, float]]:
        """The best passages with their mixed scores, less what is `absent`."""
        folded = fold(question)
        lexical = self._bm25.scores(folded)
        dense = self._vectors @ self.near.embed_queries([folded])[0]
        found: set[int] = set()
        if absent is Absent.SUBJECT:
            lexical = np.where(self._is_news, lexical, 0.0)
            dense = np.where(self._is_news, dense, -1.0)
        for scores in (lexical, dense):
            found.update(int(i) for i in np.argpartition(-scores, 60)[:60])
        if absent is not Absent.NOTHING:
            found = {i for i in found if self.texts[i].paragraph != paragraph}
        first = mix({i: float(lexical[i]) for i in found}, {i: float(dense[i]) for i in found})
        likeness = self.near.meets(folded, [self._folded[i] for i, _ in first[:SECOND_ROUND]])
        return second_round(first, likeness.tolist())[:PASSAGES]


@dataclass(frozen=True)
class Choice:
    """The sentences of one question: rows of features, and which answer (none: `nothing` does)."""

    rows: np.ndarray
    answers: np.ndarray


def choice(
    asked: Asked,
    question: str,
    found: Sequence[tuple[Text, float]],
    pool: Pool,
    gone: bool,
) -> Choice | None:
    """Features and labels; None where the answer stands elsewhere too, so that no label is sure."""
    passages = []
    labels: list[float] = []
    wanted = [plain(answer) for answer in asked.answers]
    for text, score in found:
        spans = candidates(text.text)
        sentences = [text.text[start:end] for start, end in spans]
        passages.append(PassageText(sentences, text.title, score))
        for sentence in sentences:
            holds = any(words in plain(sentence) for words in wanted)
            labels.append(float(holds and text.paragraph == asked.paragraph))
    answered = np.asarray(labels, dtype=np.float32)
    if not gone and not answered.any() and any(t.paragraph == asked.paragraph for t, _ in found):
        return None  # the answer runs over several sentences
    rows = features(analyse(question), passages, idf=pool.idf, near=pool.near)
    return Choice(rows, answered)


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def choices(
    pool: Pool,
    questions: Sequence[Asked],
    gone_share: float,
    seed: int,
    rewording: Rewording | None = None,
) -> tuple[list[Choice], list[Choice]]:
    """(open lists, lists of the right paragraph alone), one each for every usable question."""
    of_paragraph: dict[int, list[Text]] = {}
    for text in pool.texts:
        of_paragraph.setdefault(text.paragraph, []).append(text)
    draw = random.Random(seed)
    opened: list[Choice] = []
    given: list[Choice] = []
    for asked in questions:
        chance = draw.random()
        absent = Absent.NOTHING
        if chance < gone_share:
            absent = Absent.PARAGRAPH if chance < gone_share / 2 else Absent.SUBJECT
        question = asked.question
        if rewording is not None and draw.random() < REWORDED:
            question = rewording.reword(fold(question), draw)
        hits = pool.search(question, absent, asked.paragraph)
        found = [(pool.texts[i], score) for i, score in hits]
        for target, pairs in (
            (opened, found),
            (given, [(text, 1.0) for text in of_paragraph[asked.paragraph]]),
        ):
            gone = absent is not Absent.NOTHING and target is opened
            made = choice(asked, question, pairs, pool, gone)
            if made is not None:
                target.append(made)
    return opened, given
