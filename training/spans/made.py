"""Questions made from the news: `python -m training.spans.made --data DIR --articles N`.

A value is taken out of a sentence (a figure, a date, a name) and asked for, with words left out,
exchanged, or the clause turned around; it is looked for in the sentences around, or, where the
value stands elsewhere in the article too, in that other place.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from indexer.text.normalise import fold
from indexer.text.numbers import Number, NumberKind, find_numbers
from indexer.text.segment import tagged
from service.answer.span_inputs import text_rows
from training.data import DEFAULT_DATA, DEFAULT_WORK
from training.reword import Rewording
from training.spans.examples import Asked, Set, kin_of, made, save

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


def questions(
    text: str,
    place: int,
    sentences: Sequence[tuple[int, int]],
    rewording: Rewording,
    draw: random.Random,
) -> list[tuple[str, int, int, int]]:
    """(question, paragraph, start, end) for some values of the article."""
    found = []
    spans = [s for s in sentences if _SHORTEST <= s[1] - s[0] <= 2 * _LONGEST]
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
        words = text[start:end]
        others = [i for i in _occurrences(text, words) if not a <= i < b]
        if len(words) >= 2 and others and draw.random() < 0.6:
            start = draw.choice(others)
            end = start + len(words)
        found.append((asked, place, start, end))
    return found


def _occurrences(text: str, words: str) -> list[int]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK)
    parser.add_argument("--first", type=int, default=20_000, help="those before are the noise")
    parser.add_argument("--articles", type=int, default=9000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    words = BuiltinEmbedder()
    rewording = Rewording(DEFAULT_FOLDER, replace=0.25, drop=0.2)
    draw = random.Random(args.seed)
    result = Set([], [], [])
    with lzma.open(args.data / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number < args.first:
                continue
            if len(result.paragraphs) >= args.articles:
                break
            text = fold(json.loads(line)["text"])[:1200]
            paragraph = made(text, "", words)
            place = len(result.paragraphs)
            drawn = questions(text, place, paragraph.sentences, rewording, draw)
            if drawn:
                result.paragraphs.append(paragraph)
                result.asked += [
                    Asked(text_rows(q, words), p, start, end) for q, p, start, end in drawn
                ]
    result.kin = kin_of([p.rows.folded for p in result.paragraphs])
    save(result, args.work / "spans-made.pickle")
    print(f"{len(result.asked)} questions on {len(result.paragraphs)} articles")
    for asked in result.asked[::2000][:12]:
        text = result.paragraphs[asked.paragraph].rows.folded
        print(
            asked.question.folded,
            "|",
            text[asked.start - 15 : asked.end + 8],
            "|",
            text[asked.start : asked.end],
        )


if __name__ == "__main__":
    main()
