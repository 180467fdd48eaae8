"""An answer as one text with numbered footnotes, and where its marks stand. Knows no HTTP."""

import re
from dataclasses import dataclass

from service.records import Answer, Citation

_MARK = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation's mark such as `[1]` at [start, end) of the text, in code points."""

    start: int
    end: int
    citation: Citation


def with_footnotes(answer: Answer) -> str:
    """The answer's text, a blank line, and one line for each citation that it names."""
    named = _named(answer)
    if not named:
        return answer.answer
    return "\n".join([answer.answer, "", *(_footnote(citation) for citation in named)])


def marks(answer: Answer) -> list[Mark]:
    """The marks within `answer.answer`, in order; none in an abstention."""
    if answer.abstained:
        return []
    by_number = {citation.n: citation for citation in answer.citations}
    return [
        Mark(found.start(), found.end(), by_number[int(found[1])])
        for found in _MARK.finditer(answer.answer)
        if int(found[1]) in by_number
    ]


def _named(answer: Answer) -> list[Citation]:
    """The citations that the answer names, each once; none in an abstention."""
    if answer.abstained:
        return []
    numbers = {mark.citation.n for mark in marks(answer)}
    return [citation for citation in answer.citations if citation.n in numbers]


def _footnote(citation: Citation) -> str:
    place = citation.place or (f"p. {citation.page}" if citation.page is not None else None)
    about = ", ".join(part for part in (citation.source, citation.date, place) if part)
    quote = " ".join(citation.quote.split())
    return f"[{citation.n}] {citation.title} ({about}): “{quote}”"
