"""POST /v1/search: a query to ranked passages."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse

from indexer.errors import EmbedderFailed
from service.api.errors import check_length
from service.api.openapi import ARCHIVE, problems
from service.api.state import archive_of, noted_of
from service.api.wire import (
    SearchRequest,
    SearchResponse,
    filters_record,
    search_json,
)

router = APIRouter(tags=["search"])


@router.post(
    "/v1/search",
    response_model=SearchResponse,
    responses=problems(*ARCHIVE, EmbedderFailed),
    summary="Search passages",
)
def search(request: Request, asked: Annotated[SearchRequest, Body()]) -> Response:
    """Find passages by meaning and words (`hybrid`), by meaning or by words alone.

    `highlights` are offsets into `text`; `start` and `end` are offsets into the document's text.
    """
    check_length(request, "query", asked.query)
    noted_of(request).question = asked.query
    result = archive_of(request, asked.collection).search(
        asked.query,
        k=asked.k,
        mode=asked.search_mode(),
        filters=filters_record(asked.filters),
    )
    noted_of(request).documents += [hit.passage.document_id for hit in result.hits]
    return JSONResponse(search_json(result), headers={"Cache-Control": "no-store"})
