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
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from indexer.text.normalise import fold
from indexer.text.sentences import split_sentences
from service.answer.weighing import NAMES, weighing_rows
from training.data import DEFAULT_DATA, DEFAULT_WORK, PROJECT_ROOT, article_digest
from training.reader import fit, fit_sureness, measure, refusals
from training.reader_lists import (
    Absent,
    Asked,
    Choice,
    Pool,
    Text,
    cut,
    news,
    squad,
)
from training.reword import Rewording
from training.spans.made import questions as questions_of
from training.weighing_lists import Weighed, lists

TARGET = PROJECT_ROOT / "service" / "answer" / "weighing.json"
REPORTED = "cmrc2018-trial"
# The share of the questions that are put in other words, and the share of their words; each
# question is put once in every way. Much alone loses the questions in the documents' own words,
# little alone those in other words (docs/log.md, 2026-11-22).
REWORDINGS = ((0.5, 0.35), (0.8, 0.5))
_LEFT_OUT = 0.15


def of_news(data: Path, count: int, seed: int) -> tuple[list[Text], list[Asked]]:
    """Questions made from articles that nothing else here was made from, two an article."""
    rewording = Rewording(DEFAULT_FOLDER, replace=0.25, drop=0.2)
    draw = random.Random(seed)
    texts: list[Text] = []
    asked: list[Asked] = []
    with lzma.open(data / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number < 52_000:
                continue
            if number == 52_000 + count:
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
