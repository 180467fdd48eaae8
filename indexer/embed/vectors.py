"""Making rows of numbers into unit vectors, once for every kind of embedder."""

from typing import Any

import numpy as np

from indexer.embed.base import Matrix
from indexer.errors import EmbedderFailed


def unit_rows(rows: Any, name: str) -> Matrix:
    """float32 rows of length 1; a row of zeros stays as it is, without dividing by its length.

    Raises: EmbedderFailed when the rows are not a table of finite numbers.
    """
    try:
        table = np.asarray(rows, dtype=np.float32)
    except (ValueError, TypeError) as error:
        raise EmbedderFailed(
            f"{name} gave vectors of different lengths or no numbers",
            hint="check that the model is an embedding model",
        ) from error
    if table.ndim != 2 or table.shape[1] == 0 or not np.isfinite(table).all():
        raise EmbedderFailed(
            f"{name} gave vectors that are not finite numbers in rows (shape {table.shape})",
            hint="check the model; one text with infinite or missing numbers spoils a whole index",
        )
    # In float64: the square of a large float32 overflows.
    lengths = np.linalg.norm(table.astype(np.float64), axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    rows_of_one: Matrix = (table / lengths).astype(np.float32)
    return rows_of_one
