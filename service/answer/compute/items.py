"""The one item of a numbered list or table that a question names: 整改清单第五项.

Its number and every noun of the question bind it, however likely the reader finds it. Knows no
index.
"""

import re
from collections.abc import Iterator

from indexer.text.normalise import fold
from indexer.text.segment import tagged
from service.answer.compute.sums import Computed
from service.answer.evidence import Evidence, Reading
from service.answer.understand.identifiers import Mark, identifiers, line_numbers
from service.answer.understand.question import Question

_CONFIDENCE = 0.9


def numbered_item(question: Question, reading: Reading) -> Computed | None:
    """The whole line of the item; None where no number is named, or several lines fit."""
    marks = [mark for mark in identifiers(question) if mark.mark is Mark.NUMBERED]
    if len(marks) != 1 or reading.missing:
        return None
    number, unit = int(marks[0].key), marks[0].unit
    rest = question.content.replace(marks[0].written, " ")
    nouns = [word for word, tag in tagged(rest) if len(word) > 1 and tag.startswith(("n", "j"))]
    found: dict[tuple[str, int], Evidence] = {}
    for evidence in reading.evidence:
        line = _line_of(evidence)
        is_meant = number in line_numbers(fold(line.quote), unit) and _tells(line, nouns)
        if is_meant:
            found[(line.hit.passage.document_id, line.start)] = line
    if len(found) != 1 or not nouns:
        return None
    return Computed("", None, tuple(found.values()), _CONFIDENCE)


def _line_of(evidence: Evidence) -> Evidence:
    """The whole line that a sentence stands in."""
    passage = evidence.hit.passage
    at = evidence.start - passage.start
    first = passage.text.rfind("\n", 0, at) + 1
    last = passage.text.find("\n", at)
    line = passage.text[first : last if last >= 0 else len(passage.text)]
    start = passage.start + first
    return Evidence(evidence.hit, start, start + len(line), line, evidence.probability)


def _tells(line: Evidence, nouns: list[str]) -> bool:
    """Whether the line and what stands above it tell each noun, and the line itself one of them."""
    passage = line.hit.passage
    above = "\n".join((passage.title, *passage.headings, line.hit.source))
    own, around = fold(line.quote), fold(f"{above}\n{line.quote}")
    told = [any(_in_short(noun, each) for each in _clauses(own)) for noun in nouns]
    return any(told) and all(
        is_told or noun in around for noun, is_told in zip(nouns, told, strict=True)
    )


def _in_short(noun: str, clause: str) -> bool:
    """Whether the signs of a noun stand near one another in order: 公厕 in 公共厕所."""
    return re.search("[㐀-鿿]{0,2}".join(map(re.escape, noun)), clause) is not None


def _clauses(folded: str) -> Iterator[str]:
    return (clause for clause in re.split(r"[,。;:|]", folded) if clause)
