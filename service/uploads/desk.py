"""Where uploads, deletions and jobs come in: one object, the owner of a service's state folder.

    STATE/jobs.db    the jobs, and which uploads are kept
    STATE/uploads/   their bytes, see keeping.py
    STATE/lock       held by the one service that works here

Nothing is made before the first write: a service that only answers needs no state. Knows no HTTP.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import (
    JobNotFound,
    StateLocked,
    StorageFull,
    UnreadableFile,
    WenjuError,
)
from indexer.incoming import shown_name, source_of
from service.uploads.filing import upload_of
from service.uploads.keeping import Keeping, clear_incoming, incoming_file
from service.uploads.ledger import Ledger
from service.uploads.receiving import Received
from service.uploads.records import FileState, Job, JobFile, JobKind, JobState
from service.uploads.worker import Archives, Worker
from service.writable import unwritable

if TYPE_CHECKING:
    from indexer.index.store import IndexReader

log = logging.getLogger("service.uploads")

_AGAIN_S = 1.0  # before another try while the service before is still ending


class Desk:
    """Serves many threads. Every method but `start` and `stop` raises StateLocked, StorageFull."""

    def __init__(
        self,
        state: Path,
        indexes: Mapping[str, Path],
        reader: Callable[[str], "IndexReader"],
        environment: Mapping[str, str],
    ) -> None:
        """See `Archives`."""
        self._state = state
        self._base = state / "uploads"
        self._archives = Archives(self._base, indexes, reader, environment)
        self._turn = threading.RLock()
        self._opening = threading.Lock()
        self._ending = threading.Event()
        self._lock: int | None = None
        self._opened: tuple[Ledger, Worker] | None = None

    def start(self) -> None:
        """Go on with the jobs that the service before has left."""
        if (self._state / "jobs.db").is_file():
            threading.Thread(target=self._take_over, name="take-over", daemon=True).start()

    def _take_over(self) -> None:
        while not self._ending.is_set():
            try:
                self._open()
            except StateLocked:
                self._ending.wait(_AGAIN_S)
            except WenjuError as error:
                log.warning("jobs are not gone on with: %s", error.message)
                return
            else:
                return

    def stop(self) -> None:
        """Let go of everything; what is queued or running waits for the next start."""
        self._ending.set()
        with self._opening:
            if self._opened is not None:
                ledger, worker = self._opened
                worker.stop()
                ledger.close()
                self._opened = None
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def open(self) -> None:
        """Be the owner of the state folder, start on its jobs, and see that more can come."""
        self._open()
        hindrance = unwritable(self._state)
        if hindrance is not None:
            raise hindrance

    def _open(self) -> tuple[Ledger, Worker]:
        with self._opening:
            if self._opened is not None:
                return self._opened
            if self._ending.is_set():
                raise StateLocked("the service is ending", hint="ask again in a moment")
            try:
                self._state.mkdir(parents=True, exist_ok=True)
                lock = os.open(self._state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise unwritable(self._state) or StorageFull(
                    f"{self._state} can't be written: {error.strerror}",
                    hint="see that it is writable and has free space",
                ) from error
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                ledger = Ledger(self._state / "jobs.db")
            except BlockingIOError as error:
                os.close(lock)
                raise StateLocked(
                    "another service keeps the same state folder",
                    hint="use that one, or give each a state folder of its own (WENJU_STATE)",
                ) from error
            except BaseException:
                os.close(lock)
                raise
            clear_incoming(self._base)
            worker = Worker(ledger, self._archives, self._turn)
            self._lock, self._opened = lock, (ledger, worker)
            worker.start()
            return self._opened

    def new_file(self) -> tuple[int, Path]:
        """Where the next file is received: open for writing, on the disk where it will stay."""
        return incoming_file(self._base)

    def stash(self, collection: str, files: Sequence[Received]) -> None:
        """Keep what came whole of a request that broke off, for whoever goes on with it."""
        keeping = Keeping(self._base, collection)
        for file in files:
            if file.path is not None and file.digest is not None:
                keeping.take(file.path, file.digest)

    def accept(
        self, collection: str, received: Sequence[Received], stored: Sequence[tuple[str, str]]
    ) -> Job:
        """Take files over and queue a job for them; when this returns nothing of them can be lost.

        `stored` are digests with names, of files whose bytes are here already.
        """
        ledger, worker = self._to_change(collection)
        keeping = Keeping(self._base, collection)
        with self._turn:
            self.stash(collection, received)
            files = [_file(number, each) for number, each in enumerate(received, start=1)]
            for digest, name in stored:
                files.append(_stored(len(files) + 1, keeping, digest, name))
            job = ledger.add(JobKind.UPLOAD, collection, _each_once(files))
        worker.wake()
        return job

    def reindex(self, collection: str) -> Job:
        """Queue a look at all folders of a collection."""
        return self._queue(JobKind.REINDEX, collection)

    def compact(self, collection: str) -> Job:
        """Queue the erasure of all that was deleted from a collection's index until now."""
        return self._queue(JobKind.COMPACT, collection)

    def _queue(self, kind: JobKind, collection: str) -> Job:
        ledger, worker = self._to_change(collection)
        job = ledger.add(kind, collection)
        worker.wake()
        return job

    def delete(self, collection: str, document_id: str, source: str, size: int) -> None:
        """Take a document out, from the next question on in every process, and erase its upload.

        Raises: as `remove_documents`.
        """
        ledger, worker = self._to_change(collection)
        file = JobFile(1, source, source, None, size, document_id=document_id)
        job = ledger.add(JobKind.DELETE, collection, [file], JobState.RUNNING)
        try:
            worker.delete(job)
        except WenjuError:
            worker.wake()  # it is tried again: who was told of an error may ask what became of it
            raise

    def _to_change(self, collection: str) -> tuple[Ledger, Worker]:
        """Raises: StorageFull where a job for a collection could only fail."""
        opened = self._open()
        hindrance = unwritable(self._state, self._archives.indexes.get(collection))
        if hindrance is not None:
            raise hindrance
        return opened

    def upload_of(self, collection: str, source: str) -> str | None:
        """The name of the upload that a document came in; None for one of a folder.

        None as well where the state can't be used: nothing can be uploaded there, but read.
        """
        try:
            ledger = self._to_read()
        except (StateLocked, StorageFull):
            return None
        return None if ledger is None else upload_of(ledger, collection, source)

    def jobs(self, collections: Sequence[str], limit: int) -> list[Job]:
        """The newest first, without their files."""
        ledger = self._to_read()
        return [] if ledger is None else ledger.jobs(collections, limit)

    def job(self, job_id: str, collections: Sequence[str]) -> Job:
        """Raises: JobNotFound, in the same words for a job of another collection."""
        ledger = self._to_read()
        job = None if ledger is None else ledger.job(job_id)
        if job is None or job.collection not in collections:
            raise JobNotFound(f"there is no job {job_id[:100]!r}", hint="GET /v1/jobs lists them")
        return job

    def _to_read(self) -> Ledger | None:
        if self._opened is None and not (self._state / "jobs.db").exists():
            return None
        return self._open()[0]


