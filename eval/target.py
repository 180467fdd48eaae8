"""The answering path under measurement, in process or over HTTP, in one shape.

Knows the service's records and its HTTP contract. Knows no gold and no metric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypeVar
from urllib.parse import quote

from eval.evidence import Library, StoredText
from eval.library import IndexLibrary
from indexer.errors import DocumentNotFound, InvalidRequest, WenjuError
from service.records import Answer, SearchMode, Turn
from service.records import Citation as ServiceCitation

if TYPE_CHECKING:
    import httpx
    from pydantic import TypeAdapter

    from service.archive import Archive

PAGE_OF_DOCUMENTS = 500
_AWAY = (502, 503, 504)  # what a proxy says of a service that is gone, and one that is not ready
_NO_SERVICE = "is this address a Wenju service?"

_Shape = TypeVar("_Shape")


class ServiceUnreachable(WenjuError):
    """Nobody answers at the address of the service under measurement."""

    code: ClassVar[str] = "service_unreachable"


class ServiceFailed(WenjuError):
    """The service answers, but with an error, or not as its contract says."""

    code: ClassVar[str] = "service_failed"


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
    """A sentence of an answer and the numbers of the citations that it rests on.

    `said` is the text without what the service added to a quote in brackets: what the citations
    are to prove.
    """

    text: str
    citations: tuple[int, ...]
    resolved: tuple[tuple[int, int], ...] = ()

    @property
    def said(self) -> str:
        said = self.text
        for start, end in reversed(self.resolved):
            said = said[:start] + said[end:]
        return said


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
        sentences=tuple(
            Sentence(s.text, s.citations, tuple((each.start, each.end) for each in s.resolved))
            for s in answer.sentences
        ),
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
        """Raises: InvalidRequest, for what is no address."""
        import httpx

        self.url = url.rstrip("/")
        try:
            self._client = httpx.Client(base_url=self.url, timeout=timeout_s, trust_env=False)
        except httpx.InvalidURL as error:
            raise InvalidRequest(
                f"{url} is no address ({error})", hint="give one like http://127.0.0.1:8080"
            ) from error

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

        Raises: ServiceUnreachable and ServiceFailed, with the service's own words if it has any.
        """
        return asdict(self._call("GET", "/readyz", _Ready))

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        turns = [{"role": turn.role, "content": turn.content} for turn in history]
        request = {"question": question, "k": k, "history": turns}
        return reply_of(self._call("POST", "/v1/ask", Answer, json=request))

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:
        request = {"query": query, "k": k, "mode": str(mode)}
        return list(self._call("POST", "/v1/search", _Hits, json=request).hits)

    def sources(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        cursor: str | None = None
        while True:
            params = {"limit": str(PAGE_OF_DOCUMENTS)} | ({"cursor": cursor} if cursor else {})
            page = self._call("GET", "/v1/documents", _Page, params=params)
            found |= {row.source: row.document_id for row in page.documents}
            cursor = page.next_cursor
            if cursor is None:
                return found

    def stored(self, document_id: str) -> StoredText:
        return self._call("GET", f"/v1/documents/{quote(document_id, safe='')}", StoredText)

    def _call(self, method: str, path: str, shape: type[_Shape], **request: Any) -> _Shape:
        """Raises: ServiceUnreachable, ServiceFailed, DocumentNotFound."""
        import httpx
        from pydantic import ValidationError

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
        try:
            found: _Shape = _adapters()[shape].validate_python(_json(response))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "body"
            raise ServiceFailed(
                f"{where}: answers otherwise than it should: {field}: {first['msg']}",
                hint=_NO_SERVICE,
            ) from error
        return found


@dataclass(frozen=True, slots=True)
class _Hits:
    hits: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class _Listed:
    source: str
    document_id: str


@dataclass(frozen=True, slots=True)
class _Page:
    documents: tuple[_Listed, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Ready:
    generation: str
    documents: int
    passages: int
    model: str


@cache
def _adapters() -> dict[Any, TypeAdapter[Any]]:
    """Made once: a run asks hundreds of times."""
    from pydantic import TypeAdapter

    return {shape: TypeAdapter(shape) for shape in (Answer, StoredText, _Hits, _Page, _Ready)}


def _json(response: httpx.Response) -> Any:
    """The body, or None where it is not JSON."""
    try:
        return response.json()
    except ValueError:
        return None


def _refused(where: str, response: httpx.Response) -> WenjuError:
    """The service's problem details as an error of ours."""
    body = _json(response)
    problem: dict[str, Any] = body if isinstance(body, dict) else {}
    message = f"{where}: {response.status_code} {problem.get('detail', response.reason_phrase)}"
    hint = problem.get("hint", _NO_SERVICE)
    if problem.get("code") == DocumentNotFound.code:
        return DocumentNotFound(message, hint=hint)
    away = response.status_code in _AWAY
    return ServiceUnreachable(message, hint=hint) if away else ServiceFailed(message, hint=hint)
