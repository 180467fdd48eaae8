"""Which names a request may use: parameters and fields that nobody reads are refused.

A misspelt filter that is ignored gives an answer from documents that were to be left out.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

UNKNOWN = "extra_forbidden"  # pydantic's name for it


def known_parameters(request: Request) -> None:
    """A dependency of every described route. Raises: RequestValidationError."""
    known = parameters(request)
    unknown = dict.fromkeys(name for name in request.query_params if name not in known)
    if unknown and _route(request).include_in_schema:
        raise RequestValidationError(
            [{"type": UNKNOWN, "loc": ("query", name), "msg": ""} for name in unknown]
        )


def meant(request: Request, place: Sequence[str | int]) -> str | None:
    """The known name that is nearest to an unknown one at `place`, such as (body, filters, x)."""
    where, *path, name = place
    known = parameters(request) if where == "query" else fields(request, path)
    found = get_close_matches(str(name)[:100], sorted(known), 1, 0.5)
    return found[0] if found else None


def parameters(request: Request) -> set[str]:
    """The query parameters that a request's route and what it depends on read."""

    def of(dependant: Dependant) -> Iterator[str]:
        for parameter in dependant.query_params:
            models = list(_models(parameter.field_info.annotation))
            yield from [name for model in models for name in model.model_fields]
            if not models:
                yield parameter.alias
        for each in dependant.dependencies:
            yield from of(each)

    return set(of(_route(request).dependant))


def fields(request: Request, path: Sequence[str | int]) -> set[str]:
    """The fields of the object at `path` in the body that a request's route reads."""
    body = _route(request).body_field
    models = list(_models(body.field_info.annotation if body else None))
    for part in path:
        if isinstance(part, str):  # a number is a place in a list
            models = [
                inner
                for model in models
                if part in model.model_fields
                for inner in _models(model.model_fields[part].annotation)
            ]
    return {name for model in models for name in model.model_fields}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation, such as the one in `list[Turn] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Annotated, Union, UnionType, list, tuple):
        for each in get_args(annotation):
            yield from _models(each)


def _route(request: Request) -> APIRoute:
    route = request.scope["route"]
    if not isinstance(route, APIRoute):
        raise TypeError(f"not a route of ours: {route!r}")
    return route
