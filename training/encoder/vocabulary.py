"""Cuts the source's 250,000 pieces to what folded Chinese text needs; writes the tokenizer.

    python -m training.encoder.vocabulary --source e5-small-q4.bin

Kept are: every piece that folded news and encyclopaedia text is cut into at least twice, every
single Han character and sign, and letters and digits. Added are pieces for strangers
(`indexer/embed/pieces.py`). Rows of vectors are kept as they were packed.
"""

import argparse
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from indexer.embed.pieces import END, FIRST_STRANGER, LINE_END, MODEL_DIR, STRANGERS
from indexer.text.normalise import fold
from training.encoder.sets import articles, paragraphs
from training.encoder.source import Source, read_source

_LEAST = 2
_HAN = range(0x3400, 0xA000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--every", type=int, default=3, help="of so many articles one is counted")
    options = parser.parse_args()
    source = read_source(options.source)
    counts = _counts(tokenizer(source.pieces), _texts(options.data, options.every))
    kept = [at for at, (piece, _) in enumerate(source.pieces) if _is_kept(at, piece, counts)]
    MODEL_DIR.mkdir(exist_ok=True)
    pieces, rows = _with_strangers(source, kept)
    tokenizer(pieces).save(str(MODEL_DIR / "tokenizer.json"), pretty=False)
    np.save(MODEL_DIR / "words.npy", rows)
    print(json.dumps({"pieces": len(pieces), "bytes": rows.nbytes}))


def tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """Unigram, over runs that hold letters, digits or one sign alone, or what is between these."""
    made = Tokenizer(models.Unigram(pieces, 3, False))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(),
            pre_tokenizers.Split(Regex(r"[0-9]+|[a-z]+|[^\w\s▁]"), "isolated"),
        ]
    )
    return made


def _texts(data: Path, every: int) -> Iterator[str]:
    for at, text in enumerate(articles(data)):
        if at % every == 0:
            yield fold(text)
    for name in ("cmrc2018-train", "drcd-dev"):
        for paragraph in paragraphs(data, name):
            yield paragraph.text
            yield from (asked.question for asked in paragraph.asked)


def _counts(cut: Tokenizer, texts: Iterator[str]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(cut.encode(text, add_special_tokens=False).ids)
    return counts


def _is_kept(at: int, piece: str, counts: Counter[int]) -> bool:
    if at < 4 or counts[at] >= _LEAST:
        return True
    bare = piece.lstrip("▁")
    if len(bare) != 1 or fold(bare) != bare:
        return False
    is_sign = unicodedata.category(bare)[0] in "PS" and ord(bare) < 0x3100
    return bare.isascii() or is_sign or ord(bare) in _HAN


def _with_strangers(
    source: Source, kept: list[int]
) -> tuple[list[tuple[str, float]], NDArray[np.uint8]]:
    """Strangers get the vectors of rare Han characters that are left out otherwise, the end of a
    line that of the source's end of a sentence.
    """
    pieces = [source.pieces[at] for at in kept]
    rare = [
        at
        for at, (piece, _) in enumerate(source.pieces)
        if len(piece) == 1 and ord(piece) in _HAN and at not in set(kept)
    ][-STRANGERS:]
    least = min(score for _, score in pieces)
    strangers = [(chr(FIRST_STRANGER + at), least) for at in range(STRANGERS)]
    rows = source.words[[*kept, *rare, END]].copy()
    return [*pieces, *strangers, (LINE_END, least)], rows


if __name__ == "__main__":
    main()
