"""What a language model writes from numbered quotes, sentence by sentence as each passes the check.

    quotes → model's text → sentence → plain text → proof → citation

What fails is given back to the model once, with the reason; what fails again is dropped. Knows no
index, no HTTP and no extractive answer: where nothing passes, it says so and returns.
"""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.errors import LLMFailed, LLMUnavailable
from service.answer.compose.citations import Citations
from service.answer.compose.drafts import Draft, drafts
from service.answer.compose.prompts import is_refusal, mending
from service.answer.compose.proof import CheckSentence, prove
from service.answer.compose.quotes import Quote, quotes
from service.answer.evidence import Evidence, Reading
from service.answer.guard.marks import is_echo, plain
from service.answer.guard.records import Verdict
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Question
from service.llm.base import LanguageModel
from service.records import AnswerSentence, SentencePassed, Turn

_log = logging.getLogger(__name__)

# A model that is asked for three sentences and writes more than these does not stop by itself.
_MOST_SENTENCES = 6
_MOST_DRAFTS = 16
_MOST_CHARS = 6000
_MOST_REPEATS = 2
_MEND_WITHIN_S = 30.0

Check = CheckSentence

_NOTES = {
    "partly": (
        "语言模型没有答完，以上各句已与原文核对。",
        "The language model broke off; the sentences above were checked against the sources.",
    ),
    "left out": (
        "语言模型所写的部分内容无法由原文证实，已略去。",
        "Part of what the language model wrote could not be proven and was left out.",
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


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence as a model wrote it, and what became of it: for whoever explains an answer.

    `outcome` is `passed`, `recited` (with another citation than the model's) or `dropped`;
    `round` is 1, or 2 for what was written to mend the first.
    """

    text: str
    cited: tuple[int, ...]
    outcome: str
    round: int
    verdict: Verdict


def _nobody_asks(judged: Judged) -> None:
    del judged


@dataclass
class _Writing:
    """One answer as it comes about."""

    quotes: Sequence[Quote]
    citations: Citations
    check: Check
    tell: Callable[[Judged], None]
    passed: list[AnswerSentence] = field(default_factory=list)
    failed: list[Judged] = field(default_factory=list)
    echoed: bool = False

    def draw(self, pieces: Iterator[str], turn: int) -> Iterator[SentencePassed]:
        """The sentences of one text that pass, until it is whole, or does not end by itself."""
        seen: set[str] = {sentence.text for sentence in self.passed}
        repeats = 0
        for count, draft in enumerate(drafts(_bounded(pieces)), start=1):
            if is_refusal(draft.text):
                return
            if is_echo(draft.text):
                self.echoed = True
                return
            text = plain(draft.text)
            if text in seen:
                repeats += 1
            elif any(character.isalnum() for character in text):
                seen.add(text)
                yield from self._judge(Draft(text, draft.cited), turn)
            too_many = len(self.passed) >= _MOST_SENTENCES or count >= _MOST_DRAFTS
            if too_many or repeats > _MOST_REPEATS:
                return

    def _judge(self, draft: Draft, turn: int) -> Iterator[SentencePassed]:
        proof = prove(draft.text, draft.cited, self.quotes, self.check)
        outcome = "dropped" if not proof.evidence else "recited" if proof.recited else "passed"
        judged = Judged(draft.text, draft.cited, outcome, turn, proof.verdict)
        self.tell(judged)
        if not proof.evidence:
            _log.info("dropped an unproven sentence (%s): %s", proof.verdict.reason, draft.text)
            self.failed.append(judged)
            return
        passed = _sentence(draft.text, proof.evidence, proof.verdict, self.citations)
        self.passed.append(passed.sentence)
        yield passed


def written(
    question: Question,
    reading: Reading,
    history: Sequence[Turn],
    model: LanguageModel,
    citations: Citations,
    check: Check,
    tell: Callable[[Judged], None] = _nobody_asks,
) -> Generator[SentencePassed, None, tuple[Sequence[AnswerSentence], str | None]]:
    """Each sentence of the model as it passes; returns all that passed and a note for the reader.

    Without a sentence the note says why, and the sources' own words are to follow. `tell` hears
    of every sentence, also of those that were dropped.
    """
    material = quotes(reading.evidence)
    given = [quote.numbered() for quote in material]
    writing = _Writing(material, citations, check, tell)
    note: str | None = None
    started = time.monotonic()
    try:
        yield from writing.draw(model.write(question.text, given, history), 1)
        failed, mended = list(writing.failed), len(writing.passed)
        in_time = time.monotonic() - started <= _MEND_WITHIN_S
        if failed and in_time and not writing.echoed and mended < _MOST_SENTENCES:
            again = mending(question.text, [(each.text, each.verdict) for each in failed])
            yield from writing.draw(model.write(again, given, history), 2)
        if len(failed) > len(writing.passed) - mended or writing.echoed:
            note = _note("left out", question)
    except (LLMUnavailable, LLMFailed) as error:
        _log.warning("%s: %s", model.name, error.message)
        note = _note("partly" if writing.passed else "failed", question)
        if not writing.passed and writing.failed:
            note = _note("unproven", question)
    if not writing.passed and (note is None or note == _note("left out", question)):
        note = _note("unproven", question)
    return writing.passed, note


def _sentence(
    text: str, evidence: Sequence[Evidence], verdict: Verdict, citations: Citations
) -> SentencePassed:
    known = len(citations.all)
    numbers = tuple(dict.fromkeys(citations.cite(each).n for each in evidence))
    return SentencePassed(
        sentence=AnswerSentence(
            text=text, support=verdict.support, citations=numbers, checked=verdict.checked
        ),
        citations=citations.all[known:],
    )


def _bounded(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces up to the most that an answer may have; the rest is not waited for."""
    total = 0
    try:
        for piece in pieces:
            yield piece
            total += len(piece)
            if total > _MOST_CHARS:
                return
    finally:
        close = getattr(pieces, "close", None)  # generators have it: a model stops writing
        if close is not None:
            close()


def _note(what: str, question: Question) -> str:
    chinese, english = _NOTES[what]
    return chinese if is_chinese(question.text) else english
