"""What of a liar's sentences got into an answer: told by what the liar knows, not by the guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.guard.liar import Told
from indexer.text.normalise import fold
from service.records import Answer

# Ways whose falsehood is a figure, a date, a unit or a bound; the others' is a name or a direction.
_OF_WORDS = frozenset(
    [
        "direction flipped", "denied", "denial dropped", "another place", "another office",
        "made-up person", "made-up place",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence that was told, and whether the answer shows it."""

    told: Told
    shown: bool
    cited: tuple[str, ...] = ()  # the quotes that it is shown with

    @property
    def is_figure(self) -> bool:
        return self.told.is_lie and self.told.way not in _OF_WORDS


def judge(told: Sequence[Told], answer: Answer, name: str) -> list[Judged]:
    """Each sentence that was told, with whether it is shown.

    Shown is what stands in the answer with citations of which none holds the very words. A lie
    that is another quote's own sentence does no harm once that quote is cited, nor does one whose
    false part the cited quote holds, if it is not the quote that was lied about.
    """
    quotes = {citation.n: _letters(citation.quote) for citation in answer.citations}
    shown: dict[str, tuple[bool, tuple[str, ...]]] = {}
    if answer.model == name:
        for sentence in answer.sentences:
            letters = _letters(sentence.text)
            held = any(letters in quotes.get(n, "") for n in sentence.citations)
            cited = tuple(c.quote for c in answer.citations if c.n in sentence.citations)
            shown[letters] = (held, cited)
    judged = []
    for each in told:
        letters = _letters(each.text)
        held, cited = shown.get(letters, (False, ()))
        held = held or (bool(cited) and _holds_elsewhere(each, cited))
        is_shown = letters in shown and not (each.is_lie and held)
        judged.append(Judged(each, is_shown, cited))
    return judged


def _holds_elsewhere(told: Told, cited: Sequence[str]) -> bool:
    """Whether other quotes than the one that was lied about hold what is false of that one."""
    source, false = _letters(told.source), _letters(told.false)
    others = [_letters(quote) for quote in cited]
    if any(source in other or other in source for other in others):
        return False
    return told.way == "foreign citation" or any(false in other for other in others)


def _letters(text: str) -> str:
    return "".join(character for character in fold(text) if character.isalnum() or character == "%")
