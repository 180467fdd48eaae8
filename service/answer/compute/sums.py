"""Sums, differences and comparisons of figures that stand in the sources, shown with their parts.

Only of figures in one unit, each bound to the part of the question that asks for it. Knows no
index.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indexer.text.figures.records import plain
from indexer.text.numbers import NumberKind
from service.answer.compute.sided import told_of
from service.answer.evidence import Evidence, Reading
from service.answer.read.statements import Statement, is_about, same_unit, statements
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Operation, Question
from service.answer.understand.several import asks_together, names_of
from service.answer.understand.sides import LESS, sides_of

CONFIDENCE = 0.9
"""Of what is computed, whatever computes it: of 134 values so computed for questions over four
archives that nothing was fitted to, 120 were right.
"""
_MOST_READ = 8
_LEAST_RATIO = 0.05
_MOST_PARTS = 6
_WORTH = (("亿", Decimal(10**8)), ("万", Decimal(10**4)))
_TOTAL = re.compile(r"合计|共计|总计|总共|一共|累计|总额|总数|总量|共|in total|altogether")
_YEARS = re.compile(r"(?P<n>[两二三四五六七八九]|[2-9])年")
_COUNT = {sign: n for n, sign in enumerate("一二三四五六七八九", start=1)} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of several that a question asks about, with the sentences read for it."""

    question: Question
    reading: Reading


@dataclass(frozen=True, slots=True)
class Computed:
    """A sentence whose every figure and name stands in `evidence`, or follows from it.

    `value` is what may stand alone, None where the sentence says what is missing or in doubt.
    """

    text: str
    value: str | None
    evidence: tuple[Evidence, ...]
    confidence: float = 0.0  # its own, where it does not rest on the reader's
    shows_evidence: bool = True  # whether what it rests on is quoted below it


def compute(question: Question, parts: Sequence[Part], whole: Reading) -> Computed | None:
    """What follows from the parts; None where a part is missing, vague, or of another unit."""
    is_sum = asks_together(question)
    if not is_sum and question.operation not in (Operation.DIFFERENCE, Operation.COMPARE):
        return None
    found = _of_parts(question, parts) if len(parts) > 1 else _of_years(question, whole)
    if not 2 <= len(found) <= _MOST_PARTS or not _may_be_computed(found):
        return None
    if is_sum:
        return add_up(question, found)
    return _difference(question, found) if len(found) == 2 else None


def _of_parts(question: Question, parts: Sequence[Part]) -> list[Statement]:
    """The likeliest statement for each part; empty if one has none."""
    names = names_of(question)
    if len(names) != len(parts):
        names = ()
    found: list[Statement] = []
    for n, part in enumerate(parts):
        likely = likely_of(part)
        if names:
            others = [name for name in names if name != names[n]]
            stated = (told_of(names[n], others, part.question, each) for each in likely)
            bound = [each for each in stated if each is not None]
        else:
            bound = [s for s in statements(part.question, likely) if is_about(part.question, s)]
        if not bound:
            return []
        found.append(bound[0])
    return found


def likely_of(part: Part) -> list[Evidence]:
    """The sentences that may answer one part, likeliest first."""
    evidence = part.reading.evidence[:_MOST_READ]
    least = _LEAST_RATIO * evidence[0].probability if evidence else 1.0
    return [e for e in evidence if e.probability >= least]


def _of_years(question: Question, whole: Reading) -> list[Statement]:
    """One statement for each year, where a question asks for those of some years together.

    None where a sentence tells a total already, or where there are not as many as are asked for.
    """
    if question.operation is not Operation.SUM or not whole.evidence:
        return []
    least = _LEAST_RATIO * whole.evidence[0].probability
    likely = [e for e in whole.evidence[:_MOST_READ] if e.probability >= least]
    bound = [s for s in statements(question, likely) if is_about(question, s) and s.years]
    if not bound or any(_TOTAL.search(each.folded) for each in bound):
        return []
    by_year: dict[frozenset[str], Statement] = {}
    for each in bound:
        if same_unit(each.number, bound[0].number):
            by_year.setdefault(each.years, each)
    told = _YEARS.search(question.folded)
    wanted = _COUNT.get(told["n"], int(told["n"]) if told["n"].isdigit() else 0) if told else 0
    if wanted != len(by_year):
        return []
    return sorted(by_year.values(), key=lambda each: sorted(each.years))


