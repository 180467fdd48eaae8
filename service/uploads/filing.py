"""What becomes of each file of a job: named before the indexer comes, judged after it was there.

Knows bytes, names and the ledger, and looks into the index; knows no thread and no process.
"""

import glob
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from indexer.errors import DocumentNotFound, IndexMissing
from service.uploads.indexing import Outcome
from service.uploads.keeping import Keeping
from service.uploads.ledger import Ledger
from service.uploads.records import FileState, Job, JobFile

if TYPE_CHECKING:
    from indexer.index.store import IndexReader

_TAKEN = ("name_taken", "the archive has a document of this name from elsewhere, or a folder")
_UNBEARABLE = ("indexer_failed", "the indexer died at this file")


@dataclass(frozen=True, slots=True)
class Filing:
    """The files of one job. `reader` opens its collection; it raises IndexMissing if none is there.

    `turn` is held while names and bytes change. Every method raises StorageFull, OSError.
    """

    ledger: Ledger
    base: Path
    job: Job
    reader: Callable[[], "IndexReader"]
    turn: RLock

    @property
    def keeping(self) -> Keeping:
        return Keeping(self.base, self.job.collection)

    def put(self, file: JobFile) -> JobFile | None:
        """Give a file its name; None if it is not to be indexed, which the ledger says why."""
        with self.turn:
            file = self._now(file)
            source, digest = file.source, file.digest
            if file.state is not FileState.WAITING or source is None or digest is None:
                return None
            kept = self.ledger.digest(self.job.collection, source)
            document = self._document(source)
            if kept is None and (document or self.keeping.clashes(source)):
                self._refuse(file, _TAKEN)
                return None
            if document and kept == digest == self._digest(document):
                self._settle(replace(file, state=FileState.UNCHANGED, document_id=document))
                return None
            if file.before is None and kept != digest:
                file = replace(file, before=kept)
                self._settle(file)
            self.keeping.put(source, digest)
            self.ledger.keep(self.job.collection, source, digest, file.size)
        return file

    def judge(self, file: JobFile, outcome: Outcome) -> bool:
        """Say what the indexer made of a file; whether it was refused."""
        with self.turn:
            file = self._now(file)
            source = file.source
            if file.state is not FileState.WAITING or source is None:
                return False
            said = outcome.skipped.get(source)
            below = f"{source}/"
            inside = [each for name, each in outcome.skipped.items() if name.startswith(below)]
            if said is None and inside and not self._has_members(source):
                said = inside[0]
            if said is not None:
                self._undo(file)
                self._refuse(file, said)
                return True
            detail = f"{len(inside)} files in it were left out" if inside else None
            document = self._document(source)
            self._settle(
                replace(file, state=FileState.INDEXED, detail=detail, document_id=document)
            )
            self._erase_bytes(file.before)
        return False

    def undo(self, file: JobFile) -> None:
        """The name goes back to what had it before, unless the file is settled."""
        with self.turn:
            file = self._now(file)
            if file.state is FileState.WAITING:
                self._undo(file)

    def refuse(self, file: JobFile) -> None:
        """Leave nothing of a file at which the indexer dies: it would at the next job, too."""
        with self.turn:
            file = self._now(file)
            if file.state is FileState.WAITING:
                self._refuse(file, _UNBEARABLE)

    def erase(self, file: JobFile) -> None:
        """Take what was uploaded of a source from the disk; an archive once none of it is left."""
        source = file.source
        if source is None:
            return
        with self.turn:
            withdrawn = self.ledger.withdraw(self.job, source)
            owner = upload_of(self.ledger, self.job.collection, source)
            digest = self.ledger.digest(self.job.collection, owner) if owner else None
            if owner and digest and (owner == source or not self._has_members(owner)):
                self.keeping.drop(owner)
                self.ledger.forget(self.job.collection, owner)
                withdrawn.append(digest)
            for digest in withdrawn:
                self._erase_bytes(digest)
            self._settle(replace(file, state=FileState.REMOVED))

    def _now(self, file: JobFile) -> JobFile:
        return self.ledger.file(self.job.job_id, file.number)

    def _settle(self, file: JobFile) -> None:
        self.ledger.settle(self.job.job_id, file)

    def _refuse(self, file: JobFile, why: tuple[str, str]) -> None:
        self._settle(replace(file, state=FileState.REFUSED, reason=why[0], detail=why[1]))
        self._erase_bytes(file.digest)

    def _undo(self, file: JobFile) -> None:
        if file.source is None:
            return
        if file.before and self.keeping.has(file.before):
            self.keeping.put(file.source, file.before)
            size = self.keeping.size(file.before)
            self.ledger.keep(self.job.collection, file.source, file.before, size)
        else:
            self.keeping.drop(file.source)
            self.ledger.forget(self.job.collection, file.source)

    def _erase_bytes(self, digest: str | None) -> None:
        if digest and not self.ledger.needs(self.job.collection, digest):
            self.keeping.erase(digest)

    def _document(self, source: str) -> str | None:
        try:
            return self.reader().find_id(source)
        except (DocumentNotFound, IndexMissing):
            return None

    def _digest(self, document_id: str) -> str:
        return self.reader().document(document_id).document.digest

    def _has_members(self, source: str) -> bool:
        """Whether a document out of an archive is there."""
        try:
            return len(self.reader().select(f"{glob.escape(source)}/*").documents) > 0
        except IndexMissing:
            return False


def upload_of(ledger: Ledger, collection: str, source: str) -> str | None:
    """The name of the upload that a document came in: its own, or that of an archive around it."""
    names = (source, *above(source))
    return next((each for each in names if ledger.digest(collection, each)), None)


def above(source: str) -> list[str]:
    """The paths above a source, of which one may be an archive."""
    parts = source.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
