"""Figures of a sentence by their places in its own spelling, and how to write another in place.

Knows no lies: the makers of lies and of paraphrases share it.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.text.normalise import normalise
from indexer.text.numbers import Number, find_numbers


@dataclass(frozen=True, slots=True)
class Written:
    """A figure as the text has it: `text[start:end]`."""

    start: int
    end: int
    number: Number
    text: str


def written_figures(text: str) -> list[Written]:
    """The figures of a text in order, by their places in the text as it is."""
    normalised = normalise(text)
    found = []
    for number in find_numbers(normalised.text):
        start, end = normalised.original_span(number.start, number.end)
        found.append(Written(start, end, number, text[start:end]))
    return found


def replaced(text: str, figure: Written, by: str) -> str:
    return text[: figure.start] + by + text[figure.end :]
