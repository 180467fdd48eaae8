"""A follow-up question made whole from the history. Knows no index and no model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answer.understand.parts import focused
from service.answer.understand.rewriting import Before, after, complete, nothing_known
from service.answer.understand.sets import asks_for_more
from service.answer.understand.slots import Alike
from service.answer.understand.utterance import Said
from service.records import Turn

# A question may lean on one that leans in turn; further back than this nothing is looked for.
_MOST_QUESTIONS = 30
_LONGEST_QUESTION = 200
_LONGEST_ANSWER = 400

_CHANGES_SUBJECT = re.compile(
    r"^\s*(?:好的?|嗯|谢谢)?[,，。]?\s*(?:我?们?再?[换換][一个個]*(?:话题|話題|问题|問題|件事)|"
    r"(?:另外|再|顺便|順便)想?[问問][一个個下]*(?:别的|別的|问题|問題|事)?|"
    r"[说說]点别的|不[说說][这這]个了?|另一个问题|新的?问题|"
    r"(?:new|another|different) (?:topic|question|subject)|by the way|on another note)"
    r"\s*[:：,，。.!？?-]*\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What is asked, in words that stand alone; `told` are the answers that gave a part of it,
    where the rest is asked for (还有别的吗?).
    """

    whole: str
    told: tuple[str, ...] = ()


def whole_question(question: str, history: Sequence[Turn], alike: Alike = nothing_known) -> str:
    """The words of `understand`."""
    return understand(question, history, alike).whole


def understand(question: str, history: Sequence[Turn], alike: Alike = nothing_known) -> Understood:
    """What is asked, in words that stand alone: `question` itself unless it leans on `history`.

    Of a long message only the part that asks (`parting.focused`), with or without a history.

    Only what users asked and what was answered last count; roles of any other name, empty turns
    and an answer before the first question say nothing.
    """
    asking = focused(question)
    question = question if asking == question.strip() or not _says(asking) else asking
    said = [turn for turn in history if turn.role in ("user", "assistant") and _says(turn.content)]
    asked = [at for at, turn in enumerate(said) if turn.role == "user"]
    if not asked or not _says(question):
        return Understood(question)
    change = _CHANGES_SUBJECT.match(question)
    if change is not None:
        rest = question[change.end() :]
        return Understood(rest if _says(rest) else question)
    before: Before | None = None
    told: list[str] = []
    for at in asked[-_MOST_QUESTIONS:]:
        own = Said.of(focused(said[at].content)[:_LONGEST_QUESTION])
        fresh = _CHANGES_SUBJECT.match(own.text)
        if fresh is not None and _says(own.text[fresh.end() :]):
            own, before = Said.of(own.text[fresh.end() :]), None
        whole = own.text if before is None else complete(own, before, alike)
        if not asks_for_more(own):
            told = []
        answers = [t.content for t in said[at + 1 : _next(asked, at, len(said))]]
        told += answers[-1:]
        answer = Said.of(answers[-1][:_LONGEST_ANSWER]) if answers else None
        before = after(own, whole, answer, before)
    own = Said.of(question)
    if before is None:
        return Understood(question)
    made = complete(own, before, alike)
    is_more = asks_for_more(own)
    return Understood(question if made == own.text else made, tuple(told) if is_more else ())


def _next(asked: Sequence[int], at: int, end: int) -> int:
    return next((other for other in asked if other > at), end)


def _says(text: str) -> bool:
    return any(character.isalnum() for character in text)
