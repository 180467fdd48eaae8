"""More articles than there are: their sentences drawn anew, so that words and vectors stay those of
the language. Knows texts, no index.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from indexer.text.sentences import split_sentences

PARAGRAPHS = 40  # an article: some twenty passages
_IN_A_ROW = 3  # sentences of a paragraph, as they were written
_SHORTEST = 8  # characters


def recombined(articles: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """`count` articles whose paragraphs are sentences of these, each of another one.

    The same seed makes the same, whatever `count`: the first of many are those of few.
    """
    draw = random.Random(seed)
    sentences = [_sentences(text) for text in articles]
    sentences = [each for each in sentences if len(each) >= _IN_A_ROW]
    for _ in range(count):
        paragraphs = []
        for drawn in draw.choices(sentences, k=PARAGRAPHS):
            start = draw.randrange(len(drawn) - _IN_A_ROW + 1)
            paragraphs.append("".join(drawn[start : start + _IN_A_ROW]))
        yield "\n".join(paragraphs)


def _sentences(text: str) -> list[str]:
    spans = split_sentences(text)
    return [text[start:end].strip() for start, end in spans if end - start >= _SHORTEST]
