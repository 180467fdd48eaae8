"""What search and reader ask of word vectors. The built-in embedder is the one that answers."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.builtin import Tokens


class Nearness(Protocol):
    """What the built-in embedder knows of texts: rows of length 1, and word by word likeness."""

    def tokens(self, normalised: Sequence[str]) -> list[Tokens]: ...

    def unpacked(self, packed: bytes) -> Tokens: ...

    def embed_tokens(self, rows: Sequence[Tokens]) -> Matrix: ...

    def meets_tokens(self, question: Tokens, rows: Sequence[Tokens]) -> NDArray[np.float32]: ...
