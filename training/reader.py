"""Train the sentence reader: `python -m training.reader --data DIR`.

Writes `service/answer/reader.json`: a network of one hidden layer over the features of
`service/answer/features.py` that learns to put the answering sentence of a list first, and a
logistic regression that tells whether a list holds the answer at all. Trained on `cmrc2018-train`
and half of `drcd-dev`, most questions in other words; measured on the rest of `drcd-dev` and
on `cmrc2018-trial`. Knows no gold of our own.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from service.answer.features import NAMES
from service.answer.reader import summary
from training.data import DEFAULT_DATA, DEFAULT_WORK, PROJECT_ROOT
from training.reader_lists import Choice, Pool, choices, news, squad
from training.reword import Rewording

TARGET = PROJECT_ROOT / "service" / "answer" / "reader.json"
GONE = 0.4  # share of the lists whose answer was taken out of the pool


def fit(
    opened: Sequence[Choice],
    given: Sequence[Choice],
    hidden: int,
    epochs: int,
    seed: int,
    names: Sequence[str] = NAMES,
) -> dict[str, Any]:
    """Train by the listwise cross entropy of the answering sentences against all and `nothing`."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    everything = np.concatenate([c.rows for c in opened])
    mean, scale = everything.mean(axis=0), everything.std(axis=0) + 1e-3
    columns = len(names)
    weight = torch.nn.Parameter(torch.randn(columns, hidden) / math.sqrt(columns))
    bias = torch.nn.Parameter(torch.zeros(hidden))
    out = torch.nn.Parameter(torch.randn(hidden) / math.sqrt(hidden))
    nothing = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.AdamW([weight, bias, out, nothing], lr=3e-3, weight_decay=1e-2)
    lists = [(c, True) for c in opened] + [(c, False) for c in given if c.answers.any()]
    batch = 64
    steps = epochs * (len(lists) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps + 1)
    draw = random.Random(seed)
    for _ in range(epochs):
        draw.shuffle(lists)
        for at in range(0, len(lists) - batch + 1, batch):
            group = lists[at : at + batch]
            most = max(len(c.answers) for c, _ in group)
            rows = torch.zeros(batch, most, columns)
            mask = torch.full((batch, most + 1), -1e9)
            target = torch.zeros(batch, most + 1)
            for i, (c, is_open) in enumerate(group):
                n = len(c.answers)
                rows[i, :n] = torch.from_numpy((c.rows - mean) / scale)
                mask[i, :n] = 0
                target[i, :n] = torch.from_numpy(c.answers)
                if is_open:
                    mask[i, most] = 0
                    target[i, most] = float(not c.answers.any())
            scores = torch.tanh(rows @ weight + bias) @ out
            scores = torch.cat([scores, nothing.expand(batch, 1)], dim=1) + mask
            chance = torch.log_softmax(scores, dim=1)
            loss = -torch.logsumexp(chance + torch.log(target + 1e-12), dim=1).mean()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
    return {
        "features": list(names),
        "mean": _rounded(mean), "scale": _rounded(scale),
        "hidden": _rounded(weight.detach().numpy()), "bias": _rounded(bias.detach().numpy()),
        "out": _rounded(out.detach().numpy()),
    }  # fmt: skip


