"""Passages to what they are found by: their terms, vectors and tokens. Pure.

Every text is folded and looked through for figures once, for terms and vectors alike; the passages
of a section share their context, which is worked on once. Knows no files and no index folder.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.builtin import BuiltinEmbedder, Tokens
from indexer.index.records import PassageTokens
from indexer.records import Passage
from indexer.stopwatch import Stopwatch
from indexer.text.normalise import Edit, edited, fold_once
from indexer.text.numbers import Number, find_numbers, respelled
from indexer.text.segment import TermMix, terms_of_many

# 512 passages are half a megabyte of text and of vectors; larger batches embed no faster, and
# terms take five times the text.
BATCH_PASSAGES = 512


@dataclass(frozen=True, slots=True)
class Analysed:
    """What passages are found by, in their order.

    `terms` of the body and of the context, parted by blanks. `vectors` and `tokens` are empty where
    they are still to be made; only the built-in embedder has tokens.
    """

    terms: list[tuple[str, str]]
    vectors: Matrix
    tokens: list[PassageTokens]


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text once it is normalised, its figures, and those of them that are not in digits."""

    text: str
    numbers: Sequence[Number]
    spelled: Sequence[Edit]

    @classmethod
    def of(cls, text: str) -> "_Folded":
        folded = fold_once(text)
        numbers = find_numbers(folded)
        return cls(folded, numbers, respelled(folded, numbers))

    def spelled_behind(self, above: "_Folded") -> tuple[str, list[Edit]]:
        """This below a text above it, and where figures of both are not in digits."""
        by = len(above.text) + 1
        moved = [(start + by, end + by, digits) for start, end, digits in self.spelled]
        return f"{above.text}\n{self.text}", [*above.spelled, *moved]


def analyse(
    passages: Sequence[Passage], mix: TermMix, embedder: BuiltinEmbedder | None, clock: Stopwatch
) -> Analysed:
    """The terms of passages, and their vectors and tokens by `embedder`, if there is one."""
    with clock.stage("terms"):
        above = [passage.context for passage in passages]
        contexts = {context: _Folded.of(context) for context in dict.fromkeys(above)}
        bodies = [_Folded.of(passage.text) for passage in passages]
        every = [*contexts.values(), *bodies]
        made = terms_of_many(
            [each.text for each in every],
            mix,
            [each.numbers for each in every],
            [each.spelled for each in every],
        )
        of_contexts = dict(zip(contexts, made, strict=False))
        found = [
            (body, of_contexts[context])
            for context, body in zip(above, made[len(contexts) :], strict=True)
        ]
    if embedder is None or not passages:
        return Analysed(found, np.zeros((0, 0), dtype=np.float32), [])
    with clock.stage("embed"):
        whole = [
            body.spelled_behind(contexts[context])
            for context, body in zip(above, bodies, strict=True)
        ]
        written, kept = _tokens(whole, embedder)
        return Analysed(found, embedder.embed_tokens(written), kept)


# -- tokens ---------------------------------------------------------------------------------------

_WRITTEN, _DIGITS = 1, 2
_BOTH = _WRITTEN | _DIGITS


def _tokens(
    texts: Sequence[tuple[str, list[Edit]]], embedder: BuiltinEmbedder
) -> tuple[list[Tokens], list[PassageTokens]]:
    """The tokens of each text as it is written; and all its different ones, ascending, which take
    a question's time to find again: those of both spellings, of the written figures alone, and of
    the figures in digits alone.
    """
    parts = [
        (row, *part)
        for row, text in enumerate(texts)
        for part in _parts(*text, embedder.cuts_at_signs)
    ]
    rows, spellings, each = zip(*parts, strict=True)
    tokens, counts = embedder.tokens_of_many(each)
    owners = np.repeat(np.asarray(rows, dtype=np.uint64), counts)
    spelled = np.repeat(np.asarray(spellings, dtype=np.uint64), counts)
    is_written = spelled != _DIGITS
    ends = np.searchsorted(owners[is_written], np.arange(1, len(texts), dtype=np.uint64))
    keys = np.sort(owners << _ROW | tokens.astype(np.uint64) << _TOKEN | spelled)
    found = keys >> _TOKEN
    firsts = np.flatnonzero(np.diff(found, prepend=np.uint64(2**64 - 1)))
    found, spelled = found[firsts], keys & np.uint64(_BOTH)
    spelled = np.bitwise_or.reduceat(spelled, firsts) if len(firsts) else spelled
    cut = [
        _by_passage(found[spelled == which], len(texts), tokens.dtype)
        for which in (_BOTH, _WRITTEN, _DIGITS)
    ]
    return np.split(tokens[is_written], ends), [
        PassageTokens(*three) for three in zip(*cut, strict=True)
    ]


# A key is a text's number, a token of it, and the spellings that have it.
_TOKEN, _ROW = np.uint64(2), np.uint64(34)


def _by_passage(keys: NDArray[np.uint64], count: int, dtype: np.dtype[np.generic]) -> list[bytes]:
    bits = _ROW - _TOKEN
    starts = np.searchsorted(keys, np.arange(count + 1, dtype=np.uint64) << bits)
    packed = keys.astype(np.uint32).astype(dtype).tobytes()
    at = (starts * dtype.itemsize).tolist()
    return [packed[a:b] for a, b in pairwise(at)]


def _parts(text: str, edits: Sequence[Edit], is_cut: bool) -> Iterator[tuple[int, str]]:
    """A text in parts that together have its tokens, each with the spellings that it is of.

    Only what touches a figure is there twice, where the model `is_cut` off at signs.
    """
    if not is_cut:
        yield _WRITTEN, text
        yield _DIGITS, edited(text, edits)
        return
    done = at = 0
    while at < len(edits):
        first, (start, end, _) = at, edits[at]
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        while at < len(edits) and edits[at][0] <= end:
            end, at = edits[at][1], at + 1
            while text[end : end + 1].isalnum():
                end += 1
        moved = [(a - start, b - start, digits) for a, b, digits in edits[first:at]]
        yield _BOTH, text[done:start]
        yield _WRITTEN, text[start:end]
        yield _DIGITS, edited(text[start:end], moved)
        done = end
    yield _BOTH, text[done:]
