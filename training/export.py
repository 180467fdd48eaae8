"""Trained token vectors to a model2vec folder: int8 rows, a float weight per token.

A row is divided by its largest component, so that each row uses all of int8; the token's weight
carries that scale, and model2vec multiplies it back in. Knows nothing of training.

    python -m training.export --vectors build/training/contrastive.npy
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from training import data as source

TARGET = source.PROJECT_ROOT / "indexer" / "embed" / "static_zh"
FILES = ("model.safetensors", "tokenizer.json", "config.json")


def quantise(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows as int8 in -127..127 and each row's float32 scale; a zero row has scale 0."""
    largest = np.abs(vectors).max(axis=1)
    scale = (largest / 127.0).astype(np.float32)
    divisor = np.where(scale > 0, scale, 1.0)[:, None]
    return np.rint(vectors / divisor).astype(np.int8), scale


def export(vectors: np.ndarray, tokenizer_file: Path, target: Path) -> int:
    """Write the model's files to `target`; returns their size in bytes together."""
    from model2vec import StaticModel
    from tokenizers import Tokenizer

    rows, scale = quantise(vectors)
    model = StaticModel(
        vectors=rows,
        tokenizer=Tokenizer.from_file(str(tokenizer_file)),
        weights=scale,
        normalize=True,
        max_length=None,
        language=["zh"],
    )
    target.mkdir(parents=True, exist_ok=True)
    # model2vec writes a card and settings of sentence-transformers as well; the card here is ours.
    with TemporaryDirectory() as aside:
        model.save_pretrained(aside)
        for name in FILES:
            (target / name).write_bytes((Path(aside) / name).read_bytes())
    return sum((target / name).stat().st_size for name in FILES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=source.DEFAULT_WORK)
    parser.add_argument("--vectors", type=Path, help="default: contrastive.npy of the work folder")
    parser.add_argument("--target", type=Path, default=TARGET)
    args = parser.parse_args()
    vectors = np.load(args.vectors or args.work / "contrastive.npy")
    size = export(vectors, args.work / "tokenizer.json", args.target)
    print(f"{vectors.shape[0]} x {vectors.shape[1]}, {size / 1e6:.1f} MB in {args.target}")


if __name__ == "__main__":
    main()
