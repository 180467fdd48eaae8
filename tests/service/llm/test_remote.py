"""The remote client against a server on a socket: streams, errors, stalls, garbage."""

import json
import socket
import time
from http.server import BaseHTTPRequestHandler

import pytest

from indexer.errors import InvalidRequest, LLMFailed, LLMUnavailable
from service.llm.base import LanguageModel, NumberedEvidence
from service.llm.load import load_llm
from service.llm.remote import RemoteModel
from service.records import Turn
from tests.service.llm.chat_server import chat_server, delta, events, send, whole

EVIDENCE = [NumberedEvidence(1, "分红", "2020-05-28", "44户贫困户每户分到1500元")]


def model(url: str, *, timeout_s: float = 5.0, key: str | None = None) -> RemoteModel:
    return RemoteModel(
        url, "qwen", timeout_s=timeout_s, max_tokens=64, context_tokens=2048, api_key=key,
        backoff_s=0.01,
    )  # fmt: skip


def pieces(writer: LanguageModel) -> list[str]:
    return list(writer.write("每户多少钱？", EVIDENCE, []))


def test_streams_pieces_as_they_come_and_sends_the_evidence() -> None:
    role = {"choices": [{"delta": {"role": "assistant", "content": None}}]}
    usage = {"choices": [], "usage": {"total_tokens": 9}}
    reply = events(role, delta("每户分到"), delta("1500元。[1]"), usage)
    with chat_server(reply) as server:
        writer = load_llm(f"remote:{server.url}#qwen", api_key="secret")
        found = list(
            writer.write("每户多少钱？", EVIDENCE, [Turn("user", "a"), Turn("assistant", "b")])
        )
    assert found == ["每户分到", "1500元。[1]"]
    assert writer.name == "remote:qwen"
    (body,) = server.requests
    assert server.paths == ["/v1/chat/completions"]
    assert server.keys == ["Bearer secret"]
    assert (body["model"], body["stream"], body["temperature"]) == ("qwen", True, 0)
    assert [message["role"] for message in body["messages"]] == [
        "system", "user", "assistant", "user",
    ]  # fmt: skip
    assert "44户贫困户每户分到1500元" in body["messages"][-1]["content"]
    assert body["messages"][-1]["content"].endswith("问题：每户多少钱？")


def test_no_key_sends_no_authorization() -> None:
    with chat_server(events(delta("a"))) as server:
        pieces(model(server.url))
    assert server.keys == [None]


def test_takes_an_answer_in_one_piece_from_a_server_that_does_not_stream() -> None:
    answer = {"choices": [{"message": {"role": "assistant", "content": "1500元。[1]"}}]}
    with chat_server(whole(200, answer)) as server:
        assert pieces(model(server.url)) == ["1500元。[1]"]


def test_a_stream_without_done_or_last_blank_line_is_whole() -> None:
    body = f"data: {json.dumps(delta('完'))}".encode()
    reply = lambda handler: send(handler, 200, "text/event-stream", body)  # noqa: E731
    with chat_server(reply) as server:
        assert pieces(model(server.url)) == ["完"]


def test_thoughts_are_left_out_however_they_are_cut() -> None:
    reply = events(
        delta("<th"), delta("ink>嗯，"), delta("1500？</thi"), delta("nk>每户1500元。[1]")
    )
    with chat_server(reply) as server:
        assert "".join(pieces(model(server.url))) == "每户1500元。[1]"


def test_tries_again_while_nothing_was_written() -> None:
    busy = whole(503, {"error": {"message": "loading"}})
    with chat_server(busy, busy, events(delta("好。[1]"))) as server:
        assert pieces(model(server.url)) == ["好。[1]"]
    assert len(server.requests) == 3


def test_gives_up_after_three_tries_and_says_what_the_server_said() -> None:
    with (
        chat_server(whole(503, {"error": {"message": "loading"}})) as server,
        pytest.raises(LLMUnavailable, match="answers 503: loading"),
    ):
        pieces(model(server.url))
    assert len(server.requests) == 3


def test_never_tries_again_after_the_first_piece() -> None:
    def breaks_off(handler: BaseHTTPRequestHandler) -> None:
        body = f"data: {json.dumps(delta('每户'))}\n\n".encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", str(len(body) + 100))
        handler.end_headers()
        handler.wfile.write(body)

    with chat_server(breaks_off) as server:
        written = model(server.url).write("每户多少钱？", EVIDENCE, [])
        assert next(written) == "每户"
        with pytest.raises(LLMFailed, match="broke"):
            next(written)
    assert len(server.requests) == 1


