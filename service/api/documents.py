"""The documents and collections as they are stored: lists, texts, original bytes."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, Field

from indexer.errors import DocumentNotFound, InvalidRequest, WenjuError
from indexer.index.records import StoredDocument
from indexer.records import Document, LeftOut, Passage
from service.api.jobs import desk_of
from service.api.openapi import ARCHIVE, problems
from service.api.state import (
    DEFAULT,
    archive_of,
    archive_with,
    collection_with,
    collections_of,
    principal_of,
)
from service.api.wire import iso_date

router = APIRouter(tags=["documents"])

Day = Annotated[
    str, AfterValidator(iso_date), Query(description="ISO date, inclusive", examples=["2020-05-28"])
]

InCollection = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=200,
        description="where to look; without it, in every collection that the caller may see",
    ),
]

Glob = Annotated[str, Query(min_length=1, max_length=1000, description="a glob: 2020/*")]


class DocumentOut(BaseModel):
    document_id: str
    title: str
    source: str
    url: str | None
    date: str | None
    author: str | None
    organisation: str | None
    format: str
    characters: int
    passages: int
    indexed_at: str


class DocumentsResponse(BaseModel):
    documents: list[DocumentOut]
    next_cursor: str | None
    total: int = Field(description="how many match, on all pages together")


class PassageOut(BaseModel):
    passage_id: str
    start: int
    end: int
    text: str
    headings: list[str]
    page: int | None


class LeftOutOut(BaseModel):
    start: int
    end: int
    reason: str


class ReprintOut(BaseModel):
    document_id: str
    title: str
    source: str
    url: str | None
    date: str | None
    organisation: str | None


class DocumentResponse(BaseModel):
    document_id: str
    title: str
    source: str
    url: str | None
    date: str | None
    author: str | None
    organisation: str | None
    format: str
    characters: int
    indexed_at: str
    text: str = Field(description="the stored text, to which all offsets refer")
    passages: list[PassageOut]
    left_out: list[LeftOutOut] = Field(description="stretches of the text that are in no passage")
    reprint_of: ReprintOut | None = Field(description="the oldest document of the same text")
    reprints: list[ReprintOut] = Field(description="the other documents of the same text")
    upload: str | None = Field(
        description="the name of the upload that it came in, to be sent again for a new version; "
        "null for a document of a folder, which is replaced there"
    )


class CollectionOut(BaseModel):
    name: str
    documents: int
    passages: int
    generation: str | None
    problem: str | None = Field(description="the code of what keeps it from being used")


class CollectionsResponse(BaseModel):
    collections: list[CollectionOut]
    max_question_chars: int = Field(description="how long a question may be, in code points")


@router.get(
    "/v1/documents",
    response_model=DocumentsResponse,
    responses=problems(*ARCHIVE),
    summary="List documents",
)
def list_documents(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before")] = None,
    collection: str = DEFAULT,
    source: Annotated[
        str | None, Query(min_length=1, max_length=1000, description="a glob")
    ] = None,
    date_from: Day | None = None,
    date_to: Day | None = None,
    organisation: Annotated[
        str | None, Query(min_length=1, max_length=1000, description="a name or a glob")
    ] = None,
) -> Response:
    """The documents by source, one page at a time. Go on with `cursor` until it is null."""
    if date_from and date_to and date_from > date_to:
        raise InvalidRequest("date_from is after date_to", hint="swap the two dates")
    reader = archive_of(request, collection).reader
    selection = reader.select(source, date_from, date_to, organisation=organisation)
    page = reader.documents(limit, cursor, selection)
    return JSONResponse(
        {
            "documents": [document_json(stored) for stored in page.documents],
            "next_cursor": page.next_cursor,
            "total": len(selection.documents),
        }
    )


@router.get(
    "/v1/documents/{document_id}",
    response_model=DocumentResponse,
    responses=problems(DocumentNotFound, *ARCHIVE),
    summary="Read a document",
)
def read_document(request: Request, document_id: str, collection: InCollection = None) -> Response:
    """A document's metadata, its stored text, its passages, and what is in none of them."""
    name = collection_with(request, document_id, collection)
    reader = archive_of(request, name).reader
    stored = reader.document(document_id)
    return JSONResponse(
        document_json(stored)
        | {
            "upload": desk_of(request).upload_of(name, stored.document.source),
            "text": stored.document.text,
            "passages": [passage_json(item) for item in reader.document_passages(document_id)],
            "left_out": [left_out_json(item) for item in stored.document.left_out],
        }
        | family_json(document_id, [each.document for each in reader.family(document_id).values()])
    )


@router.get(
    "/v1/documents/{document_id}/original",
    response_class=Response,
    responses=problems(DocumentNotFound, *ARCHIVE)
    | {200: {"content": {"application/octet-stream": {}}}},
    summary="Download the original file",
)
def read_original(request: Request, document_id: str, collection: InCollection = None) -> Response:
    """The bytes of the file as they came, always as an attachment."""
    original = archive_with(request, document_id, collection).reader.original(document_id)
    return Response(
        original.data,
        # Never the file's own type: a saved web page must not run as a page of this service.
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": attachment(original.file_name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@router.get("/v1/collections", response_model=CollectionsResponse, summary="List collections")
def list_collections(request: Request) -> Response:
    """The collections that the caller may see; `problem` names what keeps one from being used."""
    names = collections_of(request).visible(principal_of(request))
    return JSONResponse(
        {
            "collections": [collection_json(request, name) for name in names],
            "max_question_chars": request.app.state.settings.max_question_chars,
        }
    )


def collection_json(request: Request, name: str) -> dict[str, Any]:
    try:
        reader = collections_of(request).get(name, principal_of(request)).reader
    except WenjuError as error:
        unusable = {"documents": 0, "passages": 0, "generation": None, "problem": error.code}
        return {"name": name} | unusable
    return {
        "name": name,
        "documents": len(reader.select().documents),
        "passages": reader.passage_count,
        "generation": reader.generation,
        "problem": None,
    }


def document_json(stored: StoredDocument) -> dict[str, Any]:
    document = stored.document
    return {
        "document_id": document.document_id,
        "title": document.title,
        "source": document.source,
        "url": document.url,
        "date": document.date,
        "author": document.author,
        "organisation": document.organisation,
        "format": document.format,
        "characters": stored.characters,
        "passages": stored.passages,
        "indexed_at": stored.indexed_at,
    }


def family_json(document_id: str, family: Sequence[Document]) -> dict[str, Any]:
    """`family` is the documents of one text, the oldest first; empty for a text that is alone."""
    others = [reprint_json(each) for each in family if each.document_id != document_id]
    is_first = not family or family[0].document_id == document_id
    return {"reprint_of": None if is_first else reprint_json(family[0]), "reprints": others}


def reprint_json(document: Document) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "title": document.title,
        "source": document.source,
        "url": document.url,
        "date": document.date,
        "organisation": document.organisation,
    }


def passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "passage_id": passage.passage_id,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "headings": passage.headings,
        "page": passage.page,
    }


def left_out_json(left_out: LeftOut) -> dict[str, Any]:
    return {"start": left_out.start, "end": left_out.end, "reason": left_out.reason}


def attachment(file_name: str) -> str:
    """A Content-Disposition with the name in RFC 5987 form, and in plain ASCII for old readers."""
    plain = "".join(
        character if character.isascii() and (character.isalnum() or character in " ._-") else "_"
        for character in file_name
    )
    encoded = quote(file_name, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
