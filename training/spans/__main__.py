"""Train the span reader: `python -m training.spans --data DIR --minutes N`.

Writes checkpoints into the work folder as it goes and takes the last one up again. Trained on
`cmrc2018-train` and half of `drcd-dev` (and questions made from the news, if they were made),
tuned on the rest of `drcd-dev`; `cmrc2018-trial` is only reported on.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy

from indexer.embed.builtin import BuiltinEmbedder
from training.data import DEFAULT_DATA, DEFAULT_WORK
from training.spans.batches import Batch, batches
from training.spans.examples import Set, load, save, squad
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, default=12_000, help="of the whole schedule")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--made", type=float, default=0.3, help="share of questions made from news")
    parser.add_argument("--bound", type=float, default=0.1, help="share of those of one year")
    parser.add_argument("--drop", type=float, default=0.22)
    parser.add_argument("--again", action="store_true", help="go on from the weights kept here")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    words = BuiltinEmbedder()
    known = sets(args.data, args.work, words)
    network, average = Spans(drop=args.drop), Spans()
    average.load_state_dict(network.state_dict())
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}],
        lr=args.rate, betas=(0.9, 0.98),
    )  # fmt: skip
    quick = Spans(drop=args.drop).to(torch.bfloat16)
    step = 0
    kept = args.work / "spans.pt"
    if kept.exists():
        stored = torch.load(kept)
        network.load_state_dict(stored["network"])
        average.load_state_dict(stored["average"])
        optimiser.load_state_dict(stored["optimiser"])
        step = stored["step"]
    elif args.again:
        weights = {name: value.float() for name, value in load_file(WEIGHTS).items()}
        network.load_state_dict(weights)
        average.load_state_dict(weights)
    supervised = Set([], [], [])
    for name in ("cmrc-train", "drcd-train"):
        offset = len(supervised.paragraphs)
        part = known[name]
        supervised.paragraphs += part.paragraphs
        supervised.kin += [[k + offset for k in kin] for kin in part.kin]
        supervised.asked += [
            type(a)(a.question, a.paragraph + offset, a.start, a.end) for a in part.asked
        ]
    sources = [(supervised, 1.0)]
    for name, share in (("made", args.made), ("bound", args.bound)):
        path = args.work / f"spans-{name}.pickle"
        if path.exists() and share > 0:
            sources.append((load(path), share / (1 - args.made - args.bound)))
    size = sum(p.numel() for p in network.parameters())
    print(f"{size:,} weights; questions {[len(s.asked) for s, _ in sources]}", flush=True)
    stream = batches(sources, words, args.batch, args.seed + step)
    began, shown, lost = time.monotonic(), time.monotonic(), 0.0
    since = 0
    while time.monotonic() - began < args.minutes * 60 and step < args.steps:
        warm = min(1.0, (step + 1) / 300)
        rate = args.rate * warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * step / args.steps)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        # A copy in bfloat16 computes: four times as fast here, and without autocast's own copying.
        with torch.no_grad():
            for light, own in zip(quick.parameters(), network.parameters(), strict=True):
                light.copy_(own)
        loss = loss_of(quick, next(stream))
        torch.autograd.backward(loss)
        for light, own in zip(quick.parameters(), network.parameters(), strict=True):
            own.grad = None if light.grad is None else light.grad.float()
            light.grad = None
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        step += 1
        decay = min(0.999, (step + 1) / (step + 20))
        with torch.no_grad():
            for mine, theirs in zip(average.parameters(), network.parameters(), strict=True):
                mine.lerp_(theirs, 1 - decay)
        lost += float(loss.detach())
        since += 1
        if step % 100 == 0:
            spent = time.monotonic() - shown
            print(
                f"{step} loss {lost / since:.3f} rate {rate:.2e} {since / spent:.2f} steps/s",
                flush=True,
            )
            shown, lost, since = time.monotonic(), 0.0, 0
        if step % 1000 == 0:
            _save(kept, network, average, optimiser, step)
            print(
                f"  {step}: {measure(average, known['drcd-tune'], words, 300)}; "
                f"cmrc {measure(average, known['cmrc-trial'], words, 300)}",
                flush=True,
            )
            shown = time.monotonic()
    _save(kept, network, average, optimiser, step)


def _save(
    path: Path, network: Spans, average: Spans, optimiser: torch.optim.Optimizer, step: int
) -> None:
    aside = path.with_suffix(".new")
    torch.save(
        {
            "network": network.state_dict(),
            "average": average.state_dict(),
            "optimiser": optimiser.state_dict(),
            "step": step,
        },
        aside,
    )
    aside.replace(path)


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
