"""POST /v1/ask: a question to a cited answer, whole or as a stream."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from indexer.errors import WenjuError
from service.access.audit import Noted
from service.api.errors import check_length, chinese_reader, log_unexpected
from service.api.openapi import ANSWERING, EVENT_STREAM, problems
from service.api.problems import problem
from service.api.state import archive_of, noted_of
from service.api.stream import EventQueue, server_sent_events
from service.api.wire import AskRequest, answer_json, filters_record
from service.records import Answer, Done, PassagesFound, StreamEvent

router = APIRouter(tags=["ask"])

STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold it


@router.post(
    "/v1/ask",
    response_model=Answer,
    summary="Ask a question",
    responses=problems(*ANSWERING)
    | {
        200: {
            "description": (
                'The answer; with `"stream": true` the events `passages`, `delta`, `sentence`, '
                "`done` (the whole answer) and `error` (a problem)."
            ),
            "content": EVENT_STREAM,
        }
    },
)
async def ask(request: Request, asked: Annotated[AskRequest, Body()]) -> Response:
    """Answer a question from the archive.

    Every sentence of the answer carries citations, and each citation is checked against the
    stored text before it is sent. A follow-up is made whole from `history`: `understood` is the
    whole question, null where the question stands by itself. What can't be proven is not stated:
    then `abstained` is true and `abstention` says why: its `reason`, the `nearest` passages, under
    `missing` what the question names and no document read holds, with what is `similar` to it, and
    in reply to small talk (`reason` is `small_talk`) under `examples` titles that can be asked
    about.
    """
    if not asked.stream:
        answer = await whole_answer(request, asked)
        return JSONResponse(answer_json(answer), headers={"Cache-Control": "no-store"})
    queue = event_queue(request, asked)
    first = await queue.first()
    return StreamingResponse(
        server_sent_events(
            first,
            queue,
            heartbeat_s=request.app.state.settings.heartbeat_s,
            problem_of=problem_of(request),
        ),
        media_type="text/event-stream",
        headers=STREAM_HEADERS,
    )


async def whole_answer(request: Request, asked: AskRequest) -> Answer:
    """Ask a collection for the caller of a request. Raises: as `Archive.ask`, `archive_of`."""
    check_length(request, "question", asked.question)
    noted_of(request).question = asked.question
    answer = await run_in_threadpool(
        archive_of(request, asked.collection).ask, asked.question, **_options(asked)
    )
    note_shown(noted_of(request), Done(answer))
    return answer


def event_queue(request: Request, asked: AskRequest) -> EventQueue:
    """The same as a stream of events, which begins at once. Raises: as `archive_of`."""
    check_length(request, "question", asked.question)
    noted_of(request).question = asked.question
    archive = archive_of(request, asked.collection)
    return EventQueue(
        partial(archive.ask_stream, asked.question, **_options(asked)),
        seen=partial(note_shown, noted_of(request)),
    )


def note_shown(noted: Noted, event: StreamEvent) -> None:
    """Note for the audit log whose words an event shows."""
    match event:
        case PassagesFound(hits):
            noted.documents += [hit.passage.document_id for hit in hits]
        case Done(answer):
            refused = answer.abstention
            cited = answer.citations if refused is None else refused.nearest
            noted.documents += [citation.document_id for citation in cited]


def problem_of(request: Request) -> Callable[[Exception], dict[str, Any]]:
    """What a stream tells of an error, in the language of the reader of a request."""
    chinese = chinese_reader(request)

    def told(error: Exception) -> dict[str, Any]:
        known = error if isinstance(error, WenjuError) else log_unexpected(error)
        return problem(known, chinese=chinese)

    return told


def _options(asked: AskRequest) -> dict[str, Any]:
    return {
        "k": asked.k,
        "filters": filters_record(asked.filters),
        "history": asked.turns(),
        "explained": asked.explain,
    }
