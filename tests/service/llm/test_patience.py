"""A model's time in all, whatever it does in it, and its end when nobody waits any more."""

import json
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler

import pytest

from indexer.errors import LLMFailed
from service.deadline import AnswerAbandoned, Deadline
from service.llm.base import NumberedEvidence
from service.llm.extractive import Extractive
from service.llm.load import load_llm
from service.llm.patience import Patient, within
from service.records import Turn
from tests.service.llm.chat_server import Reply, chat_server, delta

EVIDENCE = [NumberedEvidence(1, "泵站", None, "泵站装机四台。")]


class Model:
    """Writes pieces, then waits at a gate, then writes one more."""

    name = "model"

    def __init__(self, *pieces: str, failure: Exception | None = None) -> None:
        self.pieces = pieces
        self.failure = failure
        self.gate = threading.Event()
        self.closed = threading.Event()

    def write(
        self, question: str, evidence: Sequence[NumberedEvidence], history: Sequence[Turn]
    ) -> Iterator[str]:
        try:
            yield from self.pieces
            if self.failure is not None:
                raise self.failure
            self.gate.wait(30)
            yield "。"
        finally:
            self.closed.set()


def write(model: Patient) -> Iterator[str]:
    return model.write("几台？", EVIDENCE, ())


def test_pieces_come_in_order_and_the_end_is_the_models() -> None:
    model = Model("泵站", "四台")
    model.gate.set()
    assert list(write(Patient(model, 10))) == ["泵站", "四台", "。"]
    assert model.closed.wait(5)


def test_silence_is_ended_in_its_midst() -> None:
    model = Model("泵站")
    pieces = write(Patient(model, 0.3))
    assert next(pieces) == "泵站"
    started = time.monotonic()
    with pytest.raises(LLMFailed, match=r"more than 0\.3 s"):
        next(pieces)
    assert time.monotonic() - started < 5
    model.gate.set()
    assert model.closed.wait(5), "it stops writing as soon as it can"


def test_nobody_waits_any_more() -> None:
    model = Model("泵站")
    deadline = Deadline()
    pieces = write(Patient(model).within(deadline))
    assert next(pieces) == "泵站"
    threading.Timer(0.1, deadline.cancel).start()
    with pytest.raises(AnswerAbandoned):
        next(pieces)
    model.gate.set()
    assert model.closed.wait(5)


def test_a_reader_that_leaves_ends_the_writing() -> None:
    model = Model("泵站", "四台")
    pieces = write(Patient(model))
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    model.gate.set()
    assert model.closed.wait(5)


def test_an_answers_time_bounds_its_model_and_leaves_some_for_the_sources_words() -> None:
    deadline = Deadline(total_s=1.0)
    with pytest.raises(LLMFailed):
        list(write(Patient(Model("泵站"), 60).within(deadline)))
    assert deadline.left_s > 0


def test_what_the_model_raises_is_raised() -> None:
    failed = LLMFailed("broke off", hint="again")
    with pytest.raises(LLMFailed) as raised:
        list(write(Patient(Model("泵站", failure=failed))))
    assert raised.value is failed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_nobody_foresaw_is_a_failed_model() -> None:
    with pytest.raises(LLMFailed, match="broke off"):
        list(write(Patient(Model("泵站", failure=ZeroDivisionError("secret")))))
    for thread in threading.enumerate():  # it fails in here, not beside the next test
        if thread.name == "language-model":
            thread.join(10)


def test_one_that_needs_no_time_gets_no_thread() -> None:
    extractive = Extractive()
    assert within(extractive, Deadline()) is extractive


def dripping(line: bytes, content_type: str = "text/event-stream") -> Reply:
    """Never silent, never a word: what a server may send for hours."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        handler.end_headers()
        try:
            for _ in range(600):
                handler.wfile.write(line)
                handler.wfile.flush()
                time.sleep(0.02)
        except OSError:  # the reader has gone, as it should
            ended.set()

    ended = threading.Event()
    reply.ended = ended  # type: ignore[attr-defined]
    return reply


@pytest.mark.parametrize(
    "reply",
    [
        dripping(b": still at work\n\n"),
        dripping(b"data: {}\n\n"),
        dripping(f"data: {json.dumps(delta(''))}\n\n".encode()),
        dripping(f"data: {json.dumps(delta('<think>想'))}\n\n".encode()),
        dripping(b" ", "application/json"),
    ],
    ids=["comments", "no choices", "empty deltas", "thoughts", "a whole answer by bytes"],
)
def test_a_server_that_is_busy_saying_nothing_is_left(
    reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    with chat_server(reply) as server, caplog.at_level(logging.ERROR):
        model = load_llm(f"remote:{server.url}#qwen", timeout_s=5, total_s=0.4)
        started = time.monotonic()
        with pytest.raises(LLMFailed):
            list(model.write("几台？", EVIDENCE, ()))
        assert time.monotonic() - started < 5
        assert reply.ended.wait(5), "the connection is closed as well"  # type: ignore[attr-defined]
