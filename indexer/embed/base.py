"""The Embedder protocol. Knows no model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to vectors. Rows are float32, finite, of length 1; all zero if nothing in it is known.

    `name` is what the index manifest keeps: `builtin`, `st:…` or `remote:…#…`; `fingerprint`
    changes when the model's vectors do. Both methods return (n, dim) in the order given.
    Raises: EmbedderUnavailable, EmbedderFailed.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dim(self) -> int: ...

    def embed_passages(self, texts: Sequence[str]) -> Matrix: ...

    def embed_queries(self, texts: Sequence[str]) -> Matrix: ...
