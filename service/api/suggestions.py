"""Questions that the archive answers surely: GET /v1/suggestions to begin with, and GET
/v1/documents/ID/questions to go on with from a passage.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from indexer.errors import DocumentNotFound
from service.api.documents import InCollection
from service.api.openapi import ANSWERING, ARCHIVE, problems
from service.api.pages import Offset
from service.api.running import runner_of
from service.api.state import DEFAULT, archive_of, archive_with
from service.suggestions import Suggestion, Suggestions, next_questions

if TYPE_CHECKING:
    from service.deadline import Deadline

router = APIRouter(tags=["ask"])

_TITLES = 6


class SuggestionOut(BaseModel):
    question: str
    short_answer: str
    document_id: str
    title: str


class TitleOut(BaseModel):
    document_id: str
    title: str


class QuestionsResponse(BaseModel):
    questions: list[SuggestionOut]


class SuggestionsResponse(BaseModel):
    ready: bool = Field(description="false while the questions are being made: ask again soon")
    questions: list[SuggestionOut]
    titles: list[TitleOut]


@router.get(
    "/v1/suggestions",
    response_model=SuggestionsResponse,
    responses=problems(*ARCHIVE),
    summary="Questions to begin with",
)
def suggest(request: Request, collection: str = DEFAULT) -> Response:
    """Questions made from the documents, each of which the archive answers with a sure value."""
    archive = archive_of(request, collection)
    made = _suggestions(request, collection).of(archive)
    page = archive.reader.documents(_TITLES, None, archive.reader.select())
    return JSONResponse(
        {
            "ready": made is not None,
            "questions": [asdict(each) for each in made or ()],
            "titles": [
                {"document_id": each.document.document_id, "title": each.document.title}
                for each in page.documents
            ],
        }
    )


@router.get(
    "/v1/documents/{document_id}/questions",
    response_model=QuestionsResponse,
    responses=problems(DocumentNotFound, *ANSWERING),
    summary="Questions that a passage answers",
)
async def read_questions(
    request: Request, document_id: str, start: Offset, end: Offset, collection: InCollection = None
) -> Response:
    """Questions made of the text from `start` to `end`, each asked and answered with its value.

    It takes a slot as an answer does, and ends when the caller goes.
    """

    def work(deadline: "Deadline") -> Iterator[tuple[Suggestion, ...]]:
        archive = archive_with(request, document_id, collection)
        yield next_questions(archive, document_id, start, end, deadline)

    made = await runner_of(request).last(request, work)
    return JSONResponse({"questions": [asdict(each) for each in made]})


def _suggestions(request: Request, collection: str) -> Suggestions:
    known: dict[str, Suggestions] = request.app.state.suggestions
    return known.setdefault(collection, Suggestions())
