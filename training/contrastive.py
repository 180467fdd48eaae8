"""In-batch contrastive learning of token vectors and token weights over fresh crops.

A text is the normalised sum of weight x vector over its tokens. A token's vector is its own row
plus the mean of rows that tokens share by their characters, so that rare words learn from common
ones; the export adds the two up. Knows tokens as numbers and their spelling; knows no files of the
data folder.

    python -m training.contrastive --steps 1500 --seed 7
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import sparse  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from training import data as source
from training.crops import Corpus, Pair, PairSampler
from training.vocabulary import UNKNOWN

QUESTION_WORDS = (
    *("什么", "多少", "哪些", "哪里", "哪个", "如何", "怎么", "怎样", "为什么", "谁", "何时", "几"),
    *("吗", "有", "是", "请问", "哪年", "多久"),
)
COMMON = 1e-3  # a of a / (a + p), after Arora et al. 2017


@dataclass(frozen=True)
class Shape:
    """Which characters each token has: flat numbers of characters, and where a token's begin."""

    characters: np.ndarray
    offsets: np.ndarray
    count: int

    @classmethod
    def of(cls, tokens: list[str]) -> Shape:
        known: dict[str, int] = {}
        rows = [
            [] if token == UNKNOWN else [known.setdefault(c, len(known)) for c in token]
            for token in tokens
        ]
        offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
        return cls(np.array([c for row in rows for c in row], dtype=np.int64), offsets, len(known))

    def bags(self, ids: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Characters of the tokens `ids`, flat, and the offsets of each token's first."""
        starts, lengths = self.offsets[ids], np.diff(self.offsets)[ids]
        offsets = np.cumsum(lengths) - lengths
        flat = np.repeat(starts - offsets, lengths) + np.arange(lengths.sum())
        return torch.from_numpy(self.characters[flat]), torch.from_numpy(offsets)


class TokenVectors(torch.nn.Module):
    """Rows of tokens, rows of characters, log-weights of tokens."""

    def __init__(self, vectors: np.ndarray, counts: np.ndarray, shape: Shape) -> None:
        super().__init__()
        share = counts / counts.sum()
        self.shape = shape
        dim = vectors.shape[1]
        size = len(vectors)
        logs = np.log(COMMON / (COMMON + share)).astype(np.float32)[:, None]
        self.rows = torch.nn.Embedding(
            size, dim, sparse=True, _weight=torch.from_numpy(vectors.copy())
        )
        self.characters = torch.nn.EmbeddingBag(shape.count, dim, mode="mean", sparse=True)
        torch.nn.init.zeros_(self.characters.weight)
        self.log_weights = torch.nn.Embedding(size, 1, sparse=True, _weight=torch.from_numpy(logs))

    def tokens(self, ids: np.ndarray) -> torch.Tensor:
        """(len(ids), dim): weight x (row + mean of the characters' rows)."""
        numbers = torch.from_numpy(ids)
        together = self.rows(numbers) + self.characters(*self.shape.bags(ids))
        weighted: torch.Tensor = together * self.log_weights(numbers).exp()
        return weighted

    def forward(self, texts: list[np.ndarray]) -> torch.Tensor:
        """(len(texts), dim) rows of length 1; no text may be empty."""
        ids, inverse = np.unique(np.concatenate(texts), return_inverse=True)
        lengths = np.array([len(text) for text in texts])
        offsets = torch.from_numpy(np.cumsum(lengths) - lengths)
        summed = torch.nn.functional.embedding_bag(
            torch.from_numpy(inverse.astype(np.int64)),
            self.tokens(ids.astype(np.int64)),
            offsets,
            mode="sum",
        )
        return torch.nn.functional.normalize(summed, dim=1)


def overlap(queries: list[np.ndarray], texts: list[np.ndarray], idf: np.ndarray) -> np.ndarray:
    """(queries, texts): the share of a query's IDF whose tokens a text holds, 0 to 1."""

    def matrix(rows: list[np.ndarray], values: np.ndarray | None) -> Any:
        lengths = [len(row) for row in rows]
        columns = np.concatenate(rows)
        filled = np.ones(len(columns)) if values is None else values[columns]
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        return sparse.csr_matrix(
            (filled.astype(np.float32), columns, indptr), shape=(len(rows), len(idf))
        )

    asked = matrix([np.unique(row) for row in queries], idf)
    held = matrix([np.unique(row) for row in texts], None)
    total = np.asarray(asked.sum(axis=1)) + 1e-9
    return np.asarray((asked @ held.T).todense() / total, dtype=np.float32)


def loss_of(
    model: TokenVectors, pairs: list[Pair], temperature: float, lexical: float, idf: np.ndarray
) -> torch.Tensor:
    """InfoNCE over the batch's passages and hard negatives; other texts of one article are masked.

    `lexical` x overlap is added to the cosine, so that the vectors learn what words do not tell.
    """
    passages = [pair.positive for pair in pairs]
    articles = [pair.article for pair in pairs]
    hard = [(n, pair.negative) for n, pair in enumerate(pairs) if len(pair.negative)]
    passages += [text for _, text in hard]
    owners = np.array(articles + [articles[n] for n, _ in hard])
    vectors = model([pair.query for pair in pairs] + passages)
    queries, held = vectors[: len(pairs)], vectors[len(pairs) :]
    scores = queries @ held.T
    if lexical:
        scores = scores + lexical * torch.from_numpy(
            overlap([pair.query for pair in pairs], passages, idf)
        )
    same = np.array(articles)[:, None] == owners[None, :]
    same[np.arange(len(pairs)), np.arange(len(pairs))] = False
    for column, (n, _) in enumerate(hard, start=len(pairs)):
        same[n, column] = False
    scores = (scores / temperature).masked_fill(torch.from_numpy(same), -1e4)
    target = torch.arange(len(pairs))
    forward = torch.nn.functional.cross_entropy(scores, target)
    backward = torch.nn.functional.cross_entropy(scores[:, : len(pairs)].T, target)
    return forward + 0.3 * backward


def cluster_articles(
    corpus: Corpus, vectors: np.ndarray, weights: np.ndarray, count: int, seed: int
) -> np.ndarray:
    """A cluster for each article by spherical k-means over weighted means of its tokens."""
    bounds = corpus.sentence_offsets[corpus.article_offsets]
    lengths = np.diff(bounds)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    bags = sparse.csr_matrix(
        (weights[corpus.tokens].astype(np.float32), (rows, corpus.tokens)),
        shape=(len(lengths), len(vectors)),
    )
    means = np.asarray(bags @ vectors)
    means /= np.linalg.norm(means, axis=1, keepdims=True) + 1e-9
    random = np.random.default_rng(seed)
    centres = means[random.choice(len(means), size=count, replace=False)]
    nearest = np.zeros(len(means), dtype=np.int64)
    for _ in range(6):
        nearest = np.argmax(means @ centres.T, axis=1)
        for number in range(count):
            if (nearest == number).any():
                centre = means[nearest == number].mean(axis=0)
                centres[number] = centre / (np.linalg.norm(centre) + 1e-9)
    return nearest


def train(args: argparse.Namespace) -> None:
    """Run or resume; the checkpoint holds what the next step needs, its random state included."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    work: Path = args.work
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    numbers = tokenizer.get_vocab()
    tokens = sorted(numbers, key=numbers.__getitem__)
    counts = np.load(work / "counts.npy").astype(np.float64) + 1
    vectors = np.load(work / "word_vectors.npy")
    model = TokenVectors(vectors, counts, Shape.of(tokens))
    idf = np.log(counts.sum() / counts).astype(np.float32)
    corpus = Corpus.load(work / "corpus.npz")
    weights = COMMON / (COMMON + counts / counts.sum())
    clusters = cluster_articles(corpus, vectors, weights, args.clusters, args.seed)
    asked = [n for n in (tokenizer.token_to_id(w) for w in QUESTION_WORDS) if n is not None]
    sampler = PairSampler(corpus, clusters, asked, args.ask_share)

    optimizer = torch.optim.SparseAdam(
        [
            {"params": [model.rows.weight, model.characters.weight], "lr": args.rate},
            {"params": [model.log_weights.weight], "lr": args.rate * 5},
        ]
    )
    random = np.random.default_rng(args.seed)
    checkpoint = work / f"{args.name}.pt"
    step = 0
    if args.resume and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        random.bit_generator.state = state["random"]
        step = state["step"]
    began, losses = time.monotonic(), []
    while step < args.steps:
        for group, rate in zip(optimizer.param_groups, (args.rate, args.rate * 5), strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / 50) * max(0.02, 1 - step / args.steps)
        pairs = [
            pair
            for pair in sampler.batch(args.batch, random)
            if len(pair.query) and len(pair.positive)
        ]
        # Half of the steps without the words' help: the vectors must also stand alone.
        lexical = args.lexical if step % 2 else 0.0
        loss = loss_of(model, pairs, args.temperature, lexical, idf)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()  # type: ignore[no-untyped-call]
        losses.append(float(loss.detach()))
        step += 1
        if step % 50 == 0 or step == args.steps:
            took = time.monotonic() - began
            print(f"step {step} loss {np.mean(losses[-50:]):.4f} {took:.0f} s", flush=True)
        if step % 500 == 0 or step == args.steps:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save({**state, "random": random.bit_generator.state, "step": step}, checkpoint)
    with torch.no_grad():
        trained = model.tokens(np.arange(len(tokens))).numpy()
    trained[0] = 0.0
    np.save(work / f"{args.name}.npy", trained.astype(np.float32))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=source.DEFAULT_WORK)
    parser.add_argument("--name", default="contrastive", help="of the checkpoint and the vectors")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--temperature", type=float, default=0.05)
    parser.add_argument("--lexical", type=float, default=0.3, help="weight of overlap, odd steps")
    parser.add_argument("--ask-share", type=float, default=0.12)
    parser.add_argument("--clusters", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--resume", action="store_true")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
