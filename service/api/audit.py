"""GET /v1/audit, and the middleware that records every request for it. Knows no route's work."""

import time
from collections import deque
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.audit import AuditLog, Entry, Noted, moment_text, now_text, read_audit
from service.access.principal import Principal, Role
from service.api.authentication import READY_PATH, is_public, peer_of
from service.api.openapi import problems
from service.api.problems import Forbidden
from service.api.state import principal_of, require

MAX_STRANGERS = 30  # entries a minute of requests that show no good key, from wherever they come
_MINUTE_S = 60.0
MAX_LOGGED_CHARS = 500  # of an address that fits no route, or a name in one: the caller's own words

router = APIRouter(tags=["access"])


class EntryOut(BaseModel):
    at: str
    key: str | None
    name: str | None
    peer: str
    method: str
    route: str
    collection: str | None
    documents: list[str]
    status: int | None
    question: str | None


class AuditResponse(BaseModel):
    entries: list[EntryOut]


@router.get(
    "/v1/audit",
    response_model=AuditResponse,
    responses=problems(Forbidden),
    summary="Who did what",
)
def audit(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    since: Annotated[
        str | None,
        Query(max_length=40, description="an ISO date or time, or 24h, 7d ago"),
    ] = None,
    key: Annotated[str | None, Query(max_length=200, description="the id or name of a key")] = None,
) -> Response:
    """The latest entries of the audit log, the oldest first, for an administrator.

    One whose key is for some collections sees only what was done in these.
    """
    caller = require(request, Role.ADMIN)
    begin = None if since is None else moment_text(since, datetime.now(UTC))
    fitting = (
        entry
        for entry in read_audit(request.app.state.settings.state)
        if entry is not None
        and (begin is None or entry.at >= begin)
        and (key is None or key in (entry.key, entry.name))
        and may_see_entry(caller, entry)
    )
    entries = [asdict(entry) for entry in deque(fitting, limit)]
    return JSONResponse({"entries": entries}, headers={"Cache-Control": "no-store"})


def may_see_entry(caller: Principal, entry: Entry) -> bool:
    """What named no collection may concern any, and is for who may see them all."""
    if caller.collections is None:
        return True
    return entry.collection is not None and caller.may_see(entry.collection)


class Audited:
    """ASGI middleware: an entry for every request but those that anyone may make without a key.

    Of strangers who are turned away no more than `MAX_STRANGERS` a minute are told of: full files
    go in the end, and who has no key must not push out what others did.
    """

    def __init__(self, app: ASGIApp, audit_log: AuditLog, questions: bool) -> None:
        self._app = app
        self._log = audit_log
        self._questions = questions
        self._strangers: deque[float] = deque(maxlen=MAX_STRANGERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status: int | None = None

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        request = Request(scope)
        request.state.noted = Noted()
        try:
            await self._app(scope, receive, watched)
        finally:
            is_open = is_public(scope["path"]) or scope["path"] == READY_PATH
            if not is_open and not self._is_flood(request, status):
                self._log.write(self._entry(request, status))

    def _is_flood(self, request: Request, status: int | None) -> bool:
        if status not in (401, 429) or principal_of(request).key_id is not None:
            return False
        now = time.monotonic()
        if len(self._strangers) == MAX_STRANGERS and self._strangers[0] > now - _MINUTE_S:
            return True
        self._strangers.append(now)
        return False

    def _entry(self, request: Request, status: int | None) -> Entry:
        noted: Noted = request.state.noted
        caller = principal_of(request)
        route = getattr(request.scope.get("route"), "path", request.scope["path"])
        collection = noted.collection or request.query_params.get("collection")
        return Entry(
            at=now_text(),
            key=caller.key_id,
            name=caller.name or None,
            peer=peer_of(request),
            method=request.method[:MAX_LOGGED_CHARS],
            route=str(route)[:MAX_LOGGED_CHARS],
            collection=None if collection is None else collection[:MAX_LOGGED_CHARS],
            documents=tuple(dict.fromkeys(each[:MAX_LOGGED_CHARS] for each in noted.documents)),
            status=status,
            question=noted.question if self._questions else None,
        )
