"""Lies made from true sentences: one table of ways, each a small change that makes them false.

A lie knows what in it is false (`Lie.false`): that is how it is judged later, not by the guard. A
way that does not bear on a sentence gives none. Knows no guard and no service.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval.guard.figures import Written, replaced, written_figures
from eval.guard.opposites import FLIPS, NEXT_UNIT
from eval.making.spelling import chinese_numeral
from indexer.text.numbers import Bound, NumberKind

_CLAUSE = re.compile(r"(?:[^，；。！？,;!?]|(?<=\d),(?=\d))+[，；。！？,;!?]*")
_BOUNDS = ("超过", "不足", "近", "约", "逾", "不到", "至少", "最多", "大约", "将近")
_BOUND = re.compile(r"超过|不足|将近|大约|至少|最多|不到|近|约|逾")
_NEGATED = re.compile(r"没有|并未|未能|尚未|不得|不能|无法|未(?!来)|不(?=[是会再予准])")
_VERB = re.compile(
    r"完成|通过|建成|达到|获得|投入|捐赠|捐给|脱贫|实现|参加|安排|收到|发放|修建|举行|开展|享受|纳入|落实|解决|覆盖|签订|提供"
)
_PLACES = ("青川县", "雷波县", "黑水县", "云阳县", "罗田县", "凤凰镇", "白石乡", "柳树村")
_PERSONS = ("赵建国", "钱文斌", "孙丽华", "周志强")
_OFFICES = ("华东师范大学", "南海救助局", "宏远集团", "长江基金会")
_PLACE = re.compile(r"[㐀-鿿]{2}(?:省|市|县|区|乡|镇|村)(?![级民长委干])")
_OFFICE = re.compile(r"[㐀-鿿]{2,6}(?:大学|公司|医院|集团|委员会|学校)")
_GENERAL = re.compile(r"[全各本该此两几多每贫困重点]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Lie:
    """`text` cites the evidence number `cites`; `false` is what its source does not say."""

    way: str
    text: str
    cites: int
    false: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a lie is made of: the true sentence, its number, and the other evidence by number."""

    text: str
    cites: int
    others: Sequence[tuple[int, str]]
    chance: random.Random


Maker = Callable[[Ground], Iterator[tuple[str, str]]]
"""Yields (text, what is false in it); the first one that is new is taken."""


def _amounts(text: str) -> list[Written]:
    kinds = (NumberKind.NUMBER, NumberKind.PERCENT)
    return [f for f in written_figures(text) if f.number.kind in kinds]


def _dates(text: str) -> list[Written]:
    return [f for f in written_figures(text) if f.number.kind is NumberKind.DATE]


def _other_digit(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, written_figures(ground.text)):
        places = [m.start() for m in _DIGIT.finditer(figure.text)]
        if places:
            at = ground.chance.choice(places)
            digit = ground.chance.choice([d for d in "123456789" if d != figure.text[at]])
            lie = figure.text[:at] + digit + figure.text[at + 1 :]
            yield replaced(ground.text, figure, lie), lie


def _turned_digits(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, written_figures(ground.text)):
        pairs = [
            m.start()
            for m in re.finditer(r"(?=(\d)(\d))", figure.text)
            if m[1] != m[2] and m[2] != "0"
        ]
        if pairs:
            at = ground.chance.choice(pairs)
            lie = figure.text[:at] + figure.text[at + 1] + figure.text[at] + figure.text[at + 2 :]
            yield replaced(ground.text, figure, lie), lie


def _ten_times(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, _amounts(ground.text)):
        digits = re.search(r"[\d.]*\d", figure.text)
        if digits is None or "," in figure.text:
            continue
        body = digits.group()
        lie = body.replace(".", "") if "." in body else body + "0"
        new = figure.text[: digits.start()] + lie.lstrip("0") + figure.text[digits.end() :]
        yield replaced(ground.text, figure, new), new


def _point_moved(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, _amounts(ground.text)):
        digits = re.search(r"\d{2,}", figure.text)
        if digits is None or "." in figure.text or "," in figure.text:
            continue
        body = digits.group()
        new = f"{figure.text[: digits.end() - 1]}.{body[-1]}{figure.text[digits.end() :]}"
        if body[-1] != "0":
            yield replaced(ground.text, figure, new), new


def _in_numerals(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, _amounts(ground.text)):
        value = figure.number.value
        if value == int(value) and 2 < value < 10**8 and figure.number.unit not in ("", "%"):
            lie = f"{chinese_numeral(int(value) + 1)}{figure.number.unit}"
            yield replaced(ground.text, figure, lie), lie


