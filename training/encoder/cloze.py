"""Questions made from the news.

A value is taken out of a sentence (a figure, a date, a name) and asked for, with words left out,
exchanged, or the clause turned around; it is looked for in the sentences around, or, where the
value stands elsewhere in the article too, in that other place.
"""

import random
from dataclasses import dataclass

from indexer.text.numbers import Number, NumberKind, find_numbers
from indexer.text.segment import tagged
from service.answer.read.candidates import candidates
from training.encoder.sets import Asked
from training.reword import Rewording

_SHORTEST, _LONGEST = 12, 70
_NAMES = {
    "nr": ("谁", "哪位", "什么人", "何人"),
    "ns": ("哪里", "什么地方", "哪个地方", "何地", "哪个城市"),
    "nt": ("哪个机构", "什么单位", "哪个部门", "哪家单位"),
    "nz": ("什么", "哪个"),
}
_DATES = ("什么时候", "何时", "哪一年", "哪天", "什么时间", "哪年")
_PERCENTS = ("多少", "百分之多少", "百分之几", "多大比例")
_UNITS = (
    "万元", "亿元", "元", "人", "户", "家", "个", "次", "项", "名", "公里", "米", "亩", "公顷",
    "吨", "岁", "年", "天", "小时", "分钟", "倍", "所", "座", "辆", "台", "件", "种", "位", "届",
)  # fmt: skip


@dataclass(frozen=True)
class _Value:
    start: int
    end: int
    words: tuple[str, ...]  # how it is asked for


def values(sentence: str) -> list[_Value]:
    """What can be asked for in a normalised sentence."""
    found = []
    for number in find_numbers(sentence):
        words = _figure_words(sentence, number)
        if words:
            found.append(_Value(number.start, number.end, words))
    at = 0
    for word, tag in tagged(sentence):
        if tag[:2] in _NAMES and len(word) >= 2:
            found.append(_Value(at, at + len(word), _NAMES[tag[:2]]))
        at += len(word)
    return found


def _figure_words(sentence: str, number: Number) -> tuple[str, ...]:
    written = sentence[number.start : number.end]
    if number.kind in (NumberKind.DATE, NumberKind.TIME):
        return _DATES if len(written) > 2 else ()
    if number.kind is NumberKind.PERCENT:
        return _PERCENTS
    unit = next((u for u in _UNITS if written.endswith(u)), "")
    if number.kind is NumberKind.NUMBER and unit:
        return (f"多少{unit}", f"几{unit}", "多少")
    return ()


def ask(sentence: str, value: _Value, rewording: Rewording, draw: random.Random) -> str:
    """The sentence as a question for the value."""
    clauses = []
    start = 0
    for i, character in enumerate(sentence):
        if character in ",;:。!?、" and not value.start <= i < value.end:
            clauses.append((start, i))
            start = i + 1
    clauses.append((start, len(sentence)))
    own = next(i for i, (a, b) in enumerate(clauses) if a <= value.start <= b)
    first = last = own
    while draw.random() < 0.45 and first > 0:
        first -= 1
    while draw.random() < 0.2 and last + 1 < len(clauses):
        last += 1
    before = sentence[clauses[first][0] : value.start]
    after = sentence[value.end : max(value.end, clauses[last][1])]
    before, after = rewording.reword(before, draw), rewording.reword(after, draw)
    word = draw.choice(value.words)
    chance = draw.random()
    if chance < 0.25 and after:
        return f"{before}{after}的是{word}?"
    if chance < 0.4 and after:
        return f"{word}{after},{before}?"
    return f"{before}{word}{after}?"


def questions(text: str, rewording: Rewording, draw: random.Random) -> list[Asked]:
    """Questions for some values of a folded article."""
    found = []
    spans = [s for s in candidates(text) if _SHORTEST <= s[1] - s[0] <= 2 * _LONGEST]
    draw.shuffle(spans)
    for a, b in spans[:3]:
        sentence = text[a:b].strip()
        a = text.index(sentence, a)
        options = values(sentence)
        if not options:
            continue
        value = draw.choice(options)
        asked = ask(sentence, value, rewording, draw)
        if len(asked) < 8:
            continue
        start, end = a + value.start, a + value.end
        found.append(Asked(asked, start, end, (a, b)))
    return found
