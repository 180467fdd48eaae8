"""Text to a fingerprint by which near copies are found: MinHash over the letters it is made of.

128 hash functions over all runs of five letters and digits of the folded text. The share of places
in which two fingerprints agree estimates the Jaccard similarity of the two sets of runs, to within
0.04 (one standard deviation at 0.8). White space and punctuation play no part.

Our own forty lines: datasketch hashes run by run in Python, and brings SciPy.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.text.normalise import fold_once, letters

PERMUTATIONS = 128
RUN = 5
LEAST_RUNS = 40
"""A text of fewer has no fingerprint: short forms and notices are alike without being copies."""

_BLOCK = 1024  # runs at once: 1 MB of products, which stays in the processor's cache
_SEED = 20261122

_U64 = NDArray[np.uint64]


def fingerprint(text: str) -> bytes:
    """128 numbers of 32 bits, or nothing for a text that is too short to be told from others."""
    return fingerprint_of_letters(letters(fold_once(text)))


def fingerprint_of_letters(text: str) -> bytes:
    """The same of a text that is nothing but folded letters."""
    runs = _runs(text)
    if not _are_enough(runs):
        return b""
    factors, offsets = _functions()
    least = np.full(PERMUTATIONS, np.iinfo(np.uint64).max, dtype=np.uint64)
    products = np.empty((PERMUTATIONS, min(len(runs), _BLOCK)), dtype=np.uint64)
    for at in range(0, len(runs), _BLOCK):
        some = runs[at : at + _BLOCK]
        block = np.multiply(factors, some, out=products[:, : len(some)])  # modulo 2^64
        block += offsets
        np.minimum(least, block.min(axis=1), out=least)
    return (least >> np.uint64(32)).astype("<u4").tobytes()


def fingerprints(stored: list[bytes]) -> NDArray[np.uint32]:
    """Stored fingerprints as the rows of one table."""
    return np.frombuffer(b"".join(stored), dtype="<u4").reshape(-1, PERMUTATIONS)


def _runs(text: str) -> _U64:
    """The runs in order, as numbers that depend on every letter."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    count = len(codes) - RUN + 1
    if count < LEAST_RUNS:
        return np.zeros(0, dtype=np.uint64)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(RUN):
        mixed = _mix(mixed ^ codes[place : place + count])
    return mixed


def _are_enough(runs: _U64) -> bool:
    """Whether enough of them are different; the first few hundred nearly always tell."""
    first = runs[: 4 * LEAST_RUNS]
    return len(np.unique(first)) >= LEAST_RUNS or len(np.unique(runs)) >= LEAST_RUNS


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
    drawn = drawn[:, None]
    return drawn[:PERMUTATIONS] | np.uint64(1), drawn[PERMUTATIONS:]
