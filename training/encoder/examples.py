"""What the reader learns from: questions, each with passages that answer it and that do not.

    python -m training.encoder.examples --out build/encoder

Writes `train.npz` and `dev.npz`: texts as piece numbers, groups (a question and its candidates),
candidates (context, passage, label, where the value and its sentence stand). Labels: 2 answers,
1 treats the subject without answering, 0 is about something else.
"""

import argparse
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from indexer.embed.builtin import DEFAULT_FOLDER
from indexer.embed.pieces import load_pieces
from indexer.text.normalise import fold
from indexer.text.segment import tagged
from service.answer.read.candidates import candidates
from training.bm25 import Bm25
from training.encoder import sets, tables
from training.encoder.cloze import questions as cloze_questions
from training.encoder.sets import Asked, Paragraph
from training.reword import Rewording

ANSWERS, RELATED, UNRELATED = 2, 1, 0
MOST_QUESTION, MOST_CONTEXT, MOST_PASSAGE = 48, 32, 300  # pieces

_NOISE = 20_000  # the first articles are the noise of measurements
DEV_PART = 230  # paragraphs whose digest is higher: a tenth


@dataclass
class Candidate:
    context: str
    passage: str
    label: int
    value: tuple[int, int] = (-1, -1)
    sentence: tuple[int, int] = (-1, -1)


@dataclass
class Group:
    question: str
    source: str
    title: str = ""
    candidates: list[Candidate] = field(default_factory=list)


def windows(text: str, draw: random.Random) -> list[tuple[int, int]]:
    """Stretches of whole sentences of about 120 to 320 characters, as the index cuts them."""
    target = draw.choice((120, 200, 280, 320, 320))
    found: list[tuple[int, int]] = []
    for start, end in candidates(text):
        if found and end - found[-1][0] <= target:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, min(end, start + 400)))
    return found


class Maker:
    """Turns paragraphs with questions into groups, with near misses made of them."""

    def __init__(self, names: dict[str, list[str]], seed: int) -> None:
        self.names = names
        self.draw = random.Random(seed)
        self.rewording = Rewording(DEFAULT_FOLDER, replace=0.2, drop=0.08)
        self.groups: list[Group] = []

    def add(self, paragraph: Paragraph, source: str, *, reworded: int = 0) -> None:
        for asked in paragraph.asked:
            self._add(paragraph, asked, asked.question, source)
            for _ in range(reworded):
                question = self.rewording.reword(asked.question, self.draw)
                if question != asked.question:
                    self._add(paragraph, asked, question, source)

    def _add(self, paragraph: Paragraph, asked: Asked, question: str, source: str) -> None:
        draw = self.draw
        group = Group(question, source, paragraph.title)
        cut = windows(paragraph.text, draw)
        context = self._context(paragraph)
        if asked.start < 0:
            group.candidates = [
                Candidate(context, paragraph.text[a:b], RELATED) for a, b in cut[:6]
            ]
            self.groups.append(group)
            return
        sentence = asked.sentence or next(
            ((a, b) for a, b in candidates(paragraph.text) if a <= asked.start < b), None
        )
        if sentence is None:
            return
        sentence = (min(sentence[0], asked.start), max(sentence[1], asked.end))
        value = paragraph.text[asked.start : asked.end]
        own: Candidate | None = None
        for a, b in cut:
            text = paragraph.text[a:b]
            if a <= asked.start and asked.end <= b:
                inside = (max(a, sentence[0]) - a, min(b, sentence[1]) - a)
                own = Candidate(context, text, ANSWERS, (asked.start - a, asked.end - a), inside)
                group.candidates.append(own)
            elif not value or value not in text:
                group.candidates.append(Candidate(context, text, RELATED))
        if own is None:
            return
        if draw.random() < 0.08:
            own.passage = _without_signs(own.passage)
        self.groups.append(group)
        without = own.passage[: own.sentence[0]] + own.passage[own.sentence[1] :]
        if len(without) > 40 and (not value or value not in without):
            group.candidates.append(Candidate(context, without, RELATED))
        self._swapped(group, own, value, question, source)

    def _swapped(
        self, group: Group, own: Candidate, value: str, question: str, source: str
    ) -> None:
        """Other years, numbers and names: in the passage, and in the question."""
        draw = self.draw
        around = f"{own.context}\n{own.passage}"
        for old, new in self._others(question, around, value):
            if draw.random() < 0.5:
                changed = Group(question.replace(old, new), source)
                changed.candidates = [Candidate(own.context, own.passage, RELATED)]
                self.groups.append(changed)
            elif old not in value:
                group.candidates.append(
                    Candidate(own.context.replace(old, new), own.passage.replace(old, new), RELATED)
                )

    def _others(self, question: str, around: str, value: str) -> list[tuple[str, str]]:
        found = []
        for pattern, change in _MUTATIONS:
            for match in pattern.finditer(question):
                old = match.group()
                if old in around and old not in value:
                    new = change(old, self.draw)
                    if new != old and new not in around and new not in question:
                        found.append((old, new))
        for word, tag in tagged(question):
            pool = self.names.get(tag[:2])
            if pool and len(word) >= 2 and word in around and word not in value:
                alike = [w for w in self.draw.sample(pool, 40) if len(w) == len(word)] or pool
                new = self.draw.choice(alike)
                if new not in around:
                    found.append((word, new))
        self.draw.shuffle(found)
        return found[:2]

    def _context(self, paragraph: Paragraph) -> str:
        draw = self.draw
        title = paragraph.title
        if not title or (not paragraph.is_news and "\n" not in title and draw.random() < 0.35):
            title = ""
        if draw.random() < 0.3:
            day = f"{draw.randint(1995, 2024)}年{draw.randint(1, 12)}月{draw.randint(1, 28)}日"
            title = f"{title}\n{day}".strip()
        return title


