"""Pages of PDF documents as pictures, and where on them a quote stands."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from indexer.errors import DocumentNotFound, InvalidRequest, PageNotFound
from service.api.documents import InCollection
from service.api.openapi import ARCHIVE, problems
from service.api.state import archive_with, principal_of
from service.pictures import page_picture, quote_boxes

router = APIRouter(tags=["documents"])

PageNumber = Annotated[int, Path(ge=1, le=100_000, description="counted from 1")]
Offset = Annotated[int, Query(ge=0, le=2**40)]

_MOST_QUOTE = 5_000  # characters
_KEPT_S = 3600  # a document's id changes with its bytes


class BoxesResponse(BaseModel):
    boxes: list[tuple[float, float, float, float]] = Field(
        description="left, top, right and bottom of each line, in shares of the page"
    )


@router.get(
    "/v1/documents/{document_id}/pages/{page}.png",
    response_class=Response,
    responses=problems(DocumentNotFound, PageNotFound, *ARCHIVE)
    | {200: {"content": {"image/png": {}}}},
    summary="See a page",
)
def read_page(
    request: Request, document_id: str, page: PageNumber, collection: InCollection = None
) -> Response:
    """A page of a PDF as a picture. Other documents have none."""
    picture = page_picture(_pdf(request, document_id, collection), page)
    # Where there are keys, a browser must not show it again after its reader signed out.
    is_open = principal_of(request).key_id is None
    kept = {"Cache-Control": f"private, max-age={_KEPT_S}"} if is_open else {}
    return Response(picture, media_type="image/png", headers=kept)


@router.get(
    "/v1/documents/{document_id}/pages/{page}/boxes",
    response_model=BoxesResponse,
    responses=problems(DocumentNotFound, PageNotFound, *ARCHIVE),
    summary="Find a quote on a page",
)
def read_boxes(
    request: Request,
    document_id: str,
    page: PageNumber,
    start: Offset,
    end: Offset,
    collection: InCollection = None,
) -> Response:
    """Where the text from `start` to `end` stands on the page; no boxes if it is not there."""
    if not start < end <= start + _MOST_QUOTE:
        raise InvalidRequest(
            f"end must come after start, by {_MOST_QUOTE} characters at most",
            hint="send the start and end of a citation",
        )
    data = _pdf(request, document_id, collection)
    stored = archive_with(request, document_id, collection).reader.document(document_id)
    quote = stored.document.text[start:end]
    return JSONResponse({"boxes": quote_boxes(data, page, quote)})


def _pdf(request: Request, document_id: str, collection: str | None) -> bytes:
    reader = archive_with(request, document_id, collection).reader
    if reader.document(document_id).document.format != "pdf":
        raise PageNotFound("only PDF documents have pages with pictures", hint="read its text")
    return reader.original(document_id).data
