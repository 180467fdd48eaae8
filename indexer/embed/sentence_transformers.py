"""Any sentence-transformers model, by hub name or folder: the only file that imports the library.

Offline unless told otherwise: a name that is not on disk fails at once instead of asking the hub
again and again for 75 s.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

from indexer.embed.base import Matrix
from indexer.embed.vectors import unit_rows
from indexer.errors import EmbedderUnavailable

_BATCH = 32
_SAMPLES = 64  # numbers of each weight that go into the fingerprint


class SentenceTransformerEmbedder:
    """Queries and passages go in with the model's own prompts for each."""

    def __init__(self, model_name: str, *, online: bool = False) -> None:
        """Raises: EmbedderUnavailable."""
        self._model = _load(model_name, online)
        self.name = f"st:{model_name}"
        # Asked of a vector: the method that tells it has another name in every major version.
        self.dim = int(self._model.encode(["维度"], show_progress_bar=False).shape[1])
        self.fingerprint = _fingerprint(self._model)
        self._lock = Lock()  # a fast tokenizer must not be set up by two threads at once

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._embed(self._model.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embed(self._model.encode_query, texts)

    def _embed(self, encode: Any, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with self._lock:
            rows = encode(list(texts), batch_size=_BATCH, show_progress_bar=False)
        return unit_rows(rows, self.name)


def _load(model_name: str, online: bool) -> Any:
    if not online:
        # Read by huggingface_hub when it is imported; `local_files_only` covers a later load.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbedderUnavailable(
            f"st:{model_name} needs sentence-transformers, which is not installed",
            hint="run: pip install -c constraints.txt -e '.[models]'",
        ) from error
    try:
        return SentenceTransformer(model_name, local_files_only=not online)
    except (OSError, ValueError, KeyError) as error:
        raise EmbedderUnavailable(
            f"the model {model_name} is not on disk or can't be loaded",
            hint=f"run: hf download {model_name} (or set WENJU_ONLINE=1, or name a folder)",
        ) from error


def _fingerprint(model: Any) -> str:
    """The first 16 hex digits of a SHA-256 over structure, prompts and samples of every weight.

    Whole weights would take seconds to hash at each start; a fine-tuned copy differs in all.
    """
    digest = hashlib.sha256()
    settings = {"prompts": model.prompts, "length": model.max_seq_length, "modules": str(model)}
    digest.update(json.dumps(settings, sort_keys=True, default=str).encode())
    for name, weight in sorted(model.state_dict().items()):
        flat = weight.detach().flatten()
        step = max(1, len(flat) // _SAMPLES)
        sample = flat[::step][:_SAMPLES].float().cpu().numpy()
        digest.update(f"{name} {tuple(weight.shape)}".encode())
        digest.update(sample.tobytes())
    return digest.hexdigest()[:16]
