"""Retrieved passages to one checked, cited answer, as events. Knows no index engine and no HTTP.

    hits → reader → (refuse) → chosen quotes → model's text → sentence → check → citation

A language model only ever sees numbered quotes, and only sentences that pass the check are sent.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from indexer.errors import LLMFailed, LLMUnavailable
from service.answer import compose, refuse
from service.answer.citations import Citations, Further, StoredText, nobody_else
from service.answer.prompts import is_chinese, is_refusal
from service.answer.question import Question
from service.answer.reader import Evidence, Reading
from service.answer.short import is_bound, short_answer, uniform
from service.answer.verify import support_of
from service.llm.base import LanguageModel, NumberedEvidence
from service.llm.extractive import Extractive
from service.records import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerSentence,
    SentencePassed,
    Support,
    Turn,
)

_log = logging.getLogger(__name__)

# Quotes that a language model gets to write from; the extractive answer takes three at most.
_QUOTES_FOR_MODEL = 8
_NEAREST = 3


Check = Callable[[str, Sequence[str]], Support]
"""What a sentence rests on in the quotes that it cites."""


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
        tuple(e for e in asked.reading.evidence[: 2 * _QUOTES_FOR_MODEL] if citations.proves(e)),
        asked.reading.nothing,
    )
    reason = refuse.judge(asked.question, reading, asked.nothing_limit)
    if reason is not None:
        yield _abstain(asked, reading, reason, citations, model.name)
        return
    sentences: list[AnswerSentence] = []
    note: str | None = None
    try:
        for passed in _written(asked, reading, model, citations):
            sentences.append(passed.sentence)
            yield passed
    except (LLMUnavailable, LLMFailed) as error:
        _log.warning("%s: %s", model.name, error.message)
        note = _note("partly" if sentences else "failed", asked.question)
    if not sentences:
        # The model failed, refused, or said nothing that could be proven: the sources' own words.
        note = note or _note("unproven", asked.question)
        model = Extractive()
        for passed in _written(asked, reading, model, citations):
            sentences.append(passed.sentence)
            yield passed
    yield _whole(asked, reading, sentences, citations, model.name, note)


_NOTES = {
    "partly": (
        "语言模型没有答完，以上各句已与原文核对。",
        "The language model broke off; the sentences above were checked against the sources.",
    ),
    "failed": (
        "语言模型没有给出回答，以下是原文摘录。",
        "The language model gave no answer; these are the sources' own words.",
    ),
    "unproven": (
        "语言模型的回答无法由原文证实，以下是原文摘录。",
        "What the language model wrote could not be proven; these are the sources' own words.",
    ),
}


def _note(what: str, question: Question) -> str:
    chinese, english = _NOTES[what]
    return chinese if is_chinese(question.text) else english


def _written(
    asked: Asked, reading: Reading, model: LanguageModel, citations: Citations
) -> Iterator[SentencePassed]:
    chosen: Sequence[Evidence] = reading.evidence[:_QUOTES_FOR_MODEL]
    cut = compose.drafts
    if isinstance(model, Extractive):
        chosen, cut = compose.choose(asked.question, reading), compose.lines
    numbered = [
        NumberedEvidence(n=n, title=e.hit.passage.context, date=e.hit.date, text=e.quote)
        for n, e in enumerate(chosen, start=1)
    ]
    for draft in cut(model.write(asked.question.text, numbered, asked.history)):
        if is_refusal(draft.text):
            return
        cited = [chosen[n - 1] for n in draft.cited if 1 <= n <= len(chosen)]
        support = asked.check(draft.text, [e.quote for e in cited])
        if support is Support.UNVERIFIED:
            _log.info("dropped an unproven sentence: %s", draft.text)
            continue
        known = len(citations.all)
        numbers = tuple(dict.fromkeys(citations.cite(e).n for e in cited))
        yield SentencePassed(
            sentence=AnswerSentence(text=draft.text, support=support, citations=numbers),
            citations=citations.all[known:],
        )


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
