"""Nothing of a collection reaches who may not see it: not a word, a count, or a different refusal.

Two services are asked the same, everything that the OpenAPI document lists, by keys of every role
for the collection `default`: one that also has the collection `人事`, and one that does not.
Whatever they answer must be equal, and the first must not so much as look into `人事`.
"""

import json
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.access.keys import KeyStore
from service.access.principal import Role
from service.api.app import create_app
from service.archive import Archive
from service.settings import Settings

FOREIGN, UNKNOWN = "人事", "财务"
QUESTION = "林场场长的工资是多少？"
VOLATILE = {
    *("ready", "questions", "timings_ms", "answer_id", "created", "id", "request_id"),
    "at",
    "generation",
}
VOLATILE_HEADS = {"date", "x-request-id", "content-length", "retry-after", "set-cookie"}

# What a parameter or a field of a body is filled with, by its name. A target is what a collection
# or one of its documents is named by: {collection} and {document} are put in for each.
TARGETS = {
    "collection": "{collection}",
    "name": "{collection}",
    "model": "wenju/{collection}",
    "document_id": "{document}",
}
FILLED = {
    "question": QUESTION,
    "query": QUESTION,
    "messages": [{"role": "user", "content": QUESTION}],
    "files": ("新.txt", "新的文件。".encode()),
    "answer_id": "1f",
    "verdict": "right",
    "job_id": "1f",
    "page": "1",
    "start": "0",
    "end": "5",
    "report": "1f",
}


@dataclass(frozen=True)
class Watched:
    """An archive that tells whether it was looked into."""

    archive: Archive
    looked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        self.looked.append(name)
        return getattr(self.archive, name)


@dataclass(frozen=True)
class Pair:
    """The service with the foreign collection, the one without it, and who asks both."""

    having: TestClient
    lacking: TestClient
    foreign: Watched
    heads: Mapping[str, dict[str, str]]  # by role; `nobody` has no key, `whole` sees everything
    own_document: str
    foreign_document: str

    @property
    def spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.having.get("/openapi.json").json()
        return spec


def indexed(folder: Path, name: str, text: str) -> Path:
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / name).write_text(text, encoding="utf-8")
    build([folder / "corpus"], folder / "index", load_embedder("builtin"))
    return folder / "index"


@contextmanager
def running(loaders: Mapping[str, Any], settings: Settings) -> Iterator[TestClient]:
    loaded = threading.Event()
    with TestClient(create_app(loaders, settings, lambda _: loaded.set())) as client:
        assert loaded.wait(30)
        yield client


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("leaks")
    own = indexed(folder / "own", "苗圃.md", "# 东山苗圃\n\n东山苗圃今年育苗三万株。\n")
    secret = indexed(folder / "secret", "工资.md", "# 林场工资表\n\n林场场长的工资是4310元。\n")
    shutil.copytree(own, folder / "copy")
    keys = KeyStore(folder / "having")
    heads = {"nobody": {}}
    for name, role, seen in [
        *((str(role), role, frozenset({"default"})) for role in Role),
        ("whole", Role.ADMIN, None),
    ]:
        _, text = keys.add(name, role, now=datetime.now(UTC), collections=seen)
        heads[name] = {"authorization": f"Bearer {text}"}
    (folder / "lacking").mkdir()
    shutil.copy(keys.path, folder / "lacking")
    foreign = Watched(Archive.open(secret, Settings()))
    having = {
        "default": partial(Archive.open, own, Settings()),
        FOREIGN: lambda: foreign,
    }
    lacking = {"default": partial(Archive.open, folder / "copy", Settings())}
    with ExitStack() as stack:

        def bounds(state: str) -> Settings:
            return Settings(state=folder / state, rate_limit="off")

        first = stack.enter_context(running(having, bounds("having")))
        second = stack.enter_context(running(lacking, bounds("lacking")))
        whole = heads["whole"]
        first.post("/v1/ask", json={"question": QUESTION, "collection": FOREIGN}, headers=whole)
        documents = [
            first.get("/v1/documents", params={"collection": name}, headers=whole).json()[
                "documents"
            ][0]["document_id"]
            for name in ("default", FOREIGN)
        ]
        yield Pair(first, second, foreign, heads, *documents)


