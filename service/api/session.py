"""/v1/session: the page signs in with a key, and out again."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from indexer.errors import InvalidRequest
from service.access.principal import Principal
from service.access.sessions import LIFETIME_S
from service.api.authentication import COOKIE, SESSION_PATH, Access, peer_of
from service.api.state import collections_of, principal_of
from service.api.wire import Name

router = APIRouter(tags=["access"])


class SignInRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    key: Name = Field(max_length=1000, description="an API key: wenju_…")


class SessionResponse(BaseModel):
    name: str = Field(description="of the key; empty where the service has none")
    role: str = Field(description="reader, editor or admin")
    collections: list[str] = Field(description="those that the caller may see")
    key_id: str | None = Field(description="null where the service asks for no key")


@router.get(SESSION_PATH, response_model=SessionResponse, summary="Who am I?")
async def session(request: Request) -> Response:
    """What the caller's key, or session, may do."""
    return _session_of(request, principal_of(request))


@router.post(SESSION_PATH, response_model=SessionResponse, summary="Sign in")
async def sign_in(request: Request, asked: Annotated[SignInRequest, Body()]) -> Response:
    """Begin a session of the page: a cookie that scripts can't read and other sites can't use."""
    access = _access_of(request)
    if not access.keys.all():
        raise InvalidRequest(
            "this service has no keys, and needs none", hint="ask without signing in"
        )
    key = access.admit(asked.key.strip(), peer_of(request))
    principal = request.state.principal = key.principal()
    response = _session_of(request, principal)
    response.set_cookie(
        COOKIE,
        access.sessions.begin(key.key_id),
        max_age=LIFETIME_S,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


@router.delete(SESSION_PATH, status_code=204, response_class=Response, summary="Sign out")
async def sign_out(request: Request) -> Response:
    """End the page's session. The key itself stays good."""
    response = Response(status_code=204)
    _access_of(request).sessions.end(request.cookies.get(COOKIE, ""))
    response.delete_cookie(
        COOKIE,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


def _access_of(request: Request) -> Access:
    access: Access = request.app.state.access
    return access


def _session_of(request: Request, principal: Principal) -> Response:
    return JSONResponse(
        {
            "name": principal.name,
            "role": principal.role,
            "collections": collections_of(request).visible(principal),
            "key_id": principal.key_id,
        },
        headers={"Cache-Control": "no-store"},
    )
