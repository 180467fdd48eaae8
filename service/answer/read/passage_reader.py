"""One small network that reads a question with a passage: whether, where and how surely it answers.

`reader.onnx` (made by `training/encoder`, card in `README.md`) is six layers of a pretrained
encoder with heads over the whole passage, over its pieces, and over spans of them.
`second_reader.onnx` is its teacher of twelve layers, which reads one passage alone. Knows no index
and no HTTP.
"""

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embed.pieces import BEGIN, END, load_pieces, unusable
from indexer.text.normalise import Normalised, fold, normalise
from indexer.text.numbers import canonical, find_numbers

MODEL = Path(__file__).with_name("reader.onnx")
SECOND_MODEL = Path(__file__).with_name("second_reader.onnx")

# In pieces; what is longer is cut. As in training/encoder/data.py.
MOST_QUESTION, MOST_CONTEXT, MOST_PASSAGE = 48, 32, 300
LONGEST_VALUE = 48
_CANDIDATES = 5
_MOST_KNOWN = 2_000  # passages whose pieces are kept, about 6 kB each
_MOST_READ = 32  # readings that are kept: a reranker's are those that the answer needs

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FoundValue:
    """`text[start:end]` of the passage, and how likely it is the asked value."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class PassageRead:
    """`answers`: how likely the passage answers.

    `evidence` is for each piece how likely its sentence answers; the piece is
    `text[starts[i]:ends[i]]`. `values` are the likeliest, best first.
    """

    answers: float
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    evidence: Floats
    values: tuple[FoundValue, ...]

    def sentence(self, start: int, end: int) -> float:
        """How likely the sentence `text[start:end]` answers, if the passage does."""
        a, b = np.searchsorted(self.ends, start, "right"), np.searchsorted(self.starts, end)
        return float(self.evidence[a:b].mean()) if a < b else 0.0

    def value(self, start: int, end: int) -> FoundValue | None:
        """The likeliest value inside `text[start:end]`."""
        inside = (v for v in self.values if start <= v.start and v.end <= end)
        return max(inside, key=lambda v: v.probability, default=None)


class PassageReader(Protocol):
    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageRead]:
        """Each (context, text) for `question`, in order."""
        ...


@dataclass(frozen=True)
class _Pieces:
    ids: NDArray[np.int64]
    starts: NDArray[np.int64]  # in the text as it was given
    ends: NDArray[np.int64]


class OnnxPassageReader:
    """One serves many threads. Raises: ModelUnavailable."""

    def __init__(self, model: Path = MODEL, threads: int = 2) -> None:
        self._model = model
        self._pieces = load_pieces()
        self._known: OrderedDict[str, _Pieces] = OrderedDict()
        self._done: OrderedDict[tuple[bytes, str, str], PassageRead] = OrderedDict()
        self._lock = Lock()
        # A passage a thread: without padding, and without threads that wait for each other.
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reader")

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageRead]:
        asked = [self._cut(as_written(question, text)).ids[-MOST_QUESTION:] for _, text in passages]
        contexts, texts = zip(*passages, strict=True) if passages else ((), ())
        # The longest first: else one thread may begin it when the others have nothing left.
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        begun = {
            at: self._pool.submit(self._read, asked[at], contexts[at], texts[at]) for at in order
        }
        return [begun[at].result() for at in range(len(texts))]

    def pieces(self, text: str) -> int:
        """How many pieces of `text` are read."""
        return min(len(self._cut(text).ids), MOST_PASSAGE)

    def _read(self, asked: NDArray[np.int64], context: str, text: str) -> PassageRead:
        key = (asked.tobytes(), context, text)
        with self._lock:
            known = self._done.get(key)
        if known is not None:
            return known
        read = self._run(asked, context, text)
        with self._lock:
            self._done[key] = read
            if len(self._done) > _MOST_READ:
                self._done.popitem(last=False)
        return read

    def _run(self, asked: NDArray[np.int64], context: str, text: str) -> PassageRead:
        above = self._cut(context).ids[:MOST_CONTEXT]
        own = self._cut(text)
        ids = np.concatenate(
            [[BEGIN], asked, [END], above, [END], own.ids[:MOST_PASSAGE], [END]]
        ).astype(np.int64)
        kinds = np.zeros(len(ids), dtype=np.int64)
        kinds[2 + len(asked) :] = 1
        first = 3 + len(asked) + len(above)
        count = min(len(own.ids), MOST_PASSAGE)
        words = self._pieces.vectors(ids)
        answers, tokens, firsts, lasts, whole = self._session.run(
            ["answers", "tokens", "firsts", "lasts", "whole"],
            {"words": words[None], "kinds": kinds[None]},
        )
        inside = slice(first, first + count)
        shares = _softmax(answers[0])
        starts, ends = own.starts[:count], own.ends[:count]
        values = self._values(tokens[0, inside], firsts[0, inside], lasts[0, inside], whole[0])
        return PassageRead(
            answers=float(shares[2]),
            starts=starts,
            ends=ends,
            evidence=_sigmoid(tokens[0, inside, 2]),
            values=tuple(
                FoundValue(int(starts[a]), int(ends[b]), chance) for a, b, chance in values
            ),
        )

    def _values(
        self, tokens: Floats, firsts: Floats, lasts: Floats, whole: Floats
    ) -> list[tuple[int, int, float]]:
        """(first, last, probability) of the likeliest spans of pieces, best first."""
        pairs = likeliest(tokens[:, 0], tokens[:, 1], _CANDIDATES)
        if not pairs:
            return []
        a, b = np.asarray(pairs).T
        joint = firsts[a] + lasts[b] + whole
        weight, bias = self._value_head
        chances = _sigmoid(np.maximum(joint, 0) @ weight + bias)
        found = zip(a.tolist(), b.tolist(), chances.tolist(), strict=True)
        return sorted(found, key=lambda each: (-each[2], each[0], each[1]))

    def _cut(self, text: str) -> _Pieces:
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
        normalised = normalise(text)
        found = self._pieces.encode([normalised.text])[0]
        made = _Pieces(np.asarray(found.ids, dtype=np.int64), *_original(normalised, found.offsets))
        with self._lock:
            self._known[text] = made
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return made

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            return onnxruntime.InferenceSession(
                self._model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime has a class of errors for each of its own codes
            raise unusable(self._model, type(error).__name__) from error

    @cached_property
    def _value_head(self) -> tuple[Floats, float]:
        """The last layer over spans: (128,) weights and a bias."""
        nothing = {"words": np.zeros((1, 1, 384), np.float32), "kinds": np.zeros((1, 1), np.int64)}
        (numbers,) = self._session.run(["value"], nothing)
        return numbers[:-1], float(numbers[-1])


@cache
def second_reader() -> OnnxPassageReader:
    """The one of this process, loaded, so that the first question is quick. It serves every
    collection. Raises: ModelUnavailable.
    """
    reader = OnnxPassageReader(SECOND_MODEL, threads=1)
    reader.read("问据", [("", "问据")])
    return reader


def as_written(question: str, text: str) -> str:
    """The question with its figures as a passage writes them: 3428 for 三千四百二十八."""
    asked = find_numbers(question)
    if not asked:
        return question
    folded = fold(text)
    written = {canonical(n): folded[n.start : n.end] for n in find_numbers(folded)}
    for number in reversed(asked):
        found = written.get(canonical(number))
        if found is not None:
            question = question[: number.start] + found + question[number.end :]
    return question


def likeliest(starts: Floats, ends: Floats, count: int) -> list[tuple[int, int]]:
    """First and last places, both inclusive, of the spans with the highest sums of scores."""
    length = len(starts)
    if not length:
        return []
    joint = starts[:, None] + ends[None, :]
    at = np.arange(length)
    gap = at[None, :] - at[:, None]
    joint = np.where((gap >= 0) & (gap < LONGEST_VALUE), joint, -np.inf)
    count = min(count, int(np.isfinite(joint).sum()))
    top = np.argpartition(-joint.ravel(), count - 1)[:count]
    return [(int(place) // length, int(place) % length) for place in top]


def _original(
    normalised: Normalised, offsets: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each piece stands in the text before it was folded."""
    spans = [normalised.original_span(start, end) for start, end in offsets]
    places = np.asarray(spans, dtype=np.int64).reshape(-1, 2)
    return places[:, 0], places[:, 1]


def _softmax(logits: Floats) -> Floats:
    shares = np.exp(logits - logits.max())
    return np.asarray(shares / shares.sum(), dtype=np.float32)


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)
