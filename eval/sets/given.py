"""Asking over passages that are handed over: the path that users take, on documents by their ids.

Knows the archive and how a run judges an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from eval.evidence import Places, StoredText
from eval.runs.judge import crashed, judge
from eval.runs.verdict import Verdict
from eval.sets.noise import Given
from eval.target import InProcess, Ranked, Reply, reply_of
from service.records import Filters, SearchMode, Turn
from service.retrieve.search import POOL

if TYPE_CHECKING:
    from service.archive import Archive

_RANKED = 60  # passages that hard noise is taken from


class ArchiveShelf:
    """The documents of an archive by their source. Texts are read once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._ids = dict(sorted(InProcess(archive).sources().items()))
        self._order = list(self._ids)
        self._texts: dict[str, str] = {}

    def id_of(self, source: str) -> str:
        return self._ids[source]

    def ranked(self, question: str) -> list[str]:
        hits = self._archive.search(question, k=_RANKED).hits
        return list(dict.fromkeys(hit.source for hit in hits))

    def sources(self) -> Sequence[str]:
        return self._order

    def text(self, source: str) -> str:
        if source not in self._texts:
            stored = self._archive.reader.document(self._ids[source])
            self._texts[source] = stored.document.text
        return self._texts[source]


@dataclass(frozen=True, slots=True)
class Handed:
    """A target that knows nothing but some documents: what is asked reads all their passages."""

    archive: Archive
    documents: tuple[str, ...]

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        """Every passage of the documents is read, up to what a search looks at; `k` is no limit."""
        filters = Filters(documents=self.documents)
        most = max(k, 2 * POOL)
        return reply_of(self.archive.ask(question, k=most, filters=filters, history=history))

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:  # noqa: ARG002
        """Nothing: what is to be read is handed over, so there is no ranking to judge."""
        return []

    def sources(self) -> Mapping[str, str]:
        return InProcess(self.archive).sources()

    def stored(self, document_id: str) -> StoredText:
        return InProcess(self.archive).stored(document_id)


def ask_given(
    questions: Sequence[Given],
    archive: Archive,
    shelf: ArchiveShelf,
    *,
    jobs: int = 1,
) -> Iterator[Verdict]:
    """A verdict a question, in their order. One that crashes counts as wrong."""
    places = Places(InProcess(archive))

    def one(given: Given) -> Verdict:
        ids = tuple(shelf.id_of(source) for source in given.documents)
        verdict = judge(given.question, Handed(archive, ids), places, k=1)
        return replace(verdict, retrieval=None, found_alone=None)

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(one, given) for given in questions]
        try:
            for given, future in zip(questions, futures, strict=True):
                error = future.exception()
                if error is not None and not isinstance(error, Exception):
                    raise error  # Ctrl-C is no wrong answer
                if error is None:
                    yield future.result()
                else:
                    wrong = crashed(given.question, f"{type(error).__name__}: {error}")
                    yield replace(wrong, retrieval=None, found_alone=None)
        finally:
            for future in futures:
                future.cancel()
