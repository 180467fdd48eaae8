"""Word vectors (CBOW) over the tokenised corpus: where the contrastive training starts from.

Knows tokens as numbers only.

    python -m training.word_vectors --dim 384 --seed 7
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from training import data as source


def write_lines(work: Path, target: Path) -> None:
    """One article a line, tokens as numbers; gensim reads at most 10,000 tokens of a line."""
    corpus = np.load(work / "corpus.npz")
    tokens, offsets = corpus["tokens"], corpus["sentence_offsets"]
    bounds = offsets[corpus["article_offsets"]]
    with target.open("w", encoding="ascii") as lines:
        for start, end in pairwise(bounds):
            for cut in range(start, end, 10_000):
                lines.write(" ".join(map(str, tokens[cut : min(cut + 10_000, end)])) + "\n")


def train(
    work: Path,
    dim: int,
    window: int,
    epochs: int,
    negative: int,
    sample: float,
    threads: int,
    seed: int,
) -> np.ndarray:
    """(vocabulary, dim) float32; zero rows for tokens that the corpus lacks.

    The seed fixes the run with one thread only: more threads update in an order of their own.
    """
    from gensim.models import Word2Vec

    lines = work / "corpus.txt"
    write_lines(work, lines)
    model = Word2Vec(
        corpus_file=str(lines),
        vector_size=dim,
        window=window,
        epochs=epochs,
        negative=negative,
        sample=sample,
        min_count=2,
        sg=0,
        workers=threads,
        seed=seed,
    )
    lines.unlink()
    size = len(np.load(work / "counts.npy"))
    vectors = np.zeros((size, dim), dtype=np.float32)
    vectors[[int(word) for word in model.wv.index_to_key]] = model.wv.vectors
    return vectors


def centre(vectors: np.ndarray, counts: np.ndarray, directions: int) -> np.ndarray:
    """Rows without their mean and without the strongest `directions`, then of length 1.

    After Mu and Viswanath 2018 ("All-but-the-top"). Rows that were zero stay zero.
    """
    known = np.linalg.norm(vectors, axis=1) > 0
    rows = vectors[known] / np.linalg.norm(vectors[known], axis=1, keepdims=True)
    weights = np.sqrt(counts[known].astype(np.float64))[:, None]
    rows = rows - (rows * weights).sum(axis=0) / weights.sum()
    _, axes = np.linalg.eigh((rows * weights).T @ (rows * weights))
    top = axes[:, -directions:] if directions else axes[:, :0]
    rows = rows - (rows @ top) @ top.T
    centred = np.zeros_like(vectors)
    centred[known] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return centred


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=source.DEFAULT_WORK)
    parser.add_argument("--dim", type=int, default=384)
    parser.add_argument("--window", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--negative", type=int, default=10)
    parser.add_argument("--sample", type=float, default=1e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--directions", type=int, default=2)
    args = parser.parse_args()
    began = time.monotonic()
    vectors = train(
        args.work,
        args.dim,
        args.window,
        args.epochs,
        args.negative,
        args.sample,
        args.threads,
        args.seed,
    )
    counts = np.load(args.work / "counts.npy")
    np.save(args.work / "word_vectors.npy", centre(vectors, counts, args.directions))
    print(f"{len(vectors)} x {args.dim} in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
