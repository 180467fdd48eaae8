"""What a question becomes, from hit to answer. Field names are those of the HTTP contract."""

from dataclasses import dataclass, field
from enum import StrEnum

from indexer.records import Passage
from service.explanation import Explanation


class SearchMode(StrEnum):
    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


class Support(StrEnum):
    """What a sentence of an answer rests on: `quoted` is the source's own words."""

    QUOTED = "quoted"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class AbstentionReason(StrEnum):
    NO_RELEVANT_DOCUMENT = "no_relevant_document"
    FACT_NOT_FOUND = "fact_not_found"
    SOURCES_DISAGREE = "sources_disagree"
    SMALL_TALK = "small_talk"  # nothing was asked of the documents
    NOTHING_MORE = "nothing_more"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer. `source` is a glob, dates are ISO and inclusive.

    `organisation` is a name or a glob, compared without regard to script, case and width.

    `documents` are the ids of those that may at most: the way to hand over what is to be read.
    """

    source: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    documents: tuple[str, ...] | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far; `role` is `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with what is shown of its document. `score` ranks, 0 to 1."""

    rank: int
    score: float
    passage: Passage
    source: str
    url: str | None
    date: str | None
    dense: float | None
    lexical: float | None
    rerank: float | None = None
    highlights: tuple[tuple[int, int], ...] = ()  # offsets into passage.text
    organisation: str | None = None
    group: int | None = None  # that of its document and the reprints of it, if there are any

    def is_of_one_text_with(self, other: "Hit") -> bool:
        """Whether both stand in the same document, or in reprints of one."""
        same = self.passage.document_id == other.passage.document_id
        return same or (self.group is not None and self.group == other.group)


@dataclass(frozen=True, slots=True)
class SearchResult:
    hits: tuple[Hit, ...]
    generation: str
    timings_ms: dict[str, float]
    note: str | None = None  # e.g. the embedder is down and words alone were searched


@dataclass(frozen=True, slots=True)
class FurtherSource:
    """A reprint that says what a citation quotes, and where: `document.text[start:end]`."""

    document_id: str
    title: str
    source: str
    url: str | None
    date: str | None
    organisation: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof: `document.text[start:end] == quote`, checked in the store before it is sent."""

    n: int
    document_id: str
    title: str
    source: str
    url: str | None
    date: str | None
    passage_id: str
    start: int
    end: int
    quote: str
    page: int | None
    score: float
    place: str | None = None  # what the format calls the spot: a sheet and its cells
    organisation: str | None = None
    further_sources: tuple[FurtherSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """A bracket at [start, end) of a sentence's text that the quote does not have, such as
    【洪都大学】 behind 学校; `name` is what stands in it.
    """

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """`text` without its `resolved` brackets is the source's own words where it is `quoted`.

    `checked` names what was compared with the citations; empty for what was reckoned from them.
    """

    text: str
    support: Support
    citations: tuple[int, ...]
    resolved: tuple[Resolved, ...] = ()
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """What the question names and no document holds, as the question writes it, and others like it
    that the documents hold.
    """

    name: str
    similar: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Abstention:
    """`missing` is what the question names and no document holds; `examples` are titles to ask
    about, in reply to small talk.
    """

    reason: AbstentionReason
    nearest: tuple[Citation, ...] = ()
    missing: tuple[Missing, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CitedValue:
    """A value as its source writes it. `citation` is the number of a citation, in an abstention
    that of one of its `nearest`.
    """

    value: str
    citation: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Different values of one thing, newest first."""

    about: str
    values: tuple[CitedValue, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. When it abstains, `answer` is a plain sentence and `sentences` is empty.

    `parts` are the figures that the first sentence was reckoned from, where it was and each of them
    is known.
    """

    answer_id: str
    question: str
    answer: str
    abstained: bool
    abstention: Abstention | None
    short_answer: str | None
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]
    confidence: float
    model: str
    generation: str
    timings_ms: dict[str, float] = field(default_factory=dict)
    note: str | None = None  # e.g. the language model failed and the extractive answer stands in
    explanation: Explanation | None = None  # where it was asked for
    understood: str | None = None  # the whole question, where a follow-up was made one
    parts: tuple[CitedValue, ...] = ()


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """Stream event `passages`: retrieval is done."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SentencePassed:
    """Stream events `sentence` and `delta` (its text): one sentence that passed the check."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]  # those that this sentence names for the first time


@dataclass(frozen=True, slots=True)
class Done:
    """Stream event `done`: the full answer."""

    answer: Answer


StreamEvent = PassagesFound | SentencePassed | Done