@dataclass(frozen=True)
class Ask:
    """One request, with its targets put in."""

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any]
    files: list[tuple[str, tuple[str, bytes]]]

    def send(self, client: TestClient, head: dict[str, str]) -> Any:
        client.cookies.clear()  # a session is another caller
        more: dict[str, Any] = {"json": self.body} if self.body and not self.files else {}
        if self.files:
            more = {"data": self.body, "files": self.files}
        return client.request(self.method, self.path, params=self.query, headers=head, **more)


def operations(spec: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
    ]


def filled(pair: Pair, method: str, path: str, collection: str | None, document: str) -> Ask:
    """The request of an operation; without a collection, what names one is left out if it can be.

    Fails for a parameter or field that has to be there and is none of those known above.
    """
    spec = pair.spec
    operation = spec["paths"][path][method.lower()]
    known = FILLED | {"key": pair.heads["reader"]["authorization"].removeprefix("Bearer ")}

    def value(name: str, required: bool) -> Any:
        target = TARGETS.get(name)
        if target is not None and (required or name != "collection" or collection is not None):
            return target.format(collection=collection or "default", document=document)
        if not required:
            return None
        if name not in known:
            pytest.fail(f"{method} {path} needs {name!r}: say in this file what to send")
        return known[name]

    query: dict[str, str] = {}
    for parameter in operation.get("parameters", ()):
        given = value(parameter["name"], parameter.get("required", False))
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", given)
        elif given is not None:
            query[parameter["name"]] = given
    assert "{" not in path, path
    body: dict[str, Any] = {}
    files: list[tuple[str, tuple[str, bytes]]] = []
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        if "$ref" in schema:
            schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for name in schema["properties"]:
            given = value(name, name in schema.get("required", ()))
            if kind == "multipart/form-data" and isinstance(given, tuple):
                files.append((name, given))
            elif given is not None:
                body[name] = given
    return Ask(method, path, query, body, files)


def steady(found: Any) -> Any:
    """A body without what differs from one request to the next."""
    if isinstance(found, list):
        return [steady(each) for each in found]
    if isinstance(found, dict):
        return {key: "…" if key in VOLATILE else steady(each) for key, each in found.items()}
    return found


def shown(answer: Any) -> tuple[int, dict[str, str], Any]:
    heads = {name: text for name, text in answer.headers.items() if name not in VOLATILE_HEADS}
    try:
        return answer.status_code, heads, steady(answer.json())
    except json.JSONDecodeError:
        return answer.status_code, heads, re.sub(r"\d[\d.e+-]*", "N", answer.text)


CALLERS = ["nobody", *map(str, Role)]


def changes(method: str, path: str) -> bool:
    return method in {"POST", "PUT", "PATCH", "DELETE"} and path.startswith(
        ("/v1/documents", "/v1/collections")
    )


@pytest.mark.parametrize("caller", CALLERS)
def test_a_service_answers_as_if_it_had_no_collection_that_the_caller_may_not_see(
    pair: Pair, caller: str
) -> None:
    compared = 0
    for method, path, _ in operations(pair.spec):
        for collection in (None, "default", FOREIGN, UNKNOWN):
            for document in (pair.own_document, pair.foreign_document, "0" * 32):
                if (
                    changes(method, path)
                    and collection in (None, "default")
                    and (document == pair.own_document or "{document_id}" not in path)
                ):
                    continue  # it would do what it says; see below for who may
                ask = filled(pair, method, path, collection, document)
                pair.foreign.looked.clear()
                answer = ask.send(pair.having, pair.heads[caller])
                assert pair.foreign.looked == [], ask
                assert shown(answer) == shown(ask.send(pair.lacking, pair.heads[caller])), ask
                # What is turned away for its number would be equal without being looked at.
                assert answer.status_code < 500, ask
                assert answer.status_code != 429, ask
                sent = f"{ask.path}{ask.query}{ask.body}"
                if path == "/v1/audit":  # it says what was asked for here, be it there or not
                    sent += f"{FOREIGN}{pair.foreign_document}"
                for word in (FOREIGN, pair.foreign_document, "4310元", "林场工资表", "工资.md"):
                    assert word in sent or word not in answer.text, (ask, word)
                compared += 1
    assert compared > 100


