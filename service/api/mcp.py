"""The archive as tools of the Model Context Protocol: search, ask, get_document.

The only file that imports `mcp`, which is an extra. Each request stands alone: no session is kept,
so any process may answer it.
"""

from typing import Annotated, Any, Literal, NoReturn

from fastapi import Request
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Route

from indexer.errors import WenjuError
from service.api.ask import whole_answer
from service.api.documents import document_json
from service.api.errors import log_unexpected
from service.api.footnotes import with_footnotes
from service.api.search import found_passages
from service.api.state import DEFAULT, archive_with
from service.api.wire import (
    AskRequest,
    FiltersIn,
    SearchRequest,
    answer_json,
    search_json,
)

_TEXT_CHARS = 20_000  # of a document that one call returns

_INSTRUCTIONS = """\
Search and ask an organisation's own documents, in Chinese or English. `ask` gives an answer whose
every sentence quotes a document, or says what it did not find; `search` gives passages, and
`get_document` a document's text. Quote what they return; don't state figures that they don't."""

Collection = Annotated[str, Field(description="the collection to look in")]
Source = Annotated[str | None, Field(description="only documents whose path fits this glob")]
Since = Annotated[str | None, Field(description="only documents of this day or later: 2020-05-28")]
Until = Annotated[str | None, Field(description="only documents of this day or earlier")]


def server() -> MCPServer:
    """The tools, still at no address."""
    made = MCPServer("wenju", title="Wenju 问据", instructions=_INSTRUCTIONS)
    made.tool(title="Search passages")(search)
    made.tool(title="Ask a question")(ask)
    made.tool(title="Read a document")(get_document)
    return made


def routes(served: MCPServer, path: str) -> list[BaseRoute]:
    endpoint = served.streamable_http_app(
        streamable_http_path=path,
        json_response=True,
        stateless_http=True,
        # The application itself refuses foreign hosts and origins, here as everywhere.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    found = list(endpoint.routes)
    for route in found:
        if isinstance(route, Route):
            # Nothing is ever sent unasked: a stream for it would hold its connection for good.
            route.methods = {"POST"}
    return found


async def search(
    context: Context,
    query: Annotated[str, Field(description="words or a question")],
    k: Annotated[int, Field(ge=1, le=50, description="how many passages")] = 10,
    mode: Literal["hybrid", "dense", "lexical"] = "hybrid",
    collection: Collection = DEFAULT,
    source: Source = None,
    date_from: Since = None,
    date_to: Until = None,
) -> dict[str, Any]:
    """Find the passages that fit a query best, with their documents and offsets."""
    try:
        filters = FiltersIn(source=source, date_from=date_from, date_to=date_to)
        asked = SearchRequest(query=query, k=k, mode=mode, collection=collection, filters=filters)
        found = await found_passages(_request(context), asked)
    except Exception as error:  # the protocol's edge
        _fail(error)
    return search_json(found)


async def ask(
    context: Context,
    question: Annotated[str, Field(description="a whole question")],
    k: Annotated[int, Field(ge=1, le=50, description="how many passages may be used")] = 8,
    collection: Collection = DEFAULT,
    source: Source = None,
    date_from: Since = None,
    date_to: Until = None,
) -> dict[str, Any]:
    """Answer a question from the documents, every sentence with its quotes, or say why not.

    `text` is the answer with footnotes; the other fields are those of POST /v1/ask.
    """
    try:
        filters = FiltersIn(source=source, date_from=date_from, date_to=date_to)
        asked = AskRequest(question=question, k=k, collection=collection, filters=filters)
        answer = await whole_answer(_request(context), asked)
    except Exception as error:  # the protocol's edge
        _fail(error)
    return {"text": with_footnotes(answer)} | answer_json(answer)


async def get_document(
    context: Context,
    document_id: Annotated[str, Field(max_length=200)],
    start: Annotated[int, Field(ge=0, description="the first character to return")] = 0,
    length: Annotated[int, Field(ge=1, le=_TEXT_CHARS)] = _TEXT_CHARS,
    collection: Annotated[
        str | None, Field(description="where to look; everywhere if left out")
    ] = None,
) -> dict[str, Any]:
    """A document's metadata and its stored text, a stretch at a time."""

    def read() -> dict[str, Any]:
        stored = archive_with(_request(context), document_id, collection).reader.document(
            document_id
        )
        text = stored.document.text[start : start + length]
        end = start + len(text)
        more = end if end < stored.characters else None
        return document_json(stored) | {"start": start, "text": text, "next_start": more}

    try:
        return await run_in_threadpool(read)
    except Exception as error:  # the protocol's edge
        _fail(error)


def _request(context: Context) -> Request:
    """The HTTP request of a call, which says who calls."""
    request: Request | None = context.request_context.request
    if request is None:
        raise ToolError("the tools are served over HTTP alone")
    return request


def _fail(error: Exception) -> NoReturn:
    """Tell the model what went wrong, and the log what nobody foresaw."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "arguments"
        raise ToolError(f"{field}: {first['msg']}") from None
    known = error if isinstance(error, WenjuError) else log_unexpected(error)
    raise ToolError(f"{known.message} ({known.code}; hint: {known.hint})") from None
