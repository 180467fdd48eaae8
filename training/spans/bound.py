"""Questions that hang on one name and one year: `python -m training.spans.bound`.

Made-up tables, as the index writes them, and made-up sentences, in which several names and years
have several values. Half of the questions name a name, a year or a thing that is not there, beside
ones that are: the reader learns that the right words around the wrong year are no answer.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.embed.builtin import BuiltinEmbedder
from indexer.text.normalise import fold
from indexer.text.segment import tagged
from service.answer.span_inputs import text_rows
from training.data import DEFAULT_DATA, DEFAULT_WORK
from training.spans.examples import Asked, Set, made, save

# What is counted: (column, unit, nouns of a sentence, least, most)
_THINGS = (
    ("职工人数", "人", "职工", 20, 9000), ("在校生", "名", "学生", 100, 40000),
    ("床位", "张", "床位", 20, 3000), ("门诊量", "人次", "门诊", 1000, 900000),
    ("投入资金", "万元", "资金", 10, 90000), ("捐款", "元", "捐款", 500, 900000),
    ("种植面积", "亩", "种植面积", 50, 90000), ("产量", "吨", "产量", 5, 60000),
    ("脱贫户数", "户", "脱贫户", 5, 4000), ("贫困村", "个", "贫困村", 1, 800),
    ("公路里程", "公里", "公路", 3, 4000), ("培训人数", "人", "培训学员", 30, 9000),
    ("专利", "项", "专利", 1, 900), ("藏书", "册", "图书", 1000, 900000),
    ("论文", "篇", "论文", 3, 2000), ("车辆", "辆", "车辆", 2, 700),
    ("占比", "%", "占比", 1, 99), ("预算", "亿元", "预算", 1, 300),
    ("教师", "人", "教师", 10, 3000), ("面积", "平方米", "建筑面积", 200, 90000),
    ("营业收入", "万元", "营业收入", 50, 90000), ("项目数", "个", "项目", 1, 300),
    ("医生", "名", "医生", 5, 900), ("发电量", "万千瓦时", "发电量", 10, 90000),
)  # fmt: skip
_KEYS = {
    "ns": ("地区", "县", "地点", "州市"),
    "nt": ("单位", "机构", "部门"),
    "nr": ("姓名", "负责人"),
}
_TAILS = {
    "ns": ("", "第一小学", "人民医院", "中学", "县", "镇", "图书馆", "分公司", "农业局"),
    "nt": ("",),
    "nr": ("",),
}


@dataclass(frozen=True)
class _Fact:
    key: str
    year: int
    thing: int
    value: str


def names(data: Path, count: int) -> dict[str, list[str]]:
    """Names of places, bodies and people out of the news, by their kind."""
    found: dict[str, set[str]] = {kind: set() for kind in _KEYS}
    with lzma.open(data / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number < 30_000:
                continue
            for word, tag in tagged(fold(json.loads(line)["text"])[:600]):
                if tag in found and 2 <= len(word) <= 8:
                    found[tag].add(word)
            if number > 30_000 + count:
                break
    return {kind: sorted(words) for kind, words in found.items()}


def _value(thing: int, draw: random.Random) -> str:
    _, unit, _, least, most = _THINGS[thing]
    number = int(least * (most / least) ** draw.random())
    if unit in ("%", "亿元", "万元") and draw.random() < 0.5:
        return f"{number + draw.randint(1, 99) / 100:g}{unit}"
    if number > 9999 and draw.random() < 0.3 and unit not in ("万元", "亿元"):
        return f"{number / 10000:.1f}万{unit}"
    return f"{number:,}{unit}" if draw.random() < 0.2 else f"{number}{unit}"


def _table(facts: Sequence[_Fact], kind: str, draw: random.Random) -> tuple[str, dict[_Fact, int]]:
    """Rows as the index writes them, and where each fact's value stands."""
    column = draw.choice(_KEYS[kind])
    order = sorted({(f.key, f.year) for f in facts})
    draw.shuffle(order)
    text = ""
    places: dict[_Fact, int] = {}
    for key, year in order:
        text += f"{column}:{key} | 年份:{year}"
        for fact in facts:
            if (fact.key, fact.year) == (key, year):
                text += f" | {_THINGS[fact.thing][0]}:"
                places[fact] = len(text)
                text += fact.value
        text += "\n"
    return text, places


