"""The built-in encoder: multilingual-e5-small over our own pieces, run by onnxruntime. No torch.

It understands more than the static embedder and takes a thousand times as long: for archives of up
to some ten thousand passages. Knows one folder.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.pieces import BEGIN, END, MODEL_DIR, load_pieces, unusable
from indexer.embed.vectors import unit_rows
from indexer.text.normalise import fold

_LONGEST = 510  # pieces of a text that are read
_FILES = ("tokenizer.json", "words.npy", "encoder.onnx")


class E5Embedder:
    """One serves many threads. Raises: ModelUnavailable."""

    name = "e5"
    dim = 384

    def __init__(self, folder: Path = MODEL_DIR, threads: int = 2) -> None:
        self._folder = folder
        self._pieces = load_pieces(folder)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="e5")

    @cached_property
    def fingerprint(self) -> str:
        """The first 16 hex digits of the SHA-256 over the model's files."""
        digest = hashlib.sha256()
        for name in _FILES:
            digest.update((self._folder / name).read_bytes())
        return digest.hexdigest()[:16]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._embed([f"passage: {fold(text)}" for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embed([f"query: {fold(text)}" for text in texts])

    def _embed(self, folded: Sequence[str]) -> Matrix:
        if not folded:
            return np.zeros((0, self.dim), dtype=np.float32)
        ids = [
            np.asarray([BEGIN, *found.ids[:_LONGEST], END], dtype=np.int64)
            for found in self._pieces.encode(folded)
        ]
        return unit_rows(np.stack(list(self._pool.map(self._mean, ids))), self.name)

    def _mean(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        feeds = {
            "words": self._pieces.vectors(ids)[None],
            "kinds": np.zeros((1, len(ids)), np.int64),
        }
        (states,) = self._session.run(["states"], feeds)
        mean: NDArray[np.float32] = states[0].mean(axis=0)
        return mean

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        model = self._folder / "encoder.onnx"
        try:
            return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has a class of errors for each of its own codes
            raise unusable(model, type(error).__name__) from error
