"""A follow-up question made whole from the history. Knows no index and no model."""

import re
from collections.abc import Sequence

from service.answer.understand.parts import focused
from service.answer.understand.rewriting import complete
from service.answer.understand.utterance import Said
from service.records import Turn

# A question may lean on one that leans in turn; further back than this nothing is looked for.
_MOST_QUESTIONS = 6
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


def whole_question(question: str, history: Sequence[Turn]) -> str:
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
        return question
    change = _CHANGES_SUBJECT.match(question)
    if change is not None:
        return question[change.end() :] if _says(question[change.end() :]) else question
    whole: Said | None = None
    answer: Said | None = None
    for n, at in enumerate(asked[-_MOST_QUESTIONS:]):
        own = Said.of(focused(said[at].content)[:_LONGEST_QUESTION])
        fresh = _CHANGES_SUBJECT.match(own.text)
        if fresh is not None and _says(own.text[fresh.end() :]):
            own, whole = Said.of(own.text[fresh.end() :]), None
        whole = own if whole is None or not n else Said.of(complete(own, whole, answer))
        answers = [t.content for t in said[at + 1 : _next(asked, at, len(said))]]
        answer = Said.of(answers[-1][:_LONGEST_ANSWER]) if answers else None
    if whole is None:
        return question
    own = Said.of(question)
    made = complete(own, whole, answer)
    return question if made == own.text else made


def _next(asked: Sequence[int], at: int, end: int) -> int:
    return next((other for other in asked if other > at), end)


def _says(text: str) -> bool:
    return any(character.isalnum() for character in text)