def _other_unit(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, _amounts(ground.text)):
        for unit in sorted(NEXT_UNIT, key=len, reverse=True):
            if figure.text.endswith(unit):
                lie = figure.text[: -len(unit)] + NEXT_UNIT[unit]
                yield replaced(ground.text, figure, lie), lie
                break
        if figure.text.endswith(("%", "％")):
            lie = figure.text[:-1] + ground.chance.choice(("个百分点", "‰", "倍"))
            yield replaced(ground.text, figure, lie), lie


def _swapped_figures(ground: Ground) -> Iterator[tuple[str, str]]:
    figures = _amounts(ground.text)
    for first, second in _pairs(figures):
        same = first.number.unit == second.number.unit and first.number.kind is second.number.kind
        if same and first.number.value != second.number.value:
            text = replaced(ground.text, second, first.text)
            yield replaced(text, first, second.text), f"{second.text}…{first.text}"


def _swapped_dates(ground: Ground) -> Iterator[tuple[str, str]]:
    for first, second in _pairs(_dates(ground.text)):
        if len(first.number.date) == len(second.number.date) and first.text != second.text:
            text = replaced(ground.text, second, first.text)
            yield replaced(text, first, second.text), f"{second.text}…{first.text}"


def _moved_figure(ground: Ground) -> Iterator[tuple[str, str]]:
    """甲100人、乙200人 → 甲200人: one clause, with the figure of the other."""
    clauses = _CLAUSE.findall(ground.text)
    for at, clause in enumerate(clauses):
        for other in clauses[at + 1 :]:
            for mine in _amounts(clause):
                for its in _amounts(other):
                    alike = mine.number.unit == its.number.unit
                    alike = alike and mine.number.kind is its.number.kind
                    if alike and mine.number.value != its.number.value:
                        yield replaced(clause, mine, its.text).rstrip("，；,;") + "。", its.text


def _foreign_figure(ground: Ground) -> Iterator[tuple[str, str]]:
    own = {(f.number.value, f.number.unit) for f in written_figures(ground.text)}
    for figure in _shuffled(ground, _amounts(ground.text)):
        for _, other in ground.others:
            for its in _amounts(other):
                alike = its.number.unit == figure.number.unit
                if alike and (its.number.value, its.number.unit) not in own:
                    yield replaced(ground.text, figure, its.text), its.text


def _other_year(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, _dates(ground.text)):
        year = re.match(r"\d{4}", figure.text)
        if year:
            lie = str(int(year.group()) + ground.chance.choice((-2, -1, 1))) + figure.text[4:]
            yield replaced(ground.text, figure, lie), lie


def _other_day(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, _dates(ground.text)):
        part = re.search(r"(\d{1,2})([月日号])", figure.text)
        if part:
            day = int(part[1]) % 12 + 1
            lie = figure.text[: part.start()] + f"{day}{part[2]}" + figure.text[part.end() :]
            yield replaced(ground.text, figure, lie), lie


def _made_up_year(ground: Ground) -> Iterator[tuple[str, str]]:
    if not _dates(ground.text):
        yield f"1998年，{ground.text}", "1998年"


def _flipped(ground: Ground) -> Iterator[tuple[str, str]]:
    for pair in FLIPS:
        for said, other in (pair, pair[::-1]):
            at = ground.text.find(said)
            if at >= 0 and other not in ground.text:
                yield ground.text[:at] + other + ground.text[at + len(said) :], other


def _bound_made_up(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, _amounts(ground.text)):
        if figure.number.bound is Bound.EXACT and not _BOUND.search(ground.text):
            word = ground.chance.choice(("超过", "不足", "至少", "不到"))
            lie = word + figure.text
            yield replaced(ground.text, figure, lie), lie


