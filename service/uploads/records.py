"""What is remembered of jobs and of their files. Knows no database and no HTTP."""

from dataclasses import dataclass
from enum import StrEnum


class JobKind(StrEnum):
    UPLOAD = "upload"
    REINDEX = "reindex"
    DELETE = "delete"
    COMPACT = "compact"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class FileState(StrEnum):
    """`waiting` until the job is done; `removed` if somebody deleted it meanwhile."""

    WAITING = "waiting"
    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file of a job. `name` is what its sender calls it; without a `source` it was refused.

    `digest` is the SHA-256 of its bytes, `before` that of the file whose place it took.
    """

    number: int
    name: str
    source: str | None
    digest: str | None
    size: int
    state: FileState = FileState.WAITING
    reason: str | None = None
    detail: str | None = None
    document_id: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class JobProblem:
    """Why a job failed, or what it waits for."""

    code: str
    detail: str
    hint: str


@dataclass(frozen=True, slots=True)
class Job:
    """Times are ISO, in UTC; `done` and `total` count files that were looked at."""

    job_id: str
    kind: JobKind
    collection: str
    state: JobState
    created_at: str
    started_at: str | None = None
    ended_at: str | None = None
    done: int = 0
    total: int = 0
    generation: str | None = None
    problem: JobProblem | None = None
    files: tuple[JobFile, ...] = ()
