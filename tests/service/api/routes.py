"""What is sent to each route to meet each of its statuses, and to an archive in which state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from indexer.errors import EmbedderFailed, IndexDamaged, LLMUnavailable
from service.access.principal import Role
from service.archive import Archive
from service.deadline import AnswerTimedOut
from tests.service.api.fakes import FakeArchive

QUESTION = {"question": "每户分到多少钱？"}
CHAT = {"messages": [{"role": "user", "content": "每户分到多少钱？"}]}


@dataclass
class Broken:
    """An archive at which everything fails, in one way."""

    failure: Exception

    def _fails(self, *_: Any, **__: Any) -> Any:
        raise self.failure

    ask = ask_stream = search = _fails

    @property
    def reader(self) -> Any:
        raise self.failure


ARCHIVES: dict[str, Callable[[Archive], Any]] = {
    "whole": lambda archive: archive,
    "bug": lambda _: Broken(ZeroDivisionError("a fault of ours")),
    "gone": lambda _: Broken(IndexDamaged("a file is absent", hint="mend it")),
    "embedder": lambda _: Broken(EmbedderFailed("no vectors", hint="look")),
    "model": lambda _: FakeArchive(failure=LLMUnavailable("gone", hint="start it")),
    "late": lambda _: Broken(AnswerTimedOut("too late", hint="again")),
}

# What is sent to get a status from a route, and to an archive in which state.
Sent = tuple[str, dict[str, Any]]
PATHS = {"{document_id}": "none", "{model}": "gpt", "{name}": "none", "{job_id}": "none"}
PATHS |= {"{page}": "1", "{report}": "none"}
WRONG = {"headers": {"authorization": "Bearer wenju_wrong_wrong"}}
READER, ADMIN = (
    {"headers": {"authorization": f"Bearer {role}"}} for role in (Role.READER, Role.ADMIN)
)
BIG = {"content": b" " * 5000, "headers": {"content-type": "application/json"}}
HALF = "half"  # of a body: the rest never comes
BAD_HOST = {"headers": {"host": "evil.example"}}
PULSE: dict[str, Sent] = {
    "413": ("whole", BIG),
    "421": ("whole", BAD_HOST),
    "422": ("whole", {"params": {"nothing": "1"}}),
    "500": ("bug", {}),
}
READ = PULSE | {"401": ("keyed", {}), "429": ("tired", WRONG), "503": ("lost", {})}
# What anyone may read: only a key that is shown and is not good is refused.
PUBLIC = READ | {"401": ("keyed", WRONG), "503": ("lost", WRONG)}
POST: dict[str, Sent] = READ | {
    "400": ("whole", {"content": b"{", "headers": {"content-type": "application/json"}}),
    "408": ("slow", {"content": HALF}),
    "403": ("whole", {"headers": {"origin": "https://evil.example"}}),
    "422": ("whole", {"json": {}}),
}
STRETCH = {"start": "0", "end": "5"}
DOCUMENT = READ | {"404": ("whole", {}), "503": ("gone", {})}
ROUTES: dict[tuple[str, str], dict[str, Sent]] = {
    ("post", "/v1/ask"): POST
    | {
        "200": ("whole", {"json": QUESTION}),
        "404": ("whole", {"json": QUESTION | {"collection": "none"}}),
        "500": ("bug", {"json": QUESTION}),
        "502": ("embedder", {"json": QUESTION}),
        "504": ("late", {"json": QUESTION}),
        "503": ("model", {"json": QUESTION}),
    },
    ("post", "/v1/search"): POST
    | {
        "200": ("whole", {"json": {"query": "分红"}}),
        "404": ("whole", {"json": {"query": "分红", "collection": "none"}}),
        "500": ("bug", {"json": {"query": "分红"}}),
        "502": ("embedder", {"json": {"query": "分红"}}),
        "504": ("late", {"json": {"query": "分红"}}),
        "503": ("gone", {"json": {"query": "分红"}}),
    },
    ("post", "/v1/chat/completions"): POST
    | {
        "200": ("whole", {"json": CHAT}),
        "404": ("whole", {"json": CHAT | {"model": "gpt"}}),
        "500": ("bug", {"json": CHAT}),
        "502": ("embedder", {"json": CHAT}),
        "504": ("late", {"json": CHAT}),
        "503": ("model", {"json": CHAT}),
    },
    ("get", "/v1/documents"): READ
    | {
        "200": ("whole", {}),
        "404": ("whole", {"params": {"collection": "none"}}),
        "503": ("gone", {}),
    },
    ("get", "/v1/documents/{document_id}"): DOCUMENT,
    ("get", "/v1/documents/{document_id}/original"): DOCUMENT,
    ("get", "/v1/documents/{document_id}/pages/{page}.png"): DOCUMENT,
    ("get", "/v1/documents/{document_id}/pages/{page}/boxes"): DOCUMENT
    | {
        "404": ("whole", {"params": STRETCH}),
        "500": ("bug", {"params": STRETCH}),
        "503": ("gone", {"params": STRETCH}),
    },
    ("get", "/v1/documents/{document_id}/questions"): DOCUMENT
    | {
        "404": ("whole", {"params": STRETCH}),
        "500": ("bug", {"params": STRETCH}),
        "502": ("embedder", {"params": STRETCH}),
        "503": ("gone", {"params": STRETCH}),
        "504": ("late", {"params": STRETCH}),
    },
    ("get", "/v1/reports"): READ | {"200": ("whole", {})},
    ("get", "/v1/reports/{report}"): READ | {"404": ("whole", {})},
    ("get", "/v1/suggestions"): READ
    | {
        "200": ("whole", {}),
        "404": ("whole", {"params": {"collection": "none"}}),
        "503": ("gone", {}),
    },
    ("get", "/v1/collections"): READ | {"200": ("whole", {})},
    ("get", "/healthz"): PULSE | {"200": ("whole", {})},
    ("get", "/readyz"): PUBLIC | {"200": ("whole", {}), "503": ("gone", {})},
    ("get", "/v1/models"): READ | {"200": ("whole", {})},
    ("get", "/v1/models/{model}"): READ | {"404": ("whole", {})},
    ("get", "/metrics"): READ | {"200": ("whole", {}), "403": ("keyed", READER)},
    ("get", "/v1/audit"): READ | {"200": ("keyed", ADMIN), "403": ("keyed", READER)},
    ("get", "/v1/session"): READ | {"200": ("keyed", READER)},
    ("delete", "/v1/session"): PUBLIC
    | {"204": ("keyed", READER), "403": ("whole", {"headers": {"origin": "null"}})},
    ("post", "/v1/session"): POST
    | {
        "200": ("keyed", {"json": {"key": Role.READER}}),
        "401": ("keyed", {"json": {"key": "wenju_wrong_wrong"}}),
    },
}
# What changes documents, or what is kept of them: a service whose state is unusable can't.
CHANGE = READ | {
    "403": ("whole", {"headers": {"origin": "https://evil.example"}}),
    "404": ("whole", {"params": {"collection": "none"}}),
    "507": ("full", {}),
}
UPLOAD = {"files": {"files": ("a.txt", b"a")}}
VERDICT = {"answer_id": "1", "verdict": "right"}
ROUTES |= {
    ("post", "/v1/documents"): CHANGE
    | {
        "202": ("whole", UPLOAD),
        "408": ("slow", {"content": HALF, "kind": "multipart/form-data; boundary=x"}),
        "404": ("whole", UPLOAD | {"params": {"collection": "none"}}),
        "413": ("whole", {"files": {"files": ("a.txt", b"a" * 5000)}}),
        "507": ("full", UPLOAD),
    },
    ("delete", "/v1/documents/{document_id}"): CHANGE | {"404": ("whole", {}), "503": ("gone", {})},
    ("post", "/v1/collections/{name}/reindex"): CHANGE | {"404": ("whole", {})},
    ("post", "/v1/collections/{name}/compact"): CHANGE | {"404": ("whole", {})},
    ("get", "/v1/jobs"): READ
    | {
        "200": ("whole", {}),
        "404": ("whole", {"params": {"collection": "none"}}),
        "507": ("full", {}),
    },
    ("get", "/v1/jobs/{job_id}"): READ | {"404": ("whole", {}), "507": ("full", {})},
    ("get", "/v1/feedback"): READ | {"200": ("keyed", ADMIN), "403": ("keyed", READER)},
    ("post", "/v1/feedback"): POST
    | {
        "201": ("whole", {"json": VERDICT}),
        "404": ("whole", {"json": VERDICT | {"collection": "none"}}),
        "507": ("full", {"json": VERDICT}),
    },
}
# These fail at nothing that an archive does: only a fault elsewhere would be a 500.
NEVER_500 = {
    *(("get", "/v1/reports"), ("get", "/v1/reports/{report}")),
    *(("get", "/v1/audit"), ("get", "/v1/session")),
    *(("post", "/v1/session"), ("delete", "/v1/session")),
    *(("get", "/healthz"), ("get", "/v1/models"), ("get", "/v1/models/{model}")),
    *(("post", "/v1/documents"), ("post", "/v1/collections/{name}/reindex")),
    ("post", "/v1/collections/{name}/compact"),
    *(("get", "/v1/jobs"), ("get", "/v1/jobs/{job_id}")),
    ("delete", "/v1/documents/{document_id}"),
    *(("get", "/v1/feedback"), ("post", "/v1/feedback")),
}
