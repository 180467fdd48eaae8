"""The language model that needs none: it says the evidence itself, each piece with its mark.

Knows no ranking: whoever calls it has chosen the sentences and their order.
"""

from collections.abc import Iterator, Sequence

from service.llm.base import NumberedEvidence
from service.records import Turn


class Extractive:
    """Writes the evidence as it stands, one piece a line, each followed by its [n]."""

    @property
    def name(self) -> str:
        return "extractive"

    def write(
        self,
        question: str,  # noqa: ARG002 - the protocol hands it over
        evidence: Sequence[NumberedEvidence],
        history: Sequence[Turn],  # noqa: ARG002
    ) -> Iterator[str]:
        for position, item in enumerate(evidence):
            line_break = "\n" if position else ""
            yield f"{line_break}{item.text.strip()}[{item.n}]"
