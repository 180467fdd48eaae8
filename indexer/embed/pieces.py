"""Folded text to word pieces and their vectors: the ground that encoder and reader share.

A Unigram tokenizer over 18 thousand pieces, and one row of 4-bit weights for each. Digits, Latin
letters and signs are never one piece with Han characters, so that a value begins and ends where a
piece does. Knows no network.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ModelUnavailable

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

MODEL_DIR = Path(__file__).with_name("e5_zh")

BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3
"""Numbers of the pieces that stand for no characters."""

STRANGERS = 64
"""Pieces for characters that are in no piece: a rare name is not any rare name."""

FIRST_STRANGER = 0xE000  # private use
LINE_END = chr(FIRST_STRANGER + STRANGERS)
"""Stands for a line's end: rows of a table are told apart by it."""

_BLOCK = 32  # weights of one scale
_BLOCK_BYTES = 18


class Pieces:
    """One serves many threads. `vectors` are float32 rows of 384."""

    def __init__(self, tokenizer: "Tokenizer", packed: NDArray[np.uint8]) -> None:
        self._tokenizer = tokenizer
        self._packed = packed
        self._known = frozenset("".join(tokenizer.get_vocab()) + " \t\n\u3000")
        self._lines = str.maketrans("\n", LINE_END)

    @property
    def count(self) -> int:
        return len(self._packed)

    def encode(self, folded: Sequence[str]) -> "list[Encoding]":
        """Piece numbers and offsets of each text, without any piece for its begin and end."""
        return list(
            self._tokenizer.encode_batch(
                [self._without_strangers(text) for text in folded], add_special_tokens=False
            )
        )

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Any shape of piece numbers to their vectors, one axis more."""
        blocks = self._packed[ids.ravel()].reshape(-1, self._packed.shape[1] // _BLOCK_BYTES, 18)
        scales = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
        nibbles = blocks[:, :, 2:]
        values = np.empty((*blocks.shape[:2], _BLOCK), dtype=np.float32)
        values[:, :, : _BLOCK // 2] = nibbles & 15
        values[:, :, _BLOCK // 2 :] = nibbles >> 4
        values -= 8.0
        values *= scales
        return values.reshape(*ids.shape, -1)

    def _without_strangers(self, folded: str) -> str:
        folded = folded.translate(self._lines)
        strange = set(folded) - self._known
        if not strange:
            return folded
        return folded.translate(
            {
                ord(each): chr(FIRST_STRANGER + ord(each) * 2654435761 % STRANGERS)
                for each in strange
            }
        )


@cache
def load_pieces(folder: Path = MODEL_DIR) -> Pieces:
    """Raises: ModelUnavailable where a file is missing or is not what was written."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        packed = np.load(folder / "words.npy")
    except Exception as error:  # the tokenizers library raises bare Exception
        raise unusable(folder, error) from error
    if packed.dtype != np.uint8 or packed.shape != (tokenizer.get_vocab_size(), 216):
        raise unusable(folder, "words.npy does not belong to tokenizer.json")
    return Pieces(tokenizer, packed)


def unusable(model: Path, why: object) -> ModelUnavailable:
    """The one error for a model of ours that is absent or damaged, with the command that mends."""
    return ModelUnavailable(
        f"the model in {model} can't be loaded: {why}",
        hint=f"run: git checkout HEAD -- {model.parent.name}/{model.name} (or fetch the whole "
        "repository again)",
    )
