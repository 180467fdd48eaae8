"""Sentences and their marks: what a model's text says, and how an answer is written out.

Knows no model: it reads text with [n] marks from wherever it comes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
