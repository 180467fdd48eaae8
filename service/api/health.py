"""GET /healthz and /readyz: is the process alive, can it answer."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from indexer.errors import WenjuError
from service.access.principal import ANYONE, NOBODY, Principal
from service.api.errors import chinese_reader
from service.api.openapi import OPENING, problems
from service.api.problems import NotReady, problem, problem_response
from service.api.state import Collections, collections_of, principal_of
from service.settings import Settings
from service.writable import unwritable

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
    """200 once a collection is loaded and usable, else 503 with the reason of the first.

    `collections` has the state of each that the caller may see: `ready` with what it holds, or
    `loading` or `unusable` with a problem's code, detail and hint. Under its `uploads` stands
    whether documents can be taken in and deleted, or which folder can't be written, in the same
    way: asking does without. Where the service has keys, a caller without one is told neither the
    reason nor what is held.
    """
    caller, chinese = principal_of(request), chinese_reader(request)
    collections = collections_of(request)
    if caller is NOBODY:
        if collections.problem(ANYONE) is None:
            return JSONResponse({"status": "ready"})
        untold = NotReady("the service can't answer now", hint="send a key to be told why")
        return problem_response(untold, chinese=chinese, status=503)
    settings: Settings = request.app.state.settings
    seen = {
        name: collection_state(collections, name, caller, chinese=chinese)
        | {"uploads": uploads_state(settings, name, chinese=chinese)}
        for name in collections.visible(caller)
    }
    error = collections.problem(caller)
    if error is not None:
        return problem_response(error, chinese=chinese, status=503, collections=seen)
    first = next(state for state in seen.values() if state["status"] == "ready")
    return JSONResponse(first | {"collections": seen})


def collection_state(
    collections: Collections, name: str, caller: Principal, *, chinese: bool
) -> dict[str, Any]:
    try:
        archive = collections.get(name, caller)
        reader = archive.reader
        documents = len(reader.select().documents)
    except WenjuError as error:
        status = "loading" if isinstance(error, NotReady) else "unusable"
        return {"status": status} | _told(error, chinese=chinese)
    return {
        "status": "ready",
        "generation": reader.generation,
        "documents": documents,
        "passages": reader.passage_count,
        "model": archive.model_name,
    }


def uploads_state(settings: Settings, name: str, *, chinese: bool) -> dict[str, Any]:
    """Whether the folders of a collection can be written, `ready` or `unusable`."""
    error = unwritable(settings.state, settings.all_collections.get(name))
    if error is None:
        return {"status": "ready"}
    return {"status": "unusable"} | _told(error, chinese=chinese)


def _told(error: WenjuError, *, chinese: bool) -> dict[str, Any]:
    shown = problem(error, chinese=chinese)
    return {member: shown[member] for member in ("code", "detail", "hint")}
