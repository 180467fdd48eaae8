"""True sentences in other words: one table of ways that change how a thing is said, not what.

Each keeps every figure with its unit, bound and subject. Knows no guard and no service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from eval.guard.figures import replaced, written_figures
from eval.making.spelling import chinese_numeral, spellings
from indexer.text.numbers import NumberKind

_CLAUSE = re.compile(r"(?:[^，；。！？,;!?]|(?<=\d),(?=\d))+[，；。！？,;!?]*")
_SAME = (
    ("共计", "合计"), ("共有", "总共有"), ("达到", "达"), ("超过", "逾"), ("不足", "不到"),
    ("约", "大约"), ("以及", "和"), ("目前", "现在"), ("开展", "进行"), ("每户", "每一户"),
    ("同比增长", "比上年同期增长"), ("增长", "增加"), ("下降", "降低"), ("提高", "提升"),
    ("修建", "建设"), ("捐赠", "捐助"), ("位于", "地处"), ("医院", "该医院"), ("已经", "已"),
    ("没有", "并没有"), ("举行", "举办"), ("帮助", "协助"), ("贫困户", "贫困家庭"),
    ("大约", "约"), ("近", "将近"),
)  # fmt: skip
_PERSONS = {"人": "名", "名": "人", "位": "名"}
_OPENINGS = ("根据材料，", "资料显示，", "据文中记载，")
_TEN_THOUSAND = 10_000
_LEAST_KEPT = 8

Maker = Callable[[str], Iterator[str]]


def _verbatim(text: str) -> Iterator[str]:
    yield text


def _first_clauses(text: str) -> Iterator[str]:
    clauses = _CLAUSE.findall(text)
    for count in range(len(clauses) - 1, 0, -1):
        kept = "".join(clauses[:count]).rstrip("，；,;、：")
        if len(kept) >= _LEAST_KEPT:
            yield kept + "。"


def _last_clauses(text: str) -> Iterator[str]:
    clauses = _CLAUSE.findall(text)
    for count in range(1, len(clauses)):
        kept = "".join(clauses[count:])
        if len(kept) >= _LEAST_KEPT:
            yield kept


def _turned_clauses(text: str) -> Iterator[str]:
    clauses = [clause.rstrip("，；。,;") for clause in _CLAUSE.findall(text)]
    if len(clauses) > 1:
        yield "，".join([clauses[-1], *clauses[:-1]]) + "。"


def _other_words(text: str) -> Iterator[str]:
    for said, other in _SAME:
        if said in text and other not in text:
            yield text.replace(said, other, 1)


def _in_numerals(text: str) -> Iterator[str]:
    for figure in written_figures(text):
        if re.search(r"[余餘多来來\-至到、]", figure.text) or figure.number.inside:
            continue
        for other in spellings(figure.number, figure.text)[1:]:
            if other != figure.text and not re.search(r"\d", other):
                yield replaced(text, figure, other)


def _in_ten_thousands(text: str) -> Iterator[str]:
    for figure in written_figures(text):
        number = figure.number
        if number.kind is not NumberKind.NUMBER or not number.unit or number.approximate:
            continue
        if number.value >= _TEN_THOUSAND and number.value % 100 == 0 and "万" not in figure.text:
            ten_thousands = (number.value / _TEN_THOUSAND).normalize()
            yield replaced(text, figure, f"{ten_thousands:f}万{number.unit}")
        elif "万" in figure.text and number.value == int(number.value):
            yield replaced(text, figure, f"{int(number.value)}{number.unit}")


def _with_separators(text: str) -> Iterator[str]:
    for figure in written_figures(text):
        number = figure.number
        is_plain = re.fullmatch(r"\d{4,8}[^\d余多万亿]{0,2}", figure.text) is not None
        if number.kind is NumberKind.NUMBER and is_plain and number.unit:
            yield replaced(text, figure, f"{int(number.value):,}{number.unit}")


def _full_width(text: str) -> Iterator[str]:
    wide = re.sub(r"[0-9]", lambda digit: chr(ord(digit.group()) + 0xFEE0), text)
    if wide != text:
        yield wide


def _traditional(text: str) -> Iterator[str]:
    from opencc import OpenCC

    converted = OpenCC("s2t").convert(text)
    if converted != text:
        yield converted


def _other_measure(text: str) -> Iterator[str]:
    for figure in written_figures(text):
        unit = _PERSONS.get(figure.text[-1])
        behind = text[figure.end : figure.end + 1]
        if unit and figure.number.kind is NumberKind.NUMBER and behind in "，。、；":
            yield replaced(text, figure, figure.text[:-1] + unit)


def _less_exact_date(text: str) -> Iterator[str]:
    for figure in written_figures(text):
        day = re.fullmatch(r"(\d{4}年\d{1,2}月)\d{1,2}日", figure.text)
        if day:
            yield replaced(text, figure, day[1])


def _other_date(text: str) -> Iterator[str]:
    for figure in written_figures(text):
        day = re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日", figure.text)
        if day:
            yield replaced(text, figure, f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}")


def _share_in_words(text: str) -> Iterator[str]:
    for figure in written_figures(text):
        number = figure.number
        if number.kind is NumberKind.PERCENT and "%" in figure.text:
            whole, _, decimals = figure.text.rstrip("%").partition(".")
            if whole.isdigit():
                point = "点" + "".join("零一二三四五六七八九"[int(d)] for d in decimals)
                said = f"百分之{chinese_numeral(int(whole))}{point if decimals else ''}"
                yield replaced(text, figure, said)


def _opened(text: str) -> Iterator[str]:
    for opening in _OPENINGS:
        yield opening + text


def _unbracketed(text: str) -> Iterator[str]:
    bare = re.sub(r"[（(][^）)]{4,}[）)]", "", text)  # not the unit of 金额（元）
    if bare != text and len(bare) >= _LEAST_KEPT:
        yield bare


WAYS: dict[str, Maker] = {
    "verbatim": _verbatim,
    "first clauses alone": _first_clauses,
    "last clauses alone": _last_clauses,
    "clauses turned": _turned_clauses,
    "a word for another": _other_words,
    "in Chinese numerals": _in_numerals,
    "万 and its digits": _in_ten_thousands,
    "with separators": _with_separators,
    "full-width digits": _full_width,
    "in Traditional": _traditional,
    "another measure word": _other_measure,
    "month for day": _less_exact_date,
    "ISO date": _other_date,
    "share in words": _share_in_words,
    "with an opening": _opened,
    "without brackets": _unbracketed,
}


def paraphrase_of(way: str, text: str, turn: int = 0) -> str | None:
    """The sentence said in one way; None where the way does not bear on it."""
    made = [other for other in WAYS[way](text) if other != text or way == "verbatim"]
    return made[turn % len(made)] if made else None
