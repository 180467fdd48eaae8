"""The description of the API names, for each route, the statuses that occur there and no other."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from eval.report.language import Language
from eval.report.write import write_report
from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.access.attempts import MAX_FAILURES
from service.access.keys import KEYS_FILE, KeyStore
from service.access.principal import Role
from service.archive import Archive
from service.settings import Settings
from tests.eval.report_runs import run_file, verdict
from tests.indexer.files.pdf_samples import drawing, finished, put
from tests.service.api.conftest import serving
from tests.service.api.routes import ARCHIVES, HALF, NEVER_500, PATHS, ROUTES, STRETCH, UPLOAD
from tests.service.sockets import connected, until_closed


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Of one document, which has pages to look at."""
    place = tmp_path_factory.mktemp("archive")
    (place / "corpus").mkdir()
    canvas = drawing()
    put(canvas, 72, 700, "金野以匹村的合作社去年有了收入，每户分到1500元。")
    (place / "corpus" / "分红.pdf").write_bytes(finished(canvas))
    build([place / "corpus"], place / "index", load_embedder("builtin"))
    return Archive.open(place / "index", Settings())


@pytest.fixture(scope="module")
def addresses(archive: Archive, folder: Path, keys: dict[str, str]) -> Iterator[dict[str, str]]:
    """A real server for each state that an archive or its keys can be in."""
    with ExitStack() as stack:

        def served(given: Any, state: Path, **bounds: Any) -> str:
            settings = Settings(
                max_body_bytes=4096,
                max_upload_request_bytes=4096,
                state=state,
                reports=folder / "reports",
                **bounds,
            )
            return stack.enter_context(serving(given, settings))

        for unwritable in ("jobs.db", "feedback.jsonl"):
            (folder / "full" / unwritable).mkdir(parents=True)
        (folder / KEYS_FILE).write_bytes(b"no keys")
        (folder / "reports").mkdir()
        run = run_file(folder, [verdict()])
        write_report(run, folder / "reports" / "run.html", Language.EN)
        yield {
            **{name: served(made(archive), folder / "none") for name, made in ARCHIVES.items()},
            **{name: served(archive, folder / "keys") for name in ("keyed", "tired")},
            "lost": served(archive, folder),
            "full": served(archive, folder / "full"),
            "slow": served(archive, folder / "slow", body_timeout_s=0.2),
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
    kind = sent.get("kind", "application/json")
    with connected(address) as connection:
        head = f"{method.upper()} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
        connection.sendall(f"{head}Content-Type: {kind}\r\n\r\n{{".encode())
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
        # Twice as many as are allowed: the minute in which they are counted may end between.
        for _ in range(2 * MAX_FAILURES + 2 if state == "tired" else 1):
            answer = request(method, f"{addresses[state]}{address}", **filled(sent, keys))
            if str(answer.status_code) == status:
                break
        assert str(answer.status_code) == status, answer.text
        occurred.add(status)
        if int(status) >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] in responses[status]["x-codes"]
    if "{" in path:
        whole = addresses["whole"]
        known = {"{document_id}": known_document(whole), "{model}": "wenju", "{name}": "default"}
        known |= {"{page}": "1", "{report}": "run.html"}
        if "{job_id}" in path:
            known["{job_id}"] = httpx.post(f"{whole}v1/documents", **UPLOAD).json()["job_id"]
        for name, value in known.items():
            path = path.replace(name, value)
        more = {"params": STRETCH} if path.endswith(("/boxes", "/questions")) else {}
        answer = httpx.request(method, whole + path.lstrip("/"), timeout=30, **more)
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
