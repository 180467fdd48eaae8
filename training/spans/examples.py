"""Questions with a stretch of text and where it answers them, if it does: what is learned from.

Question sets in SQuAD form. Every text is normalised here, as the service does it.
"""

from __future__ import annotations

import json
import lzma
import pickle
import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.text.normalise import fold, normalise
from indexer.text.sentences import split_sentences
from service.answer.span_inputs import TextRows, WordVectors, text_rows

LONGEST = 320  # characters of a stretch, as the index cuts them


@dataclass(frozen=True)
class Paragraph:
    """A text, its sentences' ends and its title; `kin` are paragraphs on the nearest subjects."""

    title: TextRows
    rows: TextRows
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Asked:
    """A question and where its answer stands in which paragraph."""

    question: TextRows
    paragraph: int
    start: int
    end: int


@dataclass
class Set:
    """Paragraphs with the questions on them."""

    paragraphs: list[Paragraph]
    asked: list[Asked]
    kin: list[list[int]]


def squad(data: Path, name: str, keep: Callable[[int], bool], words: WordVectors) -> Set:
    """The questions of a file, of the paragraphs whose number (from 1) is kept."""
    with lzma.open(data / f"{name}.json.xz", "rt", encoding="utf-8") as stream:
        stored = json.load(stream)
    found = Set([], [], [])
    number = 0
    for article in stored["data"]:
        for paragraph in article["paragraphs"]:
            number += 1
            if not keep(number):
                continue
            whole = normalise(paragraph["context"])
            place = len(found.paragraphs)
            found.paragraphs.append(made(whole.text, article.get("title") or "", words))
            for row in paragraph["qas"]:
                spans = {(a["answer_start"], a["text"]) for a in row["answers"] if a["text"]}
                for start, text in sorted(spans)[:1]:
                    if paragraph["context"][start : start + len(text)] != text:
                        start = paragraph["context"].find(text)
                    if start < 0:
                        continue
                    first = bisect_left(whole.starts, start)
                    last = bisect_left(whole.starts, start + len(text))
                    if first < last:
                        question = text_rows(fold(row["question"]), words)
                        found.asked.append(Asked(question, place, first, last))
    found.kin = kin_of([p.rows.folded for p in found.paragraphs])
    return found


def made(folded: str, title: str, words: WordVectors) -> Paragraph:
    return Paragraph(
        text_rows(fold(title)[:40], words),
        text_rows(folded, words),
        tuple(split_sentences(folded)),
    )


def kin_of(texts: Sequence[str], count: int = 5) -> list[list[int]]:
    """For each text the others that share most of its rarest character pairs."""
    holding: dict[str, list[int]] = defaultdict(list)
    pairs = [Counter(text[i : i + 2] for i in range(len(text) - 1)) for text in texts]
    for place, counted in enumerate(pairs):
        for pair in counted:
            holding[pair].append(place)
    found = []
    for place, counted in enumerate(pairs):
        shared: Counter[int] = Counter()
        for pair in counted:
            others = holding[pair]
            if 1 < len(others) <= 40:
                for other in others:
                    shared[other] += 1
        shared.pop(place, None)
        found.append([other for other, _ in shared.most_common(count)])
    return found


def window(paragraph: Paragraph, start: int, end: int, draw: random.Random) -> tuple[int, int]:
    """Whole sentences around [start, end), as many as fit into a length drawn at random."""
    most = LONGEST if draw.random() < 0.3 else draw.randint(80, LONGEST)
    spans = paragraph.sentences
    first = max((i for i, (a, _) in enumerate(spans) if a <= start), default=0)
    last = min((i for i, (_, b) in enumerate(spans) if b >= end), default=len(spans) - 1)
    while True:
        before = first > 0 and spans[last][1] - spans[first - 1][0] <= most
        after = last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= most
        if not before and not after:
            break
        if before and (not after or draw.random() < 0.5):
            first -= 1
        else:
            last += 1
    a, b = spans[first][0], spans[last][1]
    if b - a > most + 80:  # one sentence that never ends
        a = max(a, min(start, start - draw.randint(0, max(0, most - (end - start)))))
        b = min(b, max(end, a + most))
    return a, b


def save(found: Set, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(found))


def load(path: Path) -> Set:
    stored: Set = pickle.loads(path.read_bytes())
    return stored
