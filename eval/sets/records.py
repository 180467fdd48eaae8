"""A question set of others: its documents, and gold questions with what answers them.

Knows no file form, no index and no metric.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eval.gold import GoldQuestion


class NoiseFrom(StrEnum):
    """Where noise comes from: `hard` is what search finds for the question, `random` anything."""

    HARD = "hard"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """A question; `positive` and `negative` are documents that the set says do and don't answer it.

    `title` and `paragraph` (from 1, in the order of the file) tell where a reading-comprehension
    set has it, for halves that are split by them.
    """

    gold: GoldQuestion
    positive: tuple[str, ...]
    negative: tuple[str, ...] = ()
    title: str = ""
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The documents by source path, the questions over them, and what a person should be told."""

    documents: Mapping[str, str]
    questions: tuple[SetQuestion, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Documents:
    """Gathers texts as documents; equal texts become one. File names are letters: a file's name is
    its title, and digits there would answer for figures.
    """

    folder: str
    texts: dict[str, str] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)

    def add(self, text: str) -> str:
        """The source path of the document with this text."""
        source = self._known.get(text)
        if source is None:
            source = f"{self.folder}{letters(len(self.texts))}.txt"
            self._known[text] = source
            self.texts[source] = text
        return source


def letters(number: int) -> str:
    """A number in letters."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:06d}")
