"""From evidence to sentences: which quotes to give, and what a model's text says of them.

Knows no model: it reads text with [n] marks from wherever it comes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.text.normalise import letters
from service.answer.evidence import Evidence, Reading
from service.answer.question import AnswerType, Question
from service.answer.short import uniform

MAX_SENTENCES = 3

# A further sentence is given where the chosen ones leave more doubt than the first, and it is
# likelier than the second: on held-out questions 1.2 sentences an answer, of which 91.4 in 100
# (CMRC) and 82.1 (written) hold the answer; with 0.15 1.1, and 90.8 and 81.3.
_SURE_MISSING = 0.3
_LEAST = 0.05
_SPREAD = (AnswerType.LIST, AnswerType.REASON, AnswerType.MANNER)
_LEAST_SPREAD = 0.4
_LEAST_RIVAL = 0.7  # of the best sentence's probability

_MARK = re.compile(r"\s*\[(\d{1,3})\]")
_ENDS = re.compile(r"[。！？!?；;.…][”」』）)]*$")
_SENTENCE = re.compile(
    r"(?P<text>[^\n]*?(?:[。！？!?](?:[”」』）)]*)|(?<=\])(?=\n)|\n))(?P<marks>(?:\s*\[\d{1,3}\])*)"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it, without its marks, and the evidence numbers it names."""

    text: str
    cited: tuple[int, ...]


def choose(question: Question, reading: Reading, limit: int = MAX_SENTENCES) -> list[Evidence]:
    """The likeliest sentences, no more than needed, best first; at most `limit`.

    A further one is given where what stands there already is not sure to answer, and the newcomer
    may; where it is as likely and gives another value, which a reader must see as well; a list or a
    reason may be spread over sentences, and gets all that are likely.
    """
    chosen: list[Evidence] = []
    missing = 1.0  # how likely none of the chosen answers
    is_spread = question.asks in _SPREAD
    for evidence in reading.evidence:
        if len(chosen) == limit or (chosen and evidence.probability < _LEAST):
            break
        if chosen and not (
            evidence.probability >= _LEAST_SPREAD
            if is_spread
            else missing > _SURE_MISSING or _is_rival(evidence, chosen)
        ):
            continue
        chosen.append(evidence)
        missing *= 1.0 - evidence.probability
    return chosen


def _is_rival(evidence: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Whether a sentence is about as likely as the best one and gives a value that none gives."""
    if evidence.probability < _LEAST_RIVAL * chosen[0].probability or evidence.value is None:
        return False
    given = [_value(each) for each in chosen]
    own = _value(evidence)
    return bool(own) and all(own not in each and each not in own for each in given if each)


def _value(evidence: Evidence) -> str:
    if evidence.value is None:
        return ""
    return letters(uniform(evidence.quote[evidence.value.start : evidence.value.end]))


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
    """The answer's text: each sentence followed by its marks; an unfinished one on its own line."""
    text = ""
    finished = True
    for sentence, cited in sentences:
        ends = bool(_ENDS.search(sentence))
        line_break = "\n" if text and not (finished and ends) else ""
        text += line_break + sentence + "".join(f"[{n}]" for n in cited)
        finished = ends
    return text
