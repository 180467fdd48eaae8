"""The jobs and the kept uploads of a service in one SQLite file: the only one that imports it here.

What a method has returned from is on the disk. Knows no index, no file and no HTTP.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from indexer.errors import StorageFull
from service.uploads.records import (
    FileState,
    Job,
    JobFile,
    JobKind,
    JobProblem,
    JobState,
)

KEPT_JOBS = 1000  # ended ones; older ones are forgotten

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  number INTEGER PRIMARY KEY, job_id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL,
  collection TEXT NOT NULL, state TEXT NOT NULL, created_at TEXT NOT NULL, started_at TEXT,
  ended_at TEXT, done INTEGER NOT NULL, total INTEGER NOT NULL, generation TEXT, problem TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS files (
  job_id TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE, number INTEGER NOT NULL,
  name TEXT NOT NULL, source TEXT, digest TEXT, size INTEGER NOT NULL, state TEXT NOT NULL,
  reason TEXT, detail TEXT, document_id TEXT, before TEXT, PRIMARY KEY (job_id, number)
) STRICT;
CREATE INDEX IF NOT EXISTS files_by_digest ON files (digest) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS kept (
  collection TEXT NOT NULL, source TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,
  since TEXT NOT NULL DEFAULT '', PRIMARY KEY (collection, source)
) STRICT;
CREATE INDEX IF NOT EXISTS kept_by_digest ON kept (digest);
"""
_JOB = "job_id, kind, collection, state, created_at, started_at, ended_at, done, total, generation"
_FILE = "number, name, source, digest, size, state, reason, detail, document_id, before"
_OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)


