"""The built-in static embedder, loaded by model2vec: no torch, no network. Knows one folder."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from indexer.embed.base import Matrix
from indexer.embed.vectors import unit_rows
from indexer.errors import EmbedderUnavailable

DEFAULT_FOLDER = Path(__file__).with_name("static_zh")
_FILES = ("config.json", "tokenizer.json", "model.safetensors")


class BuiltinEmbedder:
    """A model2vec folder. Passages and queries are embedded alike; unknown words weigh nothing."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        """Raises: EmbedderUnavailable."""
        absent = [name for name in _FILES if not (folder / name).is_file()]
        if absent:
            raise EmbedderUnavailable(
                f"the built-in embedder lacks {', '.join(absent)} in {folder}",
                hint="fetch the whole repository again, with its model files",
            )
        self.name = "builtin" if folder == DEFAULT_FOLDER else f"builtin:{folder}"
        self._model = _load(folder)
        self.fingerprint = _fingerprint(folder)
        self.dim = int(self._model.dim)
        self._lock = Lock()  # encode() sets the tokenizer's truncation, which no two threads may

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Matrix:
        from indexer.text.normalise import fold

        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with self._lock:
            rows = self._model.encode(
                [fold(text) for text in texts],
                max_length=None,
                normalize=False,  # model2vec's own divides by zero on a text with nothing known
                use_multiprocessing=False,
            )
        return unit_rows(rows, self.name)


def _load(folder: Path) -> Any:
    from model2vec import StaticModel
    from safetensors import SafetensorError

    # It remarks on a model card without a metadata block, at every start.
    logging.getLogger("huggingface_hub.repocard").setLevel(logging.ERROR)
    try:
        return StaticModel.from_pretrained(folder)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise EmbedderUnavailable(
            f"the embedding model in {folder} can't be loaded: {error}",
            hint="fetch the whole repository again, with its model files",
        ) from error


def _fingerprint(folder: Path) -> str:
    """The first 16 hex digits of the SHA-256 over the model's files."""
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]