def _other_digit(old: str, draw: random.Random) -> str:
    places = [i for i, c in enumerate(old) if c.isdigit()]
    at = draw.choice(places)
    return old[:at] + draw.choice([d for d in "123456789" if d != old[at]]) + old[at + 1 :]


def _other_year(old: str, draw: random.Random) -> str:
    return str(int(old) + draw.choice((-3, -2, -1, 1, 2, 3, 5)))


def _other_ordinal(old: str, draw: random.Random) -> str:
    return old[0] + draw.choice([c for c in "一二三四五六七八九" if c != old[1]])


_MUTATIONS: tuple[tuple[re.Pattern[str], Callable[[str, random.Random], str]], ...] = (
    (re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?=年|年度|届|级)"), _other_year),
    (re.compile(r"(?<!\d)1?\d(?=月)"), lambda old, d: str(int(old) % 12 + d.choice((1, 2, 3)))),
    (re.compile(r"(?<=第)\d+"), _other_digit),
    (re.compile(r"第[一二三四五六七八九](?![一二三四五六七八九十])"), _other_ordinal),
    (re.compile(r"[a-z]+[-_ ]?\d+[a-z]?"), _other_digit),
    (re.compile(r"(?<![\d年月])\d+(?=[号层楼栋室路期批岁])"), _other_digit),
)


def _without_signs(text: str) -> str:
    """Of the same length: as badly extracted pages come."""
    return re.sub(r"[,。;:、!?]", " ", text)


def hard_negatives(groups: Sequence[Group], pool: Sequence[tuple[str, str]], each: int) -> None:
    """Adds to each group the passages of `pool` nearest to its question by BM25 over pairs of
    characters that are not of its own paragraph and do not hold its value.
    """
    bm25 = Bm25([passage for _, passage in pool])
    for group in groups:
        if len(group.candidates) == 1 and len(group.question) % 3:
            continue  # a near miss of another group's question
        scores = bm25.scores(group.question)
        found = np.argpartition(-scores, 4 * each)[: 4 * each]
        found = found[np.argsort(-scores[found])].tolist()
        own = {c.passage[20:60] for c in group.candidates if len(c.passage) > 60}
        values = {c.passage[slice(*c.value)] for c in group.candidates if c.label == ANSWERS} - {""}
        added = 0
        for at in found:
            context, passage = pool[at]
            if added == each:
                break
            if any(part in passage for part in own) or any(v in passage for v in values):
                continue
            label = RELATED if context and context == group.title else UNRELATED
            group.candidates.append(Candidate(context, passage, label))
            added += 1


