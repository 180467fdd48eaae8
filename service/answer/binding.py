"""What binds a question and is missing from a text: its names, times and figures.

A passage about another county, another year or another company may share every other word with the
question. Knows no index; lenient where a name is written shorter, strict where it is another one.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from indexer.text.normalise import fold, letters
from indexer.text.numbers import NumberKind, canonical, find_numbers
from service.answer.entities import tag
from service.answer.kinds import ending_of
from service.answer.periods import Period, find_periods
from service.answer.question import Question

# Of a name without its ending (电力公司, 县) this share has to stand in the text, in pieces of two
# characters or more: 国网四川电力 stands for 国网四川省电力公司, 云南省电力公司 does not.
_LEAST_COVERED = 0.75
_SHORTEST_NAME = 2
_LONGEST_SHORT_FORM = 3
# 北大 for 北京大学: at most so many characters are left out between two that stay.
_MOST_LEFT_OUT = 4


@dataclass(frozen=True, slots=True)
class _Facts:
    letters: str
    folded: str
    figures: frozenset[str]
    periods: tuple[Period, ...]


def unbound(question: Question, text: str) -> tuple[str, ...]:
    """The names, times and figures of `question` that do not occur in `text`, as it writes them.

    `text` is a passage with its title, headings and date: what binds often stands only there.
    Relative times (去年) bind nothing here, and numerals of one character (两个村) neither.
    """
    facts = _facts(text)
    missing = [name for name in question.entities if not _is_named(name, facts)]
    missing += [
        period.said
        for period in question.periods
        if not period.relative and not _is_dated(period, facts)
    ]
    return (*missing, *_missing_figures(question, facts))


@lru_cache(maxsize=64)
def _facts(text: str) -> _Facts:
    folded = fold(text)
    figures = find_numbers(folded)
    return _Facts(
        letters=letters(folded),
        folded=folded,
        figures=frozenset(canonical(number) for number in figures),
        periods=tuple(find_periods(folded, figures)),
    )


# -- names ----------------------------------------------------------------------------------------


def _is_named(name: str, facts: _Facts) -> bool:
    plain = letters(name)
    if not plain or plain in facts.letters:
        return True
    if re.fullmatch(r"[\x00-\u024f]+", plain):
        return all(letters(word) in facts.letters for word in name.split())
    if "·" in name:  # 沃尔特·蒙代尔 is called 蒙代尔 after the first time
        last = letters(name.rsplit("·", 1)[1])
        return len(last) >= _SHORTEST_NAME and last in facts.letters
    ending = ending_of(plain)
    own = plain[: len(plain) - len(ending)]
    if len(own) >= _SHORTEST_NAME and _is_covered(own, facts.letters):
        # 四川 is no 四川大学: what is named after a place needs a word of its ending, too
        of_place = len(ending) > 1 and _is_place(own)
        behind = rf"{re.escape(own)}[㐀-鿿]{{0,6}}?{re.escape(ending[-2:])}"
        if not of_place or re.search(behind, facts.folded):
            return True
    return _is_short_for(plain, ending, facts.letters) or _is_spelled_out(plain, facts.letters)


@lru_cache(maxsize=256)
def _is_place(name: str) -> bool:
    words = tag(name)
    return len(words) == 1 and words[0].tag == "ns"


def _is_covered(own: str, text: str) -> bool:
    """Whether the name's beginning, and most of the rest, stand in the text piece by piece."""
    covered = at = 0
    while at < len(own):
        length = 0
        while at + length < len(own) and own[at : at + length + 1] in text:
            length += 1
        if length < _SHORTEST_NAME:
            if at == 0:
                return False
            at += 1
            continue
        covered += length
        at += length
    return covered >= _LEAST_COVERED * len(own)


def _is_short_for(name: str, ending: str, text: str) -> bool:
    """北大 in the text for 北京大学: the first character, some of the others, one of the ending."""
    if len(name) < 4 or not ending or len(ending) < 2:
        return False
    first, inner = re.escape(name[0]), re.escape(name[1 : len(name) - len(ending)])
    short = re.compile(
        f"{first}[{inner}]{{0,1}}[{re.escape(ending[:1])}](?:{re.escape(ending[-1])})?"
    )
    return any(_keeps_order(match.group(), name) for match in short.finditer(text))


def _is_spelled_out(name: str, text: str) -> bool:
    """北京大学 in the text for 北大."""
    if not 2 <= len(name) <= _LONGEST_SHORT_FORM:
        return False
    gap = f"[㐀-鿿]{{0,{_MOST_LEFT_OUT}}}?"
    full = gap.join(re.escape(sign) for sign in name)
    return any(ending_of(found) for found in _longer(full, text))


def _longer(pattern: str, text: str) -> list[str]:
    """What the pattern finds with the character behind it: 北京大 has no ending, 北京大学 has."""
    return [text[m.start() : m.end() + 1] for m in re.finditer(pattern, text) if len(m.group()) > 3]


def _keeps_order(short: str, name: str) -> bool:
    rest = iter(name)
    return all(sign in rest for sign in short)


# -- times ----------------------------------------------------------------------------------------


def _is_dated(period: Period, facts: _Facts) -> bool:
    """Whether the text speaks of the time, or of a part of it; of a day a year says nothing."""
    if period.said in facts.folded:
        return True
    if period.start.startswith("--"):
        return any(_same_day_of_year(period, other) for other in facts.periods)
    return any(_is_within(other, period) for other in facts.periods if other.start) or any(
        _same_day_of_year(other, period) for other in facts.periods if other.start[:2] == "--"
    )


def _is_within(inner: Period, outer: Period) -> bool:
    if inner.start.startswith("-") or outer.start.startswith("-"):
        return (inner.start, inner.end) == (outer.start, outer.end)
    if outer.start <= inner.start and inner.end <= outer.end:
        return True
    # a range that holds the time: 2018年至2020年 speaks of 2019年; a year alone not of a day in it
    holds = inner.start <= outer.start and outer.end <= inner.end
    return holds and (inner.start[:4] != inner.end[:4] or outer.start[:7] != outer.end[:7])


def _same_day_of_year(yearless: Period, other: Period) -> bool:
    """5月26日 of any year; both may be without one. A month alone meets every day in it."""
    wanted = yearless.start.removeprefix("--")
    if other.start.startswith("--"):
        given = other.start.removeprefix("--")
        return wanted.startswith(given) or given.startswith(wanted)
    return bool(other.start) and any(
        day[5:].startswith(wanted)
        for day in (other.start, other.end)
        if other.start[:7] == other.end[:7]
    )


# -- figures --------------------------------------------------------------------------------------


def _missing_figures(question: Question, facts: _Facts) -> list[str]:
    missing: list[str] = []
    for number in find_numbers(question.folded):
        written = question.folded[number.start : number.end]
        if number.kind in (NumberKind.DATE, NumberKind.TIME) or number.unit in ("年代", "世纪"):
            continue
        if any(written in name for name in question.entities):
            continue
        if any(written in period.said for period in question.periods):
            continue
        is_small = number.kind is NumberKind.NUMBER and not any(c.isdigit() for c in written)
        if is_small and abs(number.value) <= 10:
            continue
        if canonical(number) not in facts.figures:
            missing.append(written)
    return missing
