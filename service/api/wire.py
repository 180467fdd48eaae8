"""What goes over the wire, field by field as the contract says. Knows no HTTP and no search.

Requests are pydantic models: unknown fields are refused, known ones are checked strictly.
Responses are built from the frozen records; the models here document them.
"""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from service.api.problems import has_surrogates
from service.api.state import DEFAULT
from service.records import Answer, Citation, Filters, Hit, SearchMode, SearchResult, Turn

MAX_HISTORY_CHARS = 20_000  # a message longer than this is a document, not a turn


def _whole(text: str) -> str:
    if has_surrogates(text):
        raise PydanticCustomError("broken_text", "The text holds half a character")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "The text is empty")
    return _whole(text)


def _with_words(text: str) -> str:
    if not any(character.isalnum() for character in text):
        raise PydanticCustomError("blank", "The text holds no words")
    return _whole(text)


def iso_date(text: str) -> str:
    """Check a day such as 2020-05-28 and return it as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise PydanticCustomError("iso_date", "This is no date such as 2020-05-28")
    return text


Whole = Annotated[str, AfterValidator(_whole)]
Name = Annotated[str, AfterValidator(_not_blank)]
Words = Annotated[str, AfterValidator(_with_words)]
Day = Annotated[str, AfterValidator(iso_date), Field(json_schema_extra={"format": "date"})]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FiltersIn(_Request):
    """Which documents may answer."""

    source: Name | None = Field(default=None, max_length=1000, description="a glob: 2020/*")
    date_from: Day | None = Field(default=None, description="ISO date, inclusive")
    date_to: Day | None = Field(default=None, description="ISO date, inclusive")
    organisation: Name | None = Field(
        default=None,
        max_length=1000,
        description="a name or a glob, without regard to script and case: *大学",
    )

    @model_validator(mode="after")
    def _in_order(self) -> "FiltersIn":
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise PydanticCustomError("date_order", "date_from is after date_to")
        return self

    def record(self) -> Filters:
        return Filters(
            source=self.source,
            date_from=self.date_from,
            date_to=self.date_to,
            organisation=self.organisation,
        )


class TurnIn(_Request):
    role: Literal["user", "assistant"]
    content: Annotated[str, AfterValidator(_whole)] = Field(max_length=MAX_HISTORY_CHARS)


class AskRequest(_Request):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"question": "金野以匹村的集体经济分红每户多少钱？", "k": 8}]
        }
    )

    question: Words
    collection: Name = DEFAULT
    k: int = Field(default=8, ge=1, le=50, description="how many passages may be used")
    filters: FiltersIn | None = None
    history: list[TurnIn] | None = Field(default=None, max_length=100)
    stream: bool = False
    explain: bool = Field(default=False, description="with how the answer came about")

    def turns(self) -> tuple[Turn, ...]:
        return tuple(Turn(turn.role, turn.content) for turn in self.history or ())


class SearchRequest(_Request):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"query": "集体经济分红", "k": 10, "mode": "hybrid"}]}
    )

    query: Words
    collection: Name = DEFAULT
    k: int = Field(default=10, ge=1, le=50)
    mode: Literal["hybrid", "dense", "lexical"] = "hybrid"
    filters: FiltersIn | None = None

    def search_mode(self) -> SearchMode:
        return SearchMode(self.mode)


class ScoresOut(BaseModel):
    dense: float | None
    lexical: float | None
    rerank: float | None


class HitOut(BaseModel):
    rank: int
    score: float
    passage_id: str
    document_id: str
    title: str
    source: str
    url: str | None
    date: str | None
    organisation: str | None
    start: int
    end: int
    text: str
    headings: list[str]
    page: int | None
    highlights: list[tuple[int, int]] = Field(description="[start, end] within text")
    scores: ScoresOut


class SearchResponse(BaseModel):
    hits: list[HitOut]
    generation: str
    timings_ms: dict[str, float]
    note: str | None


class ProblemField(BaseModel):
    field: str = Field(description="its path in the body, or the parameter: filters.date_from")
    message: str


class Problem(BaseModel):
    """An RFC 9457 problem: what went wrong, and the way out."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="a stable word such as collection_not_found")
    hint: str = Field(description="what the caller can do")
    errors: list[ProblemField] | None = Field(default=None, description="what is wrong with which")
    request_id: str | None = Field(
        default=None, description="the id of the request, as in X-Request-ID and in the log"
    )


def filters_record(filters: FiltersIn | None) -> Filters:
    return filters.record() if filters else Filters()


def rounded(timings_ms: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in timings_ms.items()}


def answer_json(answer: Answer) -> dict[str, Any]:
    """The record's fields are the contract's; `explanation` only where it was asked for."""
    found = asdict(answer) | {"timings_ms": rounded(answer.timings_ms)}
    if answer.explanation is None:
        del found["explanation"]
    return found


def citation_json(citation: Citation) -> dict[str, Any]:
    return asdict(citation)


def hit_json(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "passage_id": passage.passage_id,
        "document_id": passage.document_id,
        "title": passage.title,
        "source": hit.source,
        "url": hit.url,
        "date": hit.date,
        "organisation": hit.organisation,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "headings": passage.headings,
        "page": passage.page,
        "highlights": hit.highlights,
        "scores": {"dense": hit.dense, "lexical": hit.lexical, "rerank": hit.rerank},
    }


def search_json(result: SearchResult) -> dict[str, Any]:
    return {
        "hits": [hit_json(hit) for hit in result.hits],
        "generation": result.generation,
        "timings_ms": rounded(result.timings_ms),
        "note": result.note,
    }
