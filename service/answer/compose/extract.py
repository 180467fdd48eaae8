"""The answer in the sources' own words: which sentences, in which order, and what follows of them.

    conflict | several parts | list | likeliest sentences  →  lines, each with the evidence it cites

Knows no model, no numbering of citations and no HTTP.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.text.normalise import fold
from indexer.text.numbers import find_numbers
from service.answer.beside import Beside
from service.answer.compute.amendments import Amendment
from service.answer.compute.comparing import winner
from service.answer.compute.conflicts import find_conflict
from service.answer.compute.counts import counted
from service.answer.compute.dated import MOST_SHOWN, Dated, counted_entries, day_of
from service.answer.compute.facts import Fact
from service.answer.compute.gathered import gather
from service.answer.compute.sums import Computed, Part, compute
from service.answer.evidence import Evidence, Reading
from service.answer.read.choose import MAX_SENTENCES, choose
from service.answer.read.lists import joined_items
from service.answer.read.statements import Statement
from service.answer.read.value import may_answer, short_answer, uniform
from service.answer.understand.question import AnswerType, Question
from service.answer.understand.several import compared

MOST_LINES = 6  # where each sentence answers another part of the question, or adds an item
_LEAST_OF_PART = 0.004  # how likely a part's sentence must be, for the part to be answered by it
_LEAST_SECOND = (
    0.15  # of a part's second sentence to its first one, to be given as the third of all
)
_MOST_READ = 6
_NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to say, and what it rests on: its own words, or figures and items of several."""

    text: str
    evidence: tuple[Evidence, ...]
    is_quote: bool = True


@dataclass(frozen=True, slots=True)
class Extract:
    lines: tuple[Line, ...]
    conflict: tuple[Statement, ...] = ()  # the statements that contradict each other
    computed: Computed | None = None
    is_of_parts: bool = False
    is_bound: bool = False  # chosen by what they are of, however likely the reader finds them
    stated: str | None = None  # the one value that the lines state for sure
    amended: tuple[Amendment, ...] = ()  # what changes the first of the quoted sentences


def extract(
    question: Question,
    reading: Reading,
    parts: Sequence[Part] = (),
    beside: Beside = _NOTHING,
) -> Extract:
    """What to say of `reading`; of `parts`, where the question asks several things; of what was
    found `beside` it, where it asks for that.
    """
    if beside.facts:
        return _of_facts(beside.facts)
    if beside.computed is not None:
        return _computed(beside.computed)
    if beside.dated is not None:
        return _of_entries(question, beside.dated)
    taken = _of_reading(question, reading, parts)
    return taken if taken.conflict or taken.computed else _with_amendments(taken, beside)


def _of_reading(question: Question, reading: Reading, parts: Sequence[Part]) -> Extract:
    conflict = tuple(find_conflict(question, reading)) if not parts else ()
    if conflict:
        shown = [stated.evidence for stated in conflict]
        shown += [e for e in choose(question, reading) if e not in shown]
        shown = shown[: max(MAX_SENTENCES, min(len(conflict), MOST_LINES))]
        return Extract(tuple(map(_quoted, shown)), conflict)
    if len(parts) > 1:
        return _of_parts(question, reading, parts)
    computed = compute(question, (), reading) or counted(question, reading)
    if computed is not None:
        return _computed(computed)
    if question.asks is AnswerType.LIST:
        return Extract(tuple(_gathered(question, reading)))
    return Extract(tuple(map(_quoted, choose(question, reading))))


def _of_facts(facts: Sequence[Fact]) -> Extract:
    lines = [_quoted(fact.evidence) for fact in facts]
    stated = facts[0].value if len(facts) == 1 else None
    return Extract(tuple(lines), is_bound=True, stated=stated, is_of_parts=stated is None)


def _with_amendments(taken: Extract, beside: Beside) -> Extract:
    """Each quoted article behind what changes it, newest first."""
    lines: dict[tuple[str, int], Line] = {}
    amended: tuple[Amendment, ...] = ()
    for n, line in enumerate(taken.lines):
        changes = [change for each in line.evidence for change in beside.amendments.of(each)]
        amended = tuple(changes) if n == 0 else amended
        for own in (*(_quoted(change.evidence) for change in changes), line):
            first = own.evidence[0]
            lines.setdefault((first.hit.passage.document_id, first.start), own)
    return replace(taken, lines=tuple(lines.values()), amended=amended)


