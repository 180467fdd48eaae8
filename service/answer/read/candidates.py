"""Which stretches of a passage can be quoted as an answer. Pure text."""

import re
from collections.abc import Sequence

from indexer.text.sentences import split_sentences

# Clauses up to this many characters together are quoted as one sentence: what follows a semicolon
# often leaves out the subject that stands before it.
_WHOLE = 90
_LEAST_LETTERS = 4

_CLAUSE_END = ("；", ";")
_LIST_MARK = re.compile(r"(?:[-*+•·▪]\s+|\|\s*|>\s+|#{1,6}\s+)+")
_CELL_END = re.compile(r"\s*\|\s*$")
_QUESTION = re.compile(r"[?？][*_\s]*$")


def candidates(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) of `text` in order: whole sentences, long ones by their clauses.

    List marks and the bars around a table row stay outside.
    """
    joined: list[tuple[int, int]] = []
    for start, end in split_sentences(text):
        if joined:
            before, last = joined[-1]
            goes_on = text[last - 1] in _CLAUSE_END and "\n" not in text[last:start]
            if goes_on and end - before <= _WHOLE:
                joined[-1] = (before, end)
                continue
        joined.append((start, end))
    bare = (_without_marks(text, start, end) for start, end in joined)
    return [
        (start, end)
        for start, end in bare
        if sum(character.isalnum() for character in text[start:end]) >= _LEAST_LETTERS
    ]


def answers_to(
    text: str, spans: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[str]]:
    """The spans that are no questions, and for each the questions right before it, or "".

    Files of questions and answers hold the user's words in the question, and what is asked for in
    the sentence behind it. Where all are questions, all stay.
    """
    asks = [bool(_QUESTION.search(text, start, end)) for start, end in spans]
    if all(asks):
        return list(spans), [""] * len(spans)
    kept: list[tuple[int, int]] = []
    leads: list[str] = []
    lead = ""
    for (start, end), is_question in zip(spans, asks, strict=True):
        if is_question:
            lead += text[start:end]
            continue
        kept.append((start, end))
        leads.append(lead)
        lead = ""
    return kept, leads


def _without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    mark = _LIST_MARK.match(text, start, end)
    if mark is not None:
        start = mark.end()
    tail = _CELL_END.search(text, start, end)
    return start, tail.start() if tail is not None else end
