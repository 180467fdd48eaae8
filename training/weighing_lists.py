"""Lists of sentences with what both readers say of them: what the second look learns from.

A question is put to all passages or to those of its paragraph, some in other words, some with what
answers them taken away. Knows no files and fits nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.embed.builtin import BuiltinEmbedder
from indexer.records import Passage
from indexer.text.normalise import fold
from indexer.text.sentences import split_sentences
from service.answer.question import Question, analyse
from service.answer.reader import first_look, load_network, spans_of
from service.answer.spans import OnnxSpanReader, Span
from service.answer.weighing import FirstLook
from service.records import Hit
from training.reader_lists import PASSAGES, Absent, Asked, Pool, Text, plain
from training.reword import Rewording

# How the questions are put: all passages or those of the right paragraph, and what is missing.
SETTINGS: tuple[tuple[bool, Absent, float], ...] = (
    (True, Absent.NOTHING, 0.4),
    (False, Absent.NOTHING, 0.18),
    (True, Absent.ANSWER, 0.12),
    (True, Absent.PARAGRAPH, 0.08),
    (True, Absent.SUBJECT, 0.06),
    (False, Absent.ANSWER, 0.07),
    (True, Absent.CHANGED, 0.06),
    (False, Absent.CHANGED, 0.03),
)


@dataclass(frozen=True)
class Weighed:
    """One question's list before the span reader's word is turned into rows."""

    question: Question
    look: FirstLook
    spans: list[Span | None]
    answers: np.ndarray
    is_open: bool
    absent: Absent
    number: int  # of the question, which may have several lists


def lists(
    pool: Pool,
    questions: Sequence[Asked],
    near: BuiltinEmbedder,
    rewording: Rewording | None,
    share: float,
    seed: int,
) -> list[Weighed]:
    """One list a question, put in one of the settings at random, `share` of them reworded."""
    reader = OnnxSpanReader(near, threads=1)
    network = load_network()
    of_paragraph: dict[int, list[Text]] = {}
    for text in pool.texts:
        of_paragraph.setdefault(text.paragraph, []).append(text)
    draw = random.Random(seed)
    names = sorted({name for each in questions for name in analyse(each.question).entities})
    found = []
    for number, asked in enumerate(questions):
        is_open, absent, _ = draw.choices(SETTINGS, [weight for *_, weight in SETTINGS])[0]
        question = asked.question
        if rewording is not None and draw.random() < share:
            question = reworded(question, rewording, draw)
        if absent is Absent.CHANGED:
            known = "".join(fold(t.title + t.text) for t in of_paragraph[asked.paragraph])
            other = changed(question, known, names, draw)
            question, absent = (other, absent) if other else (question, Absent.NOTHING)
        made = hits_of(pool, of_paragraph[asked.paragraph], asked, question, is_open, absent)
        analysed = analyse(question)
        look = first_look(analysed, made, idf=pool.idf, near=near, network=network)
        if not look.places:
            continue
        wanted = [plain(answer) for answer in asked.answers]
        answers = np.asarray(
            [
                float(
                    absent is not Absent.CHANGED
                    and each.passage.document_id == str(asked.paragraph)
                    and any(words in plain(each.passage.text[a:b]) for words in wanted)
                )
                for each, a, b in look.places
            ],
            dtype=np.float32,
        )
        has_it = any(each.passage.document_id == str(asked.paragraph) for each, _, _ in look.places)
        if absent is Absent.NOTHING and has_it and not answers.any():
            continue  # the answer runs over several sentences
        found.append(
            Weighed(
                analysed, look, spans_of(analysed, look, reader), answers, is_open, absent, number
            )
        )
    return found


def hits_of(
    pool: Pool, own: Sequence[Text], asked: Asked, question: str, is_open: bool, absent: Absent
) -> list[Hit]:
    """The passages that are read: of the whole pool or its `own`, without what is absent."""
    if is_open:
        stays = absent in (Absent.ANSWER, Absent.CHANGED)
        missing = Absent.NOTHING if stays else absent
        hits = pool.search(question, missing, asked.paragraph)
        pairs = [(pool.texts[i], score) for i, score in hits]
    else:
        pairs = [(text, 1.0) for text in own]
    if absent is Absent.ANSWER:
        pairs = without(pairs, asked.paragraph, [plain(answer) for answer in asked.answers])
    return [hit(rank, score, text) for rank, (text, score) in enumerate(pairs[:PASSAGES], start=1)]


def reworded(question: str, rewording: Rewording, draw: random.Random) -> str:
    """The question in other words, its names and figures kept: another name is another question."""
    kept = [*analyse(question).entities, *re.findall(r"\d+", question)]
    for _ in range(4):
        found = rewording.reword(fold(question), draw)
        if all(each in found for each in kept):
            return found
    return question


def changed(question: str, known: str, names: Sequence[str], draw: random.Random) -> str:
    """The question of another year or another name that `known` has not; "" if there is none."""
    folded = fold(question)
    years = re.findall(r"(?<!\d)(?:1\d|20)\d\d(?=年)", folded)
    if years and draw.random() < 0.6:
        others = [str(int(years[0]) + step) for step in (-3, -2, -1, 1, 2, 3)]
        others = [year for year in others if year not in known]
        return folded.replace(years[0], draw.choice(others)) if others else ""
    own = [name for name in analyse(question).entities if name in folded and name in known]
    if not own:
        return ""
    name = draw.choice(own)
    others = [
        n for n in names if abs(len(n) - len(name)) <= 1 and n not in known and n not in folded
    ]
    return folded.replace(name, draw.choice(others)) if others else ""


def without(
    pairs: Sequence[tuple[Text, float]], paragraph: int, wanted: Sequence[str]
) -> list[tuple[Text, float]]:
    """The passages less every sentence of the paragraph that holds the answer."""
    kept = []
    for text, score in pairs:
        if text.paragraph != paragraph:
            kept.append((text, score))
            continue
        sentences = [text.text[a:b] for a, b in split_sentences(text.text)]
        rest = "".join(s for s in sentences if not any(words in plain(s) for words in wanted))
        if rest:
            kept.append((Text(text.paragraph, text.title, rest), score))
    return kept


def hit(rank: int, score: float, text: Text) -> Hit:
    # Where it stands does not matter here, but no two may stand at one place of a document: the
    # reader takes sentences at the same place for one seen twice.
    start = rank * 10_000
    passage = Passage(
        passage_id=str(rank),
        document_id=str(text.paragraph),
        start=start,
        end=start + len(text.text),
        text=text.text,
        title=text.title,
    )
    return Hit(rank, score, passage, "", None, None, None, None)
