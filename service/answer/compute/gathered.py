"""A list that is spread over sentences and documents, each of which adds an item. Knows no index.

A further sentence is given only where it lists something that is not said yet, and where it or what
stands above it tells every thing that the question names.
"""

import re
from collections.abc import Sequence

from indexer.text.normalise import fold, letters
from indexer.text.segment import tagged
from service.answer.evidence import Evidence, Reading
from service.answer.read.choose import choose
from service.answer.read.lists import items_of, things_told
from service.answer.read.sentence import bigrams
from service.answer.read.statements import knows, things_of
from service.answer.understand.question import Question

_MOST_READ = 16
_LEAST_RATIO = 0.02
_LEAST_SAID = 0.2  # of the question's character pairs, in a further sentence itself
_BREAK = ",，。;；:：()（）!！?？\n|"
_RUN = re.compile(rf"[^、{_BREAK}]{{1,24}}(?:、[^、{_BREAK}]{{1,24}})+")
_LAST = re.compile(r"(?<=.)(?:以及|和|及|与)(?=.)")


def gather(question: Question, reading: Reading, most: int) -> list[list[Evidence]]:
    """What to say, at most so many lines: the items of a list on lines, or one sentence each."""
    base = choose(question, reading)
    if not base:
        return []
    least = _LEAST_RATIO * reading.evidence[0].probability
    others = [e for e in reading.evidence[:_MOST_READ] if e.probability >= least and e not in base]
    groups: list[list[Evidence]] = []
    said: list[str] = []
    told = things_told(question)
    is_whole = False
    listing = 0  # how many of the groups hold items
    for evidence in (*base, *others):
        if len(groups) == most:
            break
        led = items_of(question, evidence)
        items = [spelled(item.quote) for item in led] or items_in(evidence.quote)
        if not items and (evidence not in base or any(len(group) > 1 for group in groups)):
            continue
        if items and groups:
            is_likely = evidence in base and not led
            if _is_said(items, said):
                of_one_text = (evidence.hit.is_of_one_text_with(g[0].hit) for g in groups)
                if not is_likely or listing > 1 or any(of_one_text):
                    continue  # a second source of the same is worth its place, a third is not
            elif not (is_likely or (not is_whole and _is_bound(question, evidence))):
                continue
        is_whole = is_whole or (told is not None and len(items) == told)
        groups.append(led or [evidence])
        listing += bool(items)
        said += items or [spelled(evidence.quote)]
    return groups


def _is_said(items: Sequence[str], said: Sequence[str]) -> bool:
    """Whether nothing is new; the first and the last item may have more of the sentence in them."""
    rest = [item for item in items if not any(item in each for each in said)]
    ends = (items[0], items[-1])
    return all(item in ends and any(len(e) > 1 and e in item for e in said) for item in rest)


def items_in(quote: str) -> list[str]:
    """The letters of what a sentence lists: 甲、乙和丙; empty where it lists nothing."""
    found: list[str] = []
    for run in _RUN.findall(quote):
        *items, last = run.split("、")
        found += [*items, *_LAST.split(last, maxsplit=1)]
    return [item for item in map(spelled, found) if item]


def spelled(text: str) -> str:
    """The letters of a text, as they are compared."""
    return letters(fold(text))


def _is_bound(question: Question, evidence: Evidence) -> bool:
    known = fold(f"{evidence.hit.passage.context}\n{evidence.quote}")
    things = things_of(question.content)
    actions = [word for word, tag in tagged(question.content) if tag == "vn" and len(word) > 1]
    asked = bigrams(question.content)
    if len(asked & bigrams(fold(evidence.quote))) < _LEAST_SAID * len(asked):
        return False
    is_told = all(knows(known, thing) for thing in things)
    return bool(things) and is_told and all(word in known for word in actions)
