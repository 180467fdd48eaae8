"""By how much a decision changes a figure of an article: 150元 - 120元. Knows no index.

Only where the decision names the old and the new words, and the article that has the old ones tells
every thing that the question names.
"""

from collections.abc import Sequence

from indexer.text.figures.records import plain
from indexer.text.normalise import fold
from indexer.text.numbers import Number, NumberKind, find_numbers
from service.answer.compute.amendments import Amendment, Amendments
from service.answer.compute.sums import Computed
from service.answer.evidence import Evidence
from service.answer.read.statements import knows, same_unit, things_of
from service.answer.read.value import uniform
from service.answer.understand.question import Question
from service.answer.understand.sides import since_before

_MOST_READ = 8


def changed(
    question: Question, evidence: Sequence[Evidence], amendments: Amendments
) -> Computed | None:
    """The difference between the new and the old figure; None where several may be meant."""
    asked = since_before(question.folded)
    if asked is None:
        return None
    thing, rises = asked
    things = things_of(thing)
    found: dict[str, Computed] = {}
    for each in evidence[:_MOST_READ]:
        changes = amendments.of(each)
        known = fold(f"{each.hit.passage.title}\n{each.quote}")
        if not changes or not things or not all(knows(known, one) for one in things):
            continue
        pairs = [
            (change, old, new)
            for change in changes
            for old, new in change.replaced
            if uniform(old) in uniform(each.quote)
        ]
        if len(pairs) != 1 or len(changes) != 1:
            return None  # changed more than once: from when on?
        computed = _difference(each, *pairs[0], rises)
        if computed is not None:
            found[computed.text] = computed
    return next(iter(found.values())) if len(found) == 1 else None


def _difference(
    article: Evidence, change: Amendment, old: str, new: str, rises: bool | None
) -> Computed | None:
    before, after = _figure(old), _figure(new)
    if before is None or after is None or not same_unit(before, after):
        return None
    apart = after.value - before.value
    high, low = (new, old) if apart >= 0 else (old, new)
    unit = "个百分点" if before.kind is NumberKind.PERCENT else before.unit
    value = f"{plain(abs(apart))}{unit}"
    is_that_way = rises is None or (apart > 0) == rises
    text = f"相差{value} = {high} - {low}"
    return Computed(text, value if is_that_way else None, (change.evidence, article))


def _figure(words: str) -> Number | None:
    """The one exact figure that some words are, with its unit."""
    numbers = find_numbers(fold(words))
    if len(numbers) != 1 or numbers[0].approximate:
        return None
    is_measured = numbers[0].kind is NumberKind.PERCENT or (
        numbers[0].kind is NumberKind.NUMBER and numbers[0].unit
    )
    return numbers[0] if is_measured else None
