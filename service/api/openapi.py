"""The description of the API: for each route every status that occurs, with its error codes.

What every route can meet is added here; what is a route's own it names with `problems(…)`.
"""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI

from indexer import errors
from indexer.errors import WenjuError
from service.access.keys import KeyStoreUnusable
from service.api import limits, rates
from service.api.authentication import is_public
from service.api.problems import (
    KINDS,
    BodyTooLarge,
    Busy,
    CrossOrigin,
    Forbidden,
    HostNotAllowed,
    InternalError,
    MalformedBody,
    NotReady,
    RequestTooSlow,
    ShuttingDown,
    TooManyAttempts,
    TooManyRequests,
    Unauthorized,
    kind_of_class,
)
from service.api.wire import Problem
from service.deadline import AnswerTimedOut

Responses = dict[int | str, dict[str, Any]]

CODES = "x-codes"  # the words under `code` that come with a status

EVERYWHERE = (
    errors.InvalidRequest,
    BodyTooLarge,
    HostNotAllowed,
    InternalError,
)
LIMITED = (TooManyRequests,)
CROWDED = (Busy,)
FOR_KEYS = (KeyStoreUnusable, TooManyAttempts, Unauthorized)
ACTING = (CrossOrigin, Forbidden)
WITH_BODY = (MalformedBody, RequestTooSlow)

# What keeps an archive from being opened or read, and what an answer can fail at besides.
OPENING = (
    NotReady,
    errors.IndexMissing,
    errors.IndexDamaged,
    errors.IndexForbidden,
    errors.IndexMismatch,
    errors.EmbedderUnavailable,
    errors.LLMUnavailable,
    errors.ModelUnavailable,
    errors.RerankerUnavailable,
)
ARCHIVE = (errors.CollectionNotFound, *OPENING)
WORKING = (ShuttingDown, AnswerTimedOut)  # what is worked on may be ended, too
ANSWERING = (*ARCHIVE, *WORKING, errors.EmbedderFailed, errors.LLMFailed)

# Of one event; `data` is JSON.
EVENT_STREAM = {
    "text/event-stream": {
        "schema": {
            "type": "object",
            "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
            "required": ["data"],
        }
    }
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def problems(*raised: type[WenjuError]) -> Responses:
    """The `responses` of a route: by status, the errors that it can end with."""
    found: dict[int, list[type[WenjuError]]] = {}
    for error in raised:
        found.setdefault(kind_of_class(error).status, []).append(error)
    return {
        status: {
            "description": "; ".join(kind_of_class(error).title for error in errors_of_it),
            CODES: [error.code for error in errors_of_it],
            "content": _PROBLEM,
        }
        for status, errors_of_it in found.items()
    }


class DescribedApi(FastAPI):
    """FastAPI's description, with what it doesn't know: what our middleware and handlers send."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            found = super().openapi()
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = Problem.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            schemas |= schemas["Problem"].pop("$defs", {})
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            for path, methods in found["paths"].items():
                for method, operation in methods.items():
                    _complete(path, method.upper(), operation)
            self.openapi_schema = found
        return self.openapi_schema


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add what every route can meet to an operation, in the order of the statuses."""
    raised: Iterable[type[WenjuError]] = EVERYWHERE
    if path.startswith(rates.LIMITED):
        raised = (*raised, *LIMITED)
    if path != limits.NEVER_CROWDED:
        raised = (*raised, *CROWDED)
    if not is_public(path):
        raised = (*raised, *FOR_KEYS)
    if method not in {"GET", "HEAD", "OPTIONS"}:
        raised = (*raised, *ACTING)
    if body := operation.get("requestBody", {}).get("content", {}):
        raised = (*raised, *WITH_BODY) if "application/json" in body else (*raised, RequestTooSlow)
    responses: dict[str, Any] = operation["responses"]
    codes = {status: list(answer.get(CODES, ())) for status, answer in responses.items()}
    own = [error for error in KINDS if any(error.code in each for each in codes.values())]
    for status, answer in problems(*dict.fromkeys((*own, *raised))).items():
        responses[str(status)] = answer
    operation["responses"] = dict(sorted(responses.items()))
