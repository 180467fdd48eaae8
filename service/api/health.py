"""GET /healthz and /readyz: is the process alive, can it answer."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from indexer.errors import WenjuError
from service.access.principal import ANYONE, NOBODY
from service.api.errors import chinese_reader
from service.api.openapi import OPENING, problems
from service.api.problems import NotReady, problem_response
from service.api.state import collections_of, principal_of

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
    """200 once the index is loaded and usable, else 503 with the reason.

    Where the service has keys, a caller without one is told neither the reason nor what is held.
    """
    caller = principal_of(request)
    collections = collections_of(request)
    try:
        names = collections.visible(ANYONE if caller is NOBODY else caller)
        if not names:
            raise NotReady("the key sees no collection", hint="use a key that sees one")
        archive = collections.get(names[0], ANYONE)
        reader = archive.reader
    except WenjuError as error:
        untold = NotReady("the service can't answer now", hint="send a key to be told why")
        shown = untold if caller is NOBODY else error
        return problem_response(shown, chinese=chinese_reader(request), status=503)
    if caller is NOBODY:
        return JSONResponse({"status": "ready"})
    return JSONResponse(
        {
            "status": "ready",
            "generation": reader.generation,
            "documents": len(reader.select().documents),
            "passages": reader.passage_count,
            "model": archive.model_name,
        }
    )
