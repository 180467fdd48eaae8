"""Any cross-encoder of sentence-transformers, by hub name or folder: its only importer here.

Offline unless told otherwise: a name that is not on disk fails at once instead of asking the hub
again and again for 75 s.
"""

import os
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import RerankerFailed, RerankerUnavailable

_BATCH = 8  # the library sorts by length, so that small batches are padded less


class CrossEncoderReranker:
    """Question and passage in, the sigmoid of the model's one logit out."""

    # What is judged: a pass of a large model for each, and what does not stand among the best 30
    # of the second round is seldom what was asked for.
    depth = 30

    # A cross-encoder sees meaning better than exact figures and names, which the earlier rounds
    # count, and it is trained on other texts than the archive's: three tenths stay with them and
    # settle what it finds equally good. Its logit goes through a sigmoid first: the mix stays
    # within 0 and 1 whatever model is used.
    weight = 0.7

    def __init__(self, model_name: str, *, online: bool = False) -> None:
        """Raises: RerankerUnavailable."""
        self.name = f"st:{model_name}"
        self._model = _load(model_name, online)
        self._lock = Lock()  # a fast tokenizer must not be set up by two threads at once

    def scores(self, query: str, passages: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        texts = [f"{context}\n{text}".strip() for context, text in passages]
        if not texts:
            return np.zeros(0, dtype=np.float32)
        try:
            with self._lock:
                found = self._model.predict(
                    [(query, text) for text in texts],
                    batch_size=_BATCH,
                    show_progress_bar=False,
                    # Said here: models name another one, or none, in their settings.
                    activation_fn=_sigmoid,
                )
        except (RuntimeError, ValueError, TypeError, IndexError, KeyError, MemoryError) as error:
            raise RerankerFailed(
                f"the cross-encoder {self.name} broke off ({type(error).__name__})",
                hint="see that it fits into memory, or leave --rerank out",
            ) from error
        scores = np.asarray(found, dtype=np.float32)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise RerankerFailed(
                f"the cross-encoder {self.name} gave no usable scores",
                hint="choose another one, or leave --rerank out",
            )
        return scores


def _sigmoid(logits: Any) -> Any:
    return logits.sigmoid()


def _load(model_name: str, online: bool) -> Any:
    if not online:
        # Read by huggingface_hub when it is imported; `local_files_only` covers a later load.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from safetensors import SafetensorError
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise RerankerUnavailable(
            f"st:{model_name} needs sentence-transformers, which is not installed",
            hint="run: pip install -c constraints.txt -e '.[models]'",
        ) from error
    try:
        model = CrossEncoder(model_name, local_files_only=not online)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise RerankerUnavailable(
            f"the cross-encoder {model_name} is not on disk or can't be loaded",
            hint=f"run: hf download {model_name} (or set WENJU_ONLINE=1, or name a folder)",
        ) from error
    if model.num_labels != 1 or _has_new_head(model):
        raise RerankerUnavailable(
            f"{model_name} is not a cross-encoder that gives one score",
            hint="choose one that was trained to rerank, such as BAAI/bge-reranker-v2-m3",
        )
    return model


def _has_new_head(model: Any) -> bool:
    """Whether the library put a head of random weights on a model that has none of its own.

    It does so with a warning for any embedding model, and the scores would be noise.
    """
    kind = type(model.model).__name__
    saved = getattr(model.model.config, "architectures", None) or ()
    return kind.endswith("ForSequenceClassification") and kind not in saved
