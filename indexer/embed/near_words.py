"""Words for the same thing, as tokens: what each counts for the others. Knows no vectors.

A word that the model knows is one token, any other several in a row: 茅厕 is 茅 and 厕.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.unsignedinteger[Any]]
Phrase = tuple[int, ...]

SYNONYM = 0.8
"""What a word for the same thing counts as; the very word counts 1."""


class NearWords:
    """The table of synonyms in the tokens of one model."""

    def __init__(self, phrases: Mapping[str, Phrase], near: Mapping[str, frozenset[str]]) -> None:
        """`phrases` are the tokens of each word of `near`, which has the other words of each."""
        self._single: dict[int, list[int]] = {}
        self._several: dict[Phrase, list[Phrase]] = {}
        for word, others in near.items():
            own, found = phrases[word], [phrases[other] for other in sorted(others)]
            if len(own) == 1:
                self._single.setdefault(own[0], []).extend(p[0] for p in found if len(p) == 1)
            several = [p for p in found if len(p) > 1 or len(own) > 1]
            if own and several:
                self._several.setdefault(own, []).extend(p for p in several if p)
        self._longest = max((len(phrase) for phrase in self._several), default=0)

    def raise_tokens(
        self, counts: NDArray[np.float32], left: NDArray[Any], right: NDArray[Any]
    ) -> None:
        """Raise `counts` (left, right) to `SYNONYM` where two tokens are such words."""
        for row, token in enumerate(left.tolist()):
            if others := self._single.get(token):
                near = np.isin(right, others)
                counts[row, near] = np.maximum(counts[row, near], SYNONYM)

    def raise_phrases(
        self,
        best: NDArray[np.float32],
        asked: Tokens,
        question: Tokens,
        flat: Tokens,
        starts: Sequence[int] | NDArray[np.intp],
    ) -> None:
        """Raise `best` (asked, texts) where a word of several tokens, or a synonym of several,
        stands in the text.

        `question` are the question's tokens in order, `asked` the distinct ones. The texts are
        `flat`, one behind the other, and begin at `starts`.
        """
        for phrase, others in self._phrases_in(question.tolist()):
            is_in = np.zeros(len(starts), dtype=bool)
            for other in others:
                is_in |= _stands_in(other, flat, starts)
            rows = np.searchsorted(asked, np.asarray(phrase, dtype=asked.dtype))
            block = best[np.ix_(rows, is_in)]
            best[np.ix_(rows, is_in)] = np.maximum(block, np.float32(SYNONYM))

    def _phrases_in(self, tokens: Sequence[int]) -> list[tuple[Phrase, list[Phrase]]]:
        found = {}
        for size in range(1, self._longest + 1):
            for at in range(len(tokens) - size + 1):
                phrase = tuple(tokens[at : at + size])
                if others := self._several.get(phrase):
                    found[phrase] = others
        return list(found.items())


def _stands_in(
    phrase: Phrase, flat: Tokens, starts: Sequence[int] | NDArray[np.intp]
) -> NDArray[np.bool_]:
    """For each text whether the tokens stand in it, one behind the other."""
    if len(flat) < len(phrase):
        return np.zeros(len(starts), dtype=bool)
    places = np.flatnonzero(flat[: len(flat) - len(phrase) + 1] == phrase[0])
    for step, token in enumerate(phrase[1:], start=1):
        places = places[flat[places + step] == token]
    text_of = np.searchsorted(starts, places, side="right") - 1
    last = np.searchsorted(starts, places + len(phrase) - 1, side="right") - 1
    found = np.zeros(len(starts), dtype=bool)
    found[text_of[text_of == last]] = True
    return found
