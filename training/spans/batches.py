"""Examples drawn from sets and packed into arrays. Knows no network.

Of the questions some see a stretch that does not answer them: another part of the paragraph, the
same one with the answering sentence taken out, or a paragraph on a near subject.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.answer.span_inputs import MAX_QUESTION, Ids, TextRows, WordVectors, cut, joined
from service.answer.spans import network_inputs
from training.spans.examples import LONGEST, Asked, Paragraph, Set, window

ANSWERED = 0.68
MASKED = 0.5


@dataclass(frozen=True)
class Example:
    """Question and passage, its first `context` characters a title; start is -1 for `not here`."""

    question: TextRows
    passage: TextRows
    context: int
    start: int
    end: int


@dataclass(frozen=True)
class Batch:
    """The network's inputs by name, and the first and last character of each answer.

    One more than the last character stands for `not here`.
    """

    inputs: dict[str, NDArray[Any]]
    start: Ids
    end: Ids


def draw_example(source: Set, asked: Asked, draw: random.Random) -> Example | None:
    paragraph = source.paragraphs[asked.paragraph]
    if asked.start < 0 or not source.kin[asked.paragraph]:  # its text was made for it
        if asked.end > LONGEST + 80:
            return None
        spans = [(0, len(paragraph.rows.folded))]
        return _example(asked, paragraph, spans, asked.start, asked.end, draw)
    answer = paragraph.rows.folded[asked.start : asked.end]
    chance = draw.random()
    if chance < ANSWERED:
        a, b = window(paragraph, asked.start, asked.end, draw)
        return _example(asked, paragraph, [(a, b)], asked.start - a, asked.end - a, draw)
    if chance < ANSWERED + 0.16:
        spans = _without(paragraph, asked, answer, draw)
    elif chance < ANSWERED + 0.16 + 0.04:
        spans = []
    else:
        kin = source.kin[asked.paragraph]
        if not kin:
            return None
        paragraph = source.paragraphs[draw.choice(kin)]
        if answer in paragraph.rows.folded or not paragraph.sentences:
            return None
        at = draw.choice(paragraph.sentences)
        spans = [window(paragraph, at[0], at[1], draw)]
    if not spans:
        paragraph = source.paragraphs[draw.randrange(len(source.paragraphs))]
        if answer in paragraph.rows.folded or not paragraph.sentences:
            return None
        at = draw.choice(paragraph.sentences)
        spans = [window(paragraph, at[0], at[1], draw)]
    return _example(asked, paragraph, spans, -1, -1, draw)


def _without(
    paragraph: Paragraph, asked: Asked, answer: str, draw: random.Random
) -> list[tuple[int, int]]:
    """A stretch of the paragraph from which every sentence that holds the answer is taken out."""
    kept = [
        (a, b)
        for a, b in paragraph.sentences
        if answer not in paragraph.rows.folded[a:b] and not (a < asked.end and asked.start < b)
    ]
    if not kept:
        return []
    at = draw.randrange(len(kept))
    most = draw.randint(100, LONGEST)
    first = last = at
    size = kept[at][1] - kept[at][0]
    while True:
        options = [i for i in (first - 1, last + 1) if 0 <= i < len(kept)]
        options = [i for i in options if size + kept[i][1] - kept[i][0] <= most]
        if not options:
            break
        i = draw.choice(options)
        size += kept[i][1] - kept[i][0]
        first, last = min(first, i), max(last, i)
    return kept[first : last + 1]


def _example(
    asked: Asked,
    paragraph: Paragraph,
    spans: Sequence[tuple[int, int]],
    start: int,
    end: int,
    draw: random.Random,
) -> Example:
    parts = [cut(paragraph.rows, a, min(b, a + LONGEST + 80)) for a, b in spans]
    context = 0
    if len(paragraph.title.folded) and draw.random() < 0.6:
        parts.insert(0, paragraph.title)
        context = len(paragraph.title.folded)
    passage = joined(parts)
    question = cut(asked.question, max(0, len(asked.question.folded) - MAX_QUESTION), 10_000)
    return Example(
        _masked(question, draw) if draw.random() < MASKED else question,
        passage,
        context,
        start + context if start >= 0 else -1,
        end + context - 1 if start >= 0 else -1,
    )


def _masked(question: TextRows, draw: random.Random) -> TextRows:
    """The question with some words unknown: people seldom ask in the words of the document."""
    characters, words = question.characters.copy(), question.words.copy()
    hidden = False
    for at, place in enumerate(question.places.tolist()):
        if place in (0, 1, 4):  # a word begins, or none
            hidden = draw.random() < 0.15
        if hidden:
            characters[at] = words[at] = 0
    return replace(question, characters=characters, words=words)


def packed(examples: Sequence[Example], words: WordVectors) -> Batch:
    inputs = network_inputs([(e.question, e.passage, e.context) for e in examples], words)
    nowhere = inputs["passage"].shape[1]
    return Batch(
        inputs,
        np.asarray([e.start if e.start >= 0 else nowhere for e in examples], np.int64),
        np.asarray([e.end if e.start >= 0 else nowhere for e in examples], np.int64),
    )


def batches(
    sources: Sequence[tuple[Set, float]], words: WordVectors, size: int, seed: int
) -> Iterator[Batch]:
    """Without end: each source by its weight; lengths much alike in one batch."""
    draw = random.Random(seed)
    orders: list[list[Asked]] = [[] for _ in sources]
    weights = [weight for _, weight in sources]
    while True:
        pool: list[Example] = []
        while len(pool) < size * 16:
            which = draw.choices(range(len(sources)), weights)[0]
            source = sources[which][0]
            if not orders[which]:
                orders[which] = draw.sample(source.asked, len(source.asked))
            made = draw_example(source, orders[which].pop(), draw)
            if made is not None:
                pool.append(made)
        pool.sort(key=lambda e: len(e.passage.folded))
        groups = [pool[at : at + size] for at in range(0, len(pool), size)]
        draw.shuffle(groups)
        for group in groups:
            yield packed(group, words)
