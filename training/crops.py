"""Fresh training pairs: a crop of a sentence or a question, what stands around it, a hard negative.

Works on token numbers in flat arrays with offsets. Knows nothing of vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Corpus:
    """Token numbers of all sentences, sentences of all articles, and questions about articles."""

    tokens: np.ndarray
    sentence_offsets: np.ndarray
    article_offsets: np.ndarray
    question_tokens: np.ndarray
    question_offsets: np.ndarray
    question_article: np.ndarray

    @classmethod
    def load(cls, path: Path) -> Corpus:
        stored = np.load(path)
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__})

    def span(self, first: int, last: int) -> np.ndarray:
        """Tokens of the sentences `first` to `last`, the last excluded."""
        return self.tokens[self.sentence_offsets[first] : self.sentence_offsets[last]]

    def question(self, number: int) -> np.ndarray:
        start, end = self.question_offsets[number : number + 2]
        return self.question_tokens[start:end]


@dataclass(frozen=True)
class Pair:
    """A query, the passage that belongs to it, another passage, and the article of both."""

    query: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    article: int


def crop(sentence: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A span or a random half of the tokens, never fewer than two, and the tokens left over."""
    size = len(sentence)
    if random.random() < 0.5:
        length = max(2, int(size * random.uniform(0.3, 0.8)))
        start = int(random.integers(0, max(1, size - length + 1)))
        taken = np.zeros(size, dtype=bool)
        taken[start : start + length] = True
    else:
        taken = random.random(size) < 0.5
        taken[random.integers(0, size, size=2)] = True
    return sentence[taken], sentence[~taken]


def window(position: int, first: int, last: int, random: np.random.Generator) -> tuple[int, int]:
    """One to five sentences between `first` and `last`, among them the one at `position`."""
    before = int(random.integers(0, 3))
    after = int(random.integers(0, 3))
    return max(first, position - before), min(last, position + after + 1)


class PairSampler:
    """Draws pairs. `ask_share` of them start from a question, the others from a news sentence.

    `clusters` names a cluster for each article: half of the sentence pairs of a batch come from few
    clusters, so that the other passages of the batch are about similar things.
    """

    def __init__(
        self,
        corpus: Corpus,
        clusters: np.ndarray,
        question_words: Sequence[int],
        ask_share: float,
        keep_rest: float = 0.5,
    ) -> None:
        self._corpus = corpus
        self._ask_share = ask_share
        self._keep_rest = keep_rest
        self._question_words = np.asarray(question_words, dtype=np.int32)
        lengths = np.diff(corpus.sentence_offsets)
        sizes = np.diff(corpus.article_offsets)
        self._article_of = np.repeat(np.arange(len(sizes)), sizes)
        self._sentences = np.flatnonzero((lengths >= 5) & (sizes[self._article_of] >= 3))
        of_cluster = clusters[self._article_of[self._sentences]]
        order = np.argsort(of_cluster, kind="stable")
        bounds = np.searchsorted(of_cluster[order], np.arange(clusters.max() + 2))
        self._by_cluster = [
            self._sentences[order[start:end]] for start, end in pairwise(bounds) if end > start
        ]

    def batch(self, size: int, random: np.random.Generator) -> list[Pair]:
        """`size` pairs in a fixed order: questions, clustered sentences, any sentences."""
        asked = int(size * self._ask_share)
        near = (size - asked) // 2
        pairs = [
            self._from_question(int(n), random)
            for n in random.integers(0, len(self._corpus.question_article), size=asked)
        ]
        chosen: list[int] = []
        while len(chosen) < near:
            group = self._by_cluster[int(random.integers(0, len(self._by_cluster)))]
            chosen += [int(s) for s in random.choice(group, size=min(64, near - len(chosen)))]
        chosen += [int(s) for s in random.choice(self._sentences, size=size - asked - near)]
        return pairs + [self._from_sentence(sentence, random) for sentence in chosen]

    def _from_sentence(self, sentence: int, random: np.random.Generator) -> Pair:
        corpus = self._corpus
        article = int(self._article_of[sentence])
        first, last = (int(n) for n in corpus.article_offsets[article : article + 2])
        query, rest = crop(corpus.span(sentence, sentence + 1), random)
        start, end = window(sentence, first, last, random)
        if end - start == 1:
            start, end = max(first, sentence - 1), min(last, sentence + 2)
        parts = [corpus.span(start, sentence), corpus.span(sentence + 1, end)]
        if random.random() < self._keep_rest:
            # The crop's own words stay in the passage half of the time, as in a real search.
            parts.append(rest if random.random() < 0.5 else corpus.span(sentence, sentence + 1))
        positive = np.concatenate(parts)
        if len(self._question_words) and random.random() < 0.4:
            extra = random.choice(self._question_words, size=int(random.integers(1, 3)))
            query = np.concatenate([query, extra])
        return Pair(query, positive, self._elsewhere(first, last, start, end, random), article)

    def _elsewhere(
        self, first: int, last: int, start: int, end: int, random: np.random.Generator
    ) -> np.ndarray:
        """A passage of the same article that shares no sentence with `start` to `end`, or empty."""
        outside = [n for n in range(first, last) if n < start - 1 or n > end]
        if not outside:
            return np.zeros(0, dtype=np.int32)
        position = outside[int(random.integers(0, len(outside)))]
        low, high = (first, start) if position < start else (end, last)
        begin, stop = window(position, low, high, random)
        return self._corpus.span(begin, stop)

    def _from_question(self, number: int, random: np.random.Generator) -> Pair:
        corpus = self._corpus
        article = int(corpus.question_article[number])
        first, last = (int(n) for n in corpus.article_offsets[article : article + 2])
        query = corpus.question(number)
        if len(query) > 4 and random.random() < 0.5:
            query = query[random.random(len(query)) < 0.8]
        # Which sentence answers is not known: the whole article, cut to a passage's length.
        stop = first + int(
            np.searchsorted(
                corpus.sentence_offsets[first:last],
                corpus.sentence_offsets[first] + 400,
                side="right",
            )
        )
        return Pair(query, corpus.span(first, max(first + 1, stop)), np.zeros(0, np.int32), article)
