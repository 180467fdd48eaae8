"""A language model that gets so much time in all, however busily it writes. Knows no model."""

import time
from collections.abc import Iterator, Sequence

from indexer.errors import LLMFailed
from service.llm.base import LanguageModel, NumberedEvidence
from service.records import Turn


class Patient:
    """Hands on what `model` writes, for `total_s` at the most; its own silence it bounds itself."""

    def __init__(self, model: LanguageModel, total_s: float) -> None:
        self._model = model
        self._total_s = total_s

    @property
    def name(self) -> str:
        return self._model.name

    def write(
        self, question: str, evidence: Sequence[NumberedEvidence], history: Sequence[Turn]
    ) -> Iterator[str]:
        """Raises: LLMFailed when the time is over, and what the model raises."""
        started = time.monotonic()
        pieces = self._model.write(question, evidence, history)
        try:
            for piece in pieces:
                if time.monotonic() - started > self._total_s:
                    raise LLMFailed(
                        f"the language model wrote for more than {self._total_s:g} s",
                        hint="raise WENJU_LLM_TOTAL_S, or use a smaller model",
                    )
                yield piece
        finally:
            close = getattr(pieces, "close", None)  # generators have it: the model stops writing
            if close is not None:
                close()
