"""POST /v1/search: a query to ranked passages."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse

from indexer.errors import EmbedderFailed
from service.api.errors import check_length
from service.api.metrics import metrics_of
from service.api.openapi import ARCHIVE, WORKING, problems
from service.api.running import runner_of
from service.api.state import archive_of, noted_of
from service.api.wire import (
    SearchRequest,
    SearchResponse,
    filters_record,
    search_json,
)
from service.deadline import Deadline
from service.records import SearchResult

router = APIRouter(tags=["search"])


@router.post(
    "/v1/search",
    response_model=SearchResponse,
    responses=problems(*ARCHIVE, *WORKING, EmbedderFailed),
    summary="Search passages",
)
async def search(request: Request, asked: Annotated[SearchRequest, Body()]) -> Response:
    """Find passages by meaning and words (`hybrid`), by meaning or by words alone.

    `highlights` are offsets into `text`; `start` and `end` are offsets into the document's text.
    """
    found = await found_passages(request, asked)
    return JSONResponse(search_json(found), headers={"Cache-Control": "no-store"})


async def found_passages(request: Request, asked: SearchRequest) -> SearchResult:
    """Search a collection for the caller of a request.

    Raises: as `Archive.search`, `archive_of` and `Runner.last`.
    """
    check_length(request, "query", asked.query)
    noted_of(request).question = asked.query
    archive = archive_of(request, asked.collection)

    def work(deadline: Deadline) -> Iterator[SearchResult]:
        yield archive.search(
            asked.query,
            k=asked.k,
            mode=asked.search_mode(),
            filters=filters_record(asked.filters),
            deadline=deadline,
        )

    result = await runner_of(request).last(request, work)
    metrics_of(request).searched(result)
    noted_of(request).documents += [hit.passage.document_id for hit in result.hits]
    return result
