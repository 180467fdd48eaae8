"""Which words of a passage answer a question: the span reader, run by onnxruntime.

A small network (`spans.onnx`, made by `training/spans`) that scores every character of a passage as
the answer's first and last, and whether the answer is there at all. Knows no index and no HTTP.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.text.normalise import Normalised, fold, normalise
from service.answer.span_inputs import (
    MAX_QUESTION,
    TextRows,
    WordVectors,
    cut,
    joined,
    match,
    text_rows,
)

_MODEL = Path(__file__).with_name("spans.onnx")

LONGEST_SPAN = 80
"""Characters of the longest answer."""

_LONGEST_CONTEXT = 40
_LONGEST_TEXT = 640  # characters of a passage that are read; twice what the index cuts
_MOST_KNOWN = 3_000  # passages whose rows are kept: about 20 kB each
_UNREAD = -1e4


@dataclass(frozen=True)
class Span:
    """The likeliest answer within a stretch of a passage: `text[start:end]` of the original.

    `score` is the log of how much likelier it is than that the passage does not answer; `share`
    how likely it is among all that the passage could answer, 0 to 1.
    """

    start: int
    end: int
    score: float
    share: float


class SpanReader(Protocol):
    """Reads passages for one question."""

    def read(
        self,
        question: str,
        passages: Sequence[tuple[str, str]],
        stretches: Sequence[Sequence[tuple[int, int]]],
    ) -> list[list[Span]]:
        """For each (context, text) the best span inside each of its stretches [start, end)."""
        ...


@dataclass(frozen=True)
class _Known:
    normalised: Normalised
    rows: TextRows


class OnnxSpanReader:
    """`words` are the word vectors that the network was trained on. One serves many threads."""

    def __init__(self, words: WordVectors, model: Path = _MODEL, threads: int = 2) -> None:
        self._words = words
        self._model = model
        self._threads = threads
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = Lock()

    def read(
        self,
        question: str,
        passages: Sequence[tuple[str, str]],
        stretches: Sequence[Sequence[tuple[int, int]]],
    ) -> list[list[Span]]:
        """As the protocol says. What stands behind a text's first 640 characters is not read."""
        if not passages:
            return []
        asked = fold(question).strip()
        asked_rows = text_rows(asked, self._words)
        asked_rows = cut(asked_rows, max(0, len(asked) - MAX_QUESTION), len(asked))
        known = [self._rows(text) for _, text in passages]
        contexts = [self._rows(context).rows for context, _ in passages]
        contexts = [cut(rows, 0, _LONGEST_CONTEXT) for rows in contexts]
        starts, ends, nones = self._run(asked_rows, contexts, [each.rows for each in known])
        return [
            _best_spans(start, end, none, each.normalised, wanted)
            for start, end, none, each, wanted in zip(
                starts, ends, nones, known, stretches, strict=True
            )
        ]

    def _rows(self, text: str) -> _Known:
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
        normalised = normalise(text)
        made = _Known(normalised, text_rows(normalised.text[:_LONGEST_TEXT], self._words))
        with self._lock:
            self._known[text] = made
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return made

    def _run(
        self, asked: TextRows, contexts: Sequence[TextRows], texts: Sequence[TextRows]
    ) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]], list[float]]:
        """The scores of each text's characters as first and last, and of `not here`."""
        whole = [joined([c, t]) for c, t in zip(contexts, texts, strict=True)]
        feeds = network_inputs(
            [(asked, rows, len(c.folded)) for rows, c in zip(whole, contexts, strict=True)],
            self._words,
        )
        start, end, none = self._session.run(None, feeds)
        at = [(len(c.folded), len(rows.folded)) for c, rows in zip(contexts, whole, strict=True)]
        return (
            [start[i, a:b] for i, (a, b) in enumerate(at)],
            [end[i, a:b] for i, (a, b) in enumerate(at)],
            [float(each) for each in none],
        )

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # Threads that spin for work take it from the next request.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            self._model, options, providers=["CPUExecutionProvider"]
        )


def network_inputs(
    pairs: Sequence[tuple[TextRows, TextRows, int]], words: WordVectors
) -> dict[str, NDArray[Any]]:
    """The network's inputs by name: (question, passage, characters of context) a row."""
    tokens = np.unique(
        np.concatenate([[0, 1], *(part.words for q, p, _ in pairs for part in (q, p))])
    )
    features = [match(q, p, context, words) for q, p, context in pairs]
    inputs: dict[str, NDArray[Any]] = {"vectors": words.rows(tokens)}
    sides = (
        ("question", [q for q, _, _ in pairs], [of_question for _, of_question in features]),
        ("passage", [p for _, p, _ in pairs], [of_passage for of_passage, _ in features]),
    )
    for name, rows, own in sides:
        length = max(2, *(len(each.folded) for each in rows))
        ids = np.zeros((len(rows), length, 5), dtype=np.int64)
        mask = np.zeros((len(rows), length), dtype=np.float32)
        matched = np.zeros((len(rows), length, own[0].shape[1]), dtype=np.float32)
        for i, each in enumerate(rows):
            n = len(each.folded)
            ids[i, :n, 0] = each.characters
            ids[i, :n, 1] = np.searchsorted(tokens, each.words)
            ids[i, :n, 2], ids[i, :n, 3], ids[i, :n, 4] = each.places, each.tags, each.numbers
            mask[i, :n] = 1.0
            matched[i, :n] = own[i]
        inputs |= {name: ids, f"{name}_features": matched, f"{name}_mask": mask}
    return inputs


def _best_spans(
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    none: float,
    normalised: Normalised,
    stretches: Sequence[tuple[int, int]],
) -> list[Span]:
    total = _log_sum(start, none) + _log_sum(end, none)
    begins = np.asarray(normalised.starts)
    found = []
    for first, last in stretches:
        a, b = np.minimum(np.searchsorted(begins, (first, last)), len(start)).tolist()
        if a >= b:
            found.append(Span(first, first, _UNREAD, 0.0))
            continue
        score, i, j = best_span(start[a:b], end[a:b])
        at = normalised.original_span(a + i, a + j + 1)
        share = float(np.exp(min(0.0, score - total)))
        found.append(Span(*at, score - 2 * none, share))
    return found


def best_span(start: NDArray[np.float32], end: NDArray[np.float32]) -> tuple[float, int, int]:
    """(score, first, last) of the likeliest span of at most LONGEST_SPAN characters."""
    scores = start[:, None] + end[None, :]
    far = np.arange(len(end))[None, :] - np.arange(len(start))[:, None]
    scores = np.where((far >= 0) & (far < LONGEST_SPAN), scores, np.float32(_UNREAD))
    first, last = divmod(int(scores.argmax()), len(end))
    return float(scores[first, last]), first, last


def _log_sum(scores: NDArray[np.float32], none: float) -> float:
    most = max(float(scores.max(initial=_UNREAD)), none)
    return most + float(np.log(np.exp(scores - most).sum() + np.exp(none - most)))
