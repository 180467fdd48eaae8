"""Asking over passages that are handed over: the path that users take, on documents by their ids.

Knows the archive and how a run judges an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from eval.evidence import Places, StoredText
from eval.gold import GoldQuestion
from eval.metrics.answers import holds_any
from eval.runs.judge import crashed, judge
from eval.runs.verdict import Verdict
from eval.sets.noise import Given
from eval.target import InProcess, Ranked, Reply, reply_of
from service.records import Filters, SearchMode, Turn
from service.retrieve.search import POOL

if TYPE_CHECKING:
    from service.archive import Archive

_ALL = 2 * POOL  # as many passages as a search looks at
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
        most = max(k, _ALL)
        return reply_of(self.archive.ask(question, k=most, filters=filters, history=history))

    def ranked(self, question: str) -> list[str]:
        """The documents' sentences as the reader ranks them."""
        filters = Filters(documents=self.documents)
        return [e.quote for e in self.archive.reading(question, k=_ALL, filters=filters)]

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:  # noqa: ARG002
        """Nothing: what is to be read is handed over, so there is no ranking to judge."""
        return []

    def sources(self) -> Mapping[str, str]:
        return InProcess(self.archive).sources()

    def stored(self, document_id: str) -> StoredText:
        return InProcess(self.archive).stored(document_id)


class Whole(InProcess):
    """A target that knows all documents, and whose rankings are not judged."""

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:  # noqa: ARG002
        return []


def ask_given(
    questions: Sequence[Given],
    archive: Archive,
    shelf: ArchiveShelf,
    *,
    jobs: int = 1,
    k: int = 8,
    ranked: bool = False,
) -> Iterator[Verdict]:
    """A verdict a question, in their order. One that crashes counts as wrong.

    `k` passages are read where the whole archive is asked. `ranked`: what the reader alone puts
    first is judged as well, which takes as long again.
    """
    places = Places(InProcess(archive))

    def one(given: Given) -> Verdict:
        if given.documents is None:
            verdict = judge(given.question, Whole(archive), places, k)
            return replace(verdict, retrieval=None, found_alone=None)
        handed = Handed(archive, tuple(shelf.id_of(source) for source in given.documents))
        verdict = judge(given.question, handed, places, k=1)
        verdict = replace(verdict, retrieval=None, found_alone=None)
        if not (ranked and given.question.answerable):
            return verdict
        quotes = handed.ranked(given.question.question)
        first, three = (_hold_all(quotes[:n], given.question) for n in (1, 3))
        return replace(verdict, ranked_first=first, ranked_three=three)

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
                    no = False if ranked and given.question.answerable else None
                    yield replace(
                        wrong,
                        retrieval=None,
                        found_alone=None,
                        ranked_first=no,
                        ranked_three=no,
                    )
        finally:
            for future in futures:
                future.cancel()


def _hold_all(quotes: Sequence[str], question: GoldQuestion) -> bool:
    return all(any(holds_any(quote, [group]) for quote in quotes) for group in question.answers)
