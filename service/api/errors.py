"""Where errors leave the application: the handlers that turn them into problems.

Knows the web framework's own errors; the table of ours is in problems.py.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import HTTPException, RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.errors import InvalidRequest, WenjuError
from service.api.problems import (
    BodyTooLarge,
    InternalError,
    MalformedBody,
    MethodNotAllowed,
    RefusedByServer,
    RequestTooSlow,
    RouteNotFound,
    prefers_chinese,
    printable,
    problem_response,
)
from service.api.strict import UNKNOWN, meant

log = logging.getLogger("service.api")

# Pydantic speaks English only. Its commonest complaints, by their stable names:
COMPLAINTS_ZH: Mapping[str, str] = {
    "missing": "缺少该字段",
    "blank": "内容为空",
    "broken_text": "文字中有不完整的字符",
    "iso_date": "不是 2020-05-28 这样的日期",
    "date_order": "date_from 晚于 date_to",
    "string_type": "应为字符串",
    "string_too_long": "文字过长，最多 {max_length} 个字符",
    "string_too_short": "内容为空",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "list_type": "应为数组",
    "too_long": "最多 {max_length} 项",
    "literal_error": "应为 {expected} 之一",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "model_attributes_type": "应为 JSON 对象",
    "model_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
}


def chinese_reader(request: Request) -> bool:
    return prefers_chinese(request.headers.get("accept-language", ""))


def install(app: FastAPI) -> None:
    app.add_exception_handler(WenjuError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _http)


def log_unexpected(error: Exception) -> InternalError:
    """Log an error that nobody foresaw, and return what may be said of it: its id in the log."""
    error_id = secrets.token_hex(4)
    log.error("unexpected error %s", error_id, exc_info=error)
    return InternalError(
        f"the service failed at this request; the log has it as {error_id}",
        hint="try again; if it stays, report the id",
    )


class CatchUnexpected:
    """ASGI middleware: an error that no handler knows becomes a 500 problem without internals."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # the HTTP edge
            shown = log_unexpected(error)
            if not started:
                response = problem_response(shown, chinese=chinese_reader(Request(scope)))
                await response(scope, receive, send)


async def _known(request: Request, error: Exception) -> Response:
    if not isinstance(error, WenjuError):
        raise error
    if isinstance(error, InternalError):
        log.error("%s", error.message)
    return problem_response(error, chinese=chinese_reader(request))


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    chinese = chinese_reader(request)
    complaints = error.errors()
    if any(complaint["type"] == "json_invalid" for complaint in complaints):
        return _malformed("the body is not valid JSON", "请求正文不是合法的 JSON", chinese)
    if any(tuple(complaint["loc"]) == ("body",) for complaint in complaints):
        return _malformed(
            "the body is no JSON object that is declared as such",
            "请求正文不是 JSON 对象，或没有声明为 JSON",
            chinese,
        )
    fields = _fields(request, complaints, chinese)
    shown = "; ".join(f"{field['field']}: {field['message']}" for field in fields[:5])
    return problem_response(
        InvalidRequest(shown, hint="correct the fields under `errors`; see /docs"),
        chinese=chinese,
        errors=fields,
    )


def _fields(request: Request, complaints: Sequence[Any], chinese: bool) -> list[dict[str, str]]:
    """Which field, and what is wrong with it. What the caller sent is not repeated."""
    fields = []
    for complaint in complaints[:20]:
        place = complaint["loc"]
        path = [printable(str(part)[:100]) for part in place[1:]]  # the first says: body, query
        message = str(complaint["msg"])
        if complaint["type"] == UNKNOWN:
            near = meant(request, place)
            message = f"no such field; did you mean {near}?" if near else "no such field"
            if chinese:
                message = f"没有这个字段，是否应为 {near}？" if near else "没有这个字段"
        elif chinese and complaint["type"] in COMPLAINTS_ZH:
            message = COMPLAINTS_ZH[complaint["type"]].format(**complaint.get("ctx", {}))
        fields.append({"field": ".".join(path) if path else "body", "message": message})
    return fields


def _malformed(detail: str, detail_zh: str, chinese: bool) -> Response:
    return problem_response(
        MalformedBody(
            detail_zh if chinese else detail,
            hint="send a JSON object in UTF-8 with Content-Type: application/json",
        ),
        chinese=chinese,
    )


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, StarletteHTTPException):
        raise error
    chinese = chinese_reader(request)
    if error.status_code == 400:
        return _malformed("the body can't be read as JSON", "请求正文无法按 JSON 读取", chinese)
    return problem_response(
        _framework_error(request, error),
        chinese=chinese,
        status=error.status_code,
        headers=error.headers,
    )


def _framework_error(request: Request, error: StarletteHTTPException) -> WenjuError:
    match error.status_code:
        case 404:
            return RouteNotFound(
                f"there is nothing at {request.url.path}", hint="the addresses are in /docs"
            )
        case 405:
            return MethodNotAllowed(
                f"{request.method} does not work at {request.url.path}",
                hint="the methods are in /docs",
            )
        case 408:
            return RequestTooSlow(str(error.detail), hint="send the whole request at once")
        case 413:
            return BodyTooLarge(str(error.detail), hint="shorten the question or the history")
        case _:
            return RefusedByServer(str(error.detail), hint="see /docs")


def check_length(request: Request, field: str, text: str) -> None:
    """Complain as pydantic does about a text that is longer than the settings allow."""
    max_chars: int = request.app.state.settings.max_question_chars
    if len(text) <= max_chars:
        return
    raise RequestValidationError(
        [
            {
                "type": "string_too_long",
                "loc": ("body", field),
                "msg": f"String should have at most {max_chars} characters",
                "ctx": {"max_length": max_chars},
            }
        ]
    )


def body_too_large(max_bytes: int) -> HTTPException:
    """Raised while a body is read: FastAPI lets only its own kind through from there."""
    return HTTPException(413, f"the body is larger than {max_bytes} bytes")


def body_too_slow(timeout_s: float) -> HTTPException:
    """Raised as `body_too_large` is. What still comes can't be told from a next request."""
    return HTTPException(
        408, f"the body did not arrive within {timeout_s:g} s", headers={"Connection": "close"}
    )
