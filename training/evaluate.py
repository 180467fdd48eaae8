"""Does the static model help? Lexical alone, dense alone, their mix, and a soft match on top.

Every question searches its own paragraphs plus passages of 20,000 news articles. Knows the
exported model only through model2vec, as the service does.

    python -m training.evaluate --model indexer/embed/static_zh
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from training import data as source
from training.bm25 import Bm25, terms
from training.gold import read_gold
from training.mix import NORMALISATIONS, Normalisation, Pool, best, mixed, pool_of, ranks
from training.soft_match import SoftMatch

WEIGHTS = (0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
SOFT_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
SOFT_DEPTH = 50
SOFT_MIX = 0.3


@dataclass(frozen=True)
class QuestionSet:
    """Questions with the numbers of the passages that answer each."""

    name: str
    questions: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]


def collect(
    data: Path, distractors: int, gold: Sequence[Path], corpus: Path
) -> tuple[list[str], list[QuestionSet]]:
    """All passages, distractors first, and the question sets over them."""
    texts: list[str] = []
    for article in islice(source.news(data), distractors):
        texts += source.passages(article)
    sets: list[QuestionSet] = []
    held_out = source.split_half(source.question_set(data, "drcd-dev"))[1]
    for name, paragraphs in (
        ("drcd held-out", held_out),
        ("cmrc trial", source.question_set(data, "cmrc2018-trial")),
    ):
        asked = [(q, len(texts) + n) for n, p in enumerate(paragraphs) for q in p.questions]
        texts += [p.text for p in paragraphs]
        sets.append(
            QuestionSet(name, tuple(q for q, _ in asked), tuple(frozenset({n}) for _, n in asked))
        )
    sets += [least_overlap(questions, texts, 0.2) for questions in list(sets)]
    if gold:
        added, by_kind = read_gold(gold, corpus, len(texts))
        texts += added
        for name, wanted in (("gold, reworded", True), ("gold, other kinds", False)):
            asked_gold = [one for one in by_kind if (one[0] == "reworded") == wanted]
            sets.append(
                QuestionSet(
                    name, tuple(q for _, q, _ in asked_gold), tuple(r for _, _, r in asked_gold)
                )
            )
    return texts, sets


def least_overlap(questions: QuestionSet, texts: Sequence[str], share: float) -> QuestionSet:
    """The `share` of the questions whose characters and bigrams their passage holds least.

    The nearest to reworded questions that question sets written beside the text offer.
    """
    held = []
    for question, relevant in zip(questions.questions, questions.relevant, strict=True):
        asked = np.unique(terms(question))
        share_held = [np.isin(asked, terms(texts[n])).sum() / max(1, len(asked)) for n in relevant]
        held.append(max(share_held))
    chosen = np.sort(np.argsort(held, kind="stable")[: int(len(held) * share)])
    return QuestionSet(
        f"{questions.name}, least overlap",
        tuple(questions.questions[n] for n in chosen),
        tuple(questions.relevant[n] for n in chosen),
    )


def embed(model: Any, texts: Sequence[str]) -> np.ndarray:
    """(texts, dim) float32; a text without known tokens is a zero row."""
    return np.nan_to_num(np.asarray(model.encode(list(texts)), dtype=np.float32))


def pools(
    questions: QuestionSet, bm25: Bm25, model: Any, vectors: np.ndarray, depth: int
) -> list[Pool]:
    """For each question the union of both legs' best `depth` passages, with both scores."""
    asked = embed(model, questions.questions)
    return [
        pool_of(bm25.scores(question), vectors @ asked[n], bm25.ideal(question), relevant, depth)
        for n, (question, relevant) in enumerate(
            zip(questions.questions, questions.relevant, strict=True)
        )
    ]


def figures(found: Sequence[int]) -> dict[str, float]:
    """recall@1, recall@5 and mean reciprocal rank (of ranks up to 100), in percent."""
    at = np.asarray(found, dtype=np.float64)
    reciprocal = np.where((at > 0) & (at <= 100), 1 / np.maximum(at, 1), 0)
    return {
        "r@1": round(100 * float((at == 1).mean()), 2),
        "r@5": round(100 * float(((at > 0) & (at <= 5)).mean()), 2),
        "mrr": round(100 * float(reciprocal.mean()), 2),
    }


