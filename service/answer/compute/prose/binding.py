"""Whether a figure that a sentence tells is of all that a question names, and of its time.

Knows no operation and no index.
"""

from indexer.text.normalise import fold
from indexer.text.segment import tagged
from service.answer.compute.prose.asked import YEARLY, Asked, Want
from service.answer.compute.prose.told import Told
from service.answer.compute.prose.when import when
from service.answer.compute.tabular.words import LIGHT, alike
from service.answer.compute.times import Days, days_in
from service.answer.evidence import Evidence
from service.answer.read.sentence import bigrams


def tells(text: str, word: str) -> bool:
    return word in text or any(other in text for other in alike(word))


def fit_of(asked: Asked, told: Told) -> int:
    """How much of the question a figure's own words tell, in pairs of characters; 0 where they
    tell no word of it.
    """
    if not any(tells(told.words, word) for word in asked.words):
        return 0
    return 1 + len(bigrams(asked.text) & bigrams(told.words))


def is_of_times(asked: Asked, told: Told, own: Days | None) -> bool:
    """Whether a changed figure is of the time that is asked for, or of that and the one before."""
    if not asked.days:
        return True
    at = when(told, own)
    if at is None:
        return False
    is_own = [is_at(day, at) for day in asked.days]
    is_since = [is_before(day, told, at) for day in asked.days]
    if len(asked.days) == 1:
        if asked.want is Want.BEFORE and not asked.since:
            return is_since[0] and not is_own[0]
        return is_own[0]
    return sorted(is_own) == [False, True] and is_since == [not own for own in is_own]


def is_before(day: Days, told: Told, at: Days | None) -> bool:
    """Whether a change counts from an asked time: named as it is, or the year before its own."""
    if any(is_at(day, each) for each in days_in(told.base)):
        return True
    is_yearly = YEARLY.search(told.base) is not None and not days_in(told.base)
    return is_yearly and at is not None and day.holds(_year_before(at))


def _year_before(at: Days) -> Days:
    year = f"{int(at.start[:4]) - 1}"
    return Days(year + at.start[4:], year + at.end[4:])


def is_at(asked: Days, told: Days) -> bool:
    told = told if asked.has_year else Days("0000" + told.start[4:], "0000" + told.end[4:])
    return asked.holds(told)


def narrows(asked: Asked, told: Told, evidence: Evidence) -> bool:
    """Whether a figure is of less than what is asked: 女职工 where the question says 职工."""
    passage = evidence.hit.passage
    known = fold(
        f"{passage.title}\n{' '.join(passage.headings)}\n{evidence.hit.organisation or ''}"
    )
    rest = told.subject
    for word in asked.words:
        rest = rest.replace(word, " ")
    return any(
        word not in known and tag.startswith(("n", "j", "b"))
        for word, tag in tagged(rest)
        if len(word) > 1
        and not LIGHT.fullmatch(word)
        and not any(o in asked.words for o in alike(word))
    )
