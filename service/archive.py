"""An opened index with its embedder and language model: question in, checked answer out.

The one path that every way of asking takes: HTTP, the page, the command line and the evaluator.
Knows no HTTP. One object serves many threads.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from indexer.embed.base import Embedder
from indexer.embed.builtin import BuiltinEmbedder
from indexer.embed.load import load_embedder
from indexer.errors import InvalidRequest
from indexer.index.manifest import require_embedder
from indexer.index.store import IndexReader, open_index
from service.answer import answering
from service.answer.abstain.refuse import REFUSE_AT
from service.answer.abstain.small_talk import reply, talk_of
from service.answer.beside import Sources, look_beside
from service.answer.compute.sums import Part
from service.answer.evidence import Evidence, Reading
from service.answer.explaining import RecordedChecks, explain
from service.answer.read.library import Library
from service.answer.read.passage_reader import PassageReader
from service.answer.read.read import merge, read
from service.answer.read.reranker import ReadingReranker
from service.answer.understand.conversation import understand
from service.answer.understand.question import Question, analyse, parts
from service.answer.understand.several import each_of
from service.deadline import Deadline
from service.familiar import Familiar
from service.llm.base import LanguageModel
from service.llm.extractive import Extractive
from service.llm.load import configured
from service.llm.patience import within
from service.parts import Parts
from service.records import (
    Answer,
    Done,
    Filters,
    Hit,
    PassagesFound,
    SearchMode,
    SearchResult,
    StreamEvent,
    Turn,
)
from service.retrieve.degraded import search_with_what_works
from service.retrieve.filters import documents, first_titles, select
from service.retrieve.likeness import Nearness
from service.retrieve.reprints import further_sources
from service.retrieve.rerank import Reranker, load_reranker
from service.retrieve.search import search
from service.settings import Settings

_NO_FILTERS = Filters()
_ALL_PARTS = Parts()
_MOST_OF_DOCUMENT = 20_000  # characters in which a name of the question is looked for


class Archive:
    """Opened once, asked often; `open` is the way in. Close it when done."""

    def __init__(
        self,
        reader: IndexReader,
        embedder: Embedder,
        model: LanguageModel,
        *,
        near: Nearness,
        max_question_chars: int,
        passages: PassageReader | None = None,
        refuse_at: float = REFUSE_AT,
        parts: Parts = _ALL_PARTS,
        reranker: Reranker | None = None,
    ) -> None:
        self._reader = reader
        self._embedder = embedder
        self._model = model
        self._near = near  # the built-in vectors: what the second round of search compares words by
        self._parts = parts
        self._reranker = reranker
        self._passages = passages or parts.reader()
        self._second = parts.second_reader()
        self._calibration = parts.calibration()
        self._refuse_at = refuse_at if parts.refuse_at is None else parts.refuse_at
        self._max_question_chars = max_question_chars

    @classmethod
    def open(
        cls,
        index_dir: Path,
        settings: Settings,
        *,
        parts: Parts = _ALL_PARTS,
        model: LanguageModel | None = None,
    ) -> "Archive":
        """Open the index and load what answering needs, so that the first question is quick.

        A `model` of the caller's own stands in for `settings.llm`.

        Raises: IndexMissing, IndexDamaged, IndexMismatch, EmbedderUnavailable, LLMUnavailable,
        RerankerUnavailable, ModelUnavailable, InvalidRequest for a model name of no kind.
        """
        reader = open_index(index_dir)
        wanted = reader.manifest.embedder
        embedder_key = settings.embedder_api_key
        embedder = load_embedder(
            wanted.name,
            url=settings.embedder_url,
            api_key=embedder_key.get_secret_value() if embedder_key else None,
            timeout_s=settings.embedder_timeout_s,
            online=settings.online,
        )
        require_embedder(reader.manifest, embedder, index_dir)
        near = embedder if isinstance(embedder, BuiltinEmbedder) else BuiltinEmbedder()
        passages = parts.reader()
        near.meets("问据", ["问据"])  # now, not at the first question
        passages.read("问据", [("", "问据")])
        return cls(
            reader,
            embedder,
            model or configured(settings),
            near=near,
            passages=passages,
            refuse_at=settings.refuse_at,
            max_question_chars=settings.max_question_chars,
            parts=parts,
            reranker=(
                ReadingReranker(passages)
                if settings.rerank == ReadingReranker.name
                else load_reranker(settings.rerank, online=settings.online)
            ),
        )

    @property
    def reader(self) -> IndexReader:
        """The index as it is now: a newer generation, and without what was removed since."""
        current = self._reader.current()
        if current is not self._reader:
            require_embedder(current.manifest, self._embedder, current.index_dir)
            self._reader = current
        return current

    @property
    def model_name(self) -> str:
        return self._model.name

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        mode: SearchMode = SearchMode.HYBRID,
        filters: Filters = _NO_FILTERS,
        deadline: Deadline | None = None,
    ) -> SearchResult:
        """The best `k` passages for `query`.

        Raises: InvalidRequest, EmbedderUnavailable, AnswerTimedOut.
        """
        (deadline or Deadline()).begin("retrieve")
        started = time.perf_counter()
        self._check_length(query)
        reader = self.reader
        hits, note = self._hits(reader, query, k, mode, filters)
        spent = _milliseconds(started)
        return SearchResult(
            hits=tuple(hits),
            generation=reader.generation,
            timings_ms={"retrieve": spent, "total": spent},
            note=note,
        )

    def ask(
        self,
        question: str,
        *,
        k: int = 8,
        filters: Filters = _NO_FILTERS,
        history: Sequence[Turn] = (),
        explained: bool = False,
        deadline: Deadline | None = None,
    ) -> Answer:
        """The whole answer at once, with its explanation if wanted. Raises: as `ask_stream`."""
        asked = partial(self.ask_stream, question, k=k, filters=filters, history=history)
        for event in asked(explained=explained, deadline=deadline):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def ask_stream(
        self,
        question: str,
        *,
        k: int = 8,
        filters: Filters = _NO_FILTERS,
        history: Sequence[Turn] = (),
        explained: bool = False,
        deadline: Deadline | None = None,
    ) -> Iterator[StreamEvent]:
        """PassagesFound, each SentencePassed, Done. Raises: InvalidRequest, AnswerTimedOut."""
        started = time.perf_counter()
        (deadline := deadline or Deadline()).begin("retrieve")
        self._check_length(question)
        reader = self.reader
        if (talk := talk_of(question)) is not None:
            yield PassagesFound(hits=())
            titles = first_titles(reader, filters)
            said = reply(question, talk, titles, Extractive().name, reader.generation)
            yield Done(replace(said, timings_ms={"total": _milliseconds(started)}))
            return
        familiar = Familiar(reader, self._near, select(reader, filters))
        understood = understand(question, history, familiar.alike)
        whole = understood.whole
        hits, note = self._hits(reader, whole, k, SearchMode.HYBRID, filters)
        retrieved = _milliseconds(started)
        yield PassagesFound(hits=tuple(hits))
        deadline.begin("read")
        analysed = replace(analyse(whole), text=question)
        reading, several = self._reading(reader, analysed, whole, hits, k, filters, deadline)
        check = RecordedChecks(self._parts.check)
        sources = self._sources(reader, filters, deadline)
        beside = look_beside(
            analysed, whole, reading, sources, asks_several=bool(several), told=understood.told
        )
        asked = answering.Asked(
            analysed,
            beside.dated.reading if beside.dated else reading,
            history,
            reader.generation,
            parts=several,
            beside=beside,
            refuse_at=self._refuse_at,
            check=check,
            told=understood.told,
        )
        further = partial(further_sources, reader, filters)
        deadline.begin("write", limited=False)  # a language model has limits of its own
        model, text = within(self._model, deadline), deadline.checked(reader.text)
        for event in answering.answer(asked, model, text, further):
            if not isinstance(event, Answer):
                yield event
                continue
            timings = _timings(started, retrieved)
            if explained:
                told = [part.question.text for part in several]
                shown = explain(analysed, told, reading, self._refuse_at, check.checked, event)
                event = replace(event, explanation=shown)
            made_whole, note = whole if whole != question else None, event.note or note
            yield Done(replace(event, timings_ms=timings, note=note, understood=made_whole))

    def _sources(self, reader: IndexReader, filters: Filters, deadline: Deadline) -> Sources:
        checked, mode = deadline.checked, SearchMode.HYBRID
        return Sources(
            find=checked(lambda query, most: self._hits(reader, query, most, mode, filters)[0]),
            read=checked(partial(self._read, reader)),
            stored=checked(reader.whole),
            library=Library(
                checked(reader.text),
                checked(reader.document_passages),
                partial(documents, reader, filters),
            ),
        )

    def reading(
        self, question: str, *, k: int = 8, filters: Filters = _NO_FILTERS
    ) -> tuple[Evidence, ...]:
        """The sentences that an answer would choose from, likeliest first, before anything is
        refused or left out. Raises: InvalidRequest.
        """
        self._check_length(question)
        reader = self.reader
        hits, _ = self._hits(reader, question, k, SearchMode.HYBRID, filters)
        asked = analyse(question)
        return self._reading(reader, asked, question, hits, k, filters, Deadline())[0].evidence

    def _reading(
        self,
        reader: IndexReader,
        analysed: Question,
        whole: str,
        hits: Sequence[Hit],
        k: int,
        filters: Filters,
        deadline: Deadline,
    ) -> tuple[Reading, list[Part]]:
        """The sentences of the hits; of a question that asks several things, also those of each,
        the best of which lead.
        """
        reading = self._read(reader, analysed, hits)
        found: list[Part] = []
        for asked in parts(whole) or each_of(analysed):
            deadline.check()
            part = analyse(asked)
            own, _ = self._hits(reader, asked, k, SearchMode.HYBRID, filters)
            known = {hit.passage.passage_id for hit in own}
            # With those of the whole, which names its subject.
            own += [hit for hit in hits if hit.passage.passage_id not in known]
            found.append(Part(part, self._read(reader, part, own)))
        if found:
            reading = merge(reading, [part.reading for part in found])
        return reading, found

    def _read(self, reader: IndexReader, question: Question, hits: Sequence[Hit]) -> Reading:
        beginning = cache(lambda document_id: reader.text(document_id, 0, _MOST_OF_DOCUMENT))
        readers = (self._passages, self._near, self._calibration)
        return read(question, hits, *readers, beginning, self._second)

    def _hits(
        self, reader: IndexReader, query: str, k: int, mode: SearchMode, filters: Filters
    ) -> tuple[list[Hit], str | None]:
        def find(embedder: Embedder | None, reranker: Reranker | None) -> list[Hit]:
            return search(
                reader,
                embedder,
                self._near,
                query,
                k=k,
                mode=mode,
                filters=filters,
                has_lexical=self._parts.lexical,
                has_second_round=self._parts.second_round,
                reranker=reranker,
            )

        embedder = self._embedder if self._parts.dense else None
        return search_with_what_works(find, embedder, self._reranker, mode)

    def _check_length(self, text: str) -> None:
        if not any(character.isalnum() for character in text):
            raise InvalidRequest("the question is empty", hint="ask in words")
        if len(text) > self._max_question_chars:
            raise InvalidRequest(
                f"the question has {len(text)} characters",
                hint=f"ask in at most {self._max_question_chars} characters",
            )


def _timings(started: float, retrieved: float) -> dict[str, float]:
    total = _milliseconds(started)
    return {"retrieve": retrieved, "answer": round(total - retrieved, 3), "total": total}


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
