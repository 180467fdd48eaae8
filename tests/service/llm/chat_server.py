"""A real server on a real socket that speaks OpenAI's chat protocol, or breaks it as told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class ChatServer:
    """`replies` are used in turn, the last one for ever; `requests` is what came in."""

    url: str
    replies: list[Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


@contextmanager
def chat_server(*replies: Reply, port: int = 0) -> Iterator[ChatServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            state.requests.append(json.loads(self.rfile.read(size)))
            state.paths.append(self.path)
            state.keys.append(self.headers.get("authorization"))
            reply = state.replies[min(len(state.requests), len(state.replies)) - 1]
            reply(self)

        def log_message(self, *args: Any) -> None:
            del args  # the test's output is no place for them

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    state = ChatServer(f"http://127.0.0.1:{server.server_address[1]}/v1", list(replies))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def delta(text: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}


def send(handler: BaseHTTPRequestHandler, status: int, content_type: str, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def events(*data: dict[str, Any] | str, done: bool = True) -> Reply:
    """A stream of events: objects as JSON, strings as they are."""
    lines = [item if isinstance(item, str) else json.dumps(item) for item in data]
    if done:
        lines.append("[DONE]")
    body = "".join(f"data: {line}\n\n" for line in lines).encode()
    return lambda handler: send(handler, 200, "text/event-stream; charset=utf-8", body)


def whole(status: int, content: Any, content_type: str = "application/json") -> Reply:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda handler: send(handler, status, content_type, body)