def test_a_broken_connection_before_the_first_piece_is_tried_again() -> None:
    def hangs_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    with chat_server(hangs_up, events(delta("好"))) as server:
        assert pieces(model(server.url)) == ["好"]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "error", "hint"),
    [
        (401, LLMUnavailable, "WENJU_LLM_API_KEY"),
        (403, LLMUnavailable, "WENJU_LLM_API_KEY"),
        (404, LLMUnavailable, "model name"),
        (400, LLMFailed, "log"),
        (301, LLMFailed, "log"),
    ],
)
def test_refusals_that_no_second_try_mends(
    status: int, error: type[LLMFailed | LLMUnavailable], hint: str
) -> None:
    with (
        chat_server(whole(status, {"detail": "no such thing"})) as server,
        pytest.raises(error, match="no such thing") as caught,
    ):
        pieces(model(server.url))
    assert hint in caught.value.hint
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_server_cannot_send_us_elsewhere(status: int) -> None:
    """Neither a question nor a key goes to an address that the settings don't name."""
    with chat_server(events(delta("骗到了"))) as inside:

        def elsewhere(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Location", f"{inside.url}/chat/completions")
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        with chat_server(elsewhere) as server, pytest.raises(LLMFailed):
            pieces(model(server.url, key="secret"))
        assert inside.requests == []


def test_an_error_event_in_the_stream() -> None:
    with (
        chat_server(events({"error": {"message": "out of memory"}})) as server,
        pytest.raises(LLMFailed, match="out of memory"),
    ):
        pieces(model(server.url))


@pytest.mark.parametrize(
    "item",
    [
        "{not json",
        "[1, 2]",
        "[" * 100_000,
        '{"choices": [7]}',
        '{"choices": {"a": 1}}',
        '{"choices": [{"delta": {"content": 7}}]}',
        '{"choices": [{"delta": "text"}]}',
    ],
)
def test_garbage_events(item: str) -> None:
    with chat_server(events(item)) as server, pytest.raises(LLMFailed, match="unusable"):
        pieces(model(server.url))


@pytest.mark.parametrize(
    "body", [b"<html>nginx</html>", b"\xff\xfe\x00", b"[]", b"{}", b'{"choices": []}', b""]
)
def test_garbage_bodies(body: bytes) -> None:
    with chat_server(whole(200, body, "text/html")) as server, pytest.raises(LLMFailed):
        pieces(model(server.url))


def test_nothing_written_is_a_failure() -> None:
    with chat_server(events()) as server, pytest.raises(LLMFailed, match="wrote nothing"):
        pieces(model(server.url))


def test_an_endless_event_is_cut_off() -> None:
    reply = events("x" * 2_000_000)
    with chat_server(reply) as server, pytest.raises(LLMFailed, match="1 MiB"):
        pieces(model(server.url))


def test_a_model_that_does_not_stop_is_cut_off() -> None:
    reply = events(*[delta("字" * 100)] * 20)
    with chat_server(reply) as server, pytest.raises(LLMFailed, match="does not stop"):
        pieces(model(server.url))


def test_a_stall_ends_after_the_timeout() -> None:
    def stalls(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(f"data: {json.dumps(delta('每户'))}\n\n".encode())
        handler.wfile.flush()
        server.release.wait(10)

    with chat_server(stalls) as server:
        started = time.monotonic()
        written = model(server.url, timeout_s=0.3).write("每户多少钱？", EVIDENCE, [])
        assert next(written) == "每户"
        with pytest.raises(LLMFailed, match=r"silent for 0\.3 s"):
            next(written)
        assert time.monotonic() - started < 3


def test_nobody_at_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        with pytest.raises(LLMUnavailable, match="no language model answers") as caught:
            pieces(model(url))
    assert "--llm" in caught.value.hint


def test_evidence_is_cut_to_what_the_model_reads() -> None:
    long = [NumberedEvidence(n, "题", None, f"第{n}段" + "字" * 600) for n in range(1, 6)]
    with chat_server(events(delta("好"))) as server:
        list(model(server.url).write("多少？", long, []))
    content = server.requests[0]["messages"][-1]["content"]
    assert "第1段" in content
    assert "第5段" not in content
    assert content.endswith("问题：多少？")


def test_a_question_that_does_not_fit_is_said() -> None:
    with chat_server(events(delta("好"))) as server, pytest.raises(LLMFailed, match="longer"):
        list(model(server.url).write("多" * 5000, [], []))
    assert server.requests == []


@pytest.mark.parametrize(
    "name",
    [
        "remote:http://a/v1",
        "remote:ftp://a#m",
        "remote:#m",
        "gpt",
        "local:",
        "remote:",
        "",
        "remote:http://#m",
        "remote:http://a:b#m",
    ],
)
def test_names_of_no_kind(name: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        load_llm(name)
    assert "remote:" in caught.value.hint


def test_the_key_is_not_in_messages() -> None:
    with (
        chat_server(whole(401, {"error": "bad key"})) as server,
        pytest.raises(LLMUnavailable) as caught,
    ):
        pieces(model(server.url, key="geheim"))
    assert "geheim" not in caught.value.message + caught.value.hint
