"""Text to a fingerprint by which near copies are found: MinHash over the letters it is made of.

128 hash functions over all runs of five letters and digits of the folded text. The share of places
in which two fingerprints agree estimates the Jaccard similarity of the two sets of runs, to within
0.04 (one standard deviation at 0.8). White space and punctuation play no part.

Our own forty lines: datasketch hashes run by run in Python, and brings SciPy.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.text.normalise import fold, letters

PERMUTATIONS = 128
RUN = 5
LEAST_RUNS = 40
"""A text of fewer has no fingerprint: short forms and notices are alike without being copies."""

_BLOCK = 4096  # runs at once: 4 MB of products
_SEED = 20261122

_U64 = NDArray[np.uint64]


def fingerprint(text: str) -> bytes:
    """128 numbers of 32 bits, or nothing for a text that is too short to be told from others."""
    runs = _runs(letters(fold(text)))
    if len(runs) < LEAST_RUNS:
        return b""
    factors, offsets = _functions()
    least = np.full(PERMUTATIONS, np.iinfo(np.uint32).max, dtype=np.uint32)
    for at in range(0, len(runs), _BLOCK):
        block = runs[at : at + _BLOCK, None] * factors + offsets  # modulo 2^64
        np.minimum(least, (block >> np.uint64(32)).astype(np.uint32).min(axis=0), out=least)
    return least.astype("<u4").tobytes()


def fingerprints(stored: list[bytes]) -> NDArray[np.uint32]:
    """Stored fingerprints as the rows of one table."""
    return np.frombuffer(b"".join(stored), dtype="<u4").reshape(-1, PERMUTATIONS)


def _runs(text: str) -> _U64:
    """The runs as numbers that depend on every letter, each once."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    count = len(codes) - RUN + 1
    if count < LEAST_RUNS:
        return np.zeros(0, dtype=np.uint64)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(RUN):
        mixed = _mix(mixed ^ codes[place : place + count])
    return np.unique(mixed)


def _mix(values: _U64) -> _U64:
    """The finaliser of SplitMix64: every bit of a value changes half of the others."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@cache
def _functions() -> tuple[_U64, _U64]:
    """The same with every version of numpy: drawn by `_mix`, not by one of its generators."""
    drawn = _mix(np.arange(2 * PERMUTATIONS, dtype=np.uint64) + np.uint64(_SEED))
    return drawn[:PERMUTATIONS] | np.uint64(1), drawn[PERMUTATIONS:]
