"""What `examples.py` wrote, as batches on a device. Needs torch and numpy alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.encoder.source import unpack

BEGIN, PAD, END = 0, 1, 2  # as in indexer/embed/pieces.py
MOST_QUESTION, MOST_CONTEXT, MOST_PASSAGE = 48, 32, 300
PASSAGES_A_GROUP = 4


@dataclass
class Batch:
    """n rows, each a question with a passage, of `groups` questions with at most `width` each.

    `value` and `sentence` (n, 2) are first and last places in the row, -1 where there is none.
    """

    ids: Tensor
    mask: Tensor
    kinds: Tensor
    inside: Tensor
    labels: Tensor
    value: Tensor
    sentence: Tensor
    group: Tensor
    place: Tensor
    groups: int
    width: int


class Words:
    """Piece numbers to their vectors, which are never trained."""

    def __init__(self, packed: NDArray[np.uint8], device: str) -> None:
        self._vectors = torch.from_numpy(unpack(packed)).to(device)

    def __call__(self, ids: Tensor) -> Tensor:
        return self._vectors[ids]


class Examples:
    def __init__(self, path: Path, device: str) -> None:
        stored = np.load(path)
        self.device = device
        flat = np.concatenate([stored["flat"].astype(np.int32), np.full(512, PAD, np.int32)])
        self._flat = torch.from_numpy(flat).long().to(device)
        lengths = stored["lengths"].astype(np.int64)
        self._lengths = lengths
        self._starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.groups, self.rows = stored["groups"], stored["rows"]
        self.sources = [str(each) for each in stored["sources"]]
        self.source = stored["source"]
        self._labels: list[int] = self.rows[:, 2].tolist()
        of_rows = np.minimum(lengths[self.rows[:, 1]], MOST_PASSAGE)
        self._longest = np.maximum.reduceat(of_rows, self.groups[:, 1])
        self._of_source = {
            name: np.flatnonzero(self.source == at) for at, name in enumerate(self.sources)
        }

    def draw(self, draw: np.random.Generator, pieces: int, shares: Mapping[str, float]) -> Batch:
        """Groups of much the same length, by the shares of their sources, about `pieces` in all; of
        each one passage that answers, and others.
        """
        names = [name for name in shares if name in self._of_source]
        weights = np.asarray([shares[name] for name in names])
        many = np.concatenate(
            [
                draw.choice(self._of_source[name], count)
                for name, count in zip(
                    names, draw.multinomial(1024, weights / weights.sum()), strict=True
                )
            ]
        )
        many = many[np.argsort(self._longest[many], kind="stable")]
        at = int(draw.integers(len(many)))
        count = int(pieces // (PASSAGES_A_GROUP * (self._longest[many[at]] + 40)))
        first = max(0, min(at, len(many) - count))
        chosen: list[tuple[int, list[int]]] = []
        for group in many[first : first + count]:
            question, begin, size = self.groups[group].tolist()
            labels = self._labels[begin : begin + size]
            right = [begin + i for i, label in enumerate(labels) if label == 2]
            others = [begin + i for i, label in enumerate(labels) if label != 2]
            draw.shuffle(others)
            taken = [right[int(draw.integers(len(right)))]] if right else []
            chosen.append((question, (taken + others)[:PASSAGES_A_GROUP]))
        return self.batch(chosen)

    def batch(self, chosen: list[tuple[int, list[int]]]) -> Batch:
        rows = np.asarray([row for _, found in chosen for row in found])
        questions = np.asarray([question for question, found in chosen for _ in found])
        group = np.asarray([at for at, (_, found) in enumerate(chosen) for _ in found])
        place = np.asarray([at for _, found in chosen for at in range(len(found))])
        stored = self.rows[rows]
        parts = [
            (self._starts[texts], np.minimum(self._lengths[texts], most))
            for texts, most in (
                (questions, MOST_QUESTION),
                (stored[:, 0], MOST_CONTEXT),
                (stored[:, 1], MOST_PASSAGE),
            )
        ]
        return self._composed(parts, stored, group, place, len(chosen))

    def _composed(
        self,
        parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
        stored: NDArray[np.int32],
        group: NDArray[np.int64],
        place: NDArray[np.int64],
        groups: int,
    ) -> Batch:
        """BEGIN question END context END passage END."""
        (_, q), (_, c), (_, p) = parts
        begins = np.stack([np.ones_like(q), 2 + q, 3 + q + c], axis=1)
        whole = 4 + q + c + p
        length = int(-(-whole.max() // 16) * 16)

        def to(array: NDArray[Any]) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array)).to(self.device)

        at = torch.arange(length, device=self.device)[None, :]
        ids = torch.full((len(q), length), END, device=self.device)
        ids[:, 0] = BEGIN
        for (start, size), begin in zip(parts, begins.T, strict=True):
            start_, size_, begin_ = to(start)[:, None], to(size)[:, None], to(begin)[:, None]
            inside = (at >= begin_) & (at < begin_ + size_)
            ids = torch.where(inside, self._flat[(start_ + at - begin_).clamp(min=0)], ids)
        mask = at < to(whole)[:, None]
        ids = torch.where(mask, ids, PAD)
        offset = begins[:, 2:3]
        value = np.where(stored[:, 3:5] >= 0, stored[:, 3:5] + offset, -1)
        last = (begins[:, 2] + p - 1)[:, None]
        sentence = np.where(stored[:, 5:7] >= 0, np.minimum(stored[:, 5:7] + offset, last), -1)
        return Batch(
            ids=ids,
            mask=mask,
            kinds=(at >= to(begins[:, 1])[:, None]).long(),
            inside=(at >= to(begins[:, 2])[:, None]) & (at <= to(last)),
            labels=to(stored[:, 2].astype(np.int64)),
            value=to(value.astype(np.int64)),
            sentence=to(sentence.astype(np.int64)),
            group=to(group),
            place=to(place),
            groups=groups,
            width=max(PASSAGES_A_GROUP, int(place.max()) + 1),
        )
