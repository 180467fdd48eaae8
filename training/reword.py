"""Questions asked in other words: some words replaced by near ones, some left out.

People seldom ask in the words of the document. No paraphrases are at hand, so the table of synonyms
and the built-in vectors give near words, and the reader learns to do with less overlap. Knows no
passages.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
from model2vec import StaticModel

from indexer.text.segment import words
from indexer.text.synonyms import synonyms

_HAN_WORD = re.compile(r"[㐀-鿿]{2,4}")
_NEAR = 6
_LEAST_COSINE = 0.5


class Rewording:
    """Near words from a static model, and questions changed by them."""

    def __init__(self, folder: Path, replace: float, drop: float) -> None:
        model = StaticModel.from_pretrained(folder)
        kept = [
            (token, i)
            for token, i in model.tokenizer.get_vocab().items()
            if _HAN_WORD.fullmatch(token)
        ]
        self._tokens = [token for token, _ in kept]
        rows = np.asarray(model.embedding, dtype=np.float32)[[i for _, i in kept]]
        self._rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        self._place = {token: i for i, token in enumerate(self._tokens)}
        self._near: dict[str, list[str]] = {}
        self._replace = replace
        self._drop = drop

    def near(self, word: str) -> list[str]:
        """Its synonyms; else up to six near words that share no character with it."""
        if word not in self._near:
            place = self._place.get(word)
            found: list[str] = []
            if word in synonyms():
                found = sorted(synonyms()[word])
            elif place is not None:
                cosines = self._rows @ self._rows[place]
                for i in np.argsort(-cosines)[1:40]:
                    if cosines[i] < _LEAST_COSINE or len(found) == _NEAR:
                        break
                    if not set(self._tokens[i]) & set(word):
                        found.append(self._tokens[i])
            self._near[word] = found
        return self._near[word]

    def reword(self, question: str, draw: random.Random) -> str:
        """`question`, normalised, with words exchanged or left out at random."""
        parts: list[str] = []
        last = 0
        for word in words(question):
            chance = draw.random()
            if chance < self._replace + self._drop and _HAN_WORD.fullmatch(word.text):
                near = self.near(word.text)
                parts.append(question[last : word.start])
                if chance < self._replace:
                    parts.append(draw.choice(near) if near else word.text)
                last = word.end
        return "".join(parts) + question[last:]
