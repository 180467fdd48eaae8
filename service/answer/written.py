"""What a language model writes from numbered quotes, sentence by sentence as each passes the check.

Knows no index, no HTTP and no extractive answer: where nothing passes, it says so and returns.
"""

import logging
from collections.abc import Callable, Generator, Sequence

from indexer.errors import LLMFailed, LLMUnavailable
from service.answer import compose
from service.answer.citations import Citations
from service.answer.prompts import is_chinese, is_refusal
from service.answer.question import Question
from service.answer.reader import Evidence, Reading
from service.llm.base import LanguageModel, NumberedEvidence
from service.records import AnswerSentence, SentencePassed, Support, Turn

_log = logging.getLogger(__name__)

# Quotes that a language model gets to write from; the extractive answer takes three at most.
QUOTES_FOR_MODEL = 8

Check = Callable[[str, Sequence[str]], Support]
"""What a sentence rests on in the quotes that it cites."""

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


def written(
    question: Question,
    reading: Reading,
    history: Sequence[Turn],
    model: LanguageModel,
    citations: Citations,
    check: Check,
) -> Generator[SentencePassed, None, tuple[Sequence[AnswerSentence], str | None]]:
    """Each sentence of the model as it passes; returns all that passed and a note for the reader.

    Without a sentence the note says why, and the sources' own words are to follow.
    """
    chosen = reading.evidence[:QUOTES_FOR_MODEL]
    sentences: list[AnswerSentence] = []
    note: str | None = None
    try:
        for draft in compose.drafts(model.write(question.text, numbered(chosen), history)):
            if is_refusal(draft.text):
                break
            passed = checked(draft, chosen, citations, check)
            if passed is not None:
                sentences.append(passed.sentence)
                yield passed
    except (LLMUnavailable, LLMFailed) as error:
        _log.warning("%s: %s", model.name, error.message)
        note = _note("partly" if sentences else "failed", question)
    if not sentences:
        note = note or _note("unproven", question)
    return sentences, note


def numbered(chosen: Sequence[Evidence]) -> list[NumberedEvidence]:
    """The quotes as a model gets to see and to cite them: from 1."""
    return [
        NumberedEvidence(n=n, title=e.hit.passage.context, date=e.hit.date, text=e.quote)
        for n, e in enumerate(chosen, start=1)
    ]


def checked(
    draft: compose.Draft, chosen: Sequence[Evidence], citations: Citations, check: Check
) -> SentencePassed | None:
    """The sentence with its citations, or None where they do not prove it."""
    cited = [chosen[n - 1] for n in draft.cited if 1 <= n <= len(chosen)]
    support = check(draft.text, [e.quote for e in cited])
    if support is Support.UNVERIFIED:
        _log.info("dropped an unproven sentence: %s", draft.text)
        return None
    known = len(citations.all)
    numbers = tuple(dict.fromkeys(citations.cite(e).n for e in cited))
    return SentencePassed(
        sentence=AnswerSentence(text=draft.text, support=support, citations=numbers),
        citations=citations.all[known:],
    )


def _note(what: str, question: Question) -> str:
    chinese, english = _NOTES[what]
    return chinese if is_chinese(question.text) else english
