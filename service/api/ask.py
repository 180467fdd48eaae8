"""POST /v1/ask: a question to a cited answer, whole or as a stream."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse

from indexer.errors import WenjuError
from service.access.audit import Noted
from service.api.errors import check_length, chinese_reader, log_unexpected
from service.api.metrics import Metrics, metrics_of
from service.api.openapi import ANSWERING, EVENT_STREAM, problems
from service.api.problems import problem
from service.api.running import Running, runner_of
from service.api.state import archive_of, noted_of
from service.api.stream import EventStream, server_sent_events
from service.api.wire import AskRequest, answer_json, filters_record
from service.deadline import Deadline
from service.records import Answer, Done, PassagesFound, StreamEvent

if TYPE_CHECKING:
    from service.archive import Archive

router = APIRouter(tags=["ask"])


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
    whole question, null where the question stands by itself. Where the first sentence is reckoned,
    `parts` are its figures, each with its citation. What can't be proven is not stated:
    then `abstained` is true and `abstention` says why: its `reason`, the `nearest` passages, under
    `missing` what the question names and no document read holds, with what is `similar` to it, and
    in reply to small talk (`reason` is `small_talk`) under `examples` titles that can be asked
    about.
    """
    if not asked.stream:
        answer = await whole_answer(request, asked)
        return JSONResponse(answer_json(answer), headers={"Cache-Control": "no-store"})
    first, running = await answer_events(request, asked)
    events = server_sent_events(
        first,
        running,
        heartbeat_s=request.app.state.settings.heartbeat_s,
        problem_of=problem_of(request),
    )
    return EventStream(events, running)


async def whole_answer(request: Request, asked: AskRequest) -> Answer:
    """Ask a collection for the caller of a request.

    Raises: as `Archive.ask`, `archive_of` and `Runner.last`.
    """
    done = await runner_of(request).last(request, _work(request, asked))
    if not isinstance(done, Done):
        raise AssertionError("a stream ends with Done")
    return done.answer


async def answer_events(
    request: Request, asked: AskRequest
) -> tuple[StreamEvent | None, Running[StreamEvent]]:
    """The same as events: the first one, and what the others are read from. To be left when done.

    The status line waits for the first: what fails before it gets a status. Raises: as above.
    """
    return await runner_of(request).start(request, _work(request, asked))


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


def _work(request: Request, asked: AskRequest) -> Callable[[Deadline], Iterator[StreamEvent]]:
    check_length(request, "question", asked.question)
    noted = noted_of(request)
    noted.question = asked.question
    archive = archive_of(request, asked.collection)
    return partial(_events, archive, asked, metrics_of(request), noted)


def _events(
    archive: "Archive", asked: AskRequest, metrics: Metrics, noted: Noted, deadline: Deadline
) -> Iterator[StreamEvent]:
    """The events of one answer, which is counted when it is whole."""
    for event in archive.ask_stream(
        asked.question,
        k=asked.k,
        filters=filters_record(asked.filters),
        history=asked.turns(),
        explained=asked.explain,
        deadline=deadline,
    ):
        if isinstance(event, Done):
            metrics.answered(event.answer)
        note_shown(noted, event)
        yield event
