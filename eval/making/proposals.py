"""Questions proposed from documents: every sentence through the rules, the best few kept.

A proposal stands alone, does not give its answer away, and its quote holds its answer. Knows no
index file and no language model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from eval.check import agree, unproven, words_asked
from eval.gold import Evidence, GoldQuestion, Kind
from eval.making.asked import Groups, Wording
from eval.making.drafts import Draft, Status
from eval.making.rules import RULES
from eval.making.sentence import (
    Sentence,
    has_subject,
    is_generic,
    names_something,
    points_elsewhere,
)
from eval.making.tables import table_wordings
from eval.matching import holds
from indexer.records import Passage
from indexer.text.sentences import split_sentences

PROPOSED_BY_RULES = "rules"
_LONGEST = 46  # characters of a question, what binds it to its document aside
_SHORTEST = 8
_LONGEST_TITLE = 40
_MOST_GROUPS = 6
_PAIRS = (("“", "”"), ("（", "）"), ("(", ")"), ("《", "》"), ("「", "」"))
_LEAD = re.compile(r"\d日|报道|获悉|讯|记者|日电")  # the beginning of a report, not its title
_YEAR = re.compile(r"(?:(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})年")


@dataclass(frozen=True, slots=True)
class Source:
    """A document as proposals are made from it."""

    source: str
    title: str
    text: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    draft: Draft
    sureness: int
    place: int  # where its sentence begins

    @property
    def answers(self) -> Groups:
        return self.draft.question.answers


def propose(documents: Iterable[Source], *, per_document: int, limit: int | None) -> list[Draft]:
    """The best proposals of each document, spread over kinds; documents take turns up to `limit`.

    The same documents give the same proposals.
    """
    asked: set[str] = set()
    by_document = [_best(_candidates(item), per_document, asked) for item in documents]
    turns = [
        drafts[turn]
        for turn in range(max(map(len, by_document), default=0))
        for drafts in by_document
        if turn < len(drafts)
    ]
    return turns[:limit]


def _best(candidates: Iterable[_Candidate], count: int, asked: set[str]) -> list[Draft]:
    """The surest first; what was asked already, and a kind that the document has, come behind."""
    left = sorted(_unambiguous(candidates), key=lambda c: (-c.sureness, c.place, c.draft.id))
    chosen: list[Draft] = []
    kinds: Counter[Kind] = Counter()
    places: set[int] = set()
    while left and len(chosen) < count:
        best = min(left, key=lambda c: (2 * kinds[c.draft.question.kind] - c.sureness, c.place))
        left.remove(best)
        words = words_asked(best.draft.question)
        if words in asked or best.place in places:
            continue
        asked.add(words)
        places.add(best.place)
        kinds[best.draft.question.kind] += 1
        chosen.append(best.draft)
    return chosen


def _unambiguous(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Without questions that the document answers twice, with other values: a year is missing."""
    by_words: dict[str, list[_Candidate]] = {}
    for candidate in candidates:
        by_words.setdefault(words_asked(candidate.draft.question), []).append(candidate)
    return [
        same[0]
        for same in by_words.values()
        if all(agree(same[0].answers, other.answers) for other in same[1:])
    ]


def _candidates(document: Source) -> Iterator[_Candidate]:
    for start, quote, headings in _sentences(document):
        sentence = Sentence(quote, document.title)
        wordings: Sequence[Wording] = ()
        if sentence.is_plain:
            wordings = [wording for rule in RULES for wording in rule(sentence)]
        elif quote.startswith("|"):
            wordings = table_wordings(quote)
        for wording in wordings:
            if wording.kind is not Kind.DATE and not _YEAR.search(document.title):
                wording = replace(wording, text=_with_year(wording.text, headings))
            if candidate := _candidate(document, sentence, wording, start):
                yield candidate


def _with_year(text: str, headings: Sequence[str]) -> str:
    """What stands below 2018年 is of that year, and so must the question be."""
    years = [year[0] for heading in headings for year in _YEAR.finditer(heading)]
    return f"{years[-1]}{text}" if len(set(years)) == 1 and not _YEAR.search(text) else text


def _sentences(document: Source) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The sentences that stand in a passage, each once: place in the document, words, headings."""
    seen: set[int] = set()
    for passage in document.passages:
        for start, end in split_sentences(document.text[passage.start : passage.end]):
            place = passage.start + start
            if place not in seen:
                seen.add(place)
                yield place, document.text[place : passage.start + end], passage.headings


def _candidate(
    document: Source, sentence: Sentence, wording: Wording, place: int
) -> _Candidate | None:
    bound = _standing_alone(wording.text, sentence)
    if bound is None or len(wording.answers) > _MOST_GROUPS:
        return None
    text, cost = bound
    kind = wording.kind
    if sentence.other_script and kind in (Kind.FIGURE, Kind.DATE, Kind.PLACE, Kind.FACT):
        kind = Kind.SPELLED_OTHERWISE
    question = GoldQuestion(
        id="",
        kind=kind,
        question=f"{text}？",
        answers=wording.answers,
        evidence=(Evidence(document.source, sentence.quote_of_it),),
    )
    if unproven(question) or gives_away(question.question, wording.answers):
        return None
    question = replace(question, id=f"d{question.digest[:10]}")
    draft = Draft(question, Status.PROPOSED, PROPOSED_BY_RULES, title=document.title)
    return _Candidate(draft, wording.sureness - cost, place)


def gives_away(question: str, answers: Sequence[Sequence[str]]) -> bool:
    return any(holds(question, answer) for group in answers for answer in group)


def _standing_alone(text: str, sentence: Sentence) -> tuple[str, int] | None:
    """The question so that it needs nothing around it, and what that costs it; None if it can't.

    One that names what it is about does; else its document's title is put in front, if that names
    something.
    """
    text = re.sub(
        r"^(?:其实|所以|因此|但是?|不过|而|此外|同时|据统计|据不完全统计|截至)[，,]?", "", text
    ).strip()
    if not _SHORTEST <= len(text) <= _LONGEST or points_elsewhere(text) or _is_torn(text):
        return None
    if names_something(text) and has_subject(text) and not is_generic(text):
        return text, 0
    title = re.sub(r"\s+", " ", sentence.title).strip()
    if not names_something(title) or not 4 <= len(title) <= _LONGEST_TITLE or _LEAD.search(title):
        return None
    title = title.replace("《", "〈").replace("》", "〉")
    return f"据《{title}》，{text}", 2


def _is_torn(text: str) -> bool:
    """Whether a pair of quotation marks or brackets was cut in two, or a line break lost."""
    if re.search(r"[\u3400-\u9fff]\s+\S|\S\s+[\u3400-\u9fff]", text):
        return True
    return any(text.count(opening) != text.count(closing) for opening, closing in _PAIRS)
