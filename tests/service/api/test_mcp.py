"""The tools of the Model Context Protocol, called by its own client over a real socket."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client

from service.archive import Archive
from tests.service.api.conftest import client_of, serving
from tests.service.api.test_problems import is_problem


@pytest.fixture(scope="module")
def base(archive: Archive) -> Iterator[str]:
    with serving(archive) as address:
        yield address


def called(base: str, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(f"{base}mcp") as client:
            return await work(client)

    with start_blocking_portal() as portal:  # a loop of its own, beside the browser tests' loop
        return portal.call(run)


def call(base: str, tool: str, **arguments: Any) -> Any:
    return called(base, lambda client: client.call_tool(tool, arguments))


def test_the_tools_say_what_they_take(base: str) -> None:
    listed = called(base, lambda client: client.list_tools())
    by_name = {tool.name: tool for tool in listed.tools}
    assert set(by_name) == {"search", "ask", "get_document"}
    assert by_name["ask"].input_schema["required"] == ["question"]
    assert "quotes" in by_name["ask"].description
    assert "context" not in by_name["search"].input_schema["properties"]


def test_ask_gives_the_answer_with_its_proof(base: str) -> None:
    found = call(base, "ask", question="金野以匹村每户分到多少钱？")
    assert not found.is_error
    answer = found.structured_content
    assert "每户分到1500元。[1]" in answer["answer"]
    assert "\n[1] 金野以匹村的分红" in answer["text"]
    assert "44户贫困户每户分到1500元" in answer["citations"][0]["quote"]


def test_search_then_read_the_document(base: str) -> None:
    hits = call(base, "search", query="呼吸机", k=1).structured_content["hits"]
    assert [hit["source"] for hit in hits] == ["捐赠.txt"]
    document = call(base, "get_document", document_id=hits[0]["document_id"]).structured_content
    assert "呼吸机两台" in document["text"]
    assert document["next_start"] is None
    part = call(
        base, "get_document", document_id=hits[0]["document_id"], start=2, length=3
    ).structured_content
    assert (part["text"], part["next_start"]) == (document["text"][2:5], 5)


def test_filters_hold(base: str) -> None:
    found = call(base, "search", query="分红", source="2020/就*").structured_content["hits"]
    assert {hit["source"] for hit in found} <= {"2020/就医.txt"}


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": "？"}, "question"),
        ("ask", {"question": "几户", "collection": "nowhere"}, "collection_not_found"),
        ("ask", {"question": "几户", "date_from": "gestern"}, "date_from"),
        ("search", {"query": "x", "k": 0}, "k"),
        ("get_document", {"document_id": "none"}, "document_not_found"),
        ("fly", {}, "fly"),
    ],
)
def test_wrong_calls_are_told_to_the_model(
    base: str, tool: str, arguments: dict[str, Any], said: str
) -> None:
    found = call(base, tool, **arguments)
    assert found.is_error
    assert said in found.content[0].text


def test_rubbish_is_refused(base: str) -> None:
    headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    assert httpx.post(f"{base}mcp", content=b"{", headers=headers).status_code == 400


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD"])
def test_no_stream_holds_a_connection_for_nothing(base: str, method: str) -> None:
    headers = {"accept": "application/json, text/event-stream"}
    assert httpx.request(method, f"{base}mcp", headers=headers, timeout=5).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b'{"messages":' + b"[" * 100_000,
        b'{"jsonrpc":"2.0","id":' + b"9" * 5000 + b',"method":"tools/list"}',
        b"\x00",
        b'[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]',
    ],
    ids=["deep", "giant", "nul", "batch"],
)
def test_hostile_bodies_are_refused(base: str, body: bytes) -> None:
    headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    assert httpx.post(f"{base}mcp", content=body, headers=headers).status_code == 400


def test_without_the_extra_the_address_says_how_to_get_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.api.tools.find_spec", lambda name: None)
    with client_of(archive) as client:
        is_problem(client.post("/mcp", json={}), 501, "missing_extra")
