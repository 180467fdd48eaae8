"""A service over real sockets with prepared answers and prepared faults. Knows no index."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.eval.fakes import TEXTS, stored

QUOTE = "每户分到1,500元。"
START = TEXTS["a/visit.md"].index(QUOTE)


def answer(question: str, **changed: Any) -> dict[str, Any]:
    """A right answer as the contract has it."""
    citation = {
        "n": 1, "document_id": "a/visit.md", "title": "走访", "source": "a/visit.md", "url": None,
        "date": None, "passage_id": "a/visit.md-1", "start": START, "end": START + len(QUOTE),
        "quote": QUOTE, "page": None, "score": 0.5,
    }  # fmt: skip
    said = {
        "answer_id": "a1", "question": question, "answer": QUOTE, "abstained": False,
        "abstention": None, "short_answer": "1,500元", "citations": [citation], "conflicts": [],
        "sentences": [{"text": QUOTE, "support": "quoted", "citations": [1]}],
        "confidence": 0.75, "model": "fake", "generation": "g000001",
        "timings_ms": {"total": 2.0}, "note": None,
    }  # fmt: skip
    return said | changed


@dataclass
class Given:
    """What is sent for a path or a question: a status, a type and a body; None hangs up."""

    body: bytes | None
    status: int = 200
    content_type: str = "application/json"


def as_json(body: Any, status: int = 200, content_type: str = "application/json") -> Given:
    return Given(json.dumps(body, ensure_ascii=False).encode(), status, content_type)


@dataclass
class FakeService:
    """`faults` are by question, or by path; what is in neither is answered as it should be."""

    url: str = ""
    faults: dict[str, Given] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def given(self, target: str, body: dict[str, Any]) -> Given:
        parts = urlsplit(target)
        if parts.path == "/v1/ask":
            self.asked.append(body)
        named = self.faults.get(body.get("question", "")) or self.faults.get(parts.path)
        return named or as_json(self._right(unquote(parts.path), parts.query, body))

    def _right(self, path: str, query: str, body: dict[str, Any]) -> dict[str, Any]:
        sources = list(TEXTS)
        if path == "/readyz":
            passages = sum(len(stored(source).passages) for source in sources)
            known = {"documents": len(sources), "passages": passages}
            return {"status": "ready", "generation": "g000001", "model": "fake", **known}
        if path == "/v1/ask":
            return answer(body["question"])
        if path == "/v1/search":
            return {"hits": [self._hit("a/visit.md", n) for n in (0, 1)]}
        if path == "/v1/documents":  # one a page
            at = int(query.partition("cursor=")[2] or 0)
            row = {"source": sources[at], "document_id": sources[at]}
            return {"documents": [row], "next_cursor": None if at else "1"}
        found = stored(path.removeprefix("/v1/documents/"))
        spans = [
            {"passage_id": span.passage_id, "start": span.start, "end": span.end}
            for span in found.passages
        ]
        return {"document_id": found.document_id, "text": found.text, "passages": spans}

    def _hit(self, source: str, n: int) -> dict[str, Any]:
        span = stored(source).passages[n]
        place = {"passage_id": span.passage_id, "start": span.start, "end": span.end}
        return {"document_id": source, "source": source, **place}


@contextmanager
def fake_service(**faults: Given) -> Iterator[FakeService]:
    service = FakeService(faults=faults)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else {}
            given = service.given(self.path, body)
            self.send_response(given.status)
            self.send_header("Content-Type", given.content_type)
            # Hanging up: more is promised than comes.
            self.send_header("Content-Length", str(9 if given.body is None else len(given.body)))
            self.end_headers()
            self.wfile.write(given.body or b"")

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