def _file(number: int, received: Received) -> JobFile:
    return JobFile(
        *(number, received.name, received.source, received.digest, received.size),
        state=FileState.REFUSED if received.reason else FileState.WAITING,
        reason=received.reason,
        detail=received.detail,
    )


def _each_once(files: Sequence[JobFile]) -> list[JobFile]:
    """A name that comes twice in one request is the first one's: which was meant, nobody knows."""
    found: list[JobFile] = []
    named: set[str] = set()
    for file in files:
        if file.source is not None and file.state is FileState.WAITING:
            if file.source in named:
                detail = "another file of the same request has this name"
                found.append(
                    replace(file, state=FileState.REFUSED, reason="named_twice", detail=detail)
                )
                continue
            named.add(file.source)
        found.append(file)
    return found


def _stored(number: int, keeping: Keeping, digest: str, name: str) -> JobFile:
    shown = shown_name(name.encode("utf-8", "replace"))
    try:
        source = source_of(name.encode("utf-8", "replace"))
        if not keeping.has(digest):
            raise UnreadableFile("its bytes are not here", reason="not_stored", hint="send them")
    except UnreadableFile as error:
        state = FileState.REFUSED
        return JobFile(number, shown, None, None, 0, state, error.reason, error.message)
    return JobFile(number, shown, source, digest, keeping.size(digest))
