"""POST /v1/feedback: a verdict on one answer; GET: what was said, for administrators."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from indexer.errors import CollectionNotFound, StorageFull
from service.access.principal import Role
from service.api.openapi import problems
from service.api.problems import Forbidden
from service.api.state import DEFAULT, principal_of, require, see_collection
from service.api.wire import Name
from service.feedback import FeedbackLog

router = APIRouter(tags=["feedback"])

Text = Annotated[Name, Field(max_length=4000)]


class CitedIn(BaseModel):
    """A citation of the answer, as it was given."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    source: Text
    quote: Text


class FeedbackIn(BaseModel):
    """`question`, `answer` and what belongs to them are kept only if the sender puts them in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    answer_id: str = Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")
    verdict: Literal["right", "wrong", "unclear"]
    collection: Name = DEFAULT
    reason: Text | None = None
    comment: Text | None = None
    question: Text | None = None
    answer: Text | None = None
    short_answer: Text | None = None
    correction: Text | None = Field(default=None, description="what would have been right")
    abstained: bool | None = None
    citations: list[CitedIn] | None = Field(default=None, max_length=50)


class FeedbackOut(BaseModel):
    answer_id: str
    verdict: str
    collection: str
    at: str
    said_by: str | None
    reason: str | None
    comment: str | None
    question: str | None
    answer: str | None
    short_answer: str | None
    correction: str | None
    abstained: bool | None
    citations: list[dict[str, str]] | None


class FeedbackResponse(BaseModel):
    feedback: list[FeedbackOut]
    next_cursor: str | None


@router.post(
    "/v1/feedback",
    status_code=201,
    response_model=FeedbackOut,
    responses=problems(CollectionNotFound, StorageFull),
    summary="Say what an answer is",
)
def give(request: Request, said: Annotated[FeedbackIn, Body()]) -> Response:
    """Keep a verdict on an answer. The question and the answer are kept only if they are sent."""
    principal = principal_of(request)
    see_collection(request, said.collection)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry: dict[str, Any] = said.model_dump() | {"at": now, "said_by": principal.name or None}
    _log(request).append(entry)
    return JSONResponse(entry, status_code=201)


@router.get(
    "/v1/feedback",
    response_model=FeedbackResponse,
    responses=problems(Forbidden),
    summary="Read what was said",
)
def read(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[int, Query(ge=0, le=2**53, description="`next_cursor` before")] = 0,
) -> Response:
    """The oldest first, of the collections that the caller may see. For administrators."""
    principal = require(request, Role.ADMIN)
    entries, place = _log(request).read(cursor, limit)
    seen = [each for each in entries if principal.may_see(str(each.get("collection", DEFAULT)))]
    return JSONResponse(
        {"feedback": seen, "next_cursor": None if place is None else str(place)},
        headers={"Cache-Control": "no-store"},
    )


def _log(request: Request) -> FeedbackLog:
    log: FeedbackLog = request.app.state.feedback
    return log
