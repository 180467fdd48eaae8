"""Passages to what they are found by: their terms, vectors and tokens. Pure.

Every text is folded and looked through for figures once, for terms and vectors alike; the passages
of a section share their context, which is worked on once. Knows no files and no index folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.builtin import BuiltinEmbedder, Tokens
from indexer.index.records import PassageTokens
from indexer.records import Passage
from indexer.stopwatch import Stopwatch
from indexer.text.normalise import fold_once
from indexer.text.numbers import Number, find_numbers, uniform_figures
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
    """A text once it is normalised, and its figures."""

    text: str
    numbers: Sequence[Number]

    @classmethod
    def of(cls, text: str) -> "_Folded":
        folded = fold_once(text)
        return cls(folded, find_numbers(folded))

    def in_digits(self) -> str:
        return uniform_figures(self.text, self.numbers) if self.numbers else self.text


def analyse(
    passages: Sequence[Passage], mix: TermMix, embedder: BuiltinEmbedder | None, clock: Stopwatch
) -> Analysed:
    """The terms of passages, and their vectors and tokens by `embedder`, if there is one."""
    with clock.stage("terms"):
        known = {context: _Folded.of(context) for context in {p.context for p in passages}}
        contexts = [known[passage.context] for passage in passages]
        bodies = [_Folded.of(passage.text) for passage in passages]
        every = [*known.values(), *bodies]
        made = terms_of_many([each.text for each in every], mix, [each.numbers for each in every])
        above = dict(zip(known, made, strict=False))
        found = [
            (body, above[passage.context])
            for passage, body in zip(passages, made[len(known) :], strict=True)
        ]
    if embedder is None:
        return Analysed(found, np.zeros((0, 0), dtype=np.float32), [])
    with clock.stage("embed"):
        pairs = list(zip(contexts, bodies, strict=True))
        written = embedder.tokens_of_many([f"{a.text}\n{b.text}" for a, b in pairs])
        digits = embedder.tokens_of_many([f"{a.in_digits()}\n{b.in_digits()}" for a, b in pairs])
        return Analysed(found, embedder.embed_tokens(written), _kept(written, digits))


def _kept(written: Sequence[Tokens], digits: Sequence[Tokens]) -> list[PassageTokens]:
    """The different tokens of each passage, ascending, which take a question's time to find again:
    those of both spellings, of the written figures alone, and of the figures in digits alone.
    """
    if not written:
        return []
    left, right = _different(written), _different(digits)
    parts = (
        np.intersect1d(left, right, assume_unique=True),
        np.setdiff1d(left, right, assume_unique=True),
        np.setdiff1d(right, left, assume_unique=True),
    )
    dtype = written[0].dtype
    cut = [_by_passage(each, len(written), dtype) for each in parts]
    return [PassageTokens(*three) for three in zip(*cut, strict=True)]


_TOKEN_BITS = np.uint64(32)


def _different(rows: Sequence[Tokens]) -> NDArray[np.uint64]:
    """Each row's number and, below it, each of its tokens once, all ascending."""
    numbers = np.repeat(np.arange(len(rows), dtype=np.uint64), [len(row) for row in rows])
    keys = np.sort((numbers << _TOKEN_BITS) | np.concatenate(rows).astype(np.uint64))
    found: NDArray[np.uint64] = keys[np.diff(keys, prepend=np.uint64(2**64 - 1)) != 0]
    return found


def _by_passage(keys: NDArray[np.uint64], count: int, dtype: np.dtype[np.generic]) -> list[bytes]:
    starts = np.searchsorted(keys, np.arange(count + 1, dtype=np.uint64) << _TOKEN_BITS)
    packed = keys.astype(np.uint32).astype(dtype).tobytes()
    at = (starts * dtype.itemsize).tolist()
    return [packed[a:b] for a, b in pairwise(at)]
