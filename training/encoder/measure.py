"""What a reader is worth on the questions that took no part. Needs torch and numpy alone."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.encoder.data import Examples, Words
from training.encoder.reader import Reader, best_spans

_CHUNK = 64  # groups a batch

Row = dict[str, Any]
"""What was read of one passage: source, group, label, `yes`, `value`, `exact`, `f1` and more."""


@torch.no_grad()
def judged(reader: Reader, dev: Examples, words: Words, most: int = 900) -> list[Row]:
    """For at most `most` groups of each source what the reader says of every passage."""
    reader.eval()
    found: list[Row] = []
    for at in range(len(dev.sources)):
        which = np.flatnonzero(dev.source == at)
        which = which[:: max(1, len(which) // most)]
        for first in range(0, len(which), _CHUNK):
            chosen = []
            for group in which[first : first + _CHUNK]:
                question, begin, count = dev.groups[group].tolist()
                chosen.append((question, list(range(begin, begin + min(count, 10)))))
            batch = dev.batch(chosen)
            with torch.autocast(batch.ids.device.type, dtype=torch.bfloat16):
                read = reader(words(batch.ids), batch.mask, batch.kinds)
                starts, ends = best_spans(read, batch.inside)
                n, count = starts.shape
                rows = torch.arange(n, device=starts.device).repeat_interleave(count)
                values = reader.value_logits(read, rows, starts.flatten(), ends.flatten())
            values = values.float().sigmoid().view(n, count)
            best = values.argmax(dim=1)
            pick = torch.arange(n, device=best.device)
            yes = read.answers.float().softmax(1)[:, 2]
            spans = torch.stack([starts[pick, best], ends[pick, best]], dim=1)
            evidence = read.evidence.float().sigmoid()
            for row in range(n):
                gold = batch.value[row].tolist()
                shown = spans[row].tolist()
                sentence = batch.sentence[row].tolist()
                inside = (
                    float(evidence[row, sentence[0] : sentence[1] + 1].mean())
                    if sentence[0] >= 0
                    else -1.0
                )
                found.append(
                    {
                        "source": dev.sources[at],
                        "group": int(which[first]) * 1000 + int(batch.group[row]),
                        "label": int(batch.labels[row]),
                        "yes": float(yes[row]),
                        "value": float(values[row, best[row]]),
                        "exact": gold == shown,
                        "f1": _f1(gold, shown),
                        "has_value": gold[0] >= 0,
                        "evidence": inside,
                    }
                )
    return found


def _f1(gold: list[int], shown: list[int]) -> float:
    shared = max(0, min(gold[1], shown[1]) - max(gold[0], shown[0]) + 1)
    return 2 * shared / (gold[1] - gold[0] + shown[1] - shown[0] + 2) if gold[0] >= 0 else 0.0


def measure(
    reader: Reader, dev: Examples, words: Words, most: int = 900
) -> dict[str, dict[str, float]]:
    """By source: right passage first; the value in the right passage, exact and F1; AUC of `yes`
    against passages that treat the subject and others; of questions, how many that nothing answers
    are refused where 3 % of the others are; of values shown at the 95 % limit, how many.
    """
    rows = judged(reader, dev, words, most)
    return {name: _of(rows, name) for name in dev.sources}


def _of(rows: list[Row], source: str) -> dict[str, float]:
    own = [row for row in rows if row["source"] == source]
    groups: dict[object, list[Row]] = {}
    for row in own:
        groups.setdefault(row["group"], []).append(row)
    answerable = [g for g in groups.values() if any(r["label"] == 2 for r in g)]
    others = [g for g in groups.values() if all(r["label"] != 2 for r in g)]

    def best(group: list[Row]) -> Row:
        return max(group, key=lambda r: r["yes"])

    first = np.asarray([best(g)["label"] == 2 for g in answerable])
    given = [r for r in own if r["label"] == 2 and r["has_value"]]
    yes = [
        np.asarray([r["yes"] for r in own if r["label"] == label], dtype=float)
        for label in (0, 1, 2)
    ]
    there = np.asarray([best(g)["yes"] for g in answerable], dtype=float)
    absent = np.asarray([best(g)["yes"] for g in others], dtype=float)
    without = np.asarray(
        [
            max(r["yes"] for r in g if r["label"] != 2)
            for g in answerable
            if any(r["label"] != 2 for r in g)
        ],
        dtype=float,
    )
    limit = float(np.quantile(there, 0.03)) if len(there) else 0.0
    shown = sorted(
        ((best(g)["value"], best(g)["f1"] >= 0.8) for g in [*answerable, *others]),
        key=lambda pair: -pair[0],
    )
    right = np.cumsum([r for _, r in shown]) / np.arange(1, len(shown) + 1)
    enough = np.flatnonzero(right >= 0.95)
    found = {
        "questions": len(answerable),
        "first": float(first.mean()) if len(first) else 0.0,
        "exact": float(np.mean([r["exact"] for r in given])) if given else 0.0,
        "f1": float(np.mean([r["f1"] for r in given])) if given else 0.0,
        "auc related": _auc(yes[2], yes[1]),
        "auc unrelated": _auc(yes[2], yes[0]),
        "refused near misses": float((absent < limit).mean()) if len(absent) else 0.0,
        "refused without": float((without < limit).mean()) if len(without) else 0.0,
        "shown at 95": float((enough[-1] + 1) / max(1, len(answerable))) if len(enough) else 0.0,
    }
    return {name: round(each, 3) for name, each in found.items()}


def _auc(high: NDArray[np.float64], low: NDArray[np.float64]) -> float:
    if not len(high) or not len(low):
        return 0.0
    order = np.argsort(np.concatenate([high, low]), kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    return float(
        (ranks[: len(high)].sum() - len(high) * (len(high) + 1) / 2) / len(high) / len(low)
    )
