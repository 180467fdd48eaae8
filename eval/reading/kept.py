"""How much of a page's body a kept text holds, and how much else.

A token is a letter, ideograph or digit; white space and punctuation are none. Tokens are aligned
line by line: the labelled lines, longest first, are looked for in the kept text, and a kept token
is right where it lies in a line of the body (a table's heading that is repeated in each row is
right each time). A line that is not there as a whole is looked for by its clauses. Knows labelled
lines; no reader and no format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.reading.labelled import BODY, NEUTRAL, Line

_NOT_A_TOKEN = re.compile(r"[\W_]+")
_CLAUSE_END = re.compile(r"[。！？；，、：!?;,:()（）\s|]+")


@dataclass(frozen=True, slots=True)
class Score:
    """Tokens: of the body, of the body and kept, kept and right, kept and not of the body."""

    body: int = 0
    found: int = 0
    right: int = 0
    wrong: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.body + other.body,
            self.found + other.found,
            self.right + other.right,
            self.wrong + other.wrong,
        )

    @property
    def recall(self) -> float:
        return self.found / self.body if self.body else 1.0

    @property
    def precision(self) -> float:
        kept = self.right + self.wrong
        return self.right / kept if kept else float(not self.body)

    @property
    def f1(self) -> float:
        together = self.recall + self.precision
        return 2 * self.recall * self.precision / together if together else 0.0


def score(kept: str, lines: Sequence[Line]) -> Score:
    """`kept` against a page's labelled lines; neutral lines count neither way."""
    text = _key(kept)
    owners = [""] * len(text)
    missing = _claim(text, owners, lines)
    clauses = [
        Line(line.label, clause)
        for line in missing
        for clause in _CLAUSE_END.split(line.text)
        if _key(clause)
    ]
    lost = _claim(text, owners, clauses)
    body = sum(len(_key(line.text)) for line in lines if line.label == BODY)
    lost_tokens = sum(len(_key(line.text)) for line in lost if line.label == BODY)
    right = sum(owner == BODY for owner in owners)
    neutral = sum(bool(owner) and owner in NEUTRAL for owner in owners)
    return Score(body, body - lost_tokens, right, len(text) - right - neutral)


def _claim(text: str, owners: list[str], lines: Iterable[Line]) -> list[Line]:
    """Give stretches of the text to the lines that are found in it; returns those that are not.

    Lines of the same words share their stretches: each of them has to be there once.
    """
    wanted: dict[str, list[Line]] = {}
    for line in lines:
        if _key(line.text):
            wanted.setdefault(_key(line.text), []).append(line)
    missing: list[Line] = []
    for key in sorted(wanted, key=lambda each: (-len(each), each)):
        same = sorted(wanted[key], key=lambda line: line.label != BODY)
        places = []
        at = text.find(key)
        while at >= 0:
            free = not any(owners[at : at + len(key)])
            if free:
                places.append(at)
            at = text.find(key, at + (len(key) if free else 1))
        for number, place in enumerate(places):
            label = same[min(number, len(same) - 1)].label
            owners[place : place + len(key)] = [label] * len(key)
        missing += same[len(places) :]
    return missing


def _key(text: str) -> str:
    return _NOT_A_TOKEN.sub("", text)
