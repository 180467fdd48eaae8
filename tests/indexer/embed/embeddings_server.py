"""An OpenAI-compatible embeddings server on a real socket, whose answers a test can spoil."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


def embedding_of(text: str) -> list[float]:
    return [float(len(text)), 1.0, 0.0]


def right_answer(body: dict[str, Any]) -> Answer:
    data = [
        {"object": "embedding", "index": at, "embedding": embedding_of(text)}
        for at, text in enumerate(body["input"])
    ]
    # Not in the order of the texts: a client must go by `index`.
    return 200, {}, json.dumps({"object": "list", "data": data[::-1]}).encode()


class EmbeddingsServer:
    """`spoil` answers instead of the right answer while it returns one."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.spoil: Callable[[dict[str, Any]], Answer | None] = lambda _: None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append({"path": self.path, **body})
                outer.headers.append(dict(self.headers.items()))
                status, headers, data = outer.spoil(body) or right_answer(body)
                if status == 0:  # hang up without a word
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @contextmanager
    def running(self) -> Iterator["EmbeddingsServer"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()