@pytest.mark.parametrize("caller", CALLERS)
def test_a_foreign_name_is_refused_in_the_words_of_an_unknown_one(pair: Pair, caller: str) -> None:
    head = pair.heads[caller]

    def said(ask: Ask, *own: str) -> str:
        text = json.dumps(shown(ask.send(pair.having, head)), ensure_ascii=False)
        for word in own:
            text = text.replace(word, "…")
        return text

    for method, path, _ in operations(pair.spec):
        foreign = filled(pair, method, path, FOREIGN, pair.foreign_document)
        unknown = filled(pair, method, path, UNKNOWN, "0" * 32)
        if foreign != unknown:
            assert said(foreign, FOREIGN, pair.foreign_document) == said(
                unknown, UNKNOWN, "0" * 32
            ), (method, path)


@pytest.mark.parametrize("role", Role)
def test_the_tools_of_models_tell_no_more(pair: Pair, role: Role) -> None:
    def called(client: TestClient, tool: str, arguments: dict[str, str]) -> str:
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
        answer = client.post(
            "/mcp",
            json=call | {"params": {"name": tool, "arguments": arguments}},
            headers=pair.heads[role] | {"accept": "application/json, text/event-stream"},
        )
        assert answer.status_code == 200
        return json.dumps(steady(answer.json()), ensure_ascii=False)

    pair.foreign.looked.clear()
    for tool, arguments in (
        ("search", {"query": QUESTION, "collection": FOREIGN}),
        ("ask", {"question": QUESTION, "collection": FOREIGN}),
        ("get_document", {"document_id": pair.foreign_document}),
        ("get_document", {"document_id": pair.foreign_document, "collection": FOREIGN}),
    ):
        told = called(pair.having, tool, arguments)
        assert "not_found" in told
        assert told == called(pair.lacking, tool, arguments)
    assert pair.foreign.looked == []


def needed(method: str, path: str) -> Role | None:
    """The role that an operation asks for; None where it is open to everybody."""
    if path in {"/healthz", "/readyz"} or (path == "/v1/session" and method != "GET"):
        return None
    if path in {"/metrics", "/v1/audit"} or (method, path) == ("GET", "/v1/feedback"):
        return Role.ADMIN
    return Role.EDITOR if changes(method, path) else Role.READER


@pytest.mark.parametrize("caller", CALLERS)
def test_each_role_may_do_its_part_and_no_more(pair: Pair, caller: str) -> None:
    for method, path, _ in operations(pair.spec):
        role = needed(method, path)
        ask = filled(pair, method, path, UNKNOWN if changes(method, path) else None, "0" * 32)
        status = ask.send(pair.having, pair.heads[caller]).status_code
        if role is None:
            assert status < 300, ask
        elif caller == "nobody":
            assert status == 401, ask
        else:
            assert (status == 403) == (not Role(caller).covers(role)), (ask, status)


def test_who_may_see_everything_does(pair: Pair) -> None:
    """Else the tests above would hold for a service that shows nothing."""
    whole = pair.heads["whole"]
    answer = pair.having.post(
        "/v1/ask", json={"question": QUESTION, "collection": FOREIGN}, headers=whole
    ).json()
    assert "4310元" in answer["answer"]
    path = f"/v1/documents/{pair.foreign_document}"
    assert pair.having.get(path, headers=whole).json()["title"] == "林场工资表"
    listed = pair.having.get("/v1/collections", headers=whole).json()["collections"]
    assert [each["name"] for each in listed] == ["default", FOREIGN]
    assert pair.having.get(path, headers=pair.heads["admin"]).status_code == 404
