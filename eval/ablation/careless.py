"""A stand-in for a language model that miscopies figures, to measure the figure guard with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from indexer.text.normalise import normalise
from indexer.text.numbers import find_numbers
from service.llm.base import NumberedEvidence
from service.records import Turn

_MOST = 3


class Careless:
    """Says the first three quotes again; in every second one the last digit of a figure is wrong.

    Which ones follows from the words alone, so that every run is the same.
    """

    @property
    def name(self) -> str:
        return "careless"

    def write(
        self,
        question: str,  # noqa: ARG002 - the protocol hands it over
        evidence: Sequence[NumberedEvidence],
        history: Sequence[Turn],  # noqa: ARG002
    ) -> Iterator[str]:
        for item in evidence[:_MOST]:
            text = " ".join(item.text.split())
            is_unlucky = sha256(text.encode()).digest()[0] % 2 == 0
            yield f"{miscopied(text) if is_unlucky else text}[{item.n}]\n"


def miscopied(text: str) -> str:
    """The text with its first figure wrong by one in the last place; unchanged without a figure."""
    normalised = normalise(text)
    for number in find_numbers(normalised.text):
        start, end = normalised.original_span(number.start, number.end)
        for at in range(end - 1, start - 1, -1):
            if text[at] in _NEXT:
                return text[:at] + _NEXT[text[at]] + text[at + 1 :]
    return text


_NEXT = dict(zip("0123456789一二三四五六七八九", "1234567898二三四五六七八九八", strict=True))
