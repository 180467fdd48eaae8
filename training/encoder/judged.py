"""What a calibration learns from: what was read of a question, and whether it is right."""

import re
from dataclasses import dataclass

import numpy as np

from indexer.text.normalise import letters
from service.answer.evidence import Evidence
from service.answer.read.calibration import Row
from service.answer.read.value import uniform

_RIGHT_F1 = 0.8


@dataclass(frozen=True)
class Judged:
    source: str
    answerable: bool
    row: Row
    second: Row  # SECOND_FEATURES behind "before"
    answer: bool
    value: bool
    second_value: bool


def value_of(best: Evidence) -> str:
    """Of a sentence, or ""."""
    return best.quote[best.value.start : best.value.end] if best.value else ""


def is_right(said: str, gold: str) -> bool:
    """Whole, give or take what goes without saying: 90日 for 提前90日."""
    if _f1(said, gold) >= _RIGHT_F1:
        return True
    one, other = letters(uniform(said)), letters(uniform(gold))
    figures = [set(re.findall(r"\d+", each)) for each in (one, other)]
    return bool(figures[0]) and figures[0] == figures[1] and (one in other or other in one)


def _f1(said: str, gold: str) -> float:
    """Of characters, as CMRC counts it."""
    one, other = letters(uniform(said)), letters(uniform(gold))
    if not one or not other:
        return 0.0
    table = np.zeros((len(one) + 1, len(other) + 1), dtype=int)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i + 1, j + 1] = (
                table[i, j] + 1 if a == b else max(table[i, j + 1], table[i + 1, j])
            )
    shared = int(table[-1, -1])
    return 2 * shared / (len(one) + len(other))
