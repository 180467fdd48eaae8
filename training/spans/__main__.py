"""Train the span reader: `python -m training.spans --data DIR --minutes N`.

Writes checkpoints into the work folder as it goes and takes the last one up again. Trained on
`cmrc2018-train` and half of `drcd-dev` (and questions made from the news, if they were made),
tuned on the rest of `drcd-dev`; `cmrc2018-trial` is only reported on.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy

from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from service.answer.span_inputs import text_rows
from training.data import DEFAULT_DATA, DEFAULT_WORK
from training.reword import Rewording
from training.spans.batches import Batch, batches
from training.spans.examples import Asked, Set, load, save, squad
from training.spans.export import WEIGHTS
from training.spans.measure import measure
from training.spans.network import Spans, tensors

# By a paragraph's number in its file. The `weigh` and `tune` parts are for what is fitted to the
# span reader's scores, which are too sure of what it was trained on.
SPLIT: dict[str, tuple[str, Callable[[int], bool]]] = {
    "cmrc-train": ("cmrc2018-train", lambda n: n % 7 != 0),
    "cmrc-weigh": ("cmrc2018-train", lambda n: n % 7 == 0),
    "cmrc-trial": ("cmrc2018-trial", lambda n: n > 0),  # only reported on
    "drcd-train": ("drcd-dev", lambda n: n % 2 == 0),
    "drcd-tune": ("drcd-dev", lambda n: n % 2 == 1),
}


def sets(data: Path, work: Path, words: BuiltinEmbedder) -> dict[str, Set]:
    """The question sets, kept in the work folder since their rows take minutes."""
    found = {}
    for name, (file, keep) in SPLIT.items():
        path = work / f"spans-{name}.pickle"
        if not path.exists():
            save(squad(data, file, keep, words), path)
        found[name] = load(path)
    return found


def loss_of(network: Spans, batch: Batch) -> torch.Tensor:
    start, end, none = network(*tensors(batch.inputs, torch.bfloat16))
    lost = torch.zeros(())
    for scores, target in ((start, batch.start), (end, batch.end)):
        everything = torch.cat([scores, none.unsqueeze(1)], dim=1).float()
        lost = lost + cross_entropy(everything, torch.from_numpy(target))
    return lost


@dataclass
class Trainer:
    """The network that learns, its average, and what moves it; `step` counts from the beginning."""

    network: Spans
    average: Spans
    quick: Spans  # a copy in bfloat16 that computes: four times as fast as float32 here
    optimiser: torch.optim.Optimizer
    rate: float
    steps: int
    step: int = 0

    def learn(self, batch: Batch) -> float:
        """One step; returns the loss."""
        warm = min(1.0, (self.step + 1) / 300)
        falling = 0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * self.step / self.steps))
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * warm * falling
        pairs = list(zip(self.quick.parameters(), self.network.parameters(), strict=True))
        with torch.no_grad():
            for light, own in pairs:
                light.copy_(own)
        loss = loss_of(self.quick, batch)
        torch.autograd.backward(loss)
        for light, own in pairs:
            own.grad = None if light.grad is None else light.grad.float()
            light.grad = None
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimiser.step()
        self.step += 1
        decay = min(0.999, (self.step + 1) / (self.step + 20))
        with torch.no_grad():
            both = zip(self.average.parameters(), self.network.parameters(), strict=True)
            for mine, theirs in both:
                mine.lerp_(theirs, 1 - decay)
        return float(loss.detach())

    def save(self, path: Path) -> None:
        aside = path.with_suffix(".new")
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
            },
            aside,
        )
        aside.replace(path)


def trainer(kept: Path, rate: float, drop: float, steps: int, again: bool) -> Trainer:
    """A new one, or one that goes on from the checkpoint, or from the weights kept here."""
    network, average = Spans(drop=drop), Spans()
    average.load_state_dict(network.state_dict())
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}],
        lr=rate,
        betas=(0.9, 0.98),
    )
    quick = Spans(drop=drop).to(torch.bfloat16)
    found = Trainer(network, average, quick, optimiser, rate, steps)
    if kept.exists():
        stored = torch.load(kept)
        network.load_state_dict(stored["network"])
        average.load_state_dict(stored["average"])
        optimiser.load_state_dict(stored["optimiser"])
        found.step = stored["step"]
    elif again:
        weights = {name: value.float() for name, value in load_file(WEIGHTS).items()}
        network.load_state_dict(weights)
        average.load_state_dict(weights)
    return found


def in_other_words(source: Set, words: BuiltinEmbedder, times: int, seed: int) -> list[Asked]:
    """Each question of `source`, `times` over, with other words in it."""
    rewording, draw = Rewording(DEFAULT_FOLDER, replace=0.4, drop=0.1), random.Random(seed)
    return [
        replace(asked, question=text_rows(said, words))
        for asked in source.asked
        for said in (rewording.reword(asked.question.folded, draw) for _ in range(times))
        if said
    ]


def sources(
    known: dict[str, Set],
    work: Path,
    shares: dict[str, float],
    words: BuiltinEmbedder,
    reworded: int,
) -> list[tuple[Set, float]]:
    """The questions that people asked as one set, and those that were made, with their weights."""
    asked = Set([], [], [])
    for name in ("cmrc-train", "drcd-train"):
        offset = len(asked.paragraphs)
        part = known[name]
        asked.paragraphs += part.paragraphs
        asked.kin += [[k + offset for k in kin] for kin in part.kin]
        asked.asked += [replace(a, paragraph=a.paragraph + offset) for a in part.asked]
    asked.asked += in_other_words(asked, words, reworded, seed=1)
    found = [(asked, 1.0 - sum(shares.values()))]
    for name, share in shares.items():
        path = work / f"spans-{name}.pickle"
        if path.exists() and share > 0:
            found.append((load(path), share))
    return found


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, default=12_000, help="of the whole schedule")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--made", type=float, default=0.3, help="share of questions made from news")
    parser.add_argument("--bound", type=float, default=0.1, help="share of those of one year")
    parser.add_argument("--reworded", type=int, default=1, help="times in other words")
    parser.add_argument("--drop", type=float, default=0.22)
    parser.add_argument("--again", action="store_true", help="go on from the weights kept here")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    words = BuiltinEmbedder()
    known = sets(args.data, args.work, words)
    kept = args.work / "spans.pt"
    learning = trainer(kept, args.rate, args.drop, args.steps, args.again)
    shares = {"made": args.made, "bound": args.bound}
    drawn = sources(known, args.work, shares, words, args.reworded)
    size = sum(p.numel() for p in learning.network.parameters())
    print(f"{size:,} weights; questions {[len(s.asked) for s, _ in drawn]}", flush=True)
    stream = batches(drawn, words, args.batch, args.seed + learning.step)
    began = shown = time.monotonic()
    lost: list[float] = []
    while time.monotonic() - began < args.minutes * 60 and learning.step < args.steps:
        lost.append(learning.learn(next(stream)))
        if learning.step % 100 == 0:
            speed = len(lost) / (time.monotonic() - shown)
            print(f"{learning.step} loss {np.mean(lost):.3f}, {speed:.2f} steps/s", flush=True)
            shown, lost = time.monotonic(), []
        if learning.step % 1000 == 0:
            learning.save(kept)
            for name in ("drcd-tune", "cmrc-trial"):
                print(f"  {name}: {measure(learning.average, known[name], words, 300)}", flush=True)
            shown = time.monotonic()
    learning.save(kept)


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
