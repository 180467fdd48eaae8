"""A question and a stretch of text as the numbers that the span reader reads. Knows no network.

What it was trained on and what it sees in service must be the same, so both come from here. Texts
are normalised (`indexer.text.normalise`); every row has one entry a character.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.text.numbers import NumberKind, canonical, find_numbers
from indexer.text.segment import tagged

Ids = NDArray[np.int64]
Matrix = NDArray[np.float32]

MAX_QUESTION = 64
"""Characters of a question that are read; a longer one is cut at its start."""

# Parts of speech by their first letters, as rjieba names them; 0 is none of them.
TAGS = (
    "nr", "ns", "nt", "nz", "n", "m", "q", "t", "v", "a", "d", "p", "c", "u", "r", "f", "s", "x",
    "eng", "b", "l", "i", "j", "z", "y", "o", "g", "k",
)  # fmt: skip
_KINDS = (
    NumberKind.NUMBER,
    NumberKind.PERCENT,
    NumberKind.FRACTION,
    NumberKind.ORDINAL,
    NumberKind.DATE,
    NumberKind.TIME,
)
NUMBERS = 1 + 2 * len(_KINDS)  # none, and each kind at its first character or behind it
PLACES = 5  # in no word; a word's first, inner, last character; a word of one character

PASSAGE_FEATURES = 11
QUESTION_FEATURES = 4


class WordVectors(Protocol):
    """The built-in embedder's view of single words."""

    def pieces(self, folded: str) -> Sequence[tuple[int, int, int]]:
        """(token, start, end) of each known word of a normalised text, in order."""
        ...

    def rows(self, tokens: Ids) -> Matrix:
        """Rows of length 1 (0 for token 0), one a token."""
        ...

    def likeness(self, left: Ids, right: Ids) -> Matrix:
        """Cosine of each token of `left` to each of `right`, more for words of the same thing."""
        ...

    def weights(self, tokens: Ids) -> NDArray[np.float32]:
        """How much each token says, about 0 to 2; 0 for token 0."""
        ...

    def characters(self, folded: str) -> Ids:
        """The number of each character, 0 for an unknown one."""
        ...


@dataclass(frozen=True)
class TextRows:
    """One text, character by character."""

    folded: str
    characters: Ids
    words: Ids  # the token that a character belongs to
    places: Ids
    tags: Ids
    numbers: Ids
    values: tuple[tuple[int, int, str], ...]  # (start, end, value) of each figure


def text_rows(folded: str, words: WordVectors) -> TextRows:
    """The rows of one normalised text, without regard to any other."""
    length = len(folded)
    tokens, places = np.zeros(length, dtype=np.int64), np.zeros(length, dtype=np.int64)
    for token, start, end in words.pieces(folded):
        tokens[start:end] = token
        places[start:end] = 2
        places[end - 1] = 3
        places[start] = 1 if end - start > 1 else 4
    tags = np.zeros(length, dtype=np.int64)
    at = 0
    for word, tag in tagged(folded):
        tags[at : at + len(word)] = _tag(tag)
        at += len(word)
    numbers = np.zeros(length, dtype=np.int64)
    values = []
    for number in find_numbers(folded):
        kind = _KINDS.index(number.kind)
        numbers[number.start : number.end] = 2 + 2 * kind
        numbers[number.start] = 1 + 2 * kind
        values.append((number.start, number.end, canonical(number)))
    return TextRows(folded, words.characters(folded), tokens, places, tags, numbers, tuple(values))


def _tag(tag: str) -> int:
    for name in (tag, tag[:2], tag[:1]):
        if name in TAGS:
            return 1 + TAGS.index(name)
    return 0


def joined(parts: Sequence[TextRows]) -> TextRows:
    """Several texts as one, in their order, nothing between them."""
    offsets = np.cumsum([0, *(len(part.folded) for part in parts[:-1])]).tolist()
    return TextRows(
        folded="".join(part.folded for part in parts),
        characters=np.concatenate([part.characters for part in parts]),
        words=np.concatenate([part.words for part in parts]),
        places=np.concatenate([part.places for part in parts]),
        tags=np.concatenate([part.tags for part in parts]),
        numbers=np.concatenate([part.numbers for part in parts]),
        values=tuple(
            (start + offset, end + offset, value)
            for part, offset in zip(parts, offsets, strict=True)
            for start, end, value in part.values
        ),
    )


def cut(rows: TextRows, start: int, end: int) -> TextRows:
    """The rows of `folded[start:end]`; figures that reach over the cut are left out."""
    return TextRows(
        rows.folded[start:end],
        rows.characters[start:end],
        rows.words[start:end],
        rows.places[start:end],
        rows.tags[start:end],
        rows.numbers[start:end],
        tuple((a - start, b - start, v) for a, b, v in rows.values if start <= a and b <= end),
    )


def match(
    question: TextRows, passage: TextRows, context: int, words: WordVectors
) -> tuple[Matrix, Matrix]:
    """What a question and a passage share: (passage, features) and (question, features) float32.

    The first `context` characters of the passage are its title and headings, not its text.
    """
    text = passage.folded
    in_question = np.isin(passage.characters, question.characters) & (passage.characters > 0)
    in_passage = np.isin(question.characters, passage.characters) & (question.characters > 0)
    pairs = _pairs(question.characters)
    left = np.zeros(len(text), dtype=bool)
    shared = np.isin(_pairs(passage.characters), pairs)
    left[1:] = shared & in_question[1:]
    right = np.zeros(len(text), dtype=bool)
    right[:-1] = left[1:]
    question_words, passage_words = np.unique(question.words), np.unique(passage.words)
    cosines = words.likeness(question_words, passage_words)
    by_passage = cosines.max(axis=0, initial=0.0)[np.searchsorted(passage_words, passage.words)]
    by_question = cosines.max(axis=1, initial=0.0)[np.searchsorted(question_words, question.words)]
    given = {value for _, _, value in question.values}
    figure = np.zeros(len(text), dtype=np.float32)
    for start, end, value in passage.values:
        figure[start:end] = 1.0 if value in given else -1.0
    is_context = np.zeros(len(text), dtype=bool)
    is_context[:context] = True
    return (
        np.stack(
            [
                in_question, left, right, (left & right), np.minimum(_runs(left), 8) / 8,
                np.isin(passage.words, question.words) & (passage.words > 0),
                by_passage, words.weights(passage.words), figure, is_context,
                np.minimum(np.arange(len(text)), 400) / 400,
            ],
            axis=1,
        ).astype(np.float32),
        np.stack(
            [
                in_passage,
                np.isin(question.words, passage.words) & (question.words > 0),
                by_question,
                words.weights(question.words),
            ],
            axis=1,
        ).astype(np.float32),
    )  # fmt: skip


def _pairs(characters: Ids) -> Ids:
    """One number for each two neighbours."""
    return characters[:-1] * 100_000 + characters[1:]


def _runs(linked: NDArray[np.bool_]) -> NDArray[np.float32]:
    """For each character the length of the run it is in; `linked`: it goes on from the last."""
    number = np.cumsum(~linked)
    sizes = np.bincount(number)
    runs = sizes[number]
    return np.where(runs > 1, runs, 0).astype(np.float32)
