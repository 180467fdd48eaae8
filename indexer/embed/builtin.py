"""The built-in static embedder, loaded by model2vec: no torch, no network. Knows one folder."""

import hashlib
import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.vectors import unit_rows
from indexer.errors import EmbedderUnavailable

DEFAULT_FOLDER = Path(__file__).with_name("static_zh")
_FILES = ("config.json", "tokenizer.json", "model.safetensors")

# Under this the cosine of two words says nothing (docs/log.md, 2026-11-21).
_UNRELATED = 0.5
# What a word for the same thing counts as; the very word counts 1.
_SYNONYM = 0.8

# Texts whose tokens are kept: about 3 kB for a passage of 320 characters.
_MOST_KNOWN = 10_000


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
        self._known: dict[str, NDArray[np.int64]] = {}
        self._lock = Lock()  # encode() sets the tokenizer's truncation, which no two threads may

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embed(texts)

    def meets(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text meets the question word by word: (n,) from 0 to 1.

        The mean over the question's tokens, by their weights in the model, of the best cosine to a
        token of the text, or of a word for the same thing (`indexer/text/synonyms.txt`). One vector
        a text blurs its words; here 看病 still finds 就诊.
        """
        asked = np.unique(self._tokens([question])[0])
        weights = self._token_weights[asked]
        if not texts or weights.sum() == 0:
            return np.zeros(len(texts), dtype=np.float32)
        rows = self._tokens(texts)
        # A text without tokens meets nothing: it gets token 0, whose cosines are set to 0.
        flat = np.concatenate([row if len(row) else np.zeros(1, dtype=np.int64) for row in rows])
        starts = np.cumsum([0, *(max(1, len(row)) for row in rows[:-1])])
        distinct, place = np.unique(flat, return_inverse=True)
        cosines = self._unit_rows(asked) @ self._unit_rows(distinct).T
        cosines[cosines < _UNRELATED] = 0.0
        for row, token in enumerate(asked.tolist()):
            near = np.isin(distinct, self._synonyms.get(token, ()))
            cosines[row, near] = np.maximum(cosines[row, near], _SYNONYM)
        best = np.maximum.reduceat(cosines[:, place], starts, axis=1)
        met = (weights / weights.sum()) @ best
        met[[not len(row) for row in rows]] = 0.0
        return np.asarray(met, dtype=np.float32)

    def _tokens(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Token numbers a text. The same passages come back with every question on a subject."""
        from indexer.text.normalise import fold

        with self._lock:
            new = [text for text in dict.fromkeys(texts) if text not in self._known]
            if len(self._known) + len(new) > _MOST_KNOWN:
                self._known.clear()
                new = list(dict.fromkeys(texts))
            for text, row in zip(
                new, self._model.tokenize([fold(text) for text in new]), strict=True
            ):
                self._known[text] = np.asarray(row, dtype=np.int64)
            return [self._known[text] for text in texts]

    @cached_property
    def _synonyms(self) -> dict[int, list[int]]:
        """Tokens to the tokens of their synonyms; words that are not one token have none."""
        from indexer.text.synonyms import synonyms

        tokens = self._model.tokenizer.get_vocab()
        return {
            tokens[word]: [tokens[other] for other in sorted(others) if other in tokens]
            for word, others in synonyms().items()
            if word in tokens
        }

    def _unit_rows(self, tokens: NDArray[np.int64]) -> Matrix:
        return unit_rows(np.asarray(self._model.embedding[tokens], dtype=np.float32), self.name)

    @cached_property
    def _token_weights(self) -> NDArray[np.float32]:
        # In blocks: the whole table as float32 would take four times its memory.
        blocks = np.array_split(self._model.embedding, 64)
        lengths = [np.linalg.norm(block.astype(np.float32), axis=1) for block in blocks]
        weights = self._model.weights
        found = np.concatenate(lengths) * (1.0 if weights is None else weights)
        return np.asarray(found, dtype=np.float32)

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
