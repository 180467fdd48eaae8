"""What a sentence states of what is asked: a figure, for which time, and of whom.

The one reading that sums and conflicts share. Knows no index and puts nothing into words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indexer.text.normalise import fold
from indexer.text.numbers import Bound, Number, NumberKind, find_numbers
from indexer.text.segment import tagged
from service.answer.evidence import Evidence
from service.answer.read.sentence import sentence as known
from service.answer.read.value import Value, asked_value
from service.answer.understand.question import Question

_RELATIVE = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_RELATIVE_YEAR = re.compile(r"(?<![大\d])(?:前年|去年|上年(?!纪)|今年|本年|明年|后年)")
_YEAR_CELL = re.compile(r"(?:年份|年度|年)\s*:\s*(?P<year>(?:19|20)\d\d)(?!\d)")
_LONGEST_HEADING = 24  # letters of a line above a sentence that tells its year
_NOUNS = ("n", "j", "x", "i", "l", "eng")
# Two measure words of people are one.
_PEOPLE = frozenset(("人", "名", "位", "口"))

# How far a rounded value may be from the one that it stands for: 约, 近; and 余, 多, 超过.
_ABOUT, _ABOVE = Decimal("0.1"), Decimal("0.3")
_SAME_BOUND = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Statement:
    """The asked value in one sentence. `years` bind it as the sentence, its table row or a heading
    line above it says; empty where none does.
    """

    evidence: Evidence
    value: Value
    number: Number
    years: frozenset[str]
    folded: str  # the sentence


def statement(question: Question, evidence: Evidence) -> Statement | None:
    """What `evidence` states of the asked figure or date; None where no one value is told."""
    value = asked_value(question, evidence.quote)
    if value is None or value.number is None:
        return None
    folded = known(evidence.quote).normalised
    years = years_of(evidence, folded, value.number)
    return Statement(evidence, value, value.number, years, folded)


def statements(question: Question, evidence: Sequence[Evidence]) -> list[Statement]:
    """Those of each sentence that states one value, in the order given."""
    found = (statement(question, each) for each in evidence)
    return [each for each in found if each is not None]


def years_of(evidence: Evidence, folded: str, number: Number) -> frozenset[str]:
    """The year that a figure of a sentence is of: the last one told before it, in the sentence,
    else in a short line or heading above. 今年 counts by the document's date.
    """
    if number.kind is NumberKind.DATE:
        return frozenset()
    if (cell := _YEAR_CELL.search(folded)) is not None:
        return frozenset((cell["year"],))
    relative = _RELATIVE_YEAR.search(folded)
    told = [n for n in find_numbers(folded) if n.kind is NumberKind.DATE and n.date[0] != "-"]
    before = [n for n in told if n.end <= number.start]
    if before:
        return frozenset((before[-1].date[:4],))
    if relative is not None and evidence.hit.date:
        return frozenset((str(int(evidence.hit.date[:4]) + _RELATIVE[relative.group()]),))
    if told:
        return frozenset((told[0].date[:4],))
    return _years_above(evidence)


def _years_above(evidence: Evidence) -> frozenset[str]:
    passage = evidence.hit.passage
    lines = passage.text[: evidence.start - passage.start].split("\n")[:-1]
    for line in (*reversed(lines), *reversed(passage.headings), passage.title):
        folded = fold(line)
        if sum(sign.isalnum() for sign in folded) > _LONGEST_HEADING:
            continue
        dates = [n.date[:4] for n in find_numbers(folded) if n.date and n.date[0] != "-"]
        if dates:
            return frozenset(dates)
    return frozenset()


def without_figures(folded: str) -> str:
    for number in reversed(find_numbers(folded)):
        folded = folded[: number.start] + " " + folded[number.end :]
    return folded


def same_unit(one: Number, other: Number) -> bool:
    people = {one.unit, other.unit} <= _PEOPLE
    return one.kind is other.kind and (one.unit == other.unit or people)


def agree(one: Statement, other: Statement) -> bool:
    """Whether two figures can be one: equal, or one a rounding or a bound of the other."""
    if one.number.kind is NumberKind.DATE:
        return _dates_agree(one.number.date, other.number.date)
    a, b = one.number, other.number
    if a.value == b.value or _rounds(one, b.value) or _rounds(other, a.value):
        return True
    if a.approximate and b.approximate:
        return _near(a.value, b.value, _SAME_BOUND)
    return any(
        _within(exact.value, bound) for exact, bound in ((a, b), (b, a)) if bound.approximate
    )


def _dates_agree(one: str, other: str) -> bool:
    """5月28日 is 2020-05-28, and in 2020年; it is not 5月27日."""
    if one.startswith("--") or other.startswith("--"):
        short, long = sorted((one, other), key=lambda date: (not date.startswith("--"), len(date)))
        rest = long[4:] if not long.startswith("--") else long[1:]
        return not rest or rest.startswith(short[1:]) or short[1:].startswith(rest)
    return one.startswith(other) or other.startswith(one)


def _rounds(rounded: Statement, value: Decimal) -> bool:
    """Whether 1.2万 stands for 12,034: written in 万 or with decimals, as many digits as it has."""
    written = fold(rounded.value.text)
    if not re.search(r"[万亿千]|\d\.\d", written):
        return False
    number = rounded.number.value
    digits = len(number.normalize().as_tuple().digits)
    step = Decimal(1).scaleb(number.adjusted() - digits + 1)
    return abs(number - value) <= step / 2


def _near(one: Decimal, other: Decimal, share: Decimal) -> bool:
    return abs(one - other) <= share * max(abs(one), abs(other))


def _within(exact: Decimal, bound: Number) -> bool:
    if bound.bound is Bound.ABOUT:
        return _near(exact, bound.value, _ABOUT)
    if bound.bound is Bound.AT_LEAST:
        return bound.value <= exact <= bound.value * (1 + _ABOVE)
    return bound.value * (1 - _ABOVE) <= exact <= bound.value


def is_of_asked_year(question: Question, stated: Statement) -> bool:
    """Whether a figure is of a year that the question names, if it names any."""
    asked = {period.start[:4] for period in question.periods if period.start[:1].isdigit()}
    if not asked or stated.number.kind is NumberKind.DATE:
        return True
    years = stated.years or {(stated.evidence.hit.date or "")[:4]}
    return bool(asked & years)


def is_about(question: Question, stated: Statement) -> bool:
    """Whether a statement's passage knows every thing that the question names, and its year."""
    passage = stated.evidence.hit.passage
    known = fold(f"{passage.context}\n{passage.text}")
    told = all(knows(known, thing) for thing in things_of(question.content))
    return told and is_of_asked_year(question, stated)


def things_of(content: str) -> list[tuple[str, bool]]:
    """The nouns of a question, and which are names: of another noun, half is told as well.

    Single characters only where they are no everyday ones.
    """
    return [
        (word, tag != "n")
        for word, tag in tagged(content)
        if tag.startswith(_NOUNS) and (len(word) > 1 or tag.startswith(("nr", "x", "ng", "nz")))
        if word.isalnum() and not word.isdigit()
    ]


def knows(text: str, thing: tuple[str, bool]) -> bool:
    """Whether a folded text tells of one of `things_of`."""
    word, is_name = thing
    if word in text or is_name or len(word) < 3:
        return word in text
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    return 2 * sum(pair in text for pair in pairs) >= len(pairs)
