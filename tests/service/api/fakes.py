"""An archive of two documents held in memory, for what the real one can't be made to do."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.errors import IndexMissing, LLMFailed
from indexer.index.store import IndexReader
from indexer.records import Passage
from service.deadline import Deadline
from service.records import (
    Answer,
    AnswerSentence,
    Citation,
    Done,
    Filters,
    Hit,
    PassagesFound,
    SearchMode,
    SearchResult,
    SentencePassed,
    StreamEvent,
    Support,
    Turn,
)

TEXT = "金野以匹村，每户分到1500元。"
PASSAGE = Passage("d1-0", "d1", 0, len(TEXT), TEXT, "金野以匹村的分红", ("一、产业",))
HIT = Hit(1, 0.5, PASSAGE, "a.md", None, "2020-05-28", 0.25, 3.5, None, ((0, 5),))
CITATION = Citation(
    1, "d1", "金野以匹村的分红", "a.md", None, "2020-05-28", "d1-0", 6, 15, TEXT[6:15], None, 0.5
)
SENTENCE = AnswerSentence("每户分到1500元。", Support.QUOTED, (1,))
ANSWER = Answer(
    answer_id="1f",
    question="每户多少钱？",
    answer="每户分到1500元。[1]",
    abstained=False,
    abstention=None,
    short_answer="1500元",
    sentences=(SENTENCE,),
    citations=(CITATION,),
    conflicts=(),
    confidence=0.75,
    model="extractive",
    generation="g000001",
    timings_ms={"retrieve": 1.26, "answer": 2.0, "total": 3.26},
)


@dataclass
class FakeArchive:
    """Says the same answer always; `failure` breaks it, `gate` holds it after the passages."""

    failure: Exception | None = None
    late_failure: Exception | None = None
    gate: threading.Event | None = None
    closed: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, int, Filters, tuple[Turn, ...]]] = field(default_factory=list)

    @property
    def reader(self) -> IndexReader:
        raise IndexMissing("there is no index", hint="none")

    def ask(
        self,
        question: str,
        *,
        k: int,
        filters: Filters,
        history: Sequence[Turn] = (),
        explained: bool = False,
        deadline: Deadline | None = None,
    ) -> Answer:
        for event in self.ask_stream(question, k=k, filters=filters, history=history):
            if isinstance(event, Done):
                return event.answer
        raise LLMFailed("no end", hint="none")

    def ask_stream(
        self,
        question: str,
        *,
        k: int,
        filters: Filters,
        history: Sequence[Turn] = (),
        explained: bool = False,
        deadline: Deadline | None = None,
    ) -> Iterator[StreamEvent]:
        self.asked.append((question, k, filters, tuple(history)))
        try:
            if self.failure is not None:
                raise self.failure
            yield PassagesFound((HIT,))
            if self.gate is not None:
                self.gate.wait(30)
            if self.late_failure is not None:
                raise self.late_failure
            yield SentencePassed(SENTENCE, (CITATION,))
            yield Done(ANSWER)
        finally:
            self.closed.set()

    def search(
        self,
        query: str,
        *,
        k: int,
        mode: SearchMode,
        filters: Filters,
        deadline: Deadline | None = None,
    ) -> SearchResult:
        self.asked.append((query, k, filters, ()))
        if self.failure is not None:
            raise self.failure
        return SearchResult((HIT,), f"g000001/{mode}", {"retrieve": 1.26, "total": 1.26})
