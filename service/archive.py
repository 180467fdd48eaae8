"""An opened index with its embedder and language model: question in, checked answer out.

The one path that every way of asking takes: HTTP, the page, the command line and the evaluator.
Knows no HTTP. One object serves many threads.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from indexer.embed.base import Embedder
from indexer.embed.builtin import BuiltinEmbedder
from indexer.embed.load import load_embedder
from indexer.errors import EmbedderFailed, EmbedderUnavailable, InvalidRequest, RerankerFailed
from indexer.index.manifest import require_embedder
from indexer.index.store import IndexReader, open_index
from service.answer import answering
from service.answer.abstain.refuse import REFUSE_AT
from service.answer.abstain.small_talk import reply, talk_of
from service.answer.beside import Sources, look_beside
from service.answer.compute.sums import Part
from service.answer.evidence import Evidence, Reading
from service.answer.explaining import RecordedChecks, explain
from service.answer.read.calibration import load_calibration
from service.answer.read.library import Library
from service.answer.read.passage_reader import PassageReader
from service.answer.read.read import merge, read
from service.answer.read.reranker import ReadingReranker
from service.answer.understand.conversation import understand
from service.answer.understand.question import Question, analyse, parts
from service.answer.understand.several import each_of
from service.familiar import Familiar
from service.llm.base import LanguageModel
from service.llm.extractive import Extractive
from service.llm.load import configured
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
from service.retrieve.filters import documents, first_titles, select
from service.retrieve.likeness import Nearness
from service.retrieve.reprints import further_sources
from service.retrieve.rerank import Reranker, load_reranker
from service.retrieve.search import search
from service.settings import Settings

_NO_FILTERS = Filters()
_ALL_PARTS = Parts()
_MOST_OF_DOCUMENT = 20_000  # characters in which a name of the question is looked for
_log = logging.getLogger(__name__)


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
        self._calibration = load_calibration()
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
    ) -> SearchResult:
        """The best `k` passages for `query`. Raises: InvalidRequest, EmbedderUnavailable."""
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
    ) -> Answer:
        """The whole answer at once, with its explanation if wanted. Raises: InvalidRequest."""
        for event in self.ask_stream(
            question, k=k, filters=filters, history=history, explained=explained
        ):
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
    ) -> Iterator[StreamEvent]:
        """PassagesFound, each SentencePassed, and Done with the whole answer.

        Raises: InvalidRequest.
        """
        started = time.perf_counter()
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
        analysed = replace(analyse(whole), text=question)
        reading, asked_parts = self._reading(reader, analysed, whole, hits, k, filters)
        check = RecordedChecks(self._parts.check)
        sources, several = self._sources(reader, filters), bool(asked_parts)
        beside = look_beside(
            analysed, whole, reading, sources, asks_several=several, told=understood.told
        )
        asked = answering.Asked(
            analysed,
            beside.dated.reading if beside.dated else reading,
            history,
            reader.generation,
            parts=asked_parts,
            beside=beside,
            refuse_at=self._refuse_at,
            check=check,
            told=understood.told,
        )
        further = partial(further_sources, reader, filters)
        for event in answering.answer(asked, self._model, reader.text, further):
            if not isinstance(event, Answer):
                yield event
                continue
            total = _milliseconds(started)
            timings = {"retrieve": retrieved, "answer": round(total - retrieved, 3), "total": total}
            if explained:
                told = [part.question.text for part in asked_parts]
                shown = explain(analysed, told, reading, self._refuse_at, check.checked, event)
                event = replace(event, explanation=shown)
            made_whole = whole if whole != question else None
            note = event.note or note
            yield Done(replace(event, timings_ms=timings, note=note, understood=made_whole))

    def _sources(self, reader: IndexReader, filters: Filters) -> Sources:
        listed = partial(documents, reader, filters)
        return Sources(
            find=lambda query, most: self._hits(reader, query, most, SearchMode.HYBRID, filters)[0],
            read=partial(self._read, reader),
            stored=reader.whole,
            library=Library(reader.text, reader.document_passages, listed),
        )

    def reading(
        self, question: str, *, k: int = 8, filters: Filters = _NO_FILTERS
    ) -> tuple[Evidence, ...]:
        """The sentences that an answer would choose from, likeliest first. Raises: InvalidRequest.

        Before anything is refused or left out: what measurements of the reader alone look at.
        """
        self._check_length(question)
        reader = self.reader
        hits, _ = self._hits(reader, question, k, SearchMode.HYBRID, filters)
        reading, _ = self._reading(reader, analyse(question), question, hits, k, filters)
        return reading.evidence

    def _reading(
        self,
        reader: IndexReader,
        analysed: Question,
        whole: str,
        hits: Sequence[Hit],
        k: int,
        filters: Filters,
    ) -> tuple[Reading, list[Part]]:
        """The sentences of the hits; of a question that asks several things, also those of each,
        the best of which lead.
        """
        reading = self._read(reader, analysed, hits)
        found: list[Part] = []
        for asked in parts(whole) or each_of(analysed):
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
        return read(question, hits, self._passages, self._near, self._calibration, beginning)

    def _hits(
        self, reader: IndexReader, query: str, k: int, mode: SearchMode, filters: Filters
    ) -> tuple[list[Hit], str | None]:
        """Hybrid search goes on with words alone when the embedder is down, and in the order that
        it had when the cross-encoder fails; it says so.
        """
        find = partial(
            search,
            reader,
            near=self._near,
            query=query,
            k=k,
            mode=mode,
            filters=filters,
            has_lexical=self._parts.lexical,
            has_second_round=self._parts.second_round,
        )
        embedder = self._embedder if self._parts.dense else None
        reranker = self._reranker
        notes: list[str] = []
        while True:  # at most three times: what failed is not asked again
            try:
                return find(embedder=embedder, reranker=reranker), "; ".join(notes) or None
            except (EmbedderUnavailable, EmbedderFailed) as error:
                if mode is not SearchMode.HYBRID:
                    raise
                _log.warning("searching by words alone: %s", error.message)
                embedder = None
                notes.append(f"{error.message}; searched by words alone")
            except RerankerFailed as error:
                _log.warning("ranked without the cross-encoder: %s", error.message)
                reranker = None
                notes.append(f"{error.message}; ranked without it")

    def _check_length(self, text: str) -> None:
        if not any(character.isalnum() for character in text):
            raise InvalidRequest("the question is empty", hint="ask in words")
        if len(text) > self._max_question_chars:
            raise InvalidRequest(
                f"the question has {len(text)} characters",
                hint=f"ask in at most {self._max_question_chars} characters",
            )


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
