"""Retrieved passages to one checked, cited answer, as events. Knows no index engine and no HTTP.

    hits → reader → (refuse) → chosen quotes → model's text → sentence → check → citation

A language model only ever sees numbered quotes, and only sentences that pass the check are sent.
"""

import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from service.answer import compose, refuse
from service.answer.citations import Citations, Further, StoredText, nobody_else
from service.answer.question import Question
from service.answer.reader import Reading
from service.answer.short import is_bound, short_answer, uniform
from service.answer.verify import support_of
from service.answer.written import QUOTES_FOR_MODEL, Check, checked, numbered, written
from service.llm.base import LanguageModel
from service.llm.extractive import Extractive
from service.records import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerSentence,
    SentencePassed,
    Turn,
)

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What one answer is made from, and how strictly."""

    question: Question
    reading: Reading
    history: Sequence[Turn]
    generation: str
    nothing_limit: float = refuse.NOTHING_LIMIT
    check: Check = support_of


def answer(
    asked: Asked,
    model: LanguageModel,
    stored_text: StoredText,
    further: Further = nobody_else,
) -> Iterator[SentencePassed | Answer]:
    """Each sentence as it passes the check, and the whole answer last."""
    citations = Citations(stored_text, further)
    reading = Reading(
        tuple(e for e in asked.reading.evidence[: 2 * QUOTES_FOR_MODEL] if citations.proves(e)),
        asked.reading.nothing,
    )
    reason = refuse.judge(asked.question, reading, asked.nothing_limit)
    if reason is not None:
        yield _abstain(asked, reading, reason, citations, model.name)
        return
    sentences: Sequence[AnswerSentence] = ()
    note: str | None = None
    name = model.name
    if not isinstance(model, Extractive):
        sentences, note = yield from written(
            asked.question, reading, asked.history, model, citations, asked.check
        )
    if not sentences:
        # No model, or it failed, refused, or said nothing that could be proven.
        name = Extractive().name
        sentences = yield from _extracted(asked, reading, citations)
    yield _whole(asked, reading, sentences, citations, name, note)


def _extracted(
    asked: Asked, reading: Reading, citations: Citations
) -> Generator[SentencePassed, None, Sequence[AnswerSentence]]:
    """The sources' own words, sentence by sentence; returns all of them."""
    chosen = compose.choose(asked.question, reading)
    pieces = Extractive().write(asked.question.text, numbered(chosen), asked.history)
    sentences: list[AnswerSentence] = []
    for draft in compose.lines(pieces):
        passed = checked(draft, chosen, citations, asked.check)
        if passed is not None:
            sentences.append(passed.sentence)
            yield passed
    return sentences


def _whole(
    asked: Asked,
    reading: Reading,
    sentences: Sequence[AnswerSentence],
    citations: Citations,
    model_name: str,
    note: str | None,
) -> Answer:
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=asked.question.text,
        answer=compose.joined([(s.text, s.citations) for s in sentences]),
        abstained=False,
        abstention=None,
        short_answer=_short(asked.question, reading, citations),
        sentences=tuple(sentences),
        citations=citations.all,
        conflicts=(),
        confidence=round(1.0 - reading.nothing, 4),
        model=model_name,
        generation=asked.generation,
        note=note,
    )


# In large print goes only what two documents say, or what is likely, also beside other values.
_LIKELY = 0.35
_LEAST_SHARE = 0.7


def _short(question: Question, reading: Reading, citations: Citations) -> str | None:
    said = {(c.document_id, c.start) for c in citations.all}
    given = [
        (evidence, value)
        for evidence in reading.evidence
        if (evidence.hit.passage.document_id, evidence.start) in said
        and (value := short_answer(question, evidence.quote)) is not None
    ]
    if not given:
        return None
    best, value = given[0]
    same = [evidence for evidence, other in given if uniform(other) == uniform(value)]
    agreed = any(not evidence.hit.is_of_one_text_with(best.hit) for evidence in same)
    share = sum(e.probability for e in same) / sum(e.probability for e, _ in given)
    likely = best.probability >= _LIKELY and share >= _LEAST_SHARE
    passage = f"{best.hit.passage.context}\n{best.hit.passage.text}"
    return value if (agreed or likely) and is_bound(question, passage) else None


def _abstain(
    asked: Asked,
    reading: Reading,
    reason: AbstentionReason,
    citations: Citations,
    model_name: str,
) -> Answer:
    nearest = tuple(
        citations.numbered(n, evidence)
        for n, evidence in enumerate(reading.evidence[:_NEAREST], start=1)
    )
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=asked.question.text,
        answer=refuse.said(reason, asked.question.text),
        abstained=True,
        abstention=Abstention(reason=reason, nearest=nearest),
        short_answer=None,
        sentences=(),
        citations=(),
        conflicts=(),
        confidence=round(reading.nothing, 4),
        model=model_name,
        generation=asked.generation,
    )
