"""GET /v1/suggestions: questions that the archive answers surely, and documents to begin with."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from service.api.openapi import ARCHIVE, problems
from service.api.state import DEFAULT, archive_of
from service.suggestions import Suggestions

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


def _suggestions(request: Request, collection: str) -> Suggestions:
    known: dict[str, Suggestions] = request.app.state.suggestions
    return known.setdefault(collection, Suggestions())
