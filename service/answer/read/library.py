"""What can be read beyond the hits: whole documents, and the list of them all. A seam alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from indexer.index.records import StoredDocument
from indexer.records import Passage


def _no_text(document_id: str, start: int, end: int) -> str:
    del document_id, start, end
    return ""


def _no_passages(document_id: str) -> Sequence[Passage]:
    del document_id
    return ()


def _no_documents(titled: str) -> Iterable[StoredDocument]:
    del titled
    return ()


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that may answer, under the filters of the question.

    `text(document_id, start, end)` and `passages(document_id)` raise DocumentNotFound.
    `documents(titled)` are those of the archive by source, without their texts; those alone whose
    title contains `titled`, as it is written.
    """

    text: Callable[[str, int, int], str] = _no_text
    passages: Callable[[str], Sequence[Passage]] = _no_passages
    documents: Callable[[str], Iterable[StoredDocument]] = _no_documents
