"""Train the second look: `python -m training.weighing --data DIR`, once `spans.onnx` is there.

Writes `service/answer/weighing.json`: the network that weighs the features of a sentence and what
the span reader says of it, and a logistic regression that tells whether a list holds the answer at
all. Made from texts that the span reader was not trained on (every seventh paragraph of
`cmrc2018-train`, half of `drcd-dev`, questions made from news): four fifths to train, one to choose
the limit for refusing. `cmrc2018-trial` is only reported on. Knows no gold of our own.
"""

from __future__ import annotations

import argparse
import json
import lzma
import pickle
import random
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from indexer.records import Passage
from indexer.text.normalise import fold
from indexer.text.sentences import split_sentences
from service.answer.question import Question, analyse
from service.answer.reader import first_look, load_network, spans_of
from service.answer.spans import OnnxSpanReader, Span
from service.answer.weighing import NAMES, FirstLook, weighing_rows
from service.answer.wording import in_words_of
from service.records import Hit
from training.data import DEFAULT_DATA, DEFAULT_WORK, PROJECT_ROOT, article_digest
from training.reader import fit, fit_sureness, measure, refusals
from training.reader_lists import (
    PASSAGES,
    Absent,
    Asked,
    Choice,
    Pool,
    Text,
    cut,
    news,
    plain,
    squad,
)
from training.reword import Rewording
from training.spans.made import questions as questions_of

TARGET = PROJECT_ROOT / "service" / "answer" / "weighing.json"
REPORTED = "cmrc2018-trial"
# The share of the questions that are put in other words, and the share of their words; each
# question is put once in every way. Much alone loses the questions in the documents' own words,
# little alone those in other words (docs/log.md, 2026-11-22).
REWORDINGS = ((0.5, 0.35), (0.8, 0.5))
_LEFT_OUT = 0.15
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
        analysed = in_words_of(analyse(question), made)
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


def of_news(data: Path, count: int, seed: int) -> tuple[list[Text], list[Asked]]:
    """Questions made from articles that nothing else here was made from, two an article."""
    rewording = Rewording(DEFAULT_FOLDER, replace=0.25, drop=0.2)
    draw = random.Random(seed)
    texts: list[Text] = []
    asked: list[Asked] = []
    with lzma.open(data / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number < 45_000:
                continue
            if number == 45_000 + count:
                break
            text = fold(json.loads(line)["text"])[:1200]
            texts += cut(text, text[:24], number)
            asked += [
                Asked(question, number, (text[start:end],))
                for question, _, start, end in questions_of(
                    text, 0, tuple(split_sentences(text)), rewording, draw
                )[:2]
            ]
    return texts, asked


def to_fit(texts: Sequence[Text], questions: Sequence[Asked]) -> list[Asked]:
    """DRCD questions on articles that eval does not report on (`eval/sets/halves.py`)."""
    titles = {text.paragraph: text.title for text in texts}
    return [q for q in questions if article_digest(fold(titles[q.paragraph])) % 2 == 0]


def choices(weighed: Sequence[Weighed]) -> list[Choice]:
    return [
        Choice(
            weighing_rows(w.question, w.look, w.spans),
            w.answers,
        )
        for w in weighed
    ]


def collect(args: argparse.Namespace) -> dict[str, list[Weighed]]:
    """The lists of each set, kept in the work folder."""
    kept: Path = args.work / "weighing_lists.pickle"
    if kept.exists():
        found: dict[str, list[Weighed]] = pickle.loads(kept.read_bytes())
        return found
    parts: dict[str, tuple[str, int, Callable[[int], bool]]] = {
        "cmrc2018-train, every seventh": ("cmrc2018-train", 0, lambda n: n % 7 == 0),
        "made from news": ("", 0, bool),
        REPORTED: ("cmrc2018-trial", 200_000, lambda n: n > 0),
        "drcd-dev, other half": ("drcd-dev", 100_000, lambda n: n % 2 == 1),
    }
    sets = {
        name: squad(args.data, *part) if part[0] else of_news(args.data, 1200, args.seed)
        for name, part in parts.items()
    }
    with ProcessPoolExecutor(args.jobs) as pool:
        made = [pool.submit(_listed, args, name, *found) for name, found in sets.items()]
        result = {name: each.result() for name, each in zip(sets, made, strict=True)}
    args.work.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(result))
    return result


def _listed(
    args: argparse.Namespace, name: str, passages: list[Text], questions: list[Asked]
) -> list[Weighed]:
    near = BuiltinEmbedder(DEFAULT_FOLDER)
    if name.startswith("drcd"):
        questions = to_fit(passages, questions)
    random.Random(args.seed).shuffle(questions)
    pool = Pool(passages + news(args.data, 4000), near)
    asked = questions[: args.questions]
    found: list[Weighed] = []
    if name == REPORTED:
        found = lists(pool, asked, near, None, 0.0, args.seed)
    else:
        for number, (share, replaced) in enumerate(REWORDINGS):
            rewording = Rewording(DEFAULT_FOLDER, replaced, _LEFT_OUT)
            found += lists(pool, asked, near, rewording, share, args.seed + number)
    print(f"{name}: {len(found)} lists", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK)
    parser.add_argument("--questions", type=int, default=1500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--hidden", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found = collect(args)
    train: list[Weighed] = []
    limits: list[Weighed] = []
    for name, weighed in found.items():
        if name != REPORTED:
            limits += [w for w in weighed if w.number % 5 == 0]
            train += [w for w in weighed if w.number % 5]
    opened = choices(train)
    stored = fit(opened, [], args.hidden, args.epochs, args.seed, NAMES)
    stored |= fit_sureness(stored, opened, args.seed)
    TARGET.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
    report("to choose limits", stored, limits)
    report(REPORTED, stored, found[REPORTED])


def report(name: str, stored: dict[str, object], weighed: Sequence[Weighed]) -> None:
    """Right sentences and refusals in each setting."""
    own = NAMES.index("own")
    for is_open in (True, False):
        some = [w for w in weighed if w.is_open is is_open]
        rows = choices(some)
        first = [Choice(c.rows[:, [own]], c.answers) for c in rows]
        before = measure_by(first, lambda rows: rows[:, 0])
        print(f"{name}, {'open' if is_open else 'given'}: {measure(stored, rows)}; before {before}")
        for absent in Absent:
            gone = [c for c, w in zip(rows, some, strict=True) if w.absent is absent]
            if gone and absent is not Absent.NOTHING:
                held = [c for c, w in zip(rows, some, strict=True) if w.absent is Absent.NOTHING]
                print(f"  without {absent} ({len(gone)}): {refusals(stored, held + gone)}")


def measure_by(
    lists_: Sequence[Choice], score: Callable[[np.ndarray], np.ndarray]
) -> tuple[float, float]:
    ranks = [
        int(np.flatnonzero(c.answers[np.argsort(-score(c.rows), kind="stable")])[0])
        for c in lists_
        if c.answers.any()
    ]
    found = np.asarray(ranks)
    return round(float((found < 1).mean()), 3), round(float((found < 3).mean()), 3)


if __name__ == "__main__":
    main()