def with_soft_match(
    found: Sequence[Pool], questions: QuestionSet, soft: SoftMatch, how: Normalisation, w: float
) -> list[dict[str, Any]]:
    """Figures of (1 - u) x mix + u x soft match over the mix's best 50, for each u."""
    at: dict[float, list[int]] = {u: [] for u in SOFT_WEIGHTS}
    for pool, question in zip(found, questions.questions, strict=True):
        scores = mixed(pool, how, w)
        top = best(scores, SOFT_DEPTH)
        third = soft.scores(question, pool.passages[top])
        for u, ranked in at.items():
            again = scores - 10.0  # what is not among the best stays behind them, in its order
            again[top] = (1 - u) * scores[top] + u * third
            ranked.append(ranks(pool, again))
    return [
        {"how": f"{how} w={w} + soft match", "w": u, **figures(ranked)} for u, ranked in at.items()
    ]


def evaluate(args: argparse.Namespace) -> list[dict[str, Any]]:
    """One row of figures for each set, normalisation and weight."""
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(args.model)
    texts, sets = collect(args.data, args.distractors, args.gold, args.corpus)
    began = time.monotonic()
    vectors = embed(model, texts)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    speed = megabytes / (time.monotonic() - began)
    print(f"{len(texts)} passages, {megabytes:.0f} MB, encoded at {speed:.1f} MB/s")
    bm25 = Bm25(texts)
    soft = SoftMatch(model, texts, args.threshold)
    rows: list[dict[str, Any]] = []
    for questions in sets:
        found = pools(questions, bm25, model, vectors, args.depth)
        head = {"set": questions.name, "n": len(found)}
        alone = figures([ranks(pool, pool.cosine) for pool in found])
        rows.append({**head, "how": "dense", "w": 1.0, **alone})
        for how in args.how:
            for weight in WEIGHTS:
                at = [ranks(pool, mixed(pool, how, weight)) for pool in found]
                rows.append({**head, "how": how, "w": weight, **figures(at)})
        again = with_soft_match(found, questions, soft, args.soft_how, args.soft)
        rows += [{**head, **row} for row in again]
    return rows


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Markdown lines: one for each set and way, recall@1 / MRR for each weight of the mix."""
    lines = ["| set (questions) | how | " + " | ".join(f"w={w}" for w in WEIGHTS) + " |"]
    lines.append("| --- " * (2 + len(WEIGHTS)) + "|")
    by_line: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        cells = by_line.setdefault((f"{row['set']} ({row['n']})", row["how"]), [])
        cells.append(f"{row['r@1']:.1f} / {row['mrr']:.1f}")
    return lines + [f"| {name} | {how} | {' | '.join(c)} |" for (name, how), c in by_line.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=source.DEFAULT_DATA)
    parser.add_argument("--model", default=str(source.PROJECT_ROOT / "indexer/embed/static_zh"))
    parser.add_argument("--distractors", type=int, default=20_000, help="news articles")
    parser.add_argument("--depth", type=int, default=100, help="of each leg in the pool")
    parser.add_argument("--how", nargs="*", choices=NORMALISATIONS, default=list(NORMALISATIONS))
    parser.add_argument("--gold", nargs="*", type=Path, default=[], help="gold question files")
    parser.add_argument("--corpus", type=Path, default=source.PROJECT_ROOT / "corpus")
    parser.add_argument("--soft", type=float, default=SOFT_MIX, help="mix under the soft match")
    parser.add_argument("--soft-how", choices=NORMALISATIONS, default="max")
    parser.add_argument("--threshold", type=float, default=0.5, help="of the soft match's cosine")
    parser.add_argument("--json", type=Path, help="write the rows here as well")
    args = parser.parse_args()
    rows = evaluate(args)
    print("\n".join(table(rows)))
    if args.json:
        args.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
