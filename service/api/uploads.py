"""POST and DELETE of documents: what comes in is streamed to the disk, and a job indexes it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from indexer.errors import DocumentNotFound, InvalidRequest
from service.access.principal import Role
from service.api.documents import InCollection
from service.api.jobs import CHANGING, JobWithFilesOut, accepted, desk_of
from service.api.metrics import metrics_of
from service.api.openapi import OPENING, problems
from service.api.problems import Busy, UploadTooLarge
from service.api.state import (
    DEFAULT,
    Collections,
    archive_of,
    only_collection_with,
    require,
    see_collection,
)
from service.settings import Settings
from service.uploads.desk import Desk
from service.uploads.receiving import Receiver

router = APIRouter(tags=["documents"])

PLACE = ("POST", "/v1/documents")
"""Whose body is streamed, and counted here."""

_AT_ONCE = 256 * 1024  # bytes that are handed to the thread that writes them
_AGAIN_S = 5
_DRAIN_BYTES = 64 * 2**20  # of a body that is too large: a sender that can end sees the refusal
_DIGEST = re.compile(r"([0-9a-f]{64})[ \t]+(\S.*)")

_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["files"],
                "properties": {
                    "files": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "the files; a file name may have folders: 2020/notice.pdf",
                    },
                    "collection": {"type": "string", "default": DEFAULT},
                    "stored": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "files whose bytes may be here already, each as its "
                        "SHA-256 in hex, a space and its name",
                    },
                },
            }
        }
    },
}


def desk_for(settings: Settings, collections: Collections) -> Desk:
    """The desk of a service. What its settings say of the embedder, the indexer is told, too."""
    key = settings.embedder_api_key
    given = {
        "WENJU_EMBEDDER_URL": settings.embedder_url,
        "WENJU_EMBEDDER_TIMEOUT_S": str(settings.embedder_timeout_s),
        "WENJU_EMBEDDER_API_KEY": key.get_secret_value() if key else None,
        "WENJU_ONLINE": "true" if settings.online else "false",
    }
    return Desk(
        settings.state,
        settings.all_collections,
        lambda name: collections.opened(name).reader,
        {name: value for name, value in given.items() if value is not None},
    )


@router.post(
    "/v1/documents",
    status_code=202,
    response_model=JobWithFilesOut,
    summary="Upload documents",
    responses=problems(UploadTooLarge, Busy, *CHANGING),
    openapi_extra={"requestBody": _BODY},
)
async def upload(
    request: Request,
    collection: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
) -> Response:
    """Take files in; a job indexes them. Every file is told of by name, in the job's `files`.

    What can't be read is refused with its reason, the other files are taken. Files that are here
    already need not be sent again: name them under `stored`. After this answer nothing of what was
    taken can be lost.
    """
    require(request, Role.EDITOR)
    settings: Settings = request.app.state.settings
    desk = desk_of(request)
    await run_in_threadpool(desk.open)
    async with _place(request, settings.max_uploads):
        return await _take_in(request, desk, settings, collection)


@asynccontextmanager
async def _place(request: Request, most: int) -> AsyncIterator[None]:
    """One of the uploads that are received at once. Raises: Busy."""
    state = request.app.state
    if state.receiving >= most:
        metrics_of(request).rejected("uploads")
        await _drain(request)
        raise Busy(
            f"{most} uploads are being received already",
            hint="send it again in a moment",
            retry_after_s=_AGAIN_S,
        )
    state.receiving += 1
    try:
        yield
    finally:
        state.receiving -= 1


async def _drain(request: Request) -> None:
    """Read on for a while: a sender that can end sees the refusal."""
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > _DRAIN_BYTES:
            return


async def _take_in(
    request: Request, desk: Desk, settings: Settings, collection: str | None
) -> Response:
    receiver = Receiver(
        request.headers.get("content-type", ""), desk.new_file, settings.max_upload_bytes
    )
    try:
        await _receive(request, receiver, settings.max_upload_request_bytes)
        name = _collection(request, receiver, collection)
        stored = [_stored(line) for line in _lines(receiver)]
        if not receiver.files and not stored:
            raise InvalidRequest("there is no file in it", hint="curl -F files=@notice.pdf")
        job = await run_in_threadpool(desk.accept, name, receiver.files, stored)
    except ClientDisconnect:
        desk.stash(_collection(request, receiver, collection), receiver.files)
        return Response(status_code=400)  # nobody is there to see it
    finally:
        receiver.discard()
    return accepted(request, job)


async def _receive(request: Request, receiver: Receiver, max_bytes: int) -> None:
    declared = request.headers.get("content-length", "")
    received, ends_at = 0, _DRAIN_BYTES
    waiting = bytearray()
    is_too_large = declared.isdecimal() and int(declared) > max_bytes
    try:
        async for chunk in request.stream():
            received += len(chunk)
            is_too_large = is_too_large or received > max_bytes
            if not is_too_large:
                waiting += chunk
                ends_at = received + _DRAIN_BYTES
            elif received > ends_at:
                break
            if len(waiting) >= _AT_ONCE:
                await run_in_threadpool(receiver.feed, bytes(waiting))
                waiting.clear()
    except ClientDisconnect:
        receiver.feed(bytes(waiting))  # it may be the end of a file
        raise
    if is_too_large:
        raise UploadTooLarge(
            f"all files of a request together may have {max_bytes} bytes",
            hint="send them in several requests",
        )
    await run_in_threadpool(receiver.feed, bytes(waiting))
    receiver.end()


def _collection(request: Request, receiver: Receiver, given: str | None) -> str:
    """Where the files are to go. Raises: CollectionNotFound."""
    name = given or next(iter(receiver.fields.get("collection", [])), DEFAULT)
    see_collection(request, name)
    return name


def _lines(receiver: Receiver) -> list[str]:
    return [line for text in receiver.fields.get("stored", []) for line in text.splitlines()]


def _stored(line: str) -> tuple[str, str]:
    match = _DIGEST.fullmatch(line.strip())
    if match is None:
        raise InvalidRequest(
            "a line of `stored` is no digest and name",
            hint="write the SHA-256 in 64 hex digits, a space, and the name",
        )
    return match[1], match[2]


@router.delete(
    "/v1/documents/{document_id}",
    status_code=204,
    response_class=Response,
    responses=problems(DocumentNotFound, *CHANGING, *OPENING),
    summary="Delete a document",
)
def delete(request: Request, document_id: str, collection: InCollection = None) -> Response:
    """Gone from the next question on, in every process that reads the index.

    The bytes of an upload are erased with it; its text stays in the index's files, where nobody is
    answered from it, until `POST /v1/collections/{name}/compact` has erased it. An update does not
    bring it back; uploading it again does.
    """
    require(request, Role.EDITOR)
    desk_of(request).open()  # or nothing is looked for
    name = only_collection_with(request, document_id, collection)
    document = archive_of(request, name).reader.document(document_id).document
    desk_of(request).delete(name, document_id, document.source, document.size)
    return Response(status_code=204)