def write(groups: Sequence[Group], path: Path) -> None:
    """Every text once, as piece numbers; spans as pieces."""
    pieces = load_pieces()
    texts: dict[str, int] = {}
    for group in groups:
        texts.setdefault(group.question, len(texts))
        for each in group.candidates:
            texts.setdefault(each.context, len(texts))
            texts.setdefault(each.passage, len(texts))
    encoded = []
    order = list(texts)
    for at in range(0, len(order), 4096):
        encoded += [
            (np.asarray(e.ids, dtype=np.uint16), e.offsets)
            for e in pieces.encode(order[at : at + 4096])
        ]
    rows: list[tuple[int, ...]] = []
    starts: list[tuple[int, int, int]] = []
    for group in groups:
        first = len(rows)
        for each in group.candidates:
            offsets = encoded[texts[each.passage]][1]
            value = _piece_span(offsets, each.value)
            if each.label == ANSWERS and (value is None or value[1] >= MOST_PASSAGE):
                continue
            sentence = _piece_span(offsets, each.sentence) or (-1, -1)
            whole = each.value[0] == each.value[1]
            rows.append(
                (
                    texts[each.context], texts[each.passage], each.label,
                    *((-1, -1) if whole or value is None else value), *sentence,
                )
            )  # fmt: skip
        starts.append((texts[group.question], first, len(rows) - first))
    sources = sorted({group.source for group in groups})
    query, passage = (e.ids for e in pieces.encode(["query:", "passage:"]))
    np.savez_compressed(
        path,
        flat=np.concatenate([ids for ids, _ in encoded]),
        lengths=np.asarray([len(ids) for ids, _ in encoded], dtype=np.int32),
        groups=np.asarray(starts, dtype=np.int32),
        rows=np.asarray(rows, dtype=np.int32),
        source=np.asarray([sources.index(g.source) for g in groups], dtype=np.int8),
        sources=np.asarray(sources),
        query=np.asarray(query, dtype=np.uint16),
        passage=np.asarray(passage, dtype=np.uint16),
    )
    print(path, len(groups), "groups", len(rows), "rows", path.stat().st_size >> 20, "MiB")


def _piece_span(
    offsets: Sequence[tuple[int, int]], span: tuple[int, int]
) -> tuple[int, int] | None:
    """First and last piece of a stretch of characters, both inclusive."""
    start, end = span
    inside = [i for i, (a, b) in enumerate(offsets) if b > start and a < max(end, start + 1)]
    return (inside[0], inside[-1]) if start >= 0 and inside else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("build/encoder"))
    parser.add_argument("--cloze", type=int, default=20_000, help="articles to make questions of")
    parser.add_argument("--tables", type=int, default=25_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    draw = random.Random(options.seed)
    names = tables.names(options.data, 3000)
    train, dev = Maker(names, options.seed), Maker(names, options.seed + 1)
    pool: list[tuple[str, str]] = []

    def take(
        found: Sequence[Paragraph], source: str, reworded: int, *, is_train: Callable[[str], bool]
    ) -> None:
        for paragraph in found:
            if is_train(paragraph.title or paragraph.text[:40]):
                train.add(paragraph, source, reworded=reworded)
            else:
                dev.add(paragraph, source)
            pool.extend(
                (paragraph.title, paragraph.text[a:b]) for a, b in windows(paragraph.text, draw)
            )

    def not_dev(title: str) -> bool:
        return sets.part(title) < DEV_PART

    take(sets.paragraphs(options.data, "cmrc2018-train"), "cmrc", 1, is_train=not_dev)
    drcd = sets.paragraphs(options.data, "drcd-dev")
    take(drcd, "drcd", 1, is_train=lambda title: sets.part(title) % 2 == 0)
    take(sets.news_questions(options.data), "crud", 1, is_train=not_dev)
    take(sets.written(options.data), "written", 3, is_train=not_dev)
    news = [fold(text)[:1200] for text in sets.articles(options.data)][_NOISE:]
    for text in news[-3000:]:
        pool.extend(("", text[a:b]) for a, b in windows(text, draw)[:3])
    natural = len(train.groups)
    for text in news[: options.cloze]:
        asked = cloze_questions(text, train.rewording, draw)
        train.add(Paragraph("", text, asked, is_news=True), "cloze")
    made = len(train.groups)
    for _ in range(options.tables):
        context, text, question, value, sentence = tables.example(names, draw)
        label = ANSWERS if value[0] >= 0 else RELATED
        group = Group(question, "tables", "", [Candidate(context, text, label, value, sentence)])
        train.groups.append(group)
    print("natural", natural, "cloze", made - natural, "tables", len(train.groups) - made)
    hard_negatives(train.groups[:natural], pool, 4)
    hard_negatives(dev.groups, pool, 4)
    write([g for g in train.groups if g.candidates], options.out / "train.npz")
    write([g for g in dev.groups if g.candidates], options.out / "dev.npz")


if __name__ == "__main__":
    main()
