"""Everyday and official words for the same thing, from the hand-written `synonyms.txt`.

Word vectors learned from news keep 娃娃 and 儿童 far apart, since news has few of the former.
Knows no vectors.
"""

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("synonyms.txt")


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """Each word of the table to the other words of its groups; normalised Simplified."""
    found: dict[str, set[str]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        group = [] if line.startswith("#") else line.split()
        for word in group:
            found.setdefault(word, set()).update(other for other in group if other != word)
    return {word: frozenset(others) for word, others in found.items()}
