"""From evidence to sentences: which quotes to give, and what a model's text says of them.

Knows no model: it reads text with [n] marks from wherever it comes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.answer.question import AnswerType, Question
from service.answer.reader import Evidence, Reading
from service.answer.short import may_answer, short_answer, uniform

MAX_SENTENCES = 3

# A further sentence is worth its place while what stands there already is less sure than this, and
# the newcomer is not this much less likely than the best (docs/log.md, 2026-11-21).
_SURE = 0.97
_LEAST_RATIO = 0.02
# Below this, what fits the kind that is asked for may not be all: the likeliest sentence is given,
# whatever it holds (two more right of 214 over corpus/, none of 578 elsewhere).
_UNSURE = 0.4

_MARK = re.compile(r"\s*\[(\d{1,3})\]")
_ENDS = re.compile(r"[。！？!?；;.…][”」』）)]*$")
_QUOTED_LINE = re.compile(r"(?P<text>.+)\[(?P<n>\d{1,3})\]")
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

    What holds nothing of the kind that is asked for is left out, unless all are so. Where another
    document gives the same value as the best sentence, these two are enough. A list may be spread
    over sentences: it gets all that are likely.
    """
    answering = 1.0 - reading.nothing
    if not reading.evidence or answering <= 0:
        return []
    best = reading.evidence[0].probability
    likely = [e for e in reading.evidence if e.probability >= _LEAST_RATIO * best]
    fitting = [e for e in likely if may_answer(question, e.quote)]
    if (agreeing := _agreeing(question, fitting)) is not None:
        return [fitting[0], agreeing]
    chosen: list[Evidence] = []
    mass = 0.0
    given: set[tuple[str, str]] = set()
    for evidence in fitting or likely:
        is_sure = mass >= _SURE and question.asks is not AnswerType.LIST
        if is_sure or len(chosen) == limit:
            break
        mass += evidence.probability / answering
        value = short_answer(question, evidence.quote)
        place = (evidence.hit.passage.document_id, uniform(value or ""))
        if value and place in given:
            continue  # the same document says the same once more
        given.add(place)
        chosen.append(evidence)
    if mass < _UNSURE and len(chosen) < limit and reading.evidence[0] not in chosen:
        chosen.append(reading.evidence[0])  # 双休日 answers 哪天, and is no date
    return chosen


def _agreeing(question: Question, fitting: Sequence[Evidence]) -> Evidence | None:
    """The likeliest sentence of another document that gives the same value as the best one."""
    values = [uniform(short_answer(question, e.quote) or "") for e in fitting]
    for evidence, value in zip(fitting[1:], values[1:], strict=True):
        elsewhere = not evidence.hit.is_of_one_text_with(fitting[0].hit)
        if value and value == values[0] and elsewhere:
            return evidence
    return None


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


def lines(pieces: Iterable[str]) -> Iterator[Draft]:
    """The sources' own sentences, one a line with one mark at its end; other [n] are theirs."""
    for line in "".join(pieces).split("\n"):
        quoted = _QUOTED_LINE.fullmatch(line)
        if quoted is not None:
            yield Draft(text=quoted["text"], cited=(int(quoted["n"]),))


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
