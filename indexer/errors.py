"""Every error a user can meet, as one tree. Knows nothing of how it is shown.

WenjuError                      code, hint
├── UnreadableFile              one file can't be read; the rest of the build goes on
├── NothingToIndex              no readable document under the given paths
├── IndexMissing                no index at that path
├── IndexDamaged                a part of the index is broken or absent
├── IndexForbidden              the index may not be read by this user
├── IndexMismatch               built by another version, or with another embedder
├── IndexLocked                 another writer is at work
├── WorkerLost                  a process of a build ended before its work was done
├── StorageFull                 the disk is full or not writable; the old state stays
├── EmbedderUnavailable         the model is not on disk, or its server does not answer
├── EmbedderFailed              the model answered, but not with usable vectors
├── ModelUnavailable            a file of a model that ships with the code is absent or damaged
├── RerankerUnavailable         the cross-encoder is not on disk or can't be loaded
├── RerankerFailed              the cross-encoder broke off, or gave no usable scores
├── LLMUnavailable              the language model is not on disk, or its server does not answer
├── LLMFailed                   the language model answered with something unusable
├── InvalidRequest              a question, query, filter or setting that makes no sense
├── DocumentNotFound            no such document (or it was deleted)
├── CollectionNotFound          no such collection
├── JobNotFound                 no such job, or it is long over
├── ReportNotFound              no such report of an evaluation
├── PageNotFound                no such page, or none that has a picture
├── StateLocked                 another service keeps the same state folder
└── InvalidGold                 a gold file with an error; names line and field
"""

from collections.abc import Sequence
from typing import ClassVar

from indexer.records import Skipped


class WenjuError(Exception):
    """An error with a stable `code` for programs and a `hint` that tells a person the way out."""

    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """From one process to another, with whatever a class adds."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[WenjuError], args: tuple[object, ...], said: dict[str, object]) -> WenjuError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(said)
    return error


class UnreadableFile(WenjuError):
    """One file that can't be read. `reason` is a stable word such as `empty` or `not_text`."""

    code = "unreadable_file"

    def __init__(self, message: str, *, reason: str, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class NothingToIndex(WenjuError):
    """`skipped` are the files that there were, each with what spoke against it."""

    code = "nothing_to_index"

    def __init__(self, message: str, *, hint: str, skipped: Sequence[Skipped] = ()) -> None:
        super().__init__(message, hint=hint)
        self.skipped = tuple(skipped)


class IndexMissing(WenjuError):
    code = "index_missing"


class IndexDamaged(WenjuError):
    code = "index_damaged"


class IndexForbidden(WenjuError):
    code = "index_forbidden"


class IndexMismatch(WenjuError):
    code = "index_mismatch"


class IndexLocked(WenjuError):
    code = "index_locked"


class WorkerLost(WenjuError):
    code = "worker_lost"


class StorageFull(WenjuError):
    code = "storage_full"


class EmbedderUnavailable(WenjuError):
    code = "embedder_unavailable"


class EmbedderFailed(WenjuError):
    code = "embedder_failed"


class ModelUnavailable(WenjuError):
    code = "model_unavailable"


class RerankerUnavailable(WenjuError):
    code = "reranker_unavailable"


class RerankerFailed(WenjuError):
    code = "reranker_failed"


class LLMUnavailable(WenjuError):
    code = "llm_unavailable"


class LLMFailed(WenjuError):
    code = "llm_failed"


class InvalidRequest(WenjuError):
    code = "invalid_request"


class DocumentNotFound(WenjuError):
    code = "document_not_found"


class CollectionNotFound(WenjuError):
    code = "collection_not_found"


class JobNotFound(WenjuError):
    code = "job_not_found"


class ReportNotFound(WenjuError):
    code = "report_not_found"


class PageNotFound(WenjuError):
    code = "page_not_found"


class StateLocked(WenjuError):
    code = "state_locked"


class InvalidGold(WenjuError):
    code = "invalid_gold"
