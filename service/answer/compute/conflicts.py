"""Where documents give different values of one thing. Knows no index and shows nothing itself.

One thing is the asked quantity, in one unit, of one time, told with every word of the question and
nothing that narrows it, or with more words in common than the question lends. Figures of different
years are a series, and those of 2号仓库 and 3号仓库 are of two things.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.text.labels import name_other_things, without_labels
from indexer.text.normalise import fold
from indexer.text.numbers import NumberKind
from indexer.text.segment import tagged
from service.answer.compute.prose.changes import statement_of
from service.answer.compute.prose.told import Role, told_in
from service.answer.compute.prose.when import own_time, when
from service.answer.compute.times import Days
from service.answer.evidence import Evidence, Reading
from service.answer.read.position import clause
from service.answer.read.sentence import bigrams
from service.answer.read.statements import (
    Statement,
    agree,
    is_of_asked_year,
    knows,
    same_unit,
    statements,
    things_of,
    without_figures,
)
from service.answer.understand.question import AnswerType, Question

_MOST_READ = 16
_LEAST_RATIO = 0.002  # of a sentence's probability to the best one's
# Shares of the question's character pairs: in each of two sentences, and with what is above it.
_LEAST_SAID, _LEAST_BOUND = 0.2, 0.28
_LEAST_SAID_DATE = 0.5
_LEAST_BEYOND = 3  # pairs that both sentences share beyond the question's, or one where
_MUCH_SAID = 0.35  # so much of the question stands in both
_CLAUSE_END = ",;。|"
_NAMES = ("ns", "nt", "nr")
_ENTIRE = re.compile(r"全[村县市区镇乡校院馆厂站](?=$|[㐀-鿿])|^据[㐀-鿿]{2,4},?|现|目前")
_NARROWS_NOTHING = frozenset(("现有", "共有", "原有", "实有", "总共", "全部"))


def find_conflict(question: Question, reading: Reading) -> list[Statement]:
    """The statements that contradict each other, newest first; empty where there is none.

    One of each value, the likeliest.
    """
    if not reading.evidence:
        return []
    least = _LEAST_RATIO * reading.evidence[0].probability
    likely = [e for e in reading.evidence[:_MOST_READ] if e.probability >= least]
    found = [each for each in statements(question, likely) if is_of_asked_year(question, each)]
    for at, one in enumerate(found):
        others = [o for o in found[at + 1 :] if _contradict(question, one, o)]
        if others:
            return newest_first(_distinct([one, *others]))
    return _of_one_subject(question, likely)


def _of_one_subject(question: Question, likely: Sequence[Evidence]) -> list[Statement]:
    """The figures that sentences of several documents tell of the very same words and time, where
    these are all that the question names.
    """
    if question.asks is not AnswerType.NUMBER:
        return []
    told: dict[tuple[str, str, Days | None], list[Statement]] = {}
    for evidence in likely:
        passage = evidence.hit.passage
        own = own_time(passage.title, passage.headings, evidence.hit.date)
        for each in told_in(evidence.quote):
            subject = _ENTIRE.sub("", each.words)
            is_asked = all(word in subject for word in _telling(question.content))
            at = when(each, own)
            if each.role is Role.VALUE and not each.is_part and subject and is_asked:
                stated = statement_of(each, evidence)
                if is_of_asked_year(question, replace(stated, years=_years(at))):
                    key = (subject, each.number.unit, at)
                    told.setdefault(key, []).append(replace(stated, years=_years(at)))
    for found in told.values():
        one = found[0]
        others = [
            other
            for other in found[1:]
            if not one.evidence.hit.is_of_one_text_with(other.evidence.hit)
            and not agree(one, other)
            and _same_time(one, other)
            and _is_of_one_body(question, one, other)
        ]
        if others:
            return newest_first(_distinct([one, *others]))
    return []


def _years(at: Days | None) -> frozenset[str]:
    return frozenset((at.start[:4],)) if at is not None else frozenset()


def _is_of_one_body(question: Question, one: Statement, other: Statement) -> bool:
    bodies = {each.evidence.hit.organisation for each in (one, other)} - {None}
    texts = [without_labels(each.folded) for each in (one, other)]
    titles = [_proper(each.evidence.hit.passage.title) for each in (one, other)]
    return len(bodies) < 2 and _is_bound_by_titles(question, titles, texts)


def about(question: Question) -> str:
    """What the values are of, in the question's own words."""
    words = "".join(question.text.split("\n")[-1:]).strip()
    return words.rstrip("？?。！! ")


def newest_first(found: Sequence[Statement]) -> list[Statement]:
    """By the documents' dates; those without one last."""
    return sorted(found, key=lambda each: each.evidence.hit.date or "", reverse=True)


def _distinct(found: Sequence[Statement]) -> list[Statement]:
    kept: list[Statement] = []
    for each in found:
        if not any(agree(each, other) for other in kept):
            kept.append(each)
    return kept


def _contradict(question: Question, one: Statement, other: Statement) -> bool:
    if one.evidence.hit.is_of_one_text_with(other.evidence.hit):
        return False
    if not same_unit(one.number, other.number) or agree(one, other):
        return False
    if name_other_things(_beside_value(one), _beside_value(other)):
        return False
    if not _same_time(one, other):
        return False
    return _told_alike(question, one, other) or _same_thing(question, one, other)


