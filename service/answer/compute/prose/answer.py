"""What follows from the figures of one sentence.

    question → what is wanted, of which words → sentences whose figure is of all of them → Computed

Only where the sentence tells all that it takes, and no other sentence something else. Knows no
index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.text.normalise import fold
from indexer.text.sentences import split_sentences
from service.answer.compute.amendments import Find
from service.answer.compute.prose.asked import Asked, Want, asked_of
from service.answer.compute.prose.between import of_sides
from service.answer.compute.prose.binding import fit_of, is_at, tells
from service.answer.compute.prose.changes import of_changes
from service.answer.compute.prose.parts import of_parts
from service.answer.compute.prose.told import Role, told_in
from service.answer.compute.prose.when import own_time, when
from service.answer.compute.sums import CONFIDENCE, Computed
from service.answer.evidence import Evidence, Reading
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Question
from service.answer.understand.sides import Sides, sides_of
from service.records import Hit

_MOST_HITS = 8
_LAST = re.compile(r"去年|上年|上个?月")
_MOST_READ = 60  # sentences
_OF_WHOLE = (Want.REST, Want.SHARE, Want.LARGEST, Want.SMALLEST)


@dataclass(frozen=True, slots=True)
class _Found:
    fit: int  # how much of the question its own words tell
    computed: Computed


def told_in_prose(question: Question, reading: Reading) -> Computed | None:
    """What the sentences of a reading give; None where two differ, or a direct figure is there."""
    if reading.missing:
        return None
    sentences = list(_distinct(reading.evidence[:_MOST_READ]))
    found = _best(question, list(asked_of(question)), sentences)
    best = [evidence.quote for evidence in reading.evidence[:1]]
    is_of_best = found is not None and [each.quote for each in found.evidence] == best
    return None if _is_of_year(question) and not is_of_best else found


def _is_of_year(question: Question) -> bool:
    """Whether a year's figure alone is asked for, which is likelier told than to be computed."""
    return any(each.want is Want.BEFORE and not each.since for each in asked_of(question))


def told_a_year_later(question: Question, find: Find) -> Computed | None:
    """The figure of a year that no document is of, by what the next one's tells of its change."""
    asked = [each for each in asked_of(question) if each.want is Want.BEFORE and not each.since]
    days = [day for each in asked for day in each.days if day.has_year]
    if len(days) != 1:
        return None
    year = days[0].start[:4]
    later = question.folded.replace(year, str(int(year) + 1))
    hits = find(later, _MOST_HITS)
    sentences = [each for hit in hits for each in _sentences_of(hit)]
    return _best(question, asked, list(_distinct(sentences)))


def _sentences_of(hit: Hit) -> Iterator[Evidence]:
    passage = hit.passage
    for start, end in split_sentences(passage.text):
        at = passage.start + start
        yield Evidence(hit, at, passage.start + end, passage.text[start:end], CONFIDENCE)


def _best(
    question: Question, wanted: Sequence[Asked], sentences: Sequence[Evidence]
) -> Computed | None:
    """The result that most of the question's words bind; None where two of them differ."""
    chinese = is_chinese(question.text)
    folded = question.folded
    sides = sides_of(folded)
    for asked in wanted:
        found = [f for e in sentences for f in _of_sentence(asked, sides, folded, e, chinese)]
        if not found:
            continue
        most = max(each.fit for each in found)
        best = [each.computed for each in found if each.fit == most]
        is_one = len({(each.value, each.text.split("=")[0]) for each in best}) == 1
        is_told = asked.want is Want.BEFORE and _tell(asked, sentences, most)
        return best[0] if is_one and not is_told else None
    return None


def _tell(asked: Asked, sentences: Sequence[Evidence], fit: int) -> bool:
    """Whether a sentence tells the asked figure itself, and as well as one that it follows from."""
    for evidence in sentences:
        passage = evidence.hit.passage
        own = own_time(passage.title, passage.headings, evidence.hit.date)
        for told in told_in(evidence.quote):
            at = when(told, own)
            is_of_day = at is not None and all(is_at(day, at) for day in asked.days)
            if asked.since:
                is_of_day = _LAST.search(asked.since) is not None and bool(
                    _LAST.search(told.relative)
                )
            if told.role is Role.VALUE and is_of_day and fit_of(asked, told) >= fit:
                return True
    return False


def _distinct(sentences: Sequence[Evidence]) -> Iterator[Evidence]:
    """Sentences that are no rows, each once."""
    seen: set[tuple[str, str]] = set()
    for evidence in sentences:
        key = (evidence.hit.passage.title, evidence.quote)
        if " | " not in evidence.quote and key not in seen:
            seen.add(key)
            yield evidence


def _of_sentence(
    asked: Asked, sides: Sides | None, folded: str, evidence: Evidence, chinese: bool
) -> Iterator[_Found]:
    if not asked.words:
        return
    told = told_in(evidence.quote)
    passage = evidence.hit.passage
    own = own_time(passage.title, passage.headings, evidence.hit.date)
    known = fold(
        f"{passage.context}\n{passage.title}\n{evidence.hit.source}\n"
        f"{evidence.hit.organisation or ''}\n{evidence.quote}"
    )
    if not all(tells(known, word) for word in asked.words):
        return
    if asked.want in _OF_WHOLE:
        found = of_parts(asked, evidence, told, own, chinese)
    elif asked.want is Want.BETWEEN and sides is not None:
        found = of_sides(asked, sides, folded, evidence, told, own, chinese)
    else:
        found = of_changes(asked, evidence, told, own, chinese)
    for fit, computed in found:
        yield _Found(fit, computed)
