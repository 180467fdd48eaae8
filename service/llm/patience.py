"""A language model that gets so much time in all, and only as long as somebody waits for it.

Whatever it does in that time: it writes in a thread of its own, and how long it is silent, thinks
or sends what is no text is no matter. Knows no model.
"""

import math
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextvars import copy_context

from indexer.errors import LLMFailed, WenjuError
from service.deadline import Deadline
from service.llm.base import LanguageModel, NumberedEvidence
from service.llm.extractive import Extractive
from service.records import Turn

_LOOKS_EVERY_S = 0.1  # whether anybody still waits
_SHARE = 0.9  # of what is left of an answer's time: the sources' own words need some, too

_Piece = str | WenjuError | None


class Patient:
    """Hands on what `model` writes, for `total_s` at the most."""

    def __init__(
        self, model: LanguageModel, total_s: float = math.inf, deadline: Deadline | None = None
    ) -> None:
        self._model = model
        self._total_s = total_s
        self._deadline = deadline or Deadline()

    @property
    def name(self) -> str:
        return self._model.name

    def within(self, deadline: Deadline) -> "Patient":
        """The same model, for one answer."""
        return Patient(self._model, self._total_s, deadline)

    def write(
        self, question: str, evidence: Sequence[NumberedEvidence], history: Sequence[Turn]
    ) -> Iterator[str]:
        """Raises: LLMFailed when the time is over, AnswerAbandoned, and what the model raises."""
        allowed_s = min(self._total_s, self._deadline.left_s * _SHARE)
        until = time.monotonic() + allowed_s
        text = _Text(self._model, question, evidence, history)
        try:
            while True:
                self._deadline.check()
                left_s = until - time.monotonic()
                if left_s <= 0:
                    raise LLMFailed(
                        f"the language model wrote for more than {allowed_s:g} s",
                        hint="raise WENJU_LLM_TOTAL_S, or use a smaller model",
                    )
                try:
                    piece = text.pieces.get(timeout=min(_LOOKS_EVERY_S, left_s))
                except queue.Empty:
                    continue
                if piece is None:
                    return
                if isinstance(piece, WenjuError):
                    raise piece
                yield piece
        finally:
            text.left.set()


def within(model: LanguageModel, deadline: Deadline) -> LanguageModel:
    """The model, as long as the deadline lets it; one that computes nothing as it is."""
    if isinstance(model, Extractive):
        return model
    patient = model if isinstance(model, Patient) else Patient(model)
    return patient.within(deadline)


class _Text:
    """What a model writes, drawn in a daemon thread until it ends or `left` is set."""

    def __init__(
        self,
        model: LanguageModel,
        question: str,
        evidence: Sequence[NumberedEvidence],
        history: Sequence[Turn],
    ) -> None:
        self.pieces: queue.SimpleQueue[_Piece] = queue.SimpleQueue()
        self.left = threading.Event()
        self._source = model.write(question, evidence, history)
        context = copy_context()  # what it logs names the request
        threading.Thread(
            target=context.run, args=(self._draw,), name="language-model", daemon=True
        ).start()

    def _draw(self) -> None:
        # What nobody foresaw goes to standard error, as of every thread, and leaves this behind:
        end: _Piece = LLMFailed("the language model broke off", hint="the service's log says why")
        try:
            for piece in self._source:
                if self.left.is_set():
                    break
                self.pieces.put(piece)
            end = None
        except WenjuError as error:
            end = error
        finally:
            self.pieces.put(end)
            close = getattr(self._source, "close", None)  # generators have it: it stops writing
            if close is not None:
                close()
