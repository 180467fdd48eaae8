"""Trains the reader on what `examples.py` wrote. Needs torch and numpy alone.

    python -m training.encoder.train --layers 12 --minutes 4 --out teacher.pt
    python -m training.encoder.train --layers 6 --minutes 6 --teacher teacher.pt --out reader.pt

On a GPU in bfloat16; on two cores it works too, a thousand times slower. Goes on from `--out` if
it is there.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, kl_div

from training.encoder.data import Batch, Examples, Words
from training.encoder.measure import measure
from training.encoder.network import Encoder, from_source, quantise
from training.encoder.reader import Read, Reader, best_spans
from training.encoder.source import load_base

DEPTHS = {12: range(12), 6: (0, 2, 4, 6, 9, 11), 4: (0, 4, 8, 11), 3: (0, 5, 11)}
SHARES = {"cmrc": 0.30, "drcd": 0.08, "crud": 0.01, "written": 0.39, "cloze": 0.08, "tables": 0.14}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/encoder"))
    parser.add_argument("--layers", type=int, default=6, choices=sorted(DEPTHS))
    parser.add_argument("--encoder", type=Path, help="an encoder to begin with, else the source's")
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--pieces", type=int, default=90_000, help="a step")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--rounded", type=float, default=0.5, help="share of steps in 8 bits")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--measured", type=int, default=900, help="questions of each source")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tensors, packed = load_base(options.work / "base.npz")
    words = Words(packed, device)
    reader = Reader(from_source(tensors, DEPTHS[options.layers]))
    if options.encoder:
        reader.encoder.load_state_dict(torch.load(options.encoder, map_location="cpu"))
    if options.out.exists():
        reader.load_state_dict(torch.load(options.out, map_location="cpu"))
    elif options.teacher:
        begin_as(reader, options.teacher, DEPTHS[options.layers])
    reader.to(device)
    teacher = load_reader(options.teacher, device) if options.teacher else None
    train = Examples(options.work / "train.npz", device)
    dev = Examples(options.work / "dev.npz", device)
    fit(reader, teacher, train, words, options)
    torch.save({k: v.half().cpu() for k, v in reader.state_dict().items()}, options.out)
    print(
        json.dumps(
            {"layers": options.layers, **measure(reader, dev, words, options.measured)}, indent=1
        )
    )


def begin_as(reader: Reader, teacher: Path, which: Sequence[int]) -> None:
    """Begin with the teacher's heads and its layers `which`."""
    state = {k: v.float() for k, v in torch.load(teacher, map_location="cpu").items()}
    kept = {k: v for k, v in state.items() if not k.startswith("encoder.layers.")}
    for at, layer in enumerate(which):
        prefix = f"encoder.layers.{layer}."
        kept |= {
            f"encoder.layers.{at}.{k.removeprefix(prefix)}": v
            for k, v in state.items()
            if k.startswith(prefix)
        }
    reader.load_state_dict(kept)


def load_reader(path: Path, device: str) -> Reader:
    """A reader of as many layers as the file has."""
    state = {k: v.float() for k, v in torch.load(path, map_location="cpu").items()}
    layers = 1 + max(int(k.split(".")[2]) for k in state if k.startswith("encoder.layers."))
    reader = Reader(Encoder(layers))
    reader.load_state_dict(state)
    return reader.to(device).eval()


def fit(
    reader: Reader,
    teacher: Reader | None,
    train: Examples,
    words: Words,
    options: argparse.Namespace,
) -> None:
    draw = np.random.default_rng(options.seed)
    weights = [p for p in reader.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=options.rate, weight_decay=0.01, betas=(0.9, 0.98))
    began, step, seen = time.perf_counter(), 0, 0
    running: dict[str, float] = {}
    reader.train()
    while True:
        done = max((time.perf_counter() - began) / 60 / options.minutes, step / options.steps)
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min(1.0, (step + 1) / 300) * (1 - done)
        quantise(reader, quantised=done >= 1 - options.rounded)
        batch = train.draw(draw, options.pieces, SHARES)
        vectors = words(batch.ids)
        with torch.autocast(batch.ids.device.type, dtype=torch.bfloat16):
            read = reader(vectors, batch.mask, batch.kinds, options.dropout)
            spans = best_spans(read, batch.inside)
            losses = hard_losses(reader, read, batch, spans)
            if teacher is not None:
                with torch.no_grad():
                    taught = teacher(vectors, batch.mask, batch.kinds)
                losses |= soft_losses(reader, teacher, read, taught, batch, spans)
        loss = torch.stack([each.float() for each in losses.values()]).sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        step += 1
        seen += len(batch.ids)
        if step % 250 == 0:
            running = {name: round(float(each.detach()), 3) for name, each in losses.items()}
            spent = time.perf_counter() - began
            print(f"{step} {spent:.0f} s {seen / spent:.0f} rows/s {running}", flush=True)