def _bound_dropped(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _amounts(ground.text):
        before = ground.text[: figure.start]
        word = next((w for w in _BOUNDS if before.endswith(w)), "")
        behind = ground.text[figure.end : figure.end + 2]
        if word:
            text = before.removesuffix(word) + ground.text[figure.start :]
            yield text, figure.text
        elif behind in ("以上", "以下", "左右", "以内"):
            yield ground.text[: figure.end] + ground.text[figure.end + 2 :], figure.text


def _denied(ground: Ground) -> Iterator[tuple[str, str]]:
    verb = _VERB.search(ground.text)
    if verb and not _NEGATED.search(ground.text):
        lie = "未" + verb.group()
        yield ground.text[: verb.start()] + lie + ground.text[verb.end() :], lie


def _affirmed(ground: Ground) -> Iterator[tuple[str, str]]:
    negation = _NEGATED.search(ground.text)
    if negation:
        text = ground.text[: negation.start()] + ground.text[negation.end() :]
        yield text, text[negation.start() : negation.start() + 4]


def _other_place(ground: Ground) -> Iterator[tuple[str, str]]:
    for match in _PLACE.finditer(ground.text):
        if not _GENERAL.search(match.group()):
            lie = ground.chance.choice(_PLACES)
            yield ground.text[: match.start()] + lie + ground.text[match.end() :], lie


def _other_office(ground: Ground) -> Iterator[tuple[str, str]]:
    for match in _OFFICE.finditer(ground.text):
        lie = ground.chance.choice(_OFFICES)
        yield ground.text[: match.start()] + lie + ground.text[match.end() :], lie


def _made_up_person(ground: Ground) -> Iterator[tuple[str, str]]:
    lie = ground.chance.choice(_PERSONS)
    yield f"{lie}介绍，{ground.text}", lie


def _made_up_place(ground: Ground) -> Iterator[tuple[str, str]]:
    lie = ground.chance.choice(_PLACES)
    yield f"在{lie}，{ground.text}", lie


def _made_up_sum(ground: Ground) -> Iterator[tuple[str, str]]:
    units = [f for f in _amounts(ground.text) if f.number.unit not in ("", "%")]
    if units:
        total = sum(int(f.number.value) for f in units) + 7
        lie = f"{total}{units[0].number.unit}"
        yield ground.text.rstrip("。！；") + f"，合计{lie}。", lie


def _made_up_clause(ground: Ground) -> Iterator[tuple[str, str]]:
    lie = ground.chance.choice(
        (
            "受到国务院通报表彰",
            "引发了社会广泛质疑",
            "比原计划多花了三成",
            "创下历史最高纪录",
            "共有87名志愿者参加",
        )
    )
    yield ground.text.rstrip("。！；") + f"，{lie}。", lie


def _vague(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _shuffled(ground, _amounts(ground.text)):
        if figure.number.value > 20 and figure.number.unit not in ("", "%"):
            lie = f"数百{figure.number.unit}"
            yield replaced(ground.text, figure, lie), lie


def _without_unit(ground: Ground) -> Iterator[tuple[str, str]]:
    for figure in _amounts(ground.text):
        if figure.text.endswith(("%", "％")):
            yield replaced(ground.text, figure, figure.text[:-1]), figure.text[:-1]


def _of_another(ground: Ground) -> Iterator[tuple[str, str]]:
    """Another quote's sentence, said to be of this one."""
    own = {f.number.value for f in written_figures(ground.text)}
    for _, other in ground.others:
        new = [f.text for f in _amounts(other) if f.number.value not in own]
        if new and other not in ground.text:
            yield other, new[0]


def _pairs(figures: Sequence[Written]) -> Iterator[tuple[Written, Written]]:
    for at, first in enumerate(figures):
        for second in figures[at + 1 :]:
            yield first, second


def _shuffled(ground: Ground, figures: Sequence[Written]) -> list[Written]:
    return ground.chance.sample(figures, len(figures))


WAYS: dict[str, Maker] = {
    "another digit": _other_digit,
    "digits turned": _turned_digits,
    "ten times": _ten_times,
    "point moved": _point_moved,
    "wrong in numerals": _in_numerals,
    "another unit": _other_unit,
    "percent sign lost": _without_unit,
    "figures swapped": _swapped_figures,
    "dates swapped": _swapped_dates,
    "figure of another clause": _moved_figure,
    "figure of another quote": _foreign_figure,
    "another year": _other_year,
    "another day": _other_day,
    "made-up year": _made_up_year,
    "direction flipped": _flipped,
    "bound made up": _bound_made_up,
    "bound dropped": _bound_dropped,
    "denied": _denied,
    "denial dropped": _affirmed,
    "another place": _other_place,
    "another office": _other_office,
    "made-up person": _made_up_person,
    "made-up place": _made_up_place,
    "made-up sum": _made_up_sum,
    "made-up clause": _made_up_clause,
    "vague": _vague,
    "foreign citation": _of_another,
}


def lie_of(way: str, ground: Ground) -> Lie | None:
    """The sentence made false in one way; None where the way does not bear on it."""
    for text, false in WAYS[way](ground):
        if text != ground.text:
            return Lie(way, text, ground.cites, false)
    return None
