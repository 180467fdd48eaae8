"""Questions that an archive can't answer, made of a reading-comprehension set, beside those it can.

The articles of a set are dealt into three parts. Of the first, the archive holds every paragraph:
its questions have an answer, and with a year, a number or a name changed they have none. Of the
second it holds the paragraphs without the sentences in which the value stands: near misses. Of the
third it holds nothing. Knows no index and no answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eval.gold import GoldQuestion
from eval.metrics.answers import holds_any
from eval.sets.noise import without_answer
from eval.sets.records import QuestionSet, SetQuestion
from eval.sets.variants import other_in_the_row, other_name, other_year
from indexer.text.normalise import fold
from indexer.text.sentences import split_sentences

_TENTHS = 10
_KEPT, _CUT = 4, 8  # tenths of the articles: 4 as they are, 4 with sentences taken out, 2 absent
_PER_CUT = 2  # questions of a paragraph that lose their sentences
_LEAST_LEFT = 0.5  # of its letters


class Case(StrEnum):
    """Why a question has no answer in the archive, or that it has one."""

    ANSWERABLE = "answerable"
    NOT_TREATED = "not treated"
    TAKEN_OUT = "value taken out"
    OTHER_YEAR = "another year"
    OTHER_IN_ROW = "another in the row"
    OTHER_NAME = "another name"


NEAR = (Case.TAKEN_OUT, Case.OTHER_YEAR, Case.OTHER_IN_ROW, Case.OTHER_NAME)


@dataclass(frozen=True, slots=True)
class RefusalQuestion:
    """A question as it is put; `values` are what answered it where it came from."""

    gold: GoldQuestion
    case: Case
    values: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class RefusalSet:
    """What the archive holds of the set, by source path, and what is asked of it."""

    documents: Mapping[str, str]
    questions: tuple[RefusalQuestion, ...]

    def of(self, case: Case) -> list[RefusalQuestion]:
        return [question for question in self.questions if question.case is case]


class _Part(StrEnum):
    KEPT = "kept"
    CUT = "cut"
    ABSENT = "absent"


def make_refusals(found: QuestionSet) -> RefusalSet:
    """Always the same for the same set. Ids carry the case: `value taken out:TRIAL_1_QUERY_0`."""
    answerable = [question for question in found.questions if question.gold.answerable]
    parts = _parts(answerable)
    told: dict[str, str] = {}  # all that the set tells of an article
    for source, article in {(q.positive[0], _article(q)): None for q in found.questions}:
        told[article] = told.get(article, "") + found.documents[source] + "\n"
    absent = sorted(
        {q.title for q in answerable if parts[q.positive[0]] is _Part.ABSENT and q.title}
    )
    documents: dict[str, str] = {}
    questions: list[RefusalQuestion] = []
    for source, asked in _by_paragraph(answerable).items():
        text = found.documents[source]
        part = parts[source]
        if part is _Part.ABSENT:
            questions += [_put(question, Case.NOT_TREATED) for question in asked]
        elif part is _Part.CUT:
            rest, lost = _taken_out(text, asked)
            documents[source] = rest
            questions += [_put(question, Case.TAKEN_OUT) for question in lost]
        else:
            documents[source] = text
            for question in asked:
                questions.append(
                    RefusalQuestion(_named(question.gold, Case.ANSWERABLE), Case.ANSWERABLE)
                )
                questions += _changed(question, told[_article(question)], absent)
    return RefusalSet(documents, tuple(questions))


def _parts(questions: Sequence[SetQuestion]) -> dict[str, _Part]:
    """The part of each paragraph: that of its article, so that no other paragraph treats it. A
    paragraph of two articles goes with the first.
    """
    parts: dict[str, _Part] = {}
    for question in questions:
        digest = _digest(f"refusals:{fold(_article(question))}") % _TENTHS
        part = _Part.KEPT if digest < _KEPT else _Part.CUT if digest < _CUT else _Part.ABSENT
        parts.setdefault(question.positive[0], part)
    return parts


def _article(question: SetQuestion) -> str:
    return question.title or question.positive[0]


def _by_paragraph(questions: Sequence[SetQuestion]) -> dict[str, list[SetQuestion]]:
    found: dict[str, list[SetQuestion]] = {}
    for question in questions:
        found.setdefault(question.positive[0], []).append(question)
    return found


def _taken_out(text: str, asked: Sequence[SetQuestion]) -> tuple[str, list[SetQuestion]]:
    """The text without any sentence that holds the value of the questions that come with it.

    One question or two; others would leave too little of the paragraph, or have a value that
    stands across sentences. None may be: then the text is whole.
    """
    spans = split_sentences(text)
    gone: set[tuple[int, int]] = set()
    lost: list[SetQuestion] = []
    for question in sorted(asked, key=lambda q: _digest(q.gold.id)):
        more = gone | {
            (start, end)
            for start, end in spans
            if holds_any(text[start:end], question.gold.answers)
        }
        rest = _without(text, spans, more)
        if len(rest) >= _LEAST_LEFT * len(text) and not holds_any(rest, question.gold.answers):
            gone = more
            lost.append(question)
        if len(lost) == _PER_CUT:
            break
    return (_without(text, spans, gone) if gone else text), lost


def _without(text: str, spans: Sequence[tuple[int, int]], gone: set[tuple[int, int]]) -> str:
    """The sentences that are left, with what stands between them."""
    kept = ""
    at = 0
    for start, end in spans:
        kept += text[at:start] if (start, end) not in gone else ""
        kept += text[start:end] if (start, end) not in gone else ""
        at = end
    return kept.strip()


def _changed(question: SetQuestion, told: str, absent: Sequence[str]) -> Iterator[RefusalQuestion]:
    """The question about another year, number or name, where it has one to change."""
    asked, seed = question.gold.question, question.gold.id
    for case, changed in (
        (Case.OTHER_YEAR, other_year(asked, told, seed)),
        (Case.OTHER_IN_ROW, other_in_the_row(asked, told, seed)),
        (Case.OTHER_NAME, other_name(asked, question.title, absent, told, seed)),
    ):
        if changed:
            gold = without_answer(replace(question.gold, question=changed))
            yield RefusalQuestion(_named(gold, case), case)


def _put(question: SetQuestion, case: Case) -> RefusalQuestion:
    gold = _named(without_answer(question.gold), case)
    return RefusalQuestion(gold, case, question.gold.answers)


def _named(gold: GoldQuestion, case: Case) -> GoldQuestion:
    return replace(gold, id=f"{case}:{gold.id}")


def case_of(id_: str) -> Case:
    """The case that an id carries."""
    return Case(id_.partition(":")[0])


def sampled(questions: Sequence[RefusalQuestion], count: int | None) -> list[RefusalQuestion]:
    """About `count` of them, the same share of every case, spread by a digest; all for None."""
    if count is None or count >= len(questions):
        return list(questions)
    taken: set[str] = set()
    for case in Case:
        of_case = sorted(
            (question.gold.id for question in questions if question.case is case), key=_digest
        )
        share = -(-len(of_case) * count // len(questions))
        taken.update(of_case[:share])
    return [question for question in questions if question.gold.id in taken]


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
