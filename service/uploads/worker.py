"""Carries out the jobs of a service one after the other, in a thread of its own.

Knows the order of things: files get their names, the indexer comes, each file is judged. A job that
was cut short is done again from its beginning, which changes nothing that was done.
"""

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import DocumentNotFound, IndexMissing, WenjuError
from indexer.index.folder import IndexFolder
from indexer.index.removing import remove_documents
from service.uploads.filing import Filing, above
from service.uploads.indexing import Outcome, run_indexer
from service.uploads.keeping import Keeping
from service.uploads.ledger import Ledger
from service.uploads.records import FileState, Job, JobFile, JobKind, JobProblem

if TYPE_CHECKING:
    from indexer.index.store import IndexReader

log = logging.getLogger("service.uploads")

_AGAIN_S = 2.0  # before another try where somebody else writes to the index
_PROGRESS_S = 0.5


@dataclass(frozen=True, slots=True)
class Archives:
    """Where documents are kept by collection: the uploads in `base`, and each index folder.

    `reader` opens a collection as it is now, and raises IndexMissing where there is none yet.
    `environment` is what the indexer is to be told.
    """

    base: Path
    indexes: Mapping[str, Path]
    reader: Callable[[str], "IndexReader"]
    environment: Mapping[str, str]


class Worker:
    """Takes jobs from the ledger until it is told to stop. `turn` is as in `Filing`."""

    def __init__(self, ledger: Ledger, archives: Archives, turn: "threading.RLock") -> None:
        self._ledger = ledger
        self._archives = archives
        self._turn = turn
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There is a new job."""
        self._wake.set()

    def stop(self) -> None:
        """Leave the job at hand as it is, for the next start."""
        self._ending.set()
        self._wake.set()
        if self._process is not None:
            self._process.kill()
        self._thread.join(10)

    def delete(self, job: Job) -> None:
        """Do what is left of a delete job: the index forgets first, then the disk.

        Raises: as `remove_documents`, but not if that was done before.
        """
        index = IndexFolder(self._archives.indexes[job.collection])
        for file in job.files:
            if file.document_id is not None:
                with suppress(DocumentNotFound, IndexMissing):
                    remove_documents(index, [file.document_id])
            self._filing(job).erase(file)
        self._ledger.end(job.job_id)

    def _run(self) -> None:
        while not self._ending.is_set():
            self._wake.clear()
            try:
                jobs = self._ledger.unfinished()
                if not jobs:
                    self._tidy()
            except (WenjuError, OSError) as error:
                log.error("the jobs can't be looked at: %s", error)
                jobs = []
            for job in jobs[:1]:
                self._carry_out(job)
            if not jobs:
                self._wake.wait()

    def _carry_out(self, job: Job) -> None:
        try:
            if job.collection not in self._archives.indexes:
                gone = "there is no such collection any more"
                self._fail(job, JobProblem("collection_not_found", gone, "name it in the settings"))
            elif job.kind is JobKind.DELETE:
                self.delete(job)
            else:
                self._index(job)
        except WenjuError as error:
            log.error("job %s: %s", job.job_id, error.message)
            self._fail(job, JobProblem(error.code, error.message, error.hint))
        except (OSError, ValueError, LookupError) as error:
            log.error("job %s broke off", job.job_id, exc_info=error)
            hint = "the server's log says why"
            self._fail(job, JobProblem("internal_error", "the job broke off", hint))

    def _fail(self, job: Job, problem: JobProblem) -> None:
        try:
            self._ledger.end(job.job_id, problem=problem)
        except WenjuError:
            self._ending.wait(_AGAIN_S)  # the disk is full: the job stays, and is tried again

    def _index(self, job: Job) -> None:
        self._ledger.begin(job.job_id)
        filing = self._filing(job)
        waiting = [each for each in job.files if each.state is FileState.WAITING]
        files = [named for each in waiting if (named := filing.put(each)) is not None]
        if not files and job.kind is JobKind.UPLOAD:
            self._ledger.end(job.job_id, generation=self._generation(job))
            return
        outcome = self._ask_indexer(job, filing, files)
        if self._ending.is_set():
            return
        if outcome.has_died:
            filing.take_back(files)
        is_empty = outcome.problem is not None and outcome.problem.code == "nothing_to_index"
        if outcome.problem and not (is_empty and files):
            self._ledger.end(job.job_id, problem=outcome.problem)
            return
        refused = [each for each in files if filing.judge(each, outcome)]
        if any(each.before for each in refused):
            # What could not be read had taken the place of something that could.
            self._ask_indexer(job, filing, refused)
        if not self._ending.is_set():
            self._ledger.end(job.job_id, generation=self._generation(job))

    def _ask_indexer(self, job: Job, filing: Filing, files: Sequence[JobFile]) -> Outcome:
        """Have files indexed, or without any everything; wait while another writes to the index."""
        index = self._archives.indexes[job.collection]
        names = [each.source for each in files if each.source]
        while True:
            order = {
                "index": str(index.absolute()),
                "uploads": str(filing.keeping.files.absolute()),
                "names": names,
                "returned": self._returned(job, names),
            }
            outcome = run_indexer(
                order, self._archives.environment, self._teller(job), self._started
            )
            self._process = None
            is_locked = outcome.problem is not None and outcome.problem.code == "index_locked"
            if self._ending.is_set() or outcome.problem is None or not is_locked:
                return outcome
            self._ledger.wait(job.job_id, outcome.problem)
            self._ending.wait(_AGAIN_S)

    def _teller(self, job: Job) -> Callable[[int, int], None]:
        """Writes the progress of a job down, not too often."""
        told = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told
            if done == total or time.monotonic() - told > _PROGRESS_S:
                told = time.monotonic()
                self._ledger.progress(job.job_id, done, total)

        return tell

    def _started(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        if self._ending.is_set():
            process.kill()

    def _returned(self, job: Job, names: Sequence[str]) -> list[str]:
        """The ids of removed documents that were uploaded again: what is deleted is not kept."""
        kept, new = self._ledger.kept(job.collection), set(names)
        return [
            each.document_id
            for each in IndexFolder(self._archives.indexes[job.collection]).removals()
            if each.source in kept or not new.isdisjoint(above(each.source))
        ]

    def _filing(self, job: Job) -> Filing:
        reader = partial(self._archives.reader, job.collection)
        return Filing(self._ledger, self._archives.base, job, reader, self._turn)

    def _generation(self, job: Job) -> str | None:
        """The one that answers now, opened by this."""
        try:
            return self._archives.reader(job.collection).generation
        except IndexMissing:
            return None

    def _tidy(self) -> None:
        """Erase bytes that were sent and never named, such as those of requests that broke off."""
        for collection in self._archives.indexes:
            keeping = Keeping(self._archives.base, collection)
            for digest in keeping.unclaimed():
                with self._turn:
                    if not self._ledger.needs(collection, digest):
                        keeping.erase(digest)