def _of_entries(question: Question, dated: Dated) -> Extract:
    if (computed := counted_entries(question, dated)) is not None:
        return _computed(computed)
    shown = [_quoted(evidence) for evidence in dated.evidence[:MOST_SHOWN]]
    return Extract(tuple(shown), is_bound=True, stated=day_of(question, dated))


def _quoted(evidence: Evidence) -> Line:
    return Line(evidence.quote.strip(), (evidence,))


def _computed(computed: Computed) -> Extract:
    stop = "。" if _is_wide(computed.text) else "."
    lines = [Line(computed.text + stop, tuple(computed.evidence), is_quote=False)]
    lines = lines if computed.text else []  # what stands whole in the sources speaks for itself
    shown = {(e.hit.passage.document_id, e.start): e for e in computed.evidence}
    if not computed.shows_evidence:
        shown = {}
    return Extract((*lines, *map(_quoted, shown.values())), computed=computed)


def _is_wide(text: str) -> bool:
    return not text.isascii()


def _of_parts(question: Question, reading: Reading, parts: Sequence[Part]) -> Extract:
    """A sentence for each part, in the order of the question, behind what follows from them."""
    which = compared(question)
    computed = compute(question, parts, reading) if which is None else winner(which, parts)
    if computed is not None:
        return _computed(computed)
    chosen: list[Evidence] = []
    seconds: list[tuple[float, int, Evidence]] = []
    values: set[str] = set()
    for part in parts[:MOST_LINES]:
        found = _candidates(part, chosen, values)
        if not found or _is_known(found[0], chosen):
            continue  # one sentence may answer both
        chosen.append(found[0])
        values |= _figures(found[0].quote)
        if short_answer(part.question, found[0].quote) is not None:
            continue
        ratio = found[1].probability / found[0].probability if len(found) > 1 else 0.0
        if ratio >= _LEAST_SECOND:
            seconds.append((-ratio, len(chosen), found[1]))
    for _, place, evidence in sorted(seconds, key=lambda each: each[:2])[:1]:
        if len(chosen) < MAX_SENTENCES and not _is_known(evidence, chosen):
            chosen.insert(place, evidence)
    lines = tuple(map(_quoted, chosen or choose(question, reading)))
    return Extract(lines, is_of_parts=bool(chosen))


def _candidates(part: Part, chosen: Sequence[Evidence], values: set[str]) -> list[Evidence]:
    """The likely sentences for a part; another one that says another part's value comes last."""
    likely = choose(part.question, part.reading)
    least = _LEAST_SECOND * likely[0].probability if likely else 1.0
    likely += [
        evidence
        for evidence in part.reading.evidence[:_MOST_READ]
        if evidence.probability >= least
        and evidence not in likely
        and may_answer(part.question, evidence.quote)
    ]
    likely = [evidence for evidence in likely if evidence.probability >= _LEAST_OF_PART]

    def repeats(evidence: Evidence) -> bool:
        value = short_answer(part.question, evidence.quote)
        known = _is_known(evidence, chosen)
        return value is not None and uniform(value) in values and not known

    return sorted(likely, key=repeats)


def _figures(quote: str) -> set[str]:
    folded = fold(quote)
    return {uniform(folded[number.start : number.end]) for number in find_numbers(folded)}


def _is_known(evidence: Evidence, chosen: Sequence[Evidence]) -> bool:
    return any(_is_within(evidence, other) for other in chosen)


def _is_within(one: Evidence, other: Evidence) -> bool:
    same = one.hit.passage.document_id == other.hit.passage.document_id
    return same and one.start < other.end and other.start < one.end


def _gathered(question: Question, reading: Reading) -> list[Line]:
    """All items of the lists that likely sentences lead or are one of, and the other sentences."""
    found: list[Line] = []
    for group in gather(question, reading, MOST_LINES):
        if len(group) == 1:
            found.append(_quoted(group[0]))
            continue
        text = joined_items(group)
        found.append(Line(text + ("。" if _is_wide(text) else "."), tuple(group), is_quote=False))
    return found
