"""Train the sentence reader: `python -m training.reader --data DIR`.

Each question gives one list: the sentences of the passages that search finds for it, and "nothing".
The network learns to put the answering sentence first, or "nothing" where the right paragraph was
taken out of the pool. A second list holds the right paragraph alone. Knows no gold of our own.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from indexer.text.normalise import fold
from indexer.text.segment import terms
from indexer.text.sentences import split_sentences
from indexer.embed.builtin import BuiltinEmbedder
from service.answer.features import NAMES, Idf, PassageText, features
from service.answer.question import analyse
from service.retrieve.fusion import mix
from training.bm25 import Bm25
from training.data import DEFAULT_DATA, DEFAULT_WORK, PROJECT_ROOT
from training.reword import Rewording

PASSAGES = 8
REWORDED = 0.5  # share of the training questions that are asked in other words
TARGET = PROJECT_ROOT / "service" / "answer" / "reader.json"
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
    import lzma

    stored: Any = json.loads(lzma.open(data / name, "rt", encoding="utf-8").read())
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
    import lzma

    found: list[Text] = []
    with lzma.open(data / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(articles), lines, strict=False):
            text = json.loads(line)["text"]
            found += cut(text, text[:24], -1)
    return found


class Pool:
    """Passages with both legs of search over them, as the service runs them."""

    def __init__(self, texts: Sequence[Text], near: BuiltinEmbedder) -> None:
        self.texts = texts
        folded = [fold(f"{text.title}\n{text.text}") for text in texts]
        self._bm25 = Bm25(folded)
        self.near = near
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

    def search(self, question: str, without: int | None) -> list[tuple[int, float]]:
        """The best passages with their mixed scores; `without` leaves one paragraph out."""
        folded = fold(question)
        lexical = self._bm25.scores(folded)
        dense = self._vectors @ self.near.embed_queries([folded])[0]
        found: set[int] = set()
        for scores in (lexical, dense):
            found.update(int(i) for i in np.argpartition(-scores, 60)[:60])
        found = {i for i in found if without is None or self.texts[i].paragraph != without}
        return mix({i: float(lexical[i]) for i in found}, {i: float(dense[i]) for i in found})[
            :PASSAGES
        ]


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
        spans = [
            (start, end)
            for start, end in split_sentences(text.text)
            if sum(c.isalnum() for c in text.text[start:end]) >= 4
        ]
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
        gone = draw.random() < gone_share
        question = asked.question
        if rewording is not None and draw.random() < REWORDED:
            question = rewording.reword(fold(question), draw)
        hits = pool.search(question, asked.paragraph if gone else None)
        found = [(pool.texts[i], score) for i, score in hits]
        for target, pairs in (
            (opened, found),
            (given, [(text, 1.0) for text in of_paragraph[asked.paragraph]]),
        ):
            made = choice(asked, question, pairs, pool, gone and target is opened)
            if made is not None:
                target.append(made)
    return opened, given


def fit(
    opened: Sequence[Choice], given: Sequence[Choice], hidden: int, epochs: int, seed: int
) -> dict[str, Any]:
    """Train by the listwise cross entropy of the answering sentences against all and `nothing`."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    everything = np.concatenate([c.rows for c in opened])
    mean, scale = everything.mean(axis=0), everything.std(axis=0) + 1e-3
    columns = len(NAMES)
    weight = torch.nn.Parameter(torch.randn(columns, hidden) / math.sqrt(columns))
    bias = torch.nn.Parameter(torch.zeros(hidden))
    out = torch.nn.Parameter(torch.randn(hidden) / math.sqrt(hidden))
    nothing = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.AdamW([weight, bias, out, nothing], lr=3e-3, weight_decay=1e-2)
    lists = [(c, True) for c in opened] + [(c, False) for c in given if c.answers.any()]
    batch = 64
    steps = epochs * (len(lists) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps + 1)
    draw = random.Random(seed)
    for _ in range(epochs):
        draw.shuffle(lists)
        for at in range(0, len(lists) - batch + 1, batch):
            group = lists[at : at + batch]
            most = max(len(c.answers) for c, _ in group)
            rows = torch.zeros(batch, most, columns)
            mask = torch.full((batch, most + 1), -1e9)
            target = torch.zeros(batch, most + 1)
            for i, (c, is_open) in enumerate(group):
                n = len(c.answers)
                rows[i, :n] = torch.from_numpy((c.rows - mean) / scale)
                mask[i, :n] = 0
                target[i, :n] = torch.from_numpy(c.answers)
                if is_open:
                    mask[i, most] = 0
                    target[i, most] = float(not c.answers.any())
            scores = torch.tanh(rows @ weight + bias) @ out
            scores = torch.cat([scores, nothing.expand(batch, 1)], dim=1) + mask
            chance = torch.log_softmax(scores, dim=1)
            loss = -torch.logsumexp(chance + torch.log(target + 1e-12), dim=1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return {
        "features": list(NAMES),
        "mean": _rounded(mean), "scale": _rounded(scale),
        "hidden": _rounded(weight.detach().numpy()), "bias": _rounded(bias.detach().numpy()),
        "out": _rounded(out.detach().numpy()), "nothing": round(float(nothing), 5),
    }  # fmt: skip


def _rounded(values: np.ndarray) -> Any:
    return np.round(values.astype(float), 5).tolist()


def measure(stored: dict[str, Any], lists: Sequence[Choice]) -> dict[str, float]:
    """Right sentence first / in the first three, over the lists that hold an answer."""
    ranks = []
    for c in lists:
        if c.answers.any():
            scores = score(stored, c.rows)
            order = np.argsort(-scores, kind="stable")
            ranks.append(int(np.flatnonzero(c.answers[order])[0]))
    found = np.asarray(ranks)
    return {
        "lists": len(found),
        "first": float((found < 1).mean()),
        "top3": float((found < 3).mean()),
    }


def score(stored: dict[str, Any], rows: np.ndarray) -> np.ndarray:
    layer = np.tanh(
        (rows - np.asarray(stored["mean"]))
        / np.asarray(stored["scale"])
        @ np.asarray(stored["hidden"])
        + np.asarray(stored["bias"])
    )
    return np.asarray(layer @ np.asarray(stored["out"]))
