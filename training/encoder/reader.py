"""The reader in torch: the encoder with heads that say whether, where and how surely a passage
answers. Knows no data.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.encoder.network import Encoder

LONGEST_VALUE = 48  # pieces
CANDIDATE_SPANS = 5
_JOINT = 128
_EACH = 12  # likeliest first and last pieces that are combined


@dataclass
class Read:
    """For each of n passages of `length` pieces, question and context in front.

    `answers` (n, 3) logits of unrelated, related, answers; `starts`, `ends`, `evidence` (n, length)
    logits; `firsts`, `lasts` (n, length, 128) and `whole` (n, 128) go into `value_logits`.
    """

    answers: Tensor
    starts: Tensor
    ends: Tensor
    evidence: Tensor
    firsts: Tensor
    lasts: Tensor
    whole: Tensor


class Reader(nn.Module):
    def __init__(self, encoder: Encoder, hidden: int = 384) -> None:
        super().__init__()
        self.encoder = encoder
        self.pool = nn.Linear(hidden, hidden)
        self.answers = nn.Linear(hidden, 3)
        self.tokens = nn.Linear(hidden, 3)
        self.firsts = nn.Linear(hidden, _JOINT)
        self.lasts = nn.Linear(hidden, _JOINT)
        self.whole = nn.Linear(hidden, _JOINT)
        self.value = nn.Linear(_JOINT, 1)

    def forward(self, words: Tensor, mask: Tensor, kinds: Tensor, dropout: float = 0.0) -> Read:
        states = self.encoder(words, mask, kinds, dropout)
        first = states[:, 0]
        starts, ends, evidence = self.tokens(states).unbind(dim=-1)
        return Read(
            self.answers(torch.tanh(self.pool(first))),
            starts,
            ends,
            evidence,
            self.firsts(states),
            self.lasts(states),
            self.whole(first),
        )

    def value_logits(self, read: Read, rows: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
        """(k,) how likely `starts[i]..ends[i]` of row `rows[i]` is the asked value, as logits."""
        joint = read.firsts[rows, starts] + read.lasts[rows, ends] + read.whole[rows]
        logits: Tensor = self.value(torch.relu(joint))[:, 0]
        return logits


def best_spans(read: Read, inside: Tensor, count: int = CANDIDATE_SPANS) -> tuple[Tensor, Tensor]:
    """(n, count) first and last pieces of the likeliest spans; `inside` is where the passage is."""
    starts = read.starts.float().masked_fill(~inside, -1e4)
    ends = read.ends.float().masked_fill(~inside, -1e4)
    first, begin = starts.topk(_EACH, dim=1)
    last, end = ends.topk(_EACH, dim=1)
    gap = end[:, None, :] - begin[:, :, None]
    joint = first[:, :, None] + last[:, None, :]
    joint = joint.masked_fill((gap < 0) | (gap >= LONGEST_VALUE), -1e9)
    top = joint.flatten(1).topk(count, dim=1).indices
    row = torch.arange(len(top), device=top.device)[:, None]
    chosen = begin[row, top // _EACH], end[row, top % _EACH]
    return chosen[0], torch.maximum(*chosen)