class Ledger:
    """Open once in the process that owns the state folder. Serves many threads.

    Every method raises StorageFull where the disk refuses.
    """

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._path = path
        with self._errors():
            self._rows = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._rows.execute(f"PRAGMA {pragma}")
            self._rows.executescript(_SCHEMA)
            if "since" not in (row[1] for row in self._rows.execute("PRAGMA table_info (kept)")):
                self._rows.execute("ALTER TABLE kept ADD COLUMN since TEXT NOT NULL DEFAULT ''")

    def close(self) -> None:
        with self._lock:
            self._rows.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StorageFull(
                f"the service can't write down what is to be done: {error}",
                hint="see that the state folder is writable and has free space; nothing was done",
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._errors():
            self._rows.execute("BEGIN IMMEDIATE")
            try:
                yield self._rows
                self._rows.execute("COMMIT")
            except BaseException:
                if self._rows.in_transaction:
                    self._rows.execute("ROLLBACK")
                raise

    def add(
        self,
        kind: JobKind,
        collection: str,
        files: Sequence[JobFile] = (),
        state: JobState = JobState.QUEUED,
    ) -> Job:
        """Remember a new job."""
        job = Job(
            uuid.uuid4().hex, kind, collection, state, now(), total=len(files), files=tuple(files)
        )
        with self._writing() as rows:
            rows.execute(
                f"INSERT INTO jobs ({_JOB}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                astuple(job)[:10],
            )
            rows.executemany(
                f"INSERT INTO files (job_id, {_FILE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(job.job_id, *astuple(each)) for each in files],
            )
            rows.execute(
                "DELETE FROM jobs WHERE ended_at IS NOT NULL AND number <= "
                "(SELECT max(number) FROM jobs) - ?",
                (KEPT_JOBS,),
            )
        return job

    def jobs(self, collections: Sequence[str], limit: int) -> list[Job]:
        """The newest of some collections first, without their files."""
        marks = ", ".join("?" * len(collections))
        with self._lock, self._errors():
            found = self._rows.execute(
                f"SELECT {_JOB}, problem FROM jobs WHERE collection IN ({marks}) "
                "ORDER BY number DESC LIMIT ?",
                (*collections, limit),
            ).fetchall()
        return [_job(row) for row in found]

    def job(self, job_id: str) -> Job | None:
        with self._lock, self._errors():
            row = self._rows.execute(
                f"SELECT {_JOB}, problem FROM jobs WHERE job_id = ?", (job_id,)
            ).fetchone()
            files = self._rows.execute(
                f"SELECT {_FILE} FROM files WHERE job_id = ? ORDER BY number", (job_id,)
            ).fetchall()
        return None if row is None else replace(_job(row), files=tuple(map(_file, files)))

    def file(self, job_id: str, number: int) -> JobFile:
        """A file of a job as it is now. Raises: LookupError."""
        with self._lock, self._errors():
            row = self._rows.execute(
                f"SELECT {_FILE} FROM files WHERE job_id = ? AND number = ?", (job_id, number)
            ).fetchone()
        if row is None:
            raise LookupError(f"job {job_id} has no file {number}")
        return _file(row)

    def unfinished(self) -> list[Job]:
        """Those that are queued or were cut short, the oldest first, with their files."""
        with self._lock, self._errors():
            found = self._rows.execute(
                "SELECT job_id FROM jobs WHERE state IN (?, ?) ORDER BY number", _OPEN
            ).fetchall()
        return [job for (job_id,) in found if (job := self.job(job_id)) is not None]

    def begin(self, job_id: str) -> None:
        self._set(job_id, state=JobState.RUNNING.value, started_at=now())

    def progress(self, job_id: str, done: int, total: int) -> None:
        self._set(job_id, done=done, total=total)

    def wait(self, job_id: str, problem: JobProblem) -> None:
        """Say what a running job waits for."""
        self._set(job_id, problem=json.dumps(asdict(problem)))

    def end(
        self, job_id: str, *, generation: str | None = None, problem: JobProblem | None = None
    ) -> None:
        """With a problem it has failed."""
        self._set(
            job_id,
            state=(JobState.FAILED if problem else JobState.DONE).value,
            ended_at=now(),
            generation=generation,
            problem=json.dumps(asdict(problem)) if problem else None,
        )

    def _set(self, job_id: str, **values: str | int | None) -> None:
        assigned = ", ".join(f"{name} = ?" for name in values)
        with self._writing() as rows:
            rows.execute(f"UPDATE jobs SET {assigned} WHERE job_id = ?", (*values.values(), job_id))

    def settle(self, job_id: str, file: JobFile) -> None:
        """Say what became of a file, unless it was removed meanwhile."""
        with self._writing() as rows:
            rows.execute(
                "UPDATE files SET state = ?, reason = ?, detail = ?, document_id = ?, before = ? "
                "WHERE job_id = ? AND number = ? AND state != ?",
                (
                    *(file.state, file.reason, file.detail, file.document_id, file.before),
                    *(job_id, file.number, FileState.REMOVED.value),
                ),
            )

    def withdraw(self, deletion: Job, source: str) -> list[str]:
        """Take a source out of the jobs before its deletion that have not ended.

        Returns the digests of what is not wanted any more.
        """
        with self._writing() as rows:
            found = rows.execute(
                "UPDATE files SET state = ? WHERE source = ? AND state = ? AND job_id IN "
                "(SELECT job_id FROM jobs WHERE collection = ? AND kind = ? AND state IN (?, ?) "
                "AND number < (SELECT number FROM jobs WHERE job_id = ?)) "
                "RETURNING digest",
                (
                    *(FileState.REMOVED.value, source, FileState.WAITING.value),
                    *(deletion.collection, JobKind.UPLOAD.value, *_OPEN, deletion.job_id),
                ),
            ).fetchall()
        return [digest for (digest,) in found]

    def keep(self, collection: str, source: str, digest: str, size: int) -> None:
        with self._writing() as rows:
            rows.execute(
                "INSERT OR REPLACE INTO kept (collection, source, digest, size, since) "
                "VALUES (?, ?, ?, ?, ?)",
                (collection, source, digest, size, now()),
            )

    def forget(self, collection: str, source: str) -> None:
        with self._writing() as rows:
            rows.execute(
                "DELETE FROM kept WHERE collection = ? AND source = ?", (collection, source)
            )

    def digest(self, collection: str, source: str) -> str | None:
        """Of the upload that has this source, if there is one."""
        with self._lock, self._errors():
            row = self._rows.execute(
                "SELECT digest FROM kept WHERE collection = ? AND source = ?", (collection, source)
            ).fetchone()
        return None if row is None else str(row[0])

    def kept(self, collection: str) -> dict[str, str]:
        """The digests of all uploads of a collection, by source."""
        with self._lock, self._errors():
            return dict(
                self._rows.execute(
                    "SELECT source, digest FROM kept WHERE collection = ?", (collection,)
                ).fetchall()
            )

    def kept_since(self, collection: str) -> dict[str, str]:
        """When each upload of a collection got its name, by source; empty where nobody knows."""
        with self._lock, self._errors():
            return dict(
                self._rows.execute(
                    "SELECT source, since FROM kept WHERE collection = ?", (collection,)
                ).fetchall()
            )

    def needs(self, collection: str, digest: str) -> bool:
        """Whether an upload, or a job that has not ended, still wants these bytes."""
        with self._lock, self._errors():
            return bool(
                self._rows.execute(
                    "SELECT EXISTS (SELECT 1 FROM kept WHERE collection = :c AND digest = :d) OR "
                    "EXISTS (SELECT 1 FROM files JOIN jobs USING (job_id) WHERE collection = :c "
                    "AND :d IN (digest, before) AND files.state = :waiting "
                    "AND jobs.state IN (:queued, :running))",
                    {
                        "c": collection,
                        "d": digest,
                        "waiting": FileState.WAITING.value,
                        "queued": JobState.QUEUED.value,
                        "running": JobState.RUNNING.value,
                    },
                ).fetchone()[0]
            )


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _job(row: Sequence[object]) -> Job:
    *values, problem = row
    job = Job(*values)  # type: ignore[arg-type]
    return replace(
        job,
        kind=JobKind(job.kind),
        state=JobState(job.state),
        problem=JobProblem(**json.loads(str(problem))) if problem else None,
    )


def _file(row: Sequence[object]) -> JobFile:
    file = JobFile(*row)  # type: ignore[arg-type]
    return replace(file, state=FileState(file.state))