_SENTENCES = (
    "{year}年,{key}的{noun}为{value}。", "{key}{year}年{noun}{value}。",
    "到{year}年底,{key}共有{noun}{value}。", "{year}年{key}{noun}达到{value},比上年有所增长。",
    "据介绍,{key}在{year}年的{noun}是{value};", "{key}:{year}年{noun}{value}。",
)  # fmt: skip
_LINKS = ("此外,", "与此同时,", "", "", "")


def _prose(facts: Sequence[_Fact], draw: random.Random) -> tuple[str, dict[_Fact, int]]:
    text = ""
    places: dict[_Fact, int] = {}
    order = list(facts)
    draw.shuffle(order)
    for fact in order:
        head, tail = draw.choice(_SENTENCES).split("{value}")
        noun = _THINGS[fact.thing][2]
        text += draw.choice(_LINKS) + head.format(year=fact.year, key=fact.key, noun=noun)
        places[fact] = len(text)
        text += fact.value + tail.format(year=fact.year, key=fact.key, noun=noun)
    return text, places


def ask(key: str, year: int, thing: int, draw: random.Random) -> str:
    column, unit, noun, _, _ = _THINGS[thing]
    noun = draw.choice((column, noun))
    when = draw.choice((f"{year}年", f"{year}年", f"在{year}年", f"{year}年度"))
    forms = [
        f"{key}{when}的{noun}是多少?",
        f"{when}{key}的{noun}有多少?",
        f"{when},{key}{noun}多少{unit}?",
        f"{key}{when}{noun}达到多少?",
        f"{key}的{noun}{when}是多少{unit}?",
    ]
    if unit != "%":
        forms += [f"{key}{when}有多少{unit}{noun}?", f"{when}{key}有几{unit}{noun}?"]
    return draw.choice(forms)


def example(known: dict[str, list[str]], draw: random.Random) -> tuple[str, str, int, int]:
    """(text, question, start, end); start is -1 where the text does not answer."""
    kind = draw.choice(("ns", "ns", "nt", "nr"))
    keys = [draw.choice(known[kind]) + draw.choice(_TAILS[kind]) for _ in range(draw.randint(2, 4))]
    first = draw.randint(1995, 2023)
    years = [first + i for i in range(draw.randint(1, 3))]
    things = draw.sample(range(len(_THINGS)), draw.randint(1, 3))
    cells = [(k, y, t) for k in dict.fromkeys(keys) for y in years for t in things]
    facts = [_Fact(k, y, t, _value(t, draw)) for k, y, t in draw.sample(cells, min(len(cells), 7))]
    text, places = _table(facts, kind, draw) if draw.random() < 0.5 else _prose(facts, draw)
    fact = draw.choice(facts)
    if draw.random() < 0.6:
        return (
            text,
            ask(fact.key, fact.year, fact.thing, draw),
            places[fact],
            places[fact] + len(fact.value),
        )
    key, year, thing = fact.key, fact.year, fact.thing
    which = draw.random()
    if which < 0.4:
        year = draw.choice([y for y in range(first - 4, first + 7) if y not in years])
    elif which < 0.8:
        key = draw.choice(known[kind]) + draw.choice(_TAILS[kind])
    else:
        thing = draw.choice([t for t in range(len(_THINGS)) if t not in things])
    if any((f.key, f.year, f.thing) == (key, year, thing) for f in facts):
        return example(known, draw)
    return text, ask(key, year, thing, draw), -1, -1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK)
    parser.add_argument("--questions", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    words = BuiltinEmbedder()
    draw = random.Random(args.seed)
    known = names(args.data, 3000)
    result = Set([], [], [])
    for place in range(args.questions):
        text, question, start, end = example(known, draw)
        folded = fold(text)
        if folded.rstrip("\n") != text.rstrip("\n"):
            continue
        place = len(result.paragraphs)
        result.paragraphs.append(made(folded, "", words))
        result.asked.append(Asked(text_rows(fold(question), words), place, start, end))
    result.kin = [[] for _ in result.paragraphs]
    save(result, args.work / "spans-bound.pickle")
    print(f"{len(result.asked)} questions; { ({k: len(v) for k, v in known.items()}) }")
    for asked in result.asked[:6]:
        text = result.paragraphs[asked.paragraph].rows.folded
        print(
            repr(text),
            asked.question.folded,
            text[asked.start : asked.end] if asked.start >= 0 else "-",
        )


if __name__ == "__main__":
    main()