def _beside_value(stated: Statement) -> str:
    """The sentence without its value: 3组 of 共3组 is no label there."""
    return stated.folded[: stated.number.start] + " " + stated.folded[stated.number.end :]


def _same_time(one: Statement, other: Statement) -> bool:
    """The years that bind them, else those of their documents."""
    if one.number.kind is NumberKind.DATE:
        return True
    years = [each.years or {(each.evidence.hit.date or "")[:4]} for each in (one, other)]
    return bool(years[0] & years[1]) or {""} in years


def _told_alike(question: Question, one: Statement, other: Statement) -> bool:
    """Whether both sentences tell every word of the question, and the clause of neither narrows
    what it counts by a noun that the other does not know: 成人门票 is not 学生门票.
    """
    words = _telling(question.content)
    counted = fold(question.counted)
    texts = [without_labels(each.folded) for each in (one, other)]
    if not words or not all(word in text for word in words for text in texts):
        return False
    if counted and not all(counted in text for text in texts):
        return False
    titles = [_proper(each.evidence.hit.passage.title) for each in (one, other)]
    known = without_labels(question.folded)
    for each, text in ((one, texts[1]), (other, texts[0])):
        own = clause(each.folded, (each.number.start, each.number.end), _CLAUSE_END)
        if not bigrams(own) & bigrams(question.content):
            return False
        if any(noun not in known and noun not in text for noun in _nouns(without_labels(own))):
            return False
    return _is_bound_by_titles(question, titles, texts)


def _telling(content: str) -> list[str]:
    """The words of a question that tell what it asks about, its labels and figures left out."""
    return [
        word
        for word, tag in tagged(without_figures(without_labels(content)))
        if len(word) > 1 and word.isalnum() and tag.startswith(("n", "v", "j", "x", "i", "l", "b"))
    ]


def _nouns(folded: str) -> list[str]:
    return [
        word
        for word, tag in tagged(without_figures(folded))
        if len(word) > 1 and word.isalnum() and word not in _NARROWS_NOTHING
        if tag.startswith(("n", "j", "x", "eng", "b", "vn"))
    ]


def _proper(title: str) -> set[str]:
    """The names in a title."""
    return {word for word, tag in tagged(fold(title)) if tag.startswith((*_NAMES, "nz"))}


def _is_bound_by_titles(
    question: Question, titles: Sequence[set[str]], texts: Sequence[str]
) -> bool:
    """Whether two titles that name different bodies leave the question about one: it names one."""
    if not titles[0] or not titles[1] or titles[0] & titles[1]:
        return True
    named = _proper(question.content) | set(question.entities)
    return any(all(name in text for text in texts) for name in named)


def _same_thing(question: Question, one: Statement, other: Statement) -> bool:
    asked = bigrams(question.content)
    said = [bigrams(without_figures(each.folded)) for each in (one, other)]
    is_date = one.number.kind is NumberKind.DATE  # a sentence may tell days of other things, too
    least = _LEAST_SAID_DATE if is_date else _LEAST_SAID
    if is_date and not all(_is_of_clause(asked, each) for each in (one, other)):
        return False
    for each, pairs in zip((one, other), said, strict=True):
        above = pairs | bigrams(fold(each.evidence.hit.passage.context))
        if len(asked & pairs) < least * len(asked):
            return False
        if len(asked & above) < _LEAST_BOUND * len(asked):
            return False
    beyond = len((said[0] & said[1]) - asked)
    fewest = min(len(asked & pairs) for pairs in said)
    is_much = fewest >= _MUCH_SAID * len(asked) and not is_date
    if beyond < (1 if is_much else _LEAST_BEYOND):
        return False
    things = things_of(question.content)
    return not (_differs(things, question, one, other) or _differs(things, question, other, one))


def _is_of_clause(asked: set[str], stated: Statement) -> bool:
    own = clause(stated.folded, (stated.number.start, stated.number.end), _CLAUSE_END)
    return len(asked & bigrams(own)) >= _LEAST_BOUND * len(asked)


def _differs(
    things: Sequence[tuple[str, bool]], question: Question, one: Statement, other: Statement
) -> bool:
    """Whether two values are of different things: the passage of the second knows nothing of what
    is asked about, its sentence nothing of what the first one's clause counts, or that clause names
    somebody whom neither the question nor the second passage knows.
    """
    passage = other.evidence.hit.passage
    context = fold(passage.context)
    known = f"{context}\n{fold(passage.text)}"
    own = clause(one.folded, (one.number.start, one.number.end), _CLAUSE_END)
    if any(not knows(known, thing) for thing in things):
        return True
    if question.counted and fold(question.counted) not in other.folded + context:
        return True
    counted = [thing for thing in things if thing[0] in own]
    if any(not knows(other.folded + context, thing) for thing in counted):
        return True
    return any(
        word not in known and word not in question.folded
        for word, tag in tagged(own)
        if tag.startswith(_NAMES) and len(word) > 1
    )
