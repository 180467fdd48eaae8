"""Review in the browser: a page on this machine alone, over the desk's decisions.

Whoever posts must hold the token that stands in the address after #, which a browser sends to no
server, and must come from the page itself: another web page can neither read nor decide.
"""

from __future__ import annotations

import secrets
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict

from eval.gold import Evidence, Kind
from eval.making.answers import read_answers, show_answers
from eval.making.desk import Desk, Edit
from eval.making.drafts import Draft, Status
from eval.making.terminal import value_spans
from indexer.errors import WenjuError
from service.serve import listen, url_of

HTML = Path(__file__).with_name("page.html")
TOKEN_HEADER = "x-wenju-token"


class _Quoted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    document: str
    quote: str


class _Decision(BaseModel):
    """The draft as the person left it."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    question: str
    answers: str
    evidence: list[_Quoted]

    def edit(self) -> Edit:
        return Edit(
            self.kind,
            self.question,
            read_answers(self.answers),
            tuple(
                Evidence(item.document, item.quote)
                for item in self.evidence
                if item.document.strip() or item.quote.strip()
            ),
        )


class _Refused(Exception):
    """A request that does not come from the page."""


def create_app(desk: Desk, token: str, origin: str) -> FastAPI:
    """The page and its three requests. `origin` is the page's own, such as http://127.0.0.1:8123."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    def from_the_page(request: Request) -> None:
        host, source = request.headers.get("host"), request.headers.get("origin")
        theirs = request.headers.get(TOKEN_HEADER, "")
        if f"http://{host}" != origin or source not in (None, origin):
            raise _Refused("the request comes from elsewhere")
        if not secrets.compare_digest(theirs.encode(), token.encode()):
            raise _Refused("the address lacks its token: open the one that the command printed")

    guarded = [Depends(from_the_page)]

    @app.get("/", include_in_schema=False)
    def page() -> HTMLResponse:
        nonce = secrets.token_urlsafe(16)
        return HTMLResponse(
            HTML.read_text(encoding="utf-8").replace("{{nonce}}", nonce), headers=_headers(nonce)
        )

    @app.get("/drafts", dependencies=guarded)
    def drafts() -> dict[str, Any]:
        found = desk.drafts()
        return {
            "kinds": [kind.value for kind in Kind],
            "counts": {status.value: number for status, number in desk.counts().items()},
            "drafts": [_shown(draft) for draft in found if draft.status is Status.PROPOSED],
        }

    @app.post("/drafts/{draft_id}/accept", dependencies=guarded)
    def accept(draft_id: str, decision: _Decision) -> dict[str, str]:
        return {"gold_id": desk.accept(draft_id, decision.edit())}

    @app.post("/drafts/{draft_id}/reject", dependencies=guarded)
    def reject(draft_id: str) -> dict[str, str]:
        desk.reject(draft_id)
        return {}

    @app.exception_handler(WenjuError)
    def refused_by_desk(request: Request, error: WenjuError) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"detail": error.message, "hint": error.hint}, status_code=409)

    @app.exception_handler(_Refused)
    def not_from_the_page(request: Request, error: _Refused) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"detail": str(error), "hint": ""}, status_code=403)

    return app


def _headers(nonce: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def _shown(draft: Draft) -> dict[str, Any]:
    question = draft.question
    return {
        "id": draft.id,
        "kind": question.kind.value,
        "question": question.question,
        "answers": show_answers(question.answers),
        "evidence": [
            {
                "document": item.document,
                "quote": item.quote,
                "pieces": _pieces(item.quote, question.answers),
            }
            for item in question.evidence
        ],
        "history": [{"role": turn.role, "content": turn.content} for turn in question.history],
        "proposed_by": draft.proposed_by,
        "title": draft.title,
        "note": draft.note,
    }


def _pieces(quote: str, answers: tuple[tuple[str, ...], ...]) -> list[dict[str, Any]]:
    """The quote in pieces, those that hold a value marked: the page counts no characters."""
    pieces: list[dict[str, Any]] = []
    last = 0
    for start, end in value_spans(quote, answers):
        pieces += [
            {"text": quote[last:start], "marked": False},
            {"text": quote[start:end], "marked": True},
        ]
        last = end
    pieces.append({"text": quote[last:], "marked": False})
    return [piece for piece in pieces if piece["text"]]


def serve(desk: Desk, port: int, say: Callable[[str], None]) -> None:
    """Serve on 127.0.0.1 until SIGINT or SIGTERM, which raise SystemExit(0).

    Raises: InvalidRequest for a port that can't be had.
    """
    token = secrets.token_urlsafe(24)
    listener = listen("127.0.0.1", port)
    address = url_of(listener, "127.0.0.1")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    app = create_app(desk, token, address.rstrip("/"))
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    say(f"review at {address}#{token}\n(ends with Ctrl-C; every decision is written at once)")
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
    raise SystemExit(0)
