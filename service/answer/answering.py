"""Retrieved passages to one checked, cited answer, as events. Knows no index engine and no HTTP.

    hits → reader → (refuse) → model's text | the sources' own words → check → citation

A language model only ever sees numbered quotes, and only sentences that pass the check are sent.
"""

import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from service.answer.abstain import refuse
from service.answer.abstain.blanks import is_left_blank
from service.answer.abstain.further import unsaid
from service.answer.beside import Beside
from service.answer.compose.brackets import bracketed, resolve
from service.answer.compose.citations import Citations, Further, StoredText, nobody_else
from service.answer.compose.drafts import joined
from service.answer.compose.extract import Extract, Line, extract
from service.answer.compose.large_print import large_print
from service.answer.compose.parts import cited_parts
from service.answer.compose.quotes import QUOTES_FOR_MODEL, instructs, source_of
from service.answer.compose.written import Check, written
from service.answer.compute.conflicts import about
from service.answer.compute.sums import Part
from service.answer.evidence import Reading
from service.answer.guard.verify import verify
from service.answer.understand.question import Question
from service.llm.base import LanguageModel
from service.llm.extractive import Extractive
from service.records import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerSentence,
    CitedValue,
    Conflict,
    Resolved,
    SentencePassed,
    Support,
    Turn,
)

_NEAREST = 3
# Up to so many contradicting values are an answer that shows them all; beyond, there is none.
_MOST_VALUES = 3

_NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class Asked:
    """What one answer is made from, and how strictly."""

    question: Question
    reading: Reading
    history: Sequence[Turn]
    generation: str
    parts: Sequence[Part] = ()  # where it asks several things: each of them, read for itself
    beside: Beside = _NOTHING
    refuse_at: float = refuse.REFUSE_AT
    check: Check = verify
    told: Sequence[str] = ()  # the answers whose rest is asked for


def answer(
    asked: Asked,
    model: LanguageModel,
    stored_text: StoredText,
    further: Further = nobody_else,
) -> Iterator[SentencePassed | Answer]:
    """Each sentence as it passes the check, and the whole answer last."""
    citations = Citations(stored_text, further)
    proven = [e for e in asked.reading.evidence[: 2 * QUOTES_FOR_MODEL] if citations.proves(e)]
    # What tells its reader what to answer is quoted only where there is nothing else.
    told = [evidence for evidence in proven if not instructs(evidence)]
    reading = replace(asked.reading, evidence=tuple(told or proven))
    if asked.told:
        reading = unsaid(asked.question, reading, asked.told)
    reason = refuse.judge(reading, asked.refuse_at)
    is_found = asked.beside.facts or asked.beside.computed
    if reason is not None and asked.told and not is_found:
        yield _abstain(asked, reading, AbstentionReason.NOTHING_MORE, citations, model.name, 0)
        return
    if not is_found and reading.evidence and is_left_blank(asked.question, reading.evidence[0]):
        nothing = replace(reading, confidence=0.0)  # however sure it is of the row
        yield _abstain(asked, nothing, AbstentionReason.FACT_NOT_FOUND, citations, model.name)
        return
    taken = extract(asked.question, reading, asked.parts, asked.beside)
    # No single sentence states a sum or a count, and the reader says so; its parts are bound.
    if reason is not None and taken.computed is None and not taken.is_bound:
        yield _abstain(asked, reading, reason, citations, model.name)
        return
    if len(taken.conflict) > _MOST_VALUES:
        yield _disagree(asked, reading, taken, citations, model.name)
        return
    sentences: Sequence[AnswerSentence] = ()
    note: str | None = None
    name = model.name
    if not isinstance(model, Extractive):
        sentences, note = yield from written(
            asked.question, reading, asked.history, model, citations, asked.check
        )
    if sentences:
        taken = replace(taken, computed=None)  # what the model wrote stands for itself
    else:
        # No model, or it failed, refused, or said nothing that could be proven.
        name = Extractive().name
        sentences = yield from _extracted(asked, taken, citations, stored_text)
    if not sentences:  # what was read has been deleted since
        yield _abstain(asked, reading, AbstentionReason.FACT_NOT_FOUND, citations, name)
        return
    yield _whole(asked, reading, sentences, citations, taken, name, note)


