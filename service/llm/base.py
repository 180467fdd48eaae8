"""The LLM protocol: numbered evidence in, text with [n] marks out. Knows no model and no checks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.records import Turn


@dataclass(frozen=True, slots=True)
class NumberedEvidence:
    """What a model may cite as [n]: a title for orientation and the words themselves.

    `core` are those of `text` that matter most, where it holds more; empty for all of it.
    """

    n: int
    title: str
    date: str | None
    text: str
    core: str = ""


class LanguageModel(Protocol):
    """Writes an answer from numbered evidence. `name` is what an answer's `model` field shows.

    `write` yields pieces of text as they come; each sentence should carry marks such as [1].
    What it yields is unchecked. Raises: LLMUnavailable, LLMFailed.
    """

    @property
    def name(self) -> str: ...

    def write(
        self, question: str, evidence: Sequence[NumberedEvidence], history: Sequence[Turn]
    ) -> Iterator[str]: ...
