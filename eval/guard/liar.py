"""A stand-in for a language model that says true things in other words, and lies, in turn.

What it says follows from question, evidence and round alone, so that every run is the same. It
keeps what it said and what of it is false: who judges the answer asks the liar, not the guard.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from eval.guard.figures import written_figures
from eval.guard.lies import WAYS as LIES
from eval.guard.lies import Ground, lie_of
from eval.guard.paraphrases import WAYS as PARAPHRASES
from eval.guard.paraphrases import paraphrase_of
from service.llm.base import NumberedEvidence
from service.records import Turn

_MOST = 2  # sentences of each sort in one answer
_SHORTEST = 12
_LIST_MARK = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十])[.、．]\s*")
_ENDS = "。！？!?"


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence that was said: how it was made, of which quote, and what in it is false."""

    way: str
    text: str
    source: str
    false: str = ""

    @property
    def is_lie(self) -> bool:
        return bool(self.false)


@dataclass
class Liar:
    """`told` is what the last question got; asked to mend, it says the same again."""

    turn: int = 0
    told: list[Told] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    _next_lie: int = 0
    _next_paraphrase: int = 0

    @property
    def name(self) -> str:
        return "liar"

    def begin(self, turn: int) -> None:
        """Before each question: forget what was told."""
        self.turn = turn
        self.told, self._said = [], []

    def write(
        self,
        question: str,
        evidence: Sequence[NumberedEvidence],
        history: Sequence[Turn],  # noqa: ARG002 - the protocol hands it over
    ) -> Iterator[str]:
        if not self._said:
            self._said = list(self._answer(question, evidence))
        yield from self._said

    def _answer(self, question: str, evidence: Sequence[NumberedEvidence]) -> Iterator[str]:
        seed = sha256(f"{self.turn}:{question}".encode()).digest()
        chance = random.Random(seed)
        texts = [(item.n, _whole(item.core or item.text)) for item in evidence]
        usable = [(n, text) for n, text in texts if text and written_figures(text)]
        for n, text in usable[:_MOST]:
            others = [(m, other) for m, other in texts if m != n and other]
            said = [*self._true(n, text), *self._false(Ground(text, n, others, chance))]
            chance.shuffle(said)
            yield from said

    def _true(self, n: int, text: str) -> Iterator[str]:
        """The next way of saying it that bears on this sentence."""
        ways = list(PARAPHRASES)
        for step in range(len(ways)):
            way = ways[(self._next_paraphrase + step) % len(ways)]
            made = paraphrase_of(way, text, self.turn)
            if made is not None and _is_one_sentence(made):
                self._next_paraphrase += step + 1
                self.told.append(Told(way, made, text))
                yield f"{_ended(made)}[{n}]\n"
                return

    def _false(self, ground: Ground) -> Iterator[str]:
        ways = list(LIES)
        for step in range(len(ways)):
            lie = lie_of(ways[(self._next_lie + step) % len(ways)], ground)
            if lie is not None and _is_one_sentence(lie.text):
                self._next_lie += step + 1
                self.told.append(Told(lie.way, lie.text, ground.text, lie.false))
                yield f"{_ended(lie.text)}[{lie.cites}]\n"
                return


def _whole(text: str) -> str:
    """The quote on one line if it is one sentence, else empty: a text is cut at its ends."""
    line = _LIST_MARK.sub("", " ".join(text.split()))
    return line if len(line) >= _SHORTEST and _is_one_sentence(line) else ""


def _is_one_sentence(text: str) -> bool:
    body = text.rstrip("”」』）)").rstrip(_ENDS)
    return not any(mark in body for mark in _ENDS) and "[" not in text


def _ended(text: str) -> str:
    return text if text[-1] in _ENDS + "”」』）)；;" else f"{text}。"