def _extracted(
    asked: Asked, taken: Extract, citations: Citations, stored_text: StoredText
) -> Generator[SentencePassed, None, Sequence[AnswerSentence]]:
    """The sources' own words, sentence by sentence; returns all of them."""
    sentences: list[AnswerSentence] = []
    for line in taken.lines:
        if not all(citations.proves(evidence) for evidence in line.evidence):
            continue
        support = Support.VERIFIED
        checked: tuple[str, ...] = ()
        if line.is_quote:
            verdict = asked.check(line.text, [source_of(e) for e in line.evidence])
            if not verdict.proven:
                continue
            support, checked = verdict.support, verdict.checked
        known = len(citations.all)
        numbers = tuple(dict.fromkeys(citations.cite(e).n for e in line.evidence))
        text, resolved = _bracketed(line, stored_text) if line.is_quote else (line.text, ())
        sentences.append(AnswerSentence(text, support, numbers, resolved, checked))
        yield SentencePassed(sentence=sentences[-1], citations=citations.all[known:])
    return sentences


def _bracketed(line: Line, stored_text: StoredText) -> tuple[str, tuple[Resolved, ...]]:
    (evidence,) = line.evidence
    return bracketed(evidence.quote, resolve(evidence, stored_text))


def _whole(
    asked: Asked,
    reading: Reading,
    sentences: Sequence[AnswerSentence],
    citations: Citations,
    taken: Extract,
    model_name: str,
    note: str | None,
) -> Answer:
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=asked.question.text,
        answer=joined([(s.text, s.citations) for s in sentences]),
        abstained=False,
        abstention=None,
        short_answer=large_print(asked.question, reading, taken, citations.all),
        sentences=tuple(sentences),
        conflicts=_conflicts(asked.question, taken, citations),
        citations=citations.all,  # behind the conflicts, which cite as well
        confidence=round(_confidence(reading, taken), 4),
        model=model_name,
        generation=asked.generation,
        note=note,
        parts=_parts(sentences, taken, citations),
    )


def _confidence(reading: Reading, taken: Extract) -> float:
    """Of what was computed its own: no single sentence states it."""
    own = taken.computed.confidence if taken.computed is not None else 0.0
    return own or reading.confidence


def _parts(
    sentences: Sequence[AnswerSentence], taken: Extract, citations: Citations
) -> tuple[CitedValue, ...]:
    """The figures that the first sentence was reckoned from; none where it could not be said."""
    computed = taken.computed
    is_said = computed is not None and sentences[0].text.startswith(computed.text)
    return cited_parts(computed, citations) if computed is not None and is_said else ()


def _conflicts(question: Question, taken: Extract, citations: Citations) -> tuple[Conflict, ...]:
    """What the documents disagree on; each value is cited, also where no sentence says it."""
    values = tuple(
        CitedValue(stated.value.text, citations.cite(stated.evidence).n)
        for stated in taken.conflict
        if citations.proves(stated.evidence)
    )
    return (Conflict(about(question), values),) if len(values) > 1 else ()


def _abstain(
    asked: Asked,
    reading: Reading,
    reason: AbstentionReason,
    citations: Citations,
    model_name: str,
    most: int = _NEAREST,
) -> Answer:
    nearest = tuple(
        citations.numbered(n, evidence)
        for n, evidence in enumerate(reading.evidence[:most], start=1)
    )
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=asked.question.text,
        answer=refuse.said(reason, asked.question.text, reading.missing),
        abstained=True,
        abstention=Abstention(reason=reason, nearest=nearest, missing=reading.missing),
        short_answer=None,
        sentences=(),
        citations=(),
        conflicts=(),
        confidence=round(1.0 - reading.confidence, 4),
        model=model_name,
        generation=asked.generation,
    )


def _disagree(
    asked: Asked, reading: Reading, taken: Extract, citations: Citations, model_name: str
) -> Answer:
    """No answer, as there are too many: the values, each with its source among the nearest."""
    stated = [each for each in taken.conflict if citations.proves(each.evidence)]
    shown = replace(reading, evidence=tuple(each.evidence for each in stated))
    reason = AbstentionReason.SOURCES_DISAGREE
    refused = _abstain(asked, shown, reason, citations, model_name, len(stated))
    values = tuple(CitedValue(s.value.text, n) for n, s in enumerate(stated, start=1))
    return replace(refused, conflicts=(Conflict(about(asked.question), values),))