def hard_losses(
    reader: Reader, read: Read, batch: Batch, spans: tuple[Tensor, Tensor]
) -> dict[str, Tensor]:
    answers = read.answers.float()
    losses = {"class": cross_entropy(answers, batch.labels)}
    # Among the passages of one question, the one that answers leads.
    scores = answers[:, 2] - torch.logsumexp(answers[:, :2], dim=1)
    table = torch.full((batch.groups, batch.width), -1e4, device=scores.device)
    table[batch.group, batch.place] = scores
    lead = torch.full((batch.groups,), -100, device=scores.device)
    first = batch.labels == 2
    lead[batch.group[first]] = batch.place[first]
    losses["lead"] = (
        cross_entropy(table, lead, ignore_index=-100) if first.any() else scores.sum() * 0
    )
    has_value = batch.value[:, 0] >= 0
    if has_value.any():
        for name, logits, gold in (
            ("start", read.starts, batch.value[:, 0]),
            ("end", read.ends, batch.value[:, 1]),
        ):
            masked = logits.float().masked_fill(~batch.inside, -1e4)[has_value]
            losses[name] = cross_entropy(masked, gold[has_value])
    at = torch.arange(batch.ids.shape[1], device=scores.device)
    target = (
        (at >= batch.sentence[:, :1]) & (at <= batch.sentence[:, 1:]) & (batch.sentence[:, :1] >= 0)
    )
    known = (batch.labels != 2) | (batch.sentence[:, 0] >= 0)
    each = binary_cross_entropy_with_logits(read.evidence.float(), target.float(), reduction="none")
    each = (each * batch.inside).sum(1) / batch.inside.sum(1).clamp(min=1)
    losses["evidence"] = 2 * (each * known).sum() / known.sum().clamp(min=1)
    rows, starts, ends, rights = candidate_values(batch, spans)
    logits = reader.value_logits(read, rows, starts, ends).float()
    losses["value"] = 2 * binary_cross_entropy_with_logits(logits, rights)
    return losses


def candidate_values(
    batch: Batch, spans: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Rows, first and last pieces of spans to judge, and how right each is, 0 to 1.

    The likeliest of each row and the right one; a span that shares most of its pieces with the
    right one is right in part.
    """
    n, count = spans[0].shape
    rows = torch.arange(n, device=batch.ids.device).repeat_interleave(count)
    starts, ends = spans[0].flatten(), spans[1].flatten()
    gold = batch.value[rows]
    shared = (torch.minimum(ends, gold[:, 1]) - torch.maximum(starts, gold[:, 0]) + 1).clamp(min=0)
    f1 = 2 * shared / ((ends - starts + 1) + (gold[:, 1] - gold[:, 0] + 1)).clamp(min=1)
    rights = ((f1 - 0.6) / 0.4).clamp(min=0) * (gold[:, 0] >= 0)
    # A row whose whole sentence answers says nothing of its values.
    known = (batch.labels[rows] != 2) | (gold[:, 0] >= 0)
    has = batch.value[:, 0] >= 0
    own = torch.nonzero(has)[:, 0]
    return (
        torch.cat([rows[known], own]),
        torch.cat([starts[known], batch.value[own, 0]]),
        torch.cat([ends[known], batch.value[own, 1]]),
        torch.cat([rights[known].float(), torch.ones(len(own), device=own.device)]),
    )


def soft_losses(
    reader: Reader,
    teacher: Reader,
    read: Read,
    taught: Read,
    batch: Batch,
    spans: tuple[Tensor, Tensor],
) -> dict[str, Tensor]:
    """What the teacher says of the same rows."""

    def nearer(logits: Tensor, wanted: Tensor) -> Tensor:
        wanted = wanted.float().log_softmax(-1)
        return kl_div(
            logits.float().log_softmax(-1), wanted, log_target=True, reduction="batchmean"
        )

    losses = {"soft class": 2 * nearer(read.answers, taught.answers)}
    answering = batch.labels == 2
    for name, logits, wanted in (
        ("soft start", read.starts, taught.starts),
        ("soft end", read.ends, taught.ends),
    ):
        outside = ~batch.inside
        pair = [each.float().masked_fill(outside, -1e4)[answering] for each in (logits, wanted)]
        losses[name] = nearer(*pair)
    each = binary_cross_entropy_with_logits(
        read.evidence.float(), taught.evidence.float().sigmoid(), reduction="none"
    )
    losses["soft evidence"] = 2 * (each * batch.inside).sum() / batch.inside.sum()
    n, count = spans[0].shape
    rows = torch.arange(n, device=batch.ids.device).repeat_interleave(count)
    args = (rows, spans[0].flatten(), spans[1].flatten())
    wanted = teacher.value_logits(taught, *args).float().sigmoid()
    losses["soft value"] = 2 * binary_cross_entropy_with_logits(
        reader.value_logits(read, *args).float(), wanted
    )
    return losses


if __name__ == "__main__":
    main()
