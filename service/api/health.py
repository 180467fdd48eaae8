"""GET /healthz and /readyz: is the process alive, can it answer."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from indexer.errors import WenjuError
from service.api.errors import chinese_reader
from service.api.openapi import OPENING, problems
from service.api.problems import problem_response
from service.api.state import archive_of

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Is the process alive?")
async def alive() -> dict[str, str]:
    """Alive, whether or not the index is usable."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    response_model=dict[str, Any],
    responses=problems(*OPENING),
    summary="Can it answer?",
)
def ready(request: Request) -> Response:
    """200 once the index is loaded and usable, else 503 with the reason."""
    try:
        archive = archive_of(request)
        reader = archive.reader
    except WenjuError as error:
        return problem_response(error, chinese=chinese_reader(request), status=503)
    return JSONResponse(
        {
            "status": "ready",
            "generation": reader.generation,
            "documents": len(reader.select().documents),
            "passages": reader.passage_count,
            "model": archive.model_name,
        }
    )
