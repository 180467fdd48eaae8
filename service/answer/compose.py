"""From evidence to sentences: which quotes to give, and what a model's text says of them.

Knows no model: it reads text with [n] marks from wherever it comes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.answer.question import AnswerType, Question
from service.answer.reader import Evidence, Reading
from service.answer.short import may_answer

MAX_SENTENCES = 3

# A further sentence is worth its place while what stands there already is less sure than this, and
# the newcomer is at least a tenth as likely as the first (docs/log.md: the smallest answers that
# keep the hit rate of always giving three).
_SURE = 0.97
_LEAST_RATIO = 0.02

_MARK = re.compile(r"\s*\[(\d{1,3})\]")
_SENTENCE = re.compile(
    r"(?P<text>[^\n]*?(?:[。！？!?；;](?:[”」』）)]*)|(?<=\])(?=\n)|\n))(?P<marks>(?:\s*\[\d{1,3}\])*)"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it, without its marks, and the evidence numbers it names."""

    text: str
    cited: tuple[int, ...]


def choose(question: Question, reading: Reading, limit: int = MAX_SENTENCES) -> list[Evidence]:
    """The likeliest sentences, no more than needed, best first; at most `limit`."""
    answering = 1.0 - reading.nothing
    if not reading.evidence or answering <= 0:
        return []
    sure = 0.97 if question.asks is AnswerType.LIST else _SURE
    chosen: list[Evidence] = []
    mass = 0.0
    for evidence in reading.evidence:
        if chosen and (mass >= sure or evidence.probability < _LEAST_RATIO * chosen[0].probability):
            break
        mass += evidence.probability / answering
        if not chosen or may_answer(question, evidence.quote):
            chosen.append(evidence)
        if len(chosen) == limit:
            break
    return chosen


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """Cut a stream of text into sentences as soon as each is whole, with the marks behind it.

    Marks stand before or behind the full stop; a line's end ends a sentence too.
    """
    buffer = ""
    for piece in pieces:
        buffer += piece
        while (cut := _whole_sentence(buffer)) is not None:
            yield from _draft(buffer[:cut])
            buffer = buffer[cut:]
    yield from _draft(buffer)


def _whole_sentence(buffer: str) -> int | None:
    """Where the first sentence ends, once something behind it shows that its marks are complete."""
    match = _SENTENCE.match(buffer)
    if match is None:
        return None
    rest = buffer[match.end() :].lstrip()
    if not rest or (rest.startswith("[") and not re.match(r"\[[^\d\]]", rest)):
        return None
    return match.end()


def _draft(text: str) -> Iterator[Draft]:
    plain = _MARK.sub("", text).strip()
    if any(character.isalnum() for character in plain):
        cited = tuple(dict.fromkeys(int(n) for n in _MARK.findall(text)))
        yield Draft(text=plain, cited=cited)


def joined(sentences: Sequence[tuple[str, Sequence[int]]]) -> str:
    """The answer's text: each sentence followed by its marks; an unfinished one ends its line."""
    parts: list[str] = []
    for text, cited in sentences:
        marks = "".join(f"[{n}]" for n in cited)
        parts.append(text + marks + ("" if re.search(r"[。！？!?；;.]$", text) else "\n"))
    return "".join(parts).strip()
