"""The encoder in torch: BERT's layers over the words and places of multilingual-e5-small.

Knows no data. Word vectors are handed in by the caller and are never trained: they stay shared
between the encoder and the reader, as they were packed.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

EPSILON = 1e-12


class Linear(nn.Linear):
    """A linear layer that can compute as it will be run: weights and inputs in 8 bits, one scale a
    column and one a text (`quantised`), so that training learns to do with the rounding.
    """

    quantised = False

    def forward(self, x: Tensor) -> Tensor:
        if not self.quantised:
            return super().forward(x)
        scale = self.weight.detach().abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 63
        weight = _rounded(self.weight, scale)
        flat = x.detach().flatten(1)
        low, high = flat.amin(dim=1).clamp(max=0), flat.amax(dim=1).clamp(min=0)
        step = ((high - low).clamp(min=1e-8) / 255).view(-1, 1, 1)
        return nn.functional.linear(_rounded(x, step), weight, self.bias)


def _rounded(x: Tensor, step: Tensor) -> Tensor:
    """To whole steps; gradients pass as if it were not."""
    return x + (torch.round(x.detach() / step) * step - x.detach())


def quantise(module: nn.Module, *, quantised: bool = True) -> None:
    for each in module.modules():
        if isinstance(each, Linear):
            each.quantised = quantised


class Layer(nn.Module):
    """Attention, then a feed-forward part; each added to its input and normalised (post-LN)."""

    def __init__(self, hidden: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = Linear(hidden, hidden)
        self.key = Linear(hidden, hidden)
        self.value = Linear(hidden, hidden)
        self.out = Linear(hidden, hidden)
        self.after_attention = nn.LayerNorm(hidden, eps=EPSILON)
        self.up = Linear(hidden, inner)
        self.down = Linear(inner, hidden)
        self.after_feed = nn.LayerNorm(hidden, eps=EPSILON)

    def forward(self, x: Tensor, bias: Tensor, dropout: float = 0.0) -> Tensor:
        """(batch, length, hidden); `bias` (batch, 1, 1, length) is -inf where there is no token."""
        batch, length, hidden = x.shape
        query, key, value = (
            linear(x).view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)
            for linear in (self.query, self.key, self.value)
        )
        mixed = scaled_dot_product_attention(query, key, value, attn_mask=bias)
        mixed = mixed.transpose(1, 2).reshape(batch, length, hidden)
        drop = nn.functional.dropout
        x = self.after_attention(x + drop(self.out(mixed), dropout, self.training))
        fed = self.down(gelu(self.up(x)))
        normed: Tensor = self.after_feed(x + drop(fed, dropout, self.training))
        return normed


class Encoder(nn.Module):
    """Word vectors (batch, length, hidden) and a mask to hidden states of the same shape."""

    def __init__(
        self, layers: int, hidden: int = 384, heads: int = 12, inner: int = 1536, places: int = 512
    ) -> None:
        super().__init__()
        self.places = nn.Parameter(torch.zeros(places, hidden))
        self.kinds = nn.Parameter(torch.zeros(2, hidden))
        self.first = nn.LayerNorm(hidden, eps=EPSILON)
        self.layers = nn.ModuleList(Layer(hidden, heads, inner) for _ in range(layers))

    def forward(
        self, words: Tensor, mask: Tensor, kinds: Tensor | None = None, dropout: float = 0.0
    ) -> Tensor:
        """`mask` (batch, length) is 1 for tokens; `kinds` 1 for tokens of the second text."""
        length = words.shape[1]
        kind = self.kinds[0] if kinds is None else self.kinds[kinds]
        x: Tensor = self.first(words + self.places[:length] + kind)
        bias = torch.zeros_like(mask, dtype=x.dtype).masked_fill(mask == 0, -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias, dropout)
        return x


def pooled(states: Tensor, mask: Tensor) -> Tensor:
    """The mean over the tokens, of length 1: e5's sentence vector."""
    weights = mask.to(states.dtype)[:, :, None]
    mean = (states * weights).sum(dim=1) / weights.sum(dim=1)
    return nn.functional.normalize(mean, dim=-1)


_NAMES = {
    "q": "query", "k": "key", "v": "value", "ao": "out", "aln": "after_attention",
    "fi": "up", "fo": "down", "oln": "after_feed",
}  # fmt: skip


def from_source(tensors: dict[str, Tensor], which: Sequence[int]) -> Encoder:
    """An encoder of the layers `which` of the source, by the source's tensor names."""
    encoder = Encoder(len(which))
    hidden = encoder.places.shape[1]
    state = {
        "places": tensors["emb.pos"].view(-1, hidden),
        "kinds": tensors["emb.type"].view(-1, hidden),
        "first.weight": tensors["emb.ln.w"],
        "first.bias": tensors["emb.ln.b"],
    }
    for at, layer in enumerate(which):
        for short, name in _NAMES.items():
            state[f"layers.{at}.{name}.weight"] = tensors[f"l{layer}.{short}.w"]
            state[f"layers.{at}.{name}.bias"] = tensors[f"l{layer}.{short}.b"]
    if state["kinds"].shape[0] < 2:
        state["kinds"] = state["kinds"].repeat(2, 1)
    encoder.load_state_dict(state)
    return encoder
