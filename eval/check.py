"""Is a gold file sound, and does an index hold its evidence? Knows no answering and no metric."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from eval.evidence import Library, Missing, Places
from eval.gold import Evidence, GoldQuestion, Kind
from eval.matching import holds
from indexer.text.normalise import fold
from indexer.text.numbers import Number, NumberKind, find_numbers

_EXPLAINED = {
    Missing.DOCUMENT: "is not in the index",
    Missing.AMBIGUOUS: "ends the path of several documents of the index",
    Missing.QUOTE: "does not occur in the document",
    Missing.PASSAGE: "stands in no passage: it is a heading, or left out of retrieval",
}
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    id: str
    field: str
    what: str


def check(questions: Sequence[GoldQuestion], library: Library | None) -> list[Problem]:
    """All that is wrong, in the order of lines. Without a library: what the file alone tells."""
    problems = [*_asked_twice(questions)]
    for question in questions:
        problems += [*_unproven(question), *_repeated(question), *_at_odds(question)]
    if library is not None:
        problems += _not_in(library, questions)
    return sorted(problems, key=lambda problem: (problem.line, problem.field, problem.what))


# -- two questions --------------------------------------------------------------------------------


def _asked_twice(questions: Sequence[GoldQuestion]) -> Iterator[Problem]:
    """Questions asked before, word for word or of the same quote in hardly other words."""
    by_words: dict[str, GoldQuestion] = {}
    by_quote: dict[tuple[str, Evidence], GoldQuestion] = {}
    for question in questions:
        earlier = by_words.setdefault(words_asked(question), question)
        how = "is asked in line"
        if earlier is question:
            core = _core(question)
            same = [by_quote.setdefault((core, item), question) for item in question.evidence]
            earlier = next((other for other in same if other is not question), question)
            how = "asks the same of the same quote as line"
        if earlier is question:
            continue
        where = f"{how} {earlier.line} ({earlier.id})"
        if agree(earlier.answers, question.answers):
            yield Problem(question.line, question.id, "question", f"{where} already")
        else:
            yield Problem(
                question.line,
                question.id,
                "answers",
                f"contradicts: the question {where}, where the answer is "
                f"{_shown(earlier.answers)}, not {_shown(question.answers)}",
            )


def words_asked(question: GoldQuestion) -> str:
    """What makes two questions one: the words of it and of its history, in any script and width."""
    turns = [turn.content for turn in question.history]
    return "\n".join(_squeezed(text) for text in (*turns, question.question))


# What is asked for stays told apart: who, where and when may be asked of one and the same quote.
_ASKED_FOR = (
    ("#when", r"(?:在)?(?:哪一?[天日年月]|哪个月|什么时候|何时|几号|几时|几月几[日号])"),
    ("#where", r"(?:在)?(?:哪里|哪儿|何处|什么地方|哪个地方)"),
    ("#who", r"谁|哪位|哪个人|何人|什么人"),
    ("#howmany", r"多少(?:元|块|钱)+|几(?:元|块)钱?|多少|几(?=[个名户人台所次场期项件家位张])"),
    ("#which", r"哪些|哪几[个项种类位家]?|什么|哪个|何种"),
)
_IDLE = re.compile(r"请问|想问|一下|一共|总共|共计|合计|究竟|到底|[的了呢吗呀啊吧是有共]")


def _core(question: GoldQuestion) -> str:
    text = words_asked(question)
    for sign, words in _ASKED_FOR:
        text = re.sub(words, sign, text)
    return _IDLE.sub("", text)


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text))


# -- the answers of one question ------------------------------------------------------------------


def same_value(one: str, other: str) -> bool:
    """Whether two values are one, however they are spelled."""
    return holds(one, other) and holds(other, one)


def agree(some: Sequence[Group], others: Sequence[Group]) -> bool:
    """Whether the groups ask for the same values: each has a counterpart with a common one."""
    return len(some) == len(others) and all(
        any(_share(group, other) for other in theirs)
        for ours, theirs in ((some, others), (others, some))
        for group in ours
    )


def _share(group: Group, other: Group) -> bool:
    return any(same_value(one, another) for one in group for another in other)


def _shown(groups: Sequence[Group]) -> str:
    return " + ".join(" | ".join(group) for group in groups) or "none"


def unproven(question: GoldQuestion) -> list[int]:
    """The positions of the answer groups of which no alternative is in any quote.

    None of a computed answer: it need not stand anywhere.
    """
    if question.kind is Kind.COMPUTED:
        return []
    return [
        position
        for position, group in enumerate(question.answers)
        if not any(holds(item.quote, answer) for item in question.evidence for answer in group)
    ]


def _unproven(question: GoldQuestion) -> Iterator[Problem]:
    for position in unproven(question):
        shown = " | ".join(question.answers[position])
        yield Problem(
            question.line,
            question.id,
            f"answers[{position}]",
            f"none of its alternatives is in the evidence: {shown}",
        )


def _repeated(question: GoldQuestion) -> Iterator[Problem]:
    """A value in two groups: who says it once would fulfil both.

    Several documents may tell the same value, each of its own matter.
    """
    if question.kind is Kind.SEVERAL_DOCUMENTS:
        return
    for (first, group), (second, other) in combinations(enumerate(question.answers), 2):
        for answer in other:
            if any(same_value(answer, value) for value in group):
                yield Problem(
                    question.line,
                    question.id,
                    f"answers[{second}]",
                    f"{answer} is accepted by answers[{first}] already",
                )


def _at_odds(question: GoldQuestion) -> Iterator[Problem]:
    """Alternatives of one group that are figures of one unit and other values: 65万元, 650万元."""
    for position, group in enumerate(question.answers):
        figures = [(answer, _plain_figure(answer)) for answer in group]
        for (one, first), (other, second) in combinations(figures, 2):
            if first and second and first.unit == second.unit and first.value != second.value:
                yield Problem(
                    question.line,
                    question.id,
                    f"answers[{position}]",
                    f"{one} and {other} are two values, not two spellings of one",
                )


def _plain_figure(answer: str) -> Number | None:
    """The figure that an answer is, when it is nothing else and has a unit."""
    text = fold(answer).strip()
    numbers = find_numbers(text)
    if len(numbers) != 1 or (numbers[0].start, numbers[0].end) != (0, len(text)):
        return None
    plain = numbers[0].kind in (NumberKind.NUMBER, NumberKind.PERCENT) and numbers[0].unit
    return numbers[0] if plain else None


# -- the index ------------------------------------------------------------------------------------


def _not_in(library: Library, questions: Sequence[GoldQuestion]) -> list[Problem]:
    places = Places(library)
    proven = [question for question in questions if question.evidence]
    missing = [problem for question in proven for problem in _missing(question, places)]
    if not proven or any(
        places.place(item).missing is not Missing.DOCUMENT for q in proven for item in q.evidence
    ):
        return missing
    return [_wrong_index(library, proven)]


def _wrong_index(library: Library, proven: Sequence[GoldQuestion]) -> Problem:
    """One problem for all: not a document of the file is there."""
    first = proven[0]
    named = {item.document for question in proven for item in question.evidence}
    sources = sorted(library.sources())
    holds_what = f"{len(sources)} others, such as {sources[0]}" if sources else "none at all"
    return Problem(
        first.line,
        first.id,
        "evidence[0].document",
        f"{first.evidence[0].document} is not in the index, nor is any of the {len(named)} "
        f"documents that this file names; the index holds {holds_what}: is it the right one?",
    )


def _missing(question: GoldQuestion, places: Places) -> Iterator[Problem]:
    for position, evidence in enumerate(question.evidence):
        missing = places.place(evidence).missing
        if missing is None:
            continue
        at_document = missing in (Missing.DOCUMENT, Missing.AMBIGUOUS)
        name = "document" if at_document else "quote"
        shown = evidence.document if at_document else f"{evidence.document}: {evidence.quote!r}"
        yield Problem(
            question.line,
            question.id,
            f"evidence[{position}].{name}",
            f"{shown} {_EXPLAINED[missing]}",
        )
