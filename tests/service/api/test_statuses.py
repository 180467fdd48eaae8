"""The description of the API names, for each route, the statuses that occur there and no other."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from indexer.errors import EmbedderFailed, IndexDamaged, LLMUnavailable
from service.access.attempts import MAX_FAILURES
from service.access.keys import KEYS_FILE, KeyStore
from service.access.principal import Role
from service.archive import Archive
from service.deadline import AnswerTimedOut
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeArchive
from tests.service.sockets import connected, until_closed

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
        "408": ("slow", {"content": HALF}),
        "404": ("whole", UPLOAD | {"params": {"collection": "none"}}),
        "413": ("whole", {"files": {"files": ("a.txt", b"a" * 5000)}}),
        "507": ("full", UPLOAD),
    },
    ("delete", "/v1/documents/{document_id}"): CHANGE | {"404": ("whole", {}), "503": ("gone", {})},
    ("post", "/v1/collections/{name}/reindex"): CHANGE | {"404": ("whole", {})},
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
    *(("get", "/v1/audit"), ("get", "/v1/session")),
    *(("post", "/v1/session"), ("delete", "/v1/session")),
    *(("get", "/healthz"), ("get", "/v1/models"), ("get", "/v1/models/{model}")),
    *(("post", "/v1/documents"), ("post", "/v1/collections/{name}/reindex")),
    *(("get", "/v1/jobs"), ("get", "/v1/jobs/{job_id}")),
    ("delete", "/v1/documents/{document_id}"),
    *(("get", "/v1/feedback"), ("post", "/v1/feedback")),
}


@pytest.fixture(scope="module")
def addresses(archive: Archive, folder: Path, keys: dict[str, str]) -> Iterator[dict[str, str]]:
    """A real server for each state that an archive or its keys can be in."""
    with ExitStack() as stack:

        def served(given: Any, state: Path, **bounds: Any) -> str:
            settings = Settings(
                max_body_bytes=4096, max_upload_request_bytes=4096, state=state, **bounds
            )
            return stack.enter_context(serving(given, settings))

        for unwritable in ("jobs.db", "feedback.jsonl"):
            (folder / "full" / unwritable).mkdir(parents=True)
        (folder / KEYS_FILE).write_bytes(b"no keys")
        yield {
            **{name: served(made(archive), folder / "none") for name, made in ARCHIVES.items()},
            **{name: served(archive, folder / "keys") for name in ("keyed", "tired")},
            "lost": served(archive, folder),
            "full": served(archive, folder / "full"),
            "slow": served(archive, folder / "none", body_timeout_s=0.2),
        }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("states")


@pytest.fixture(scope="module")
def keys(folder: Path) -> dict[str, str]:
    """A key of each role, for the servers that have keys."""
    store = KeyStore(folder / "keys")
    now = datetime.now(UTC)
    return {role: store.add(role, role, now=now)[1] for role in (Role.READER, Role.ADMIN)}


def filled(sent: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    """What is sent, with the key of a role where that is named."""
    found = dict(sent)
    if "authorization" in found.get("headers", {}):
        scheme, _, role = found["headers"]["authorization"].partition(" ")
        found["headers"] = {"authorization": f"{scheme} {keys.get(role, role)}"}
    if "key" in (found.get("json") or {}):
        found["json"] = {"key": keys.get(found["json"]["key"], found["json"]["key"])}
    return found


@pytest.fixture(scope="module")
def described(addresses: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{addresses['whole']}openapi.json").json()
    return found


def known_document(address: str) -> str:
    found: str = httpx.get(f"{address}v1/documents").json()["documents"][0]["document_id"]
    return found


def request(method: str, address: str, **sent: Any) -> httpx.Response:
    if sent.get("content") is not HALF:
        return httpx.request(method, address, timeout=30, **sent)
    path = urlsplit(address).path
    with connected(address) as connection:
        head = f"{method.upper()} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
        head, _, body = until_closed(connection).decode().partition("\r\n\r\n")
    first, *headers = head.split("\r\n")
    pairs = [(name, value) for name, _, value in (each.partition(": ") for each in headers)]
    return httpx.Response(int(first.split()[1]), headers=pairs, content=body.encode())


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_every_status_that_is_described_occurs(
    addresses: dict[str, str],
    described: dict[str, Any],
    keys: dict[str, str],
    route: tuple[str, str],
) -> None:
    method, path = route
    responses = described["paths"][path][method]["responses"]
    address = path.lstrip("/")
    for name, value in PATHS.items():
        address = address.replace(name, value)
    occurred = {"500"} if route in NEVER_500 else set()
    for status, (state, sent) in ROUTES[route].items():
        if (status, state) == ("500", "bug") and route in NEVER_500:
            continue
        for _ in range(MAX_FAILURES + 1 if state == "tired" else 1):
            answer = request(method, f"{addresses[state]}{address}", **filled(sent, keys))
        assert str(answer.status_code) == status, answer.text
        occurred.add(status)
        if int(status) >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] in responses[status]["x-codes"]
    if "{" in path:
        whole = addresses["whole"]
        known = {"{document_id}": known_document(whole), "{model}": "wenju", "{name}": "default"}
        if "{job_id}" in path:
            known["{job_id}"] = httpx.post(f"{whole}v1/documents", **UPLOAD).json()["job_id"]
        for name, value in known.items():
            path = path.replace(name, value)
        answer = httpx.request(method, whole + path.lstrip("/"), timeout=30)
        assert answer.status_code < 300, answer.text
        occurred.add(str(answer.status_code))
    assert occurred == set(responses)


def test_every_route_that_is_described_is_tried(described: dict[str, Any]) -> None:
    found = {(method, path) for path, methods in described["paths"].items() for method in methods}
    assert found == set(ROUTES)


def test_a_problem_is_described_for_each_of_them(described: dict[str, Any]) -> None:
    assert {"type", "title", "status", "detail", "code", "hint", "errors", "request_id"} == set(
        described["components"]["schemas"]["Problem"]["properties"]
    )
    for methods in described["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                assert answer["description"]
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(
    "path", ["", "docs", "page/main.js", "openapi.json", "healthz", "v1/documents", "mcp", "none"]
)
def test_head_is_answered_as_get_without_a_body(addresses: dict[str, str], path: str) -> None:
    address = addresses["whole"] + path
    head = httpx.head(address, timeout=10)
    with httpx.stream("GET", address, timeout=10) as got:  # one of them has no end
        assert head.status_code == got.status_code
        assert head.headers.get("content-type") == got.headers.get("content-type")
        assert head.headers.get("content-length") == got.headers.get("content-length")
    assert head.content == b""


def test_head_does_not_work_where_get_does_not(addresses: dict[str, str]) -> None:
    answer = httpx.head(f"{addresses['whole']}v1/ask")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)


@pytest.fixture(scope="module")
def plain(archive: Archive) -> Iterator[str]:
    with serving(archive) as address:
        yield address


def test_what_is_described_is_what_runs(plain: str, tmp_path: Path) -> None:
    """Data that fit the description and data that don't, made up of it, against a real socket."""
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"{plain}openapi.json",
            "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing",
            "--max-examples", "8", "--generation-deterministic", "--continue-on-failure",
            "--mode", "all", "--no-color", "--request-timeout", "30",
            "--report", "ndjson", "--report-ndjson-path", str(tmp_path / "report.ndjson"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    lines = (tmp_path / "report.ndjson").read_text("utf-8").splitlines()
    assert sum('"status_code"' in line for line in lines) >= len(ROUTES)
    assert all(json.loads(line) for line in lines)
