"""Made-up tables, as the index writes them, and made-up sentences; questions that hang on one code,
one name, one year or one column. Half of them ask for one that is not there, beside ones that are:
the reader learns that the right words around the wrong row are no answer.
"""

import json
import lzma
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.text.normalise import fold
from indexer.text.segment import tagged
from training.encoder.columns import COLUMNS, COURSES, DEPARTMENTS, GOODS, person

Example = tuple[str, str, str, tuple[int, int], tuple[int, int]]
"""Context, text, question, where the value stands (-1 if nowhere), and its row."""

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


def _of_years(known: dict[str, list[str]], draw: random.Random) -> tuple[str, str, int, int]:
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
        return _of_years(known, draw)
    return text, ask(key, year, thing, draw), -1, -1


def _codes(draw: random.Random) -> list[str]:
    """Sister codes: they differ in a digit or in a letter."""
    letters = "".join(draw.choice("abcdefghjkmnpqrstwxz") for _ in range(draw.choice((1, 2, 2, 3))))
    kind = draw.random()
    if kind < 0.3:
        goods = draw.choice(GOODS)
        sorts = draw.sample(("温度", "湿度", "压力", "烟雾", "流量", "噪声", "水位"), 3)
        return [f"{goods}-{s}-{letters}{n:02}" for s in sorts for n in range(1, draw.randint(2, 4))]
    if kind < 0.6:
        first = draw.randint(100, 9000)
        numbers = {first, first + 1, first + 10, int(str(first)[::-1]), first + draw.randint(2, 99)}
        tails = draw.choice((("",), ("-a", "-b", "-d"), ("a", "b")))
        join = draw.choice(("-", "", " "))
        return [f"{letters}{join}{n}{draw.choice(tails)}" for n in sorted(numbers)]
    if kind < 0.75:
        return [
            f"{n}号{draw.choice(('楼', '楼', '仓库', '车间', '泵站'))}"
            for n in draw.sample(range(1, 30), 6)
        ]
    if kind < 0.85:
        return [f"{draw.randint(1, 6)}{draw.randint(0, 2)}{n}室" for n in range(1, 8)]
    return [f"{draw.choice(GOODS)}{letters}{n}" for n in draw.sample(range(10, 99), 6)]


def _keys(known: dict[str, list[str]], draw: random.Random) -> tuple[tuple[str, ...], list[str]]:
    """What a table's rows are called: names of the column, and a list of sister rows."""
    kind = draw.randrange(7)
    if kind <= 1:
        return ("编号", "设备编号", "型号", "资产编号", "名称"), list(dict.fromkeys(_codes(draw)))
    if kind == 2:
        return ("科室", "部门", "单位"), draw.sample(DEPARTMENTS, 8)
    if kind == 3:
        return ("课程", "培训课程", "项目"), [
            f"{c}{draw.choice(('培训', '课程', ''))}" for c in draw.sample(COURSES, 8)
        ]
    if kind == 4:
        return ("姓名", "职工姓名"), [person(draw) for _ in range(8)]
    if kind == 5:
        months = [f"{m}月" for m in range(1, 13)]
        quarters = [f"{q}季度" for q in ("一", "二", "三", "四")]
        return ("月份", "时间", "季度"), draw.choice((months, quarters))
    places = draw.sample(known["ns"], 8)
    return ("产业园", "村", "地区", "学校"), [
        p + draw.choice(("产业园", "村", "小学", "镇", "")) for p in places
    ]


def _of_rows(known: dict[str, list[str]], draw: random.Random) -> Example:
    key_names, rows = _keys(known, draw)
    draw.shuffle(rows)
    here, absent = rows[: max(2, len(rows) - 3)][: draw.randint(2, 7)], rows[-2:]
    columns = draw.sample(COLUMNS, draw.randint(1, 5))
    missing = draw.choice([c for c in COLUMNS if c not in columns])
    names = [draw.choice(c.names) for c in columns]
    key_name = draw.choice(key_names)
    bare = draw.random() < 0.25  # the unit and the measure stand above alone
    lead = ""
    if bare and len(columns) == 1:
        lead = f"各{key_name}{names[0]}"
        names = [draw.choice(("数值", "合计", names[0]))]
    blanks = draw.random() < 0.2
    text = ""
    spans: dict[tuple[str, int], tuple[tuple[int, int], str, tuple[int, int]]] = {}
    for key in here:
        begin = len(text)
        text += f"{key_name}:{key}"
        cells: list[tuple[tuple[int, int], str]] = []
        for at, column in enumerate(columns):
            text += f" | {names[at]}:"
            value = "" if blanks and draw.random() < 0.3 else column.made(draw)
            cells.append(((len(text), len(text) + len(value)), value))
            text += value
        for at, cell in enumerate(cells):
            spans[key, at] = (*cell, (begin, len(text)))
        text += "\n"
    at = draw.randrange(len(columns))
    key = draw.choice(here)
    context = draw.choice(("", lead or f"{key_name}一览表", lead or "登记表", lead))
    chance = draw.random()
    column, name = columns[at], draw.choice((names[at], *columns[at].names)).split("(")[0]
    if chance < 0.33:
        key = draw.choice(absent)
    elif chance < 0.45:
        column, name = missing, draw.choice(missing.names).split("(")[0]
    asked = draw.choice(column.asks).format(k=_spelled(key, draw), c=name)
    if draw.random() < 0.15 and context:
        asked = f"{context}里,{asked}"
    span, value, row = spans.get((key, at), ((-1, -1), "", (-1, -1)))
    if chance < 0.45 or not value:
        return context, text, asked, (-1, -1), (-1, -1)
    if column.back and draw.random() < 0.25 and text.count(value) == 1:
        place = text.index(key, row[0])
        back = draw.choice(column.back).format(v=value, c=name)
        return context, text, back, (place, place + len(key)), row
    return context, text, asked, span, row


def _spelled(key: str, draw: random.Random) -> str:
    """The row as people write it: Q2 for 二季度, 三号楼 for 3号楼, with or without a hyphen."""
    if key.endswith("季度") and draw.random() < 0.5:
        return draw.choice((f"q{'一二三四'.index(key[0]) + 1}", f"第{key}"))
    if key[0].isdigit() and key[1:2] == "号" and draw.random() < 0.5:
        return "零一二三四五六七八九"[int(key[0])] + key[1:]
    return key.replace("-", "") if draw.random() < 0.06 else key


def example(known: dict[str, list[str]], draw: random.Random) -> Example:
    """One made-up passage and a question; everything is folded text."""
    if draw.random() < 0.7:
        context, text, question, value, row = _of_rows(known, draw)
    else:
        text, question, start, end = _of_years(known, draw)
        context, value, row = "", (start, end), (-1, -1)
        if start >= 0:
            before = max(text.rfind("\n", 0, start), text.rfind("。", 0, start)) + 1
            after = min(
                (at for at in (text.find("\n", end), text.find("。", end)) if at >= 0),
                default=len(text),
            )
            row = (before, after)
    if fold(text) != text:
        return example(known, draw)
    return fold(context), text, fold(question), value, row
