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

from indexer.errors import DocumentNotFound, IndexLocked, IndexMissing, WenjuError
from indexer.index.folder import IndexFolder
from indexer.index.generation import clear
from indexer.index.removing import remove_documents
from service.uploads.filing import Filing, above
from service.uploads.indexing import Indexer, Outcome, run_indexer
from service.uploads.keeping import Keeping
from service.uploads.ledger import Ledger
from service.uploads.lost import came_again, has_lost
from service.uploads.records import FileState, Job, JobFile, JobKind, JobProblem

if TYPE_CHECKING:
    from indexer.index.store import IndexReader

log = logging.getLogger("service.uploads")

_AGAIN_S = 2.0  # before another try where somebody else writes to the index
_PROGRESS_S = 0.5
_READ_FOR_S = 30.0  # how long whoever reads what is to be erased is waited for
MOST_FILES = 2000  # of jobs that are done together


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

    def __init__(
        self,
        ledger: Ledger,
        archives: Archives,
        turn: "threading.RLock",
        indexer: Indexer = run_indexer,
    ) -> None:
        self._indexer = indexer
        self._ledger = ledger
        self._archives = archives
        self._turn = turn
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._deleting = threading.Lock()
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
        with self._deleting:
            for file in job.files:
                # Done by whoever else was at it: by now the name may be that of a later upload.
                if self._ledger.file(job.job_id, file.number).state is FileState.REMOVED:
                    continue
                if file.document_id is not None:
                    with suppress(DocumentNotFound, IndexMissing):
                        remove_documents(index, [file.document_id])
                self._filing(job).erase(file)
            self._ledger.end(job.job_id)

    def _run(self) -> None:
        self._find_lost()
        while not self._ending.is_set():
            self._wake.clear()
            try:
                jobs = self._ledger.unfinished()
                if not jobs:
                    self._tidy()
            except (WenjuError, OSError) as error:
                log.error("the jobs can't be looked at: %s", error)
                jobs = []
            if jobs:
                self._carry_out(together(jobs))
            else:
                self._wake.wait()

    def _find_lost(self) -> None:
        """Have the uploads indexed again that an index does not have: see `lost`."""
        for name, index in self._archives.indexes.items():
            try:
                kept = self._ledger.kept_since(name)
                is_busy = any(job.collection == name for job in self._ledger.unfinished())
                if (
                    kept
                    and not is_busy
                    and has_lost(kept, index, partial(self._archives.reader, name))
                ):
                    self._ledger.add(JobKind.REINDEX, name)
            except WenjuError as error:
                log.warning("the uploads of %s are not looked for: %s", name, error.message)

    def _carry_out(self, jobs: Sequence[Job]) -> None:
        try:
            if jobs[0].collection not in self._archives.indexes:
                gone = "there is no such collection any more"
                self._end(jobs, JobProblem("collection_not_found", gone, "name it in the settings"))
            elif jobs[0].kind is JobKind.DELETE:
                self.delete(jobs[0])
            elif jobs[0].kind is JobKind.COMPACT:
                self._compact(jobs)
            else:
                self._index(jobs)
        except WenjuError as error:
            log.error("job %s: %s", jobs[0].job_id, error.message)
            self._fail(jobs, JobProblem(error.code, error.message, error.hint))
        except (OSError, ValueError, LookupError) as error:
            log.error("job %s broke off", jobs[0].job_id, exc_info=error)
            hint = "the server's log says why"
            self._fail(jobs, JobProblem("internal_error", "the job broke off", hint))

    def _fail(self, jobs: Sequence[Job], problem: JobProblem) -> None:
        try:
            self._end(jobs, problem)
        except WenjuError:
            self._ending.wait(_AGAIN_S)  # the disk is full: the jobs stay, and are tried again

    def _end(self, jobs: Sequence[Job], problem: JobProblem | None = None) -> None:
        generation = None if problem else self._generation(jobs[0])
        for job in jobs:
            self._ledger.end(job.job_id, generation=generation, problem=problem)

    def _compact(self, jobs: Sequence[Job]) -> None:
        """Erase what was deleted; done once no generation that holds it is left on the disk."""
        for job in jobs:
            self._ledger.begin(job.job_id)
        outcome = self._ask_indexer(jobs, [])
        if self._ending.is_set():
            return
        self._end(jobs, outcome.problem or self._older(jobs[0].collection))

    def _older(self, collection: str) -> JobProblem | None:
        """Clear the generations before the current one; what is wrong if one stays."""
        until = time.monotonic() + _READ_FOR_S
        while True:
            self._archives.reader(collection)  # goes over to the current one
            try:
                left = clear(IndexFolder(self._archives.indexes[collection]))
            except IndexLocked as error:
                left = [error.message]
            if not left:
                return None
            if time.monotonic() > until or self._ending.wait(_PROGRESS_S):
                hint = "end what reads or writes the index beside this service, and compact again"
                return JobProblem("still_read", "; ".join(left), hint)

    def _index(self, jobs: Sequence[Job]) -> None:
        """Uploads to one collection, or one look at everything: a single turn of the indexer."""
        files: list[tuple[Filing, JobFile]] = []
        for job in jobs:
            self._ledger.begin(job.job_id)
            filing = self._filing(job)
            waiting = (each for each in job.files if each.state is FileState.WAITING)
            named = (filing.put(each) for each in waiting)
            files += [(filing, each) for each in named if each is not None]
        if not files and jobs[0].kind is JobKind.UPLOAD:
            self._end(jobs)
            return
        outcome = self._index_files(jobs, files)
        if self._ending.is_set():
            return
        if outcome.problem and not (outcome.is_empty and files):
            self._end(jobs, outcome.problem)
            return
        refused = [file for filing, file in files if filing.judge(file, outcome)]
        if any(file.before for file in refused):
            # What could not be read had taken the place of something that could.
            self._ask_indexer(jobs, refused)
        if not self._ending.is_set():
            self._end(jobs)

    def _index_files(self, jobs: Sequence[Job], files: Sequence[tuple[Filing, JobFile]]) -> Outcome:
        """Have files indexed. One at which the indexer dies is found by halves, and refused."""
        outcome = self._ask_indexer(jobs, [file for _, file in files])
        if not outcome.has_died or not files or self._ending.is_set():
            return outcome
        for filing, file in files:
            filing.undo(file)
        if len(files) == 1:
            filing, file = files[0]
            filing.refuse(file)
            return Outcome(None, {})
        skipped: dict[str, tuple[str, str]] = {}
        middle = len(files) // 2
        for half in (files[:middle], files[middle:]):
            named = [(filing, again) for filing, file in half if (again := filing.put(file))]
            outcome = self._index_files(jobs, named) if named else Outcome(None, {})
            if outcome.problem and not outcome.is_empty:
                return outcome
            skipped |= outcome.skipped
        return Outcome(None, skipped)

    def _ask_indexer(self, jobs: Sequence[Job], files: Sequence[JobFile]) -> Outcome:
        """Have files indexed, or without any everything; wait while another writes to the index."""
        collection = jobs[0].collection
        names = [each.source for each in files if each.source]
        while True:
            order = {
                "index": str(self._archives.indexes[collection].absolute()),
                "uploads": str(Keeping(self._archives.base, collection).files.absolute()),
                "names": names,
                "returned": self._returned(collection, names),
                "compacts": jobs[0].kind is JobKind.COMPACT,
            }
            outcome = self._indexer(
                order, self._archives.environment, self._teller(jobs), self._started
            )
            self._process = None
            is_locked = outcome.problem is not None and outcome.problem.code == "index_locked"
            if self._ending.is_set() or outcome.problem is None or not is_locked:
                return outcome
            for job in jobs:
                self._ledger.wait(job.job_id, outcome.problem)
            self._ending.wait(_AGAIN_S)

    def _teller(self, jobs: Sequence[Job]) -> Callable[[int, int], None]:
        """Writes the progress of jobs down, not too often."""
        told = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told > _PROGRESS_S:
                told = time.monotonic()
                for job in jobs:
                    self._ledger.progress(job.job_id, done, total)

        return tell

    def _started(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        if self._ending.is_set():
            process.kill()

    def _returned(self, collection: str, names: Sequence[str]) -> list[str]:
        """The ids of removed documents that were uploaded again."""
        since, new = self._ledger.kept_since(collection), set(names)
        return [
            each.document_id
            for each in IndexFolder(self._archives.indexes[collection]).removals()
            if not new.isdisjoint((each.source, *above(each.source))) or came_again(each, since)
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


def together(jobs: Sequence[Job]) -> list[Job]:
    """The first job, and those of its kind that may share its turn of the indexer.

    They are uploads or compactions of the same collection, with nothing else of it between, and no
    two name one source.
    """
    first = jobs[0]
    found, sources = [first], {each.source for each in first.files}
    if first.kind not in (JobKind.UPLOAD, JobKind.COMPACT):
        return found
    for job in jobs[1:]:
        if job.collection != first.collection:
            continue
        own = {each.source for each in job.files if each.source}
        is_full = len(sources) + len(own) > MOST_FILES
        if job.kind is not first.kind or is_full or not sources.isdisjoint(own):
            break
        found.append(job)
        sources |= own
    return found
