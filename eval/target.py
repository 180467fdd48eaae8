"""The answering path under measurement, in process or over HTTP, in one shape.

Knows the service's records and its HTTP contract. Knows no gold and no metric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from eval.evidence import Library, PassageSpan, StoredText
from eval.library import IndexLibrary
from indexer.errors import DocumentNotFound, WenjuError
from service.records import SearchMode, Turn

if TYPE_CHECKING:
    import httpx

    from service.archive import Archive
    from service.records import Answer
    from service.records import Citation as ServiceCitation

PAGE_OF_DOCUMENTS = 500


class ServiceUnreachable(WenjuError):
    """The service under measurement does not answer, or not as its contract says."""

    code: ClassVar[str] = "service_unreachable"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote given as proof; `n` is the number by which sentences name it."""

    n: int
    document_id: str
    source: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer and the numbers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is judged of an answer: its sentences, its proof, whether it abstained, its times.

    `conflicts` holds, for each disagreement that the answer names, the values of it.
    """

    sentences: tuple[Sentence, ...]
    short_answer: str | None
    citations: tuple[Citation, ...]
    conflicts: tuple[tuple[str, ...], ...]
    abstained: bool
    reason: str | None
    nearest: tuple[Citation, ...]
    confidence: float
    model: str
    generation: str
    timings_ms: Mapping[str, float]
    note: str | None = None  # e.g. another model stood in


@dataclass(frozen=True, slots=True)
class Ranked:
    """One hit of a search, best first."""

    passage_id: str
    document_id: str
    source: str
    start: int
    end: int


class Target(Library, Protocol):
    """Asks and searches as a user would, and reads the documents to check the proof."""

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply: ...

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]: ...


class InProcess:
    """An opened archive, called directly."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        return reply_of(self._archive.ask(question, k=k, history=history))

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:
        return [
            Ranked(
                passage_id=hit.passage.passage_id,
                document_id=hit.passage.document_id,
                source=hit.source,
                start=hit.passage.start,
                end=hit.passage.end,
            )
            for hit in self._archive.search(query, k=k, mode=mode).hits
        ]

    def sources(self) -> Mapping[str, str]:
        return IndexLibrary(self._archive.reader).sources()

    def stored(self, document_id: str) -> StoredText:
        return IndexLibrary(self._archive.reader).stored(document_id)


def reply_of(answer: Answer) -> Reply:
    """The service's own record in the evaluator's shape."""
    return Reply(
        sentences=tuple(Sentence(s.text, s.citations) for s in answer.sentences),
        short_answer=answer.short_answer,
        citations=tuple(_citation(citation) for citation in answer.citations),
        conflicts=tuple(tuple(v.value for v in found.values) for found in answer.conflicts),
        abstained=answer.abstained,
        reason=str(answer.abstention.reason) if answer.abstention else None,
        nearest=tuple(_citation(c) for c in answer.abstention.nearest) if answer.abstention else (),
        confidence=answer.confidence,
        model=answer.model,
        generation=answer.generation,
        timings_ms=dict(answer.timings_ms),
        note=answer.note,
    )


def _citation(citation: ServiceCitation) -> Citation:
    return Citation(
        n=citation.n,
        document_id=citation.document_id,
        source=citation.source,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
    )


class OverHttp:
    """A running service at a base URL, asked through its public contract."""

    def __init__(self, url: str, timeout_s: float = 120.0) -> None:
        import httpx

        self.url = url.rstrip("/")
        self._client = httpx.Client(base_url=self.url, timeout=timeout_s, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def ready(self) -> dict[str, Any]:
        """What a service that can answer says of itself: generation, documents, model.

        Raises: ServiceUnreachable, with the service's own words where it has any.
        """
        return self._call("GET", "/readyz")

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        turns = [{"role": turn.role, "content": turn.content} for turn in history]
        request = {"question": question, "k": k, "history": turns}
        body = self._call("POST", "/v1/ask", json=request)
        abstention = body["abstention"] or {}
        return Reply(
            sentences=tuple(Sentence(s["text"], tuple(s["citations"])) for s in body["sentences"]),
            short_answer=body["short_answer"],
            citations=tuple(_citation_of(citation) for citation in body["citations"]),
            conflicts=tuple(
                tuple(value["value"] for value in found["values"]) for found in body["conflicts"]
            ),
            abstained=body["abstained"],
            reason=abstention.get("reason"),
            nearest=tuple(_citation_of(citation) for citation in abstention.get("nearest", ())),
            confidence=body["confidence"],
            model=body["model"],
            generation=body["generation"],
            timings_ms=body["timings_ms"],
            note=body.get("note"),
        )

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:
        body = self._call("POST", "/v1/search", json={"query": query, "k": k, "mode": str(mode)})
        return [
            Ranked(
                passage_id=hit["passage_id"],
                document_id=hit["document_id"],
                source=hit["source"],
                start=hit["start"],
                end=hit["end"],
            )
            for hit in body["hits"]
        ]

    def sources(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        cursor: str | None = None
        while True:
            params = {"limit": str(PAGE_OF_DOCUMENTS)} | ({"cursor": cursor} if cursor else {})
            page = self._call("GET", "/v1/documents", params=params)
            found |= {row["source"]: row["document_id"] for row in page["documents"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def stored(self, document_id: str) -> StoredText:
        body = self._call("GET", f"/v1/documents/{document_id}")
        return StoredText(
            document_id=document_id,
            text=body["text"],
            passages=tuple(
                PassageSpan(row["passage_id"], row["start"], row["end"]) for row in body["passages"]
            ),
        )

    def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        import httpx

        where = f"{method} {self.url}{path}"
        try:
            response: httpx.Response = self._client.request(method, path, **request)
        except httpx.HTTPError as error:
            raise ServiceUnreachable(
                f"{where}: {error or type(error).__name__}",
                hint="start it: python -m service --index DIR, and give its address with --url",
            ) from error
        if response.is_error:
            raise _refused(where, response)
        body = response.json() if response.content else {}
        return body if isinstance(body, dict) else {}


def _refused(where: str, response: httpx.Response) -> WenjuError:
    """The service's problem details as an error of ours."""
    is_problem = response.headers.get("content-type", "").startswith("application/problem+json")
    problem: dict[str, Any] = response.json() if is_problem else {}
    message = f"{where}: {response.status_code} {problem.get('detail', response.reason_phrase)}"
    hint = problem.get("hint", "is this address a Wenju service?")
    if problem.get("code") == DocumentNotFound.code:
        return DocumentNotFound(message, hint=hint)
    return ServiceUnreachable(message, hint=hint)


def _citation_of(row: Mapping[str, Any]) -> Citation:
    return Citation(
        n=row["n"],
        document_id=row["document_id"],
        source=row["source"],
        start=row["start"],
        end=row["end"],
        quote=row["quote"],
    )
