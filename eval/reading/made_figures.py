"""Made-up questions that only a figure answers, each figure in six spellings. Knows no index.

Every question names a value and asks whose it is. One document says so; nine others say the same
words of other villages with other values, so that whoever passes over the figure picks one in ten.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from eval.making.spelling import chinese_numeral

WAYS = ("digits", "grouped", "full width", "Chinese", "spaced", "otherwise")
RIVALS = 9

_WIDE = str.maketrans("0123456789.%,:-", "０１２３４５６７８９．％，：－")
_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


class Kind(StrEnum):
    COUNT = "count"
    LARGE = "large count"
    MONEY = "money"
    SHARE = "share"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """`asked` has the question in each of `WAYS`; `document` names the place `answer`."""

    kind: Kind
    is_held_out: bool
    document: str
    answer: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeSet:
    documents: dict[str, str]
    questions: tuple[MadeQuestion, ...]


Value = tuple[int, ...]


def _count(value: Value) -> tuple[str, ...]:
    (n,) = value
    words = chinese_numeral(n)
    formal = "壹" + words.translate(_FORMAL) if words[0] == "十" else words.translate(_FORMAL)
    return str(n), f"{n:,}", str(n).translate(_WIDE), words, f"{n:,} ".replace(",", " "), formal


def _large(value: Value) -> tuple[str, ...]:
    (n,) = value
    ten_thousands = f"{n / 10_000:g}万"
    spaced = f"{n:,} ".replace(",", " ")
    return str(n), f"{n:,}", str(n).translate(_WIDE), chinese_numeral(n), spaced, ten_thousands


def _share(value: Value) -> tuple[str, ...]:
    tenths = value[0]
    digits = f"{tenths // 10}.{tenths % 10}"
    words = f"百分之{chinese_numeral(tenths // 10)}点{'零一二三四五六七八九'[tenths % 10]}"
    return (
        f"{digits}%", f"{digits}0%", f"{digits}%".translate(_WIDE), words, f"{digits} %",
        f"百分之{digits}",
    )  # fmt: skip


def _date(value: Value) -> tuple[str, ...]:
    year, month, day = value
    digits = f"{year}年{month}月{day}日"
    words = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    words += f"年{chinese_numeral(month)}月{chinese_numeral(day)}日"
    return (
        digits, f"{year}-{month:02d}-{day:02d}", digits.translate(_WIDE), words,
        f"{year} 年 {month} 月 {day} 日", f"{year}.{month}.{day}",
    )  # fmt: skip


def _time(value: Value) -> tuple[str, ...]:
    hour, minute = value
    past = chinese_numeral(hour - 12)
    words = f"下午{past}点半" if minute == 30 else f"下午{past}点{chinese_numeral(minute)}分"
    digits = f"{hour}:{minute:02d}"
    return (
        digits, f"{hour}时{minute}分", digits.translate(_WIDE), words,
        f"{hour} 时 {minute} 分", f"下午{hour - 12}:{minute:02d}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Template:
    """`told` and `asked` hold {value}; `told` holds {place}. The unit is theirs."""

    told: str
    asked: str
    is_held_out: bool = False


_TEMPLATES: dict[Kind, tuple[_Template, ...]] = {
    Kind.COUNT: (
        _Template("{place}帮助{value}人实现了就业。", "哪个地方帮助{value}人实现了就业？"),
        _Template("{place}今年新栽果树{value}棵。", "今年新栽{value}棵果树的是哪里？"),
        _Template("目前{place}共有{value}户参加合作社。", "哪里有{value}户参加合作社？"),
        _Template("{place}的图书室藏书{value}册。", "藏书{value}册的图书室在哪里？", True),
    ),
    Kind.LARGE: (
        _Template("{place}全年接待游客{value}人次。", "哪里全年接待游客{value}人次？"),
        _Template("{place}的林地有{value}亩。", "有{value}亩林地的是哪个地方？"),
        _Template("{place}去年出栏山羊{value}只。", "哪个地方去年出栏山羊{value}只？", True),
    ),
    Kind.MONEY: (
        _Template("{place}的集体收入达到{value}元。", "集体收入达到{value}元的是哪里？"),
        _Template("为了修路，{place}筹得{value}元。", "哪个地方修路筹得{value}元？"),
        _Template("{place}向社员分红{value}元。", "哪里向社员分红{value}元？", True),
    ),
    Kind.SHARE: (
        _Template("{place}的贫困发生率降到{value}。", "贫困发生率降到{value}的是哪里？"),
        _Template("{place}的自来水普及率为{value}。", "哪个地方的自来水普及率为{value}？"),
        _Template("经测算，{place}的成活率是{value}。", "成活率是{value}的是哪个地方？", True),
    ),
    Kind.DATE: (
        _Template("{place}的卫生室于{value}启用。", "哪里的卫生室于{value}启用？"),
        _Template("{value}，{place}通了客车。", "哪个地方在{value}通了客车？"),
        _Template("{place}的桥在{value}合龙。", "{value}合龙的桥在哪里？", True),
    ),
    Kind.TIME: (
        _Template("{place}的大会定在{value}开始。", "哪里的大会定在{value}开始？"),
        _Template("从{place}出发的末班车{value}发车。", "{value}发车的末班车从哪里出发？"),
        _Template("{place}的夜校{value}上课。", "哪个地方的夜校{value}上课？", True),
    ),
}
_SPELL: dict[Kind, Callable[[Value], tuple[str, ...]]] = {
    Kind.COUNT: _count,
    Kind.LARGE: _large,
    Kind.MONEY: _large,
    Kind.SHARE: _share,
    Kind.DATE: _date,
    Kind.TIME: _time,
}
# Without it the first sentence is taken for the title, and weighs more than the same one below.
_TITLE = "工作情况简报"
_FILLERS = (
    "会上，大家交流了各自的做法，也谈到了眼下的难处。",
    "村里的老人说，日子比从前好过多了。",
    "下一步，当地将继续做好后续的管护工作。",
    "工作队的同志走访了几家农户，听取了意见。",
    "有关负责人表示，要把好事办好、实事办实。",
)


def make_set(count: int, seed: int) -> MadeSet:
    """`count` questions, the kinds in turn, with their documents and rivals."""
    chance = random.Random(seed)
    places = _places(chance, count * (RIVALS + 1))
    documents: dict[str, str] = {}
    questions: list[MadeQuestion] = []
    kinds = list(Kind)
    used: set[tuple[Kind, Value]] = set()
    for number in range(count):
        kind = kinds[number % len(kinds)]
        template = chance.choice(_TEMPLATES[kind])
        values = _values(kind, chance, used)
        names = [f"{number:03d}-{at}.txt" for at in range(RIVALS + 1)]
        told = [places.pop() for _ in values]
        for name, place, value in zip(names, told, values, strict=True):
            written = chance.choice(_SPELL[kind](value))
            fact = template.told.format(place=place, value=written)
            lines = [*chance.sample(_FILLERS, 2)]
            lines.insert(chance.randrange(3), fact)
            documents[f"figures/{name}"] = f"{_TITLE}\n\n{''.join(lines)}\n"
        asked = tuple(template.asked.format(value=way) for way in _SPELL[kind](values[0]))
        questions.append(
            MadeQuestion(kind, template.is_held_out, f"figures/{names[0]}", told[0], asked)
        )
    return MadeSet(documents, tuple(questions))


def _places(chance: random.Random, count: int) -> list[str]:
    first, second = "青白石云松柳梅龙马金银高平清长双大新沙黄", "坪溪山岭湾坝河桥田林塘坡岩泉沟"
    third = "上下东西南北前后"
    every = [f"{a}{b}{c}村" for a in first for b in second for c in third]
    chance.shuffle(every)
    return every[:count]


def _values(kind: Kind, chance: random.Random, used: set[tuple[Kind, Value]]) -> list[Value]:
    """Values near to each other, of which no other question of this kind has one."""
    found: list[Value] = []
    base = chance.randrange(11, 90)
    while len(found) < RIVALS + 1:
        if kind is Kind.COUNT:
            value: Value = (base * 100 + chance.randrange(1, 100),)
        elif kind is Kind.LARGE:
            value = ((base * 10 + chance.randrange(1, 100)) * 100,)
        elif kind is Kind.MONEY:
            value = ((base * 10 + chance.randrange(1, 100)) * 10_000,)
        elif kind is Kind.SHARE:
            value = (base * 10 + chance.randrange(1, 100),)
        elif kind is Kind.DATE:
            value = (2012 + base % 9, 1 + chance.randrange(12), 1 + chance.randrange(28))
        else:
            value = (13 + chance.randrange(9), 1 + chance.randrange(59))
        if (kind, value) not in used:
            used.add((kind, value))
            found.append(value)
    return found
