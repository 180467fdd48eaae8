"""The span reader's network in torch: gated convolutions, self-attention, question meets passage.

Knows rows and masks; no texts. About 1.5 million weights beside the frozen word vectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import silu

from service.answer.span_inputs import NUMBERS, PASSAGE_FEATURES, PLACES, QUESTION_FEATURES, TAGS

INPUTS = (
    "vectors", "question", "question_features", "question_mask",
    "passage", "passage_features", "passage_mask",
)  # fmt: skip
CHARACTERS = 6_024
FAR = -1e4  # a masked score; small enough for bfloat16, too


class Drop(nn.Module):
    """Dropout of whole channels of an example: masks by character took a tenth of the time."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2]) >= self.share
        scaled: Tensor = x * (kept.to(x.dtype) / (1.0 - self.share))
        return scaled


class Gated(nn.Module):
    """One layer: a convolution in depth, then a gated linear unit, added to what came in."""

    def __init__(self, width: int, kernel: int, dilation: int, drop: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        # In two dimensions with the channels last: a third of the time of Conv1d on a CPU.
        self.deep = nn.Conv2d(
            width,
            width,
            (1, kernel),
            padding=(0, dilation * (kernel // 2)),
            groups=width,
            dilation=(1, dilation),
        )
        self.open = nn.Linear(width, 2 * width)
        self.drop = Drop(drop)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        y = self.norm(x) * mask.unsqueeze(-1)
        y = self.deep(y.unsqueeze(1).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).squeeze(1)
        value, gate = self.open(y).chunk(2, dim=-1)
        added: Tensor = x + self.drop(silu(gate) * value)
        return added


class Attention(nn.Module):
    """Self-attention over the whole passage, added to what came in."""

    def __init__(self, width: int, heads: int, drop: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.into = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.drop = Drop(drop)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        parts = self.into(self.norm(x)).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        # By hand: the library's fused attention takes twice as long backwards on a CPU.
        scores = (query * (width // self.heads) ** -0.5) @ key.transpose(-1, -2)
        seen = torch.softmax(scores + (1.0 - mask[:, None, None, :]) * FAR, dim=-1) @ value
        added: Tensor = x + self.drop(self.out(seen.transpose(1, 2).reshape(batch, length, width)))
        return added


class Spans(nn.Module):
    """Scores of every character as the answer's first and last, and of `not here`."""

    def __init__(self, vector: int = 384, width: int = 160, drop: float = 0.15) -> None:
        super().__init__()
        self.character = nn.Embedding(CHARACTERS, 64, padding_idx=0)
        self.word = nn.Linear(vector, 96, bias=False)
        self.place = nn.Embedding(PLACES, 8)
        self.tag = nn.Embedding(1 + len(TAGS), 16)
        self.number = nn.Embedding(NUMBERS, 12)
        own = 64 + 96 + 8 + 16 + 12
        self.passage_in = nn.Linear(own + PASSAGE_FEATURES, width)
        self.question_in = nn.Linear(own + QUESTION_FEATURES, width)
        self.encoder = nn.ModuleList([Gated(width, 7, 1, drop) for _ in range(3)])
        self.question_self = Attention(width, 4, drop)
        self.meet = nn.Parameter(torch.randn(width) * width**-0.5)
        self.meet_passage = nn.Linear(width, 1)
        self.meet_question = nn.Linear(width, 1)
        self.fuse = nn.Linear(4 * width, width)
        self.first = nn.ModuleList([Gated(width, 7, d, drop) for d in (1, 2, 4)])
        self.attention = nn.ModuleList([Attention(width, 4, drop) for _ in range(2)])
        self.second = nn.ModuleList([Gated(width, 7, d, drop) for d in (1, 3)])
        self.third = nn.ModuleList([Gated(width, 7, d, drop) for d in (1, 1)])
        self.pool = nn.Linear(width, 1)
        self.asked = nn.Linear(width, width)
        self.start = nn.Linear(width, 1)
        self.end_asked = nn.Linear(width, width)
        self.end = nn.Linear(width, 1)
        self.last = Gated(width, 5, 1, drop)
        self.norm = nn.LayerNorm(width)
        self.pool_passage = nn.Linear(width, 1)
        self.none = nn.Sequential(nn.Linear(2 * width, 64), nn.SiLU(), nn.Linear(64, 1))
        self.drop = Drop(drop)

    def _own(self, ids: Tensor, vectors: Tensor) -> Tensor:
        """ids (batch, length, 5): character, place in `vectors`, place, tag, number."""
        words = self.word(vectors)[ids[..., 1]]
        return torch.cat(
            [
                self.character(ids[..., 0]),
                words,
                self.place(ids[..., 2]),
                self.tag(ids[..., 3]),
                self.number(ids[..., 4]),
            ],
            dim=-1,
        )

    def forward(
        self,
        vectors: Tensor,
        question: Tensor,
        question_features: Tensor,
        question_mask: Tensor,
        passage: Tensor,
        passage_features: Tensor,
        passage_mask: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(batch, passage length) scores of first and last characters, (batch,) of `not here`."""
        q = self.question_in(
            self.drop(torch.cat([self._own(question, vectors), question_features], dim=-1))
        )
        p = self.passage_in(
            self.drop(torch.cat([self._own(passage, vectors), passage_features], dim=-1))
        )
        for layer in self.encoder:
            q, p = layer(q, question_mask), layer(p, passage_mask)
        q = self.question_self(q, question_mask)
        scores = (
            self.meet_passage(p)
            + self.meet_question(q).transpose(1, 2)
            + (p * self.meet) @ q.transpose(1, 2)
        )
        to_question = torch.softmax(scores + (1.0 - question_mask[:, None, :]) * FAR, dim=-1)
        to_passage = torch.softmax(scores + (1.0 - passage_mask[:, :, None]) * FAR, dim=1)
        seen = to_question @ q
        back = to_question @ (to_passage.transpose(1, 2) @ p)
        x = self.fuse(self.drop(torch.cat([p, seen, p * seen, p * back], dim=-1)))
        for layer in self.first:
            x = layer(x, passage_mask)
        x = self.attention[0](x, passage_mask)
        for layer in self.second:
            x = layer(x, passage_mask)
        x = self.attention[1](x, passage_mask)
        for layer in self.third:
            x = layer(x, passage_mask)
        weight = torch.softmax(self.pool(q) + (1.0 - question_mask.unsqueeze(-1)) * FAR, dim=1)
        asked = (weight * q).sum(dim=1)
        y = self.norm(x)
        start = self.start(y).squeeze(-1) + (y @ self.asked(asked).unsqueeze(-1)).squeeze(-1) * 0.1
        z = self.norm(self.last(x, passage_mask))
        end = self.end(z).squeeze(-1) + (z @ self.end_asked(asked).unsqueeze(-1)).squeeze(-1) * 0.1
        far = (1.0 - passage_mask) * FAR
        seen_weight = torch.softmax(self.pool_passage(y) + far.unsqueeze(-1), dim=1)
        none = self.none(torch.cat([(seen_weight * y).sum(dim=1), asked], dim=-1)).squeeze(-1)
        return start + far, end + far, none


def tensors(
    inputs: Mapping[str, NDArray[Any]], kind: torch.dtype = torch.float32
) -> tuple[torch.Tensor, ...]:
    """The network's arguments in their order, whole numbers as they are."""
    found = (torch.from_numpy(inputs[name]) for name in INPUTS)
    return tuple(t.to(kind) if t.is_floating_point() else t for t in found)
