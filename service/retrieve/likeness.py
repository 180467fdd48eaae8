"""What search and reader ask of word vectors. The built-in embedder is the one that answers."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix


class Nearness(Protocol):
    """What the built-in embedder knows of texts: rows of length 1, and word by word likeness."""

    def embed_passages(self, texts: Sequence[str]) -> Matrix: ...

    def meets(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]: ...