def _may_be_computed(found: Sequence[Statement]) -> bool:
    first = found[0].number
    places = {(s.evidence.hit.passage.document_id, s.evidence.start + s.value.start) for s in found}
    return (
        first.kind in (NumberKind.NUMBER, NumberKind.PERCENT)
        and all(same_unit(s.number, first) and not s.number.approximate for s in found)
        and len(places) == len(found)
    )


def add_up(question: Question, found: Sequence[Statement]) -> Computed | None:
    """The sum, with its parts; None where they are vague, of several units, or shares."""
    if not _may_be_computed(found) or found[0].number.kind is NumberKind.PERCENT:
        return None
    total = written(sum((s.number.value for s in found), Decimal(0)), found)
    parts = " + ".join(s.value.text for s in found)
    said = "合计" if is_chinese(question.text) else "In total "
    return Computed(f"{said}{total} = {parts}", total, tuple(s.evidence for s in found))


def _difference(question: Question, found: Sequence[Statement]) -> Computed:
    """The larger less the smaller one, and which of them it is where that is asked as well.

    Nothing stands alone where the question says 多 and it is less.
    """
    one, other = (s.number.value for s in found)
    high, low = sorted(found, key=lambda s: -s.number.value)
    apart = written(high.number.value - low.number.value, found)
    if found[0].number.kind is NumberKind.PERCENT:
        points = apart.removesuffix("%")
        apart = f"{points}个百分点" if is_chinese(question.text) else f"{points} percentage points"
    evidence = tuple(s.evidence for s in found)
    if one == other:
        return Computed(f"{high.value.text} = {low.value.text}", apart, evidence)
    said = "相差" if is_chinese(question.text) else "A difference of "
    text = f"{said}{apart} = {high.value.text} - {low.value.text}"
    sides = sides_of(question.folded)
    if sides is None or not sides.more:
        return Computed(text, apart, evidence)
    wants_less = LESS.search(sides.more) is not None
    is_first = (one < other) == wants_less
    won, lost = sides.names if is_first else sides.names[::-1]
    if sides.is_which:
        return Computed(f"{won}{sides.more}，{text}", f"{won}，{apart}", evidence)
    more, less = (lost, won) if wants_less else (won, lost)
    named = f"{said}{apart} = {more} {high.value.text} - {less} {low.value.text}"
    return Computed(named, apart if is_first else None, evidence)


def written(value: Decimal, found: Sequence[Statement]) -> str:
    """A result in the spelling of its parts: in 万 or 亿 where all are, with their unit."""
    unit = _unit(found[0])
    if found[0].number.kind is NumberKind.PERCENT:
        return f"{plain(value)}%"
    for sign, worth in _WORTH:
        if all(sign in s.value.text for s in found):
            return f"{plain(value / worth)}{sign}{unit}"
    shown = plain(value)
    if any("," in s.value.text or "，" in s.value.text for s in found):
        shown = f"{int(value):,}" if value == int(value) else shown
    return f"{shown} {unit}" if unit.isascii() and len(unit) > 1 else shown + unit


def _unit(stated: Statement) -> str:
    """The unit as the source writes it: what stands behind the digits."""
    written = re.search(
        r"[^\d.,，０-９%百千万亿萬億余多\s一二三四五六七八九十两兩零〇]*$", stated.value.text
    )
    return written.group() if written and written.group() else stated.number.unit