def fit_sureness(stored: dict[str, Any], opened: Sequence[Choice], seed: int) -> dict[str, Any]:
    """A logistic regression over the list's summary: does it hold the answer at all?"""
    import torch

    torch.manual_seed(seed)
    rows = np.stack([summary(c.rows, score(stored, c.rows)) for c in opened])
    held = np.asarray([c.answers.any() for c in opened], dtype=np.float32)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-2
    x, y = torch.from_numpy((rows - mean) / scale), torch.from_numpy(held)
    weight = torch.zeros(rows.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([weight, bias], lr=0.02)
    for _ in range(600):
        error = torch.nn.functional.binary_cross_entropy_with_logits(x @ weight + bias, y)
        optimiser.zero_grad()
        torch.autograd.backward(error + 3e-3 * (weight**2).sum())
        optimiser.step()
    return {
        "sure_mean": _rounded(mean), "sure_scale": _rounded(scale),
        "sure": _rounded(weight.detach().numpy()), "sure_bias": round(float(bias.detach()), 5),
    }  # fmt: skip


def sureness(stored: dict[str, Any], choice: Choice) -> float:
    x = summary(choice.rows, score(stored, choice.rows)) - np.asarray(stored["sure_mean"])
    logit = x / np.asarray(stored["sure_scale"]) @ np.asarray(stored["sure"])
    return float(1 / (1 + math.exp(-(logit + stored["sure_bias"]))))


def _rounded(values: np.ndarray) -> Any:
    return np.round(values.astype(float), 5).tolist()


def measure(stored: dict[str, Any], lists: Sequence[Choice]) -> dict[str, float]:
    """Right sentence first / in the first three, over the lists that hold an answer."""
    ranks = []
    for c in lists:
        if c.answers.any():
            scores = score(stored, c.rows)
            order = np.argsort(-scores, kind="stable")
            ranks.append(int(np.flatnonzero(c.answers[order])[0]))
    found = np.asarray(ranks)
    return {
        "lists": len(found),
        "first": float((found < 1).mean()),
        "top3": float((found < 3).mean()),
    }


def score(stored: dict[str, Any], rows: np.ndarray) -> np.ndarray:
    layer = np.tanh(
        (rows - np.asarray(stored["mean"]))
        / np.asarray(stored["scale"])
        @ np.asarray(stored["hidden"])
        + np.asarray(stored["bias"])
    )
    return np.asarray(layer @ np.asarray(stored["out"]))


def refusals(stored: dict[str, Any], lists: Sequence[Choice]) -> str:
    """The limit on `nothing`, and what is rightly refused, at some shares of false refusals."""
    held = np.sort([1 - sureness(stored, c) for c in lists if c.answers.any()])
    gone = np.asarray([1 - sureness(stored, c) for c in lists if not c.answers.any()])
    rows = []
    for share in (0.01, 0.02, 0.03, 0.05, 0.1):
        limit = held[int(len(held) * (1 - share)) - 1]
        rows.append(f"{share:.0%} wrongly: limit {limit:.3f}, {(gone > limit).mean():.1%} rightly")
    return "; ".join(rows)


def collect(args: argparse.Namespace) -> dict[str, tuple[list[Choice], list[Choice]]]:
    """Training and measuring lists; kept in the work folder, since features take minutes."""
    kept: Path = args.work / "reader_lists.pickle"
    if kept.exists():
        found: dict[str, tuple[list[Choice], list[Choice]]] = pickle.loads(kept.read_bytes())
        return found
    near = BuiltinEmbedder(DEFAULT_FOLDER)
    rewording = Rewording(DEFAULT_FOLDER, replace=0.35, drop=0.15)
    around = news(args.data, 4000)
    first_half, first_asked = squad(args.data, "drcd-dev", 100_000, lambda n: n % 2 == 0)
    texts, asked = squad(args.data, "cmrc2018-train", 0, lambda _: True)
    sets = {
        "train": (texts + first_half, asked + first_asked, args.questions),
        "drcd-dev, other half": (
            *squad(args.data, "drcd-dev", 100_000, lambda n: n % 2 == 1),
            args.measured,
        ),
        "cmrc2018-trial": (
            *squad(args.data, "cmrc2018-trial", 200_000, lambda _: True),
            args.measured,
        ),
    }
    lists = {}
    for name, (passages, questions, count) in sets.items():
        random.Random(args.seed).shuffle(questions)
        pool = Pool(passages + around, near)
        lists[name] = choices(pool, questions[:count], GONE, args.seed, rewording)
        print(f"{name}: {len(lists[name][0])} lists", flush=True)
    args.work.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(lists))
    return lists


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK)
    parser.add_argument("--questions", type=int, default=6000)
    parser.add_argument("--measured", type=int, default=800)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    lists = collect(args)
    opened, given = lists["train"]
    stored = fit(opened, given, args.hidden, args.epochs, args.seed)
    stored |= fit_sureness(stored, opened, args.seed)
    TARGET.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
    for name, (found, alone) in lists.items():
        print(f"{name}: open {measure(stored, found)}, given {measure(stored, alone)}")
        print(f"  refused: {refusals(stored, found)}")


if __name__ == "__main__":
    main()
