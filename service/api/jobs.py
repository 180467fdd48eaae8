"""GET /v1/jobs: what becomes of uploads; POST …/reindex: look at all folders again; POST …/compact:
erase what was deleted.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from indexer.errors import CollectionNotFound, JobNotFound, StateLocked, StorageFull
from service.access.principal import Role
from service.api.errors import chinese_reader
from service.api.job_words import file_detail, file_summary, job_summary, problem_json
from service.api.openapi import problems
from service.api.problems import Forbidden
from service.api.state import collections_of, principal_of, require, see_collection
from service.uploads.desk import Desk
from service.uploads.records import FileState, Job, JobFile, JobKind, JobState

router = APIRouter(tags=["jobs"])

CHANGING = (Forbidden, CollectionNotFound, StateLocked, StorageFull)
"""What every request that changes documents can end with."""


class ProgressOut(BaseModel):
    done: int
    total: int


class JobProblemOut(BaseModel):
    code: str
    detail: str
    hint: str


class JobFileOut(BaseModel):
    name: str = Field(description="as it was sent")
    source: str | None = Field(description="as the index calls it")
    digest: str | None = Field(description="SHA-256 of its bytes, in hex")
    size: int
    state: FileState
    summary: str = Field(description="what became of it, for people, by Accept-Language")
    reason: str | None = Field(description="a stable word such as encrypted, where it was refused")
    detail: str | None = Field(description="why, by Accept-Language")
    document_id: str | None


class JobOut(BaseModel):
    job_id: str
    kind: JobKind
    collection: str
    state: JobState
    summary: str = Field(description="how far it is, for people, by Accept-Language")
    created_at: str
    started_at: str | None
    ended_at: str | None
    progress: ProgressOut
    generation: str | None = Field(description="from which answers came when it was done")
    problem: JobProblemOut | None = Field(description="why it failed, or what it waits for")


class JobWithFilesOut(JobOut):
    files: list[JobFileOut]


class JobsResponse(BaseModel):
    jobs: list[JobOut]


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


@router.get(
    "/v1/jobs",
    response_model=JobsResponse,
    responses=problems(CollectionNotFound, StateLocked, StorageFull),
    summary="List jobs",
)
def list_jobs(
    request: Request,
    collection: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """The newest first, of the collections that the caller may see; without their files."""
    principal = principal_of(request)
    names = collections_of(request).visible(principal)
    if collection is not None:
        see_collection(request, collection)
        names = [collection]
    found = desk_of(request).jobs(names, limit)
    chinese = chinese_reader(request)
    return JSONResponse({"jobs": [_plain(job, chinese=chinese) for job in found]})


@router.get(
    "/v1/jobs/{job_id}",
    response_model=JobWithFilesOut,
    responses=problems(JobNotFound, StateLocked, StorageFull),
    summary="Look at a job",
)
def read_job(request: Request, job_id: str) -> Response:
    """How far it is, and what became of each file."""
    visible = collections_of(request).visible(principal_of(request))
    job = desk_of(request).job(job_id, visible)
    return JSONResponse(job_json(job, chinese=chinese_reader(request)))


@router.post(
    "/v1/collections/{name}/reindex",
    status_code=202,
    response_model=JobWithFilesOut,
    summary="Look at all folders again",
    responses=problems(*CHANGING),
)
def reindex(request: Request, name: str) -> Response:
    """Read what has changed in the folders that the collection was built of, and all uploads."""
    return _queued(request, name, Desk.reindex)


@router.post(
    "/v1/collections/{name}/compact",
    status_code=202,
    response_model=JobWithFilesOut,
    summary="Erase what was deleted",
    responses=problems(*CHANGING),
)
def compact(request: Request, name: str) -> Response:
    """Write the collection's index anew, without a byte of what was deleted before this request.

    The job is done once that is so. It fails as `still_read` while another process reads what is
    to be erased.
    """
    return _queued(request, name, Desk.compact)


def _queued(request: Request, name: str, queue: Callable[[Desk, str], Job]) -> Response:
    require(request, Role.EDITOR)
    desk_of(request).open()
    see_collection(request, name)
    return accepted(request, queue(desk_of(request), name))


def accepted(request: Request, job: Job) -> Response:
    """202, with the job and where to look at it."""
    content = job_json(job, chinese=chinese_reader(request))
    where = {"Location": f"/v1/jobs/{job.job_id}"}
    return JSONResponse(content, status_code=202, headers=where)


def job_json(job: Job, *, chinese: bool) -> dict[str, Any]:
    return _plain(job, chinese=chinese) | {"files": [_file(each, chinese) for each in job.files]}


def _plain(job: Job, *, chinese: bool) -> dict[str, Any]:
    found = asdict(job)
    progress = {"done": found.pop("done"), "total": found.pop("total")}
    del found["files"]
    problem = problem_json(job.problem, chinese=chinese) if job.problem else None
    summary = job_summary(job, chinese=chinese)
    return found | {"progress": progress, "problem": problem, "summary": summary}


def _file(file: JobFile, chinese: bool) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(file).items() if name in JobFileOut.model_fields}
    return shown | {
        "detail": file_detail(file, chinese=chinese),
        "summary": file_summary(file, chinese=chinese),
    }
